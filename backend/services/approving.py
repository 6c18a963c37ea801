"""Approving by passkey or TAN: the stored operation is executed as the approval is used up."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from backend import database
from backend.errors import ConflictError, NotSignedInError, PasskeyRefusedError, WrongTanError
from backend.models.approvals import Approval, ApprovalMethod, ApprovalState
from backend.models.receipts import ReceiptKind
from backend.models.security_events import SecurityEventKind
from backend.services import passkeys, sessions, tans
from backend.services.approvable import OPERATIONS
from backend.services.approval_operations import (
    Execution,
    canonical_json,
    challenge_of,
    fingerprint_of,
    read_input,
)
from backend.services.approval_steps import (
    count_guess,
    most_attempts,
    note_refusal,
    record_approval,
    update_open,
    use_nonce,
)
from backend.services.approvals import load_account_version
from backend.services.passkey_ceremonies import credential_id_of, verify_assertion
from backend.services.passwords import queued
from backend.services.receipts import Submission, issue_receipt
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.receipts import Receipt
    from backend.models.user_accounts import Passkey
    from backend.services.passkey_ceremonies import KnownCredential
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse
    from backend.services.tans import NewTan


class Approved(Value):
    """What the stored operation came to, its receipt, and the session's new token.

    There is none if the operation ended the session.
    """

    outcome: object
    receipt: Receipt
    token: str | None


class _Given(Value):
    """A yes that was verified: how, what proves it, and what goes into the same transaction."""

    method: ApprovalMethod
    evidence: str | None = None
    record: Callable[[AsyncSession], Awaitable[None]] | None = None


@queued
async def approve_with_tan(
    house: SignInHouse, *, viewer: Viewer, approval_id: int, tan: str
) -> Approved:
    """Compare a TAN and execute the stored operation; the attempt is counted first (F22).

    Raises:
        WrongTanError: with how many attempts are left; after the fifth it is used up.
        NotFoundError: no such approval of this session.
        ApprovalExpiredError: it was not given in time.
        ApprovalUsedUpError: it was given already, or tried too often.
        ApprovalMethodUnavailableError: no TAN was sent for it.
        ConflictError: what it is about has changed meanwhile.
        TooManyAttemptsError: the account's limits per hour and day.
        HashingBusyError: too many are hashed at once.
    """
    approval = await count_guess(house, viewer, approval_id)
    hasher = house.password_hasher
    if not await tans.is_right_tan(hasher, approval.tan_hash, tan, fingerprint_of(approval)):
        await note_refusal(house, approval)
        raise WrongTanError(most_attempts(house) - approval.attempts)
    return await _execute(house, viewer, approval, _Given(ApprovalMethod.TAN))


async def approve_with_passkey(
    house: SignInHouse, *, viewer: Viewer, approval_id: int, credential: str
) -> Approved:
    """Verify the signature over the stored operation and execute it; the assertion is kept (M3).

    The nonce is used up before anything is verified, whatever comes of it.

    Raises: as `approve_with_tan`, but
        PasskeyRefusedError: the assertion is wrong, another's, used or was not asked for.
    """
    approval = await use_nonce(house, viewer, approval_id)
    async with database.reading(house.sessions) as session:
        found = await passkeys.find_credential(session, credential_id_of(credential))
    if found is None or found[0].user_account_id != viewer.id or approval.nonce is None:
        await note_refusal(house, approval)
        raise PasskeyRefusedError
    passkey, known = found
    challenge = challenge_of(approval, approval.nonce)
    sign_count = verify_assertion(
        house.settings, known, credential=credential, nonce=challenge, is_identified=True
    )
    if sign_count is None:
        await note_refusal(house, approval)
        raise PasskeyRefusedError

    async def record(session: AsyncSession) -> None:
        if not await passkeys.record_use(session, passkey, sign_count, house):
            raise PasskeyRefusedError

    evidence = _evidence(passkey, known, credential, approval.nonce)
    return await _execute(house, viewer, approval, _Given(ApprovalMethod.PASSKEY, evidence, record))


async def _execute(
    house: SignInHouse, viewer: Viewer, approval: Approval, given: _Given
) -> Approved:
    """Execute what is stored and use the approval up, in one transaction."""
    operation = OPERATIONS[approval.operation]
    tan = await tans.make_tan(house.password_hasher) if operation.sends_tan else None
    try:
        async with database.writing(house.sessions) as session:
            # Held before anything else of the account, so that no two wait for each other.
            await load_account_version(session, viewer.id)
            if given.record is not None:
                await given.record(session)
            stored = await update_open(
                session, house, viewer, approval.id, used_at=house.clock.now()
            )
            _refuse_another(stored, approval)
            token = await _renew_token(session, viewer)
            outcome = await _execute_stored(session, house, viewer, stored, tan)
            stored.state = ApprovalState.APPROVED
            stored.method = given.method
            stored.evidence = given.evidence
            stored.secret = None
            record_approval(session, house, stored, SecurityEventKind.APPROVAL_GIVEN)
            receipt = await _issue_receipt(session, house, viewer, stored)
            is_alive = await sessions.is_alive(session, session_id=viewer.session_id)
            return Approved(outcome, receipt, token if is_alive else None)
    except ConflictError:
        await note_refusal(house, approval, conflicted=True)
        raise


def _refuse_another(stored: Approval, verified: Approval) -> None:
    """Let only what the proof was verified for be executed."""
    if fingerprint_of(stored) != fingerprint_of(verified):
        raise ConflictError


async def _execute_stored(
    session: AsyncSession, house: SignInHouse, viewer: Viewer, stored: Approval, tan: NewTan | None
) -> object:
    operation = OPERATIONS[stored.operation]
    if await operation.load_version(session, viewer.id) != stored.expected_version:
        raise ConflictError
    return await operation.execute(
        session,
        Execution(
            house=house,
            viewer=viewer,
            locale=stored.locale,
            input=read_input(operation, stored.input, stored.secret),
            secret=stored.secret,
            tan=tan,
        ),
    )


async def _issue_receipt(
    session: AsyncSession, house: SignInHouse, viewer: Viewer, approved: Approval
) -> Receipt:
    """Issue the receipt of the operation as it was stored, shown and approved (M1)."""
    submission = Submission.of_values(
        approved.summary,
        {
            "input": json.loads(approved.input),
            "method": approved.method.name if approved.method else None,
            "operation": approved.operation,
        },
    )
    return await issue_receipt(
        session,
        house,
        kind=ReceiptKind.APPROVED_OPERATION,
        customer_id=viewer.customer_id,
        submission=submission,
    )


async def _renew_token(session: AsyncSession, viewer: Viewer) -> str:
    token = await sessions.renew_token(session, session_id=viewer.session_id)
    if token is None:
        raise NotSignedInError
    return token


def _evidence(passkey: Passkey, known: KnownCredential, credential: str, nonce: bytes) -> str:
    """Keep what shows later, without the passkey's row, that its holder signed this operation."""
    return canonical_json(
        {
            "credential": json.loads(credential),
            "nonce": base64.b64encode(nonce).decode(),
            "passkeyName": passkey.name,
            "publicKey": base64.b64encode(known.public_key).decode(),
        }
    )
