"""Asking for a new passkey: it approves everything later, so that it is approved itself (F103)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from backend import database
from backend.clock import berlin_today
from backend.models.sign_in import UserSession
from backend.models.user_accounts import Passkey
from backend.services import passkeys
from backend.services.approval_operations import Execution, Operation, OperationInput
from backend.services.approvals import load_account_version, open_approval

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.approvals import Approval
    from backend.models.user_accounts import Locale
    from backend.services.passkeys import PasskeyChallenge
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse


class NewPasskey(OperationInput, frozen=True, kw_only=True):
    """Nothing is known of it before its ceremony, which the approval opens."""


async def start_registration(
    house: SignInHouse, *, viewer: Viewer, locale: Locale
) -> PasskeyChallenge | Approval:
    """Ask for the approval of a new passkey; its outcome is the ceremony's challenge (F103).

    Without it a stolen session could add one and then approve everything. The session that
    concluded the registration, or a recovery by letter, adds the first one at once: it has just
    given a TAN.

    Raises:
        ApprovalMethodUnavailableError: this session has no way to approve it.
        TooManyAttemptsError: too many approvals.
    """
    async with database.writing(house.sessions) as session:
        if await _is_first_and_fresh(session, house, viewer):
            return await passkeys.open_ceremony(session, house, viewer=viewer)
    return await open_approval(house, ADD_PASSKEY, NewPasskey(), viewer=viewer, locale=locale)


async def _is_first_and_fresh(session: AsyncSession, house: SignInHouse, viewer: Viewer) -> bool:
    """Whether this is the first passkey, in the session and within minutes of the registration."""
    rule = house.policy.registration.passkey_without_approval_minutes
    since = house.clock.now() - timedelta(minutes=rule.on(berlin_today(house.clock)))
    fresh = exists().where(
        UserSession.id == viewer.session_id,
        UserSession.may_add_first_passkey,
        UserSession.created_at > since,
    )
    first = ~exists().where(Passkey.user_account_id == viewer.id)
    # Held until the transaction ends: of two that ask at once, one sees the other's passkey.
    await load_account_version(session, viewer.id)
    return bool(await session.scalar(select(fresh & first)))


async def _open_ceremony(
    session: AsyncSession, execution: Execution[NewPasskey]
) -> PasskeyChallenge:
    return await passkeys.open_ceremony(session, execution.house, viewer=execution.viewer)


ADD_PASSKEY = Operation(
    name="add_passkey",
    input_type=NewPasskey,
    summary_values=lambda _: {},
    load_version=load_account_version,
    execute=_open_ceremony,
)
