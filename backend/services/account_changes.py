"""Changing what signs in: the password and passkeys, each approved by the customer (F18, X4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from backend import database
from backend.clock import berlin_today
from backend.errors import (
    ConflictError,
    FieldProblem,
    InvalidInputError,
    NotFoundError,
)
from backend.models.security_events import SecurityEventKind
from backend.models.sign_in import ChallengeKind
from backend.models.user_accounts import Passkey, UserAccount
from backend.services import challenges, outbox, passkeys, user_sessions
from backend.services.approval_operations import Execution, Operation, OperationInput
from backend.services.approvals import load_account_version, open_approval
from backend.services.attempts import count_first
from backend.services.new_passwords import check_new_password, words_of
from backend.services.passwords import queued
from backend.services.security_events import record_event
from backend.services.sign_in import password_limits, record_failure
from backend.values import Value

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.approvals import Approval
    from backend.models.user_accounts import Locale
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse

# Hashing what no account can have would only cost.
_LONGEST_INPUT = 512


class NewPassword(OperationInput, frozen=True, kw_only=True):
    """The new password's hash is the operation's secret; nothing of it stands here."""


class RemovedPasskey(OperationInput, frozen=True, kw_only=True):
    """A passkey to remove, and how the customer calls it."""

    passkey_id: int
    name: str


class PasswordChanged(Value):
    """The new password holds; all other sessions have ended."""

    ended_sessions: int


class PasskeyRemoved(Value):
    """The passkey does not sign in any more."""

    name: str


@queued
async def request_password_change(
    house: SignInHouse,
    *,
    viewer: Viewer,
    current_password: str,
    new_password: str,
    locale: Locale,
    client_address: str,
) -> Approval:
    """Check both passwords and ask for the approval (F18; OWASP ASVS 5.0, 6.2.3).

    Raises:
        InvalidInputError: the current password is wrong, or the new one will not do.
        TooManyAttemptsError: too many attempts at the current password, or too many approvals.
        ApprovalMethodUnavailableError: this session has no way to approve it.
        HashingBusyError: too many are hashed at once.
    """
    check_new_password(
        new_password,
        path=("newPassword",),
        policy=house.policy,
        today=berlin_today(house.clock),
        own_words=words_of(
            given_name=viewer.given_name,
            family_name=viewer.family_name,
            email_address=viewer.email_address,
            group_name=house.group.name,
        ),
    )
    if new_password == current_password:
        raise InvalidInputError(FieldProblem(("newPassword",), "field.unchanged"))
    await _check_current_password(house, viewer, current_password, client_address)
    return await open_approval(
        house,
        CHANGE_PASSWORD,
        NewPassword(),
        viewer=viewer,
        locale=locale,
        secret=await house.password_hasher.hash(new_password),
    )


async def request_passkey_removal(
    house: SignInHouse, *, viewer: Viewer, passkey_id: int, locale: Locale
) -> Approval:
    """Ask for the approval to remove one of the viewer's passkeys (X4).

    Raises:
        NotFoundError: the viewer has no such passkey.
        TooManyAttemptsError: too many approvals.
        ApprovalMethodUnavailableError: this session has no way to approve it.
    """
    async with database.reading(house.sessions) as session:
        passkey = await passkeys.find_passkey(
            session, user_account_id=viewer.id, passkey_id=passkey_id
        )
    if passkey is None:
        raise NotFoundError
    given = RemovedPasskey(passkey_id=passkey.id, name=passkey.name)
    return await open_approval(house, REMOVE_PASSKEY, given, viewer=viewer, locale=locale)


async def change_account(session: AsyncSession, user_account_id: int, **values: object) -> None:
    """Write a change of credentials; what waited for an approval before is a conflict now."""
    await session.execute(
        update(UserAccount)
        .where(UserAccount.id == user_account_id)
        .values(version=UserAccount.version + 1, **values)
    )


async def _check_current_password(
    house: SignInHouse, viewer: Viewer, password: str, client_address: str
) -> None:
    limits = password_limits(house, viewer.email_address, client_address)
    await count_first(house.sessions, *limits, clock=house.clock)
    async with database.reading(house.sessions) as session:
        stored = await session.scalar(
            select(UserAccount.password_hash).where(UserAccount.id == viewer.id)
        )
    # The rest of a text that is too long changes nothing about it being wrong.
    if not await house.password_hasher.verify(stored, password[:_LONGEST_INPUT]):
        await record_failure(house, user_account_id=viewer.id)
        raise InvalidInputError(FieldProblem(("currentPassword",), "field.wrong_password"))


async def _change_password(
    session: AsyncSession, execution: Execution[NewPassword]
) -> PasswordChanged:
    """Store the new hash; every other session ends, and so does what was begun and not finished.

    Whoever changes the password because of a stranger must not be undone by the stranger's link.
    """
    house, viewer = execution.house, execution.viewer
    await change_account(session, viewer.id, password_hash=execution.secret)
    ended = await user_sessions.end_sessions_beside(
        session, viewer=viewer, clock=house.clock, policy=house.policy
    )
    await challenges.close_challenges_of(
        session,
        ChallengeKind.SIGN_IN_TAN,
        ChallengeKind.SIGN_IN_DEVICE,
        ChallengeKind.ADD_PASSKEY,
        ChallengeKind.REPLACE_DEVICE,
        ChallengeKind.CONFIRM_EMAIL_ADDRESS,
        ChallengeKind.CONFIRM_PHONE_NUMBER,
        user_account_id=viewer.id,
        clock=house.clock,
    )
    record_event(
        session,
        SecurityEventKind.PASSWORD_CHANGED,
        user_account_id=viewer.id,
        clock=house.clock,
    )
    await outbox.enqueue_worded_mail(
        session,
        house.outbox,
        "password_changed",
        email_address=viewer.email_address,
        locale=viewer.locale,
    )
    return PasswordChanged(ended)


async def _remove_passkey(
    session: AsyncSession, execution: Execution[RemovedPasskey]
) -> PasskeyRemoved:
    house, viewer, given = execution.house, execution.viewer, execution.input
    removed = await session.scalar(
        delete(Passkey)
        .where(Passkey.id == given.passkey_id, Passkey.user_account_id == viewer.id)
        .returning(Passkey.id)
    )
    if removed is None:
        raise ConflictError
    await change_account(session, viewer.id)
    record_event(
        session,
        SecurityEventKind.PASSKEY_REMOVED,
        user_account_id=viewer.id,
        clock=house.clock,
        detail=given.name,
    )
    await outbox.enqueue_worded_mail(
        session,
        house.outbox,
        "passkey_removed",
        email_address=viewer.email_address,
        locale=viewer.locale,
    )
    return PasskeyRemoved(given.name)


CHANGE_PASSWORD = Operation(
    name="change_password",
    input_type=NewPassword,
    summary_values=lambda _: {},
    load_version=load_account_version,
    execute=_change_password,
)
REMOVE_PASSKEY = Operation(
    name="remove_passkey",
    input_type=RemovedPasskey,
    summary_values=lambda given: {"name": given.name},
    load_version=load_account_version,
    execute=_remove_passkey,
)
