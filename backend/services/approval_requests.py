"""Asking for the means to approve: a TAN that names the operation, a challenge that is its hash."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from backend import database
from backend.clock import berlin_today
from backend.errors import ApprovalMethodUnavailableError, NotFoundError
from backend.models.approvals import Approval
from backend.services import passkeys, tans
from backend.services.approval_operations import challenge_of, fingerprint_of
from backend.services.approval_steps import most_attempts, update_open
from backend.services.approvals import find_approval, phone_number_for_tans
from backend.services.passkey_ceremonies import request_options
from backend.services.passwords import queued
from backend.wording import word

if TYPE_CHECKING:
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse

_NONCE_BYTES = 32


@queued
async def request_tan(house: SignInHouse, *, viewer: Viewer, approval_id: int) -> Approval:
    """Send a TAN that names the operation to the account's phone (F22); the last one sent counts.

    A new TAN brings no new attempts. It is wrong for anything but the operation as it stands now.

    Raises:
        NotFoundError: no such approval of this session.
        ApprovalExpiredError: it was not given in time.
        ApprovalUsedUpError: it was given already, or tried too often.
        ApprovalMethodUnavailableError: a TAN can't approve it, or not from this session.
        TooManyAttemptsError: too many TANs to this number, for this account or in all.
        HashingBusyError: too many are hashed at once.
    """
    async with database.reading(house.sessions) as session:
        waiting = await find_approval(session, viewer=viewer, approval_id=approval_id)
    if waiting is None:
        raise NotFoundError
    tan = await tans.make_tan(house.password_hasher, fingerprint_of(waiting))
    async with database.writing(house.sessions) as session:
        approval = await update_open(
            session,
            house,
            viewer,
            approval_id,
            Approval.allows_tan,
            Approval.attempts < most_attempts(house),
            tan_hash=tan.hash,
        )
        phone_number = await phone_number_for_tans(session, viewer)
        if phone_number is None:
            raise ApprovalMethodUnavailableError
        left = approval.expires_at - house.clock.now()
        await tans.send_tan(
            session,
            house,
            user_account_id=viewer.id,
            phone_number=phone_number,
            text=word(
                "sms.approval_tan",
                approval.locale,
                tan=tan.digits,
                summary=approval.summary,
                minutes=max(1, int(left / timedelta(minutes=1))),
                group=house.group.name,
            ),
            expires_at=approval.expires_at,
        )
    return approval


async def start_passkey_approval(house: SignInHouse, *, viewer: Viewer, approval_id: int) -> str:
    """Return WebAuthn request options (JSON) whose challenge is the hash of the operation (M3).

    Raises: as `request_tan`, without the limits of text messages.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    async with database.writing(house.sessions) as session:
        approval = await update_open(
            session,
            house,
            viewer,
            approval_id,
            Approval.allows_passkey,
            Approval.attempts < most_attempts(house),
            nonce=nonce,
            nonce_used_at=None,
        )
        known = await passkeys.list_passkeys(session, user_account_id=viewer.id)
    minutes = house.policy.sign_in.passkey_minutes.on(berlin_today(house.clock))
    return request_options(
        house.settings,
        nonce=challenge_of(approval, nonce),
        lifetime=min(timedelta(minutes=minutes), approval.expires_at - house.clock.now()),
        allowed=[passkey.credential_id for passkey in known],
    )
