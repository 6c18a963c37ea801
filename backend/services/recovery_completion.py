"""The end of a recovery: new credentials hold, whatever was before ends, a session begins (X19)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from backend import database
from backend.errors import RecoveryRefusedError
from backend.models.devices import Device
from backend.models.recoveries import Recovery, RecoveryLetter
from backend.models.security_events import SecurityEventKind
from backend.models.sign_in import ChallengeKind
from backend.models.user_accounts import Passkey
from backend.services import challenges, outbox, user_sessions
from backend.services.account_changes import change_account
from backend.services.account_locks import unlock
from backend.services.approvals import close_approvals_of, load_account_version
from backend.services.phone_numbers import masked_number
from backend.services.security_events import record_event
from backend.services.sign_in import begin_session
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.user_accounts import UserAccount
    from backend.services.recovery import OpenRecovery
    from backend.services.sessions import Viewer
    from backend.services.sign_in import SignedIn
    from backend.services.sign_in_house import SignInHouse

# Who has turned the old phone off for a night should still read it.
_WARNING_IS_GOOD = timedelta(days=2)


class Regained(Value):
    """How far a recovery goes.

    With the password only, phone and passkeys stay as they were. Else nothing stays: `letter_id`
    is the letter that proved it, `phone_number` where the TAN went.
    """

    is_password_only: bool = False
    letter_id: int | None = None
    phone_number: str | None = None


async def regain_access(
    session: AsyncSession,
    house: SignInHouse,
    found: OpenRecovery,
    regained: Regained,
    *,
    replaced: Viewer | None,
    factor: Device | Passkey | None = None,
) -> SignedIn:
    """Set what was proved and sign in; all in the caller's transaction (X19, X4).

    Every session ends, what was begun and not finished is closed, the customer is told. With the
    letter a user account that was locked (F72) opens again: every factor is a new one. `factor` is
    what was proved beside the mailbox.

    Raises:
        RecoveryRefusedError: another request was faster, or a credential has changed meanwhile.
    """
    account = found.account
    if await load_account_version(session, account.id) != found.row.account_version:
        raise RecoveryRefusedError
    await _take(session, found.row)
    await user_sessions.end_every_session(
        session, user_account_id=account.id, clock=house.clock, policy=house.policy
    )
    await challenges.close_challenges_of(
        session, *ChallengeKind, user_account_id=account.id, clock=house.clock
    )
    await close_approvals_of(session, user_account_id=account.id, clock=house.clock)
    await _use_letters(session, house, account, regained)
    values = {"password_hash": found.row.password_hash}
    if regained.is_password_only:
        await change_account(session, account.id, **values)
        await _tell_of_password(session, house, account)
    else:
        await _drop_passkeys(session, house, account)
        await _drop_devices(session, house, account)
        await unlock(session, user_account_id=account.id, clock=house.clock)
        await change_account(session, account.id, **values | _phone(house, account, regained))
        await _tell_of_everything(session, house, account, regained)
    return await begin_session(
        session,
        house,
        user_account_id=account.id,
        replaced=replaced,
        factor=factor,
        # Mailbox, letter and phone were proved anew: as after a registration, the first passkey is
        # added at once, and no TAN may go to a number that is as new as the session.
        may_add_first_passkey=not regained.is_password_only,
    )


async def record_refusal(house: SignInHouse, account: UserAccount) -> None:
    """Write a wrong proof into the security log; it outlives the refusal."""
    async with database.writing(house.sessions) as session:
        _record(session, house, account, SecurityEventKind.RECOVERY_REFUSED)


async def _take(session: AsyncSession, row: Recovery) -> None:
    """Delete a recovery and all others of its address.

    Password and TAN must still be those that were proved: newer ones have not been.
    """
    gone = await session.scalar(
        delete(Recovery)
        .where(
            Recovery.id == row.id,
            Recovery.password_hash == row.password_hash,
            Recovery.tan_hash.is_(None)
            if row.tan_hash is None
            else Recovery.tan_hash == row.tan_hash,
        )
        .returning(Recovery.id)
        .execution_options(synchronize_session=False)
    )
    if gone is None:
        raise RecoveryRefusedError
    await session.execute(
        delete(Recovery)
        .where(Recovery.email_address == row.email_address)
        .execution_options(synchronize_session=False)
    )


async def _use_letters(
    session: AsyncSession, house: SignInHouse, account: UserAccount, regained: Regained
) -> None:
    """Use up every letter: who is in again needs none, and the next finder must not."""
    statement = (
        update(RecoveryLetter)
        .where(RecoveryLetter.user_account_id == account.id, RecoveryLetter.used_at.is_(None))
        .values(used_at=house.clock.now())
        .returning(RecoveryLetter.id)
        .execution_options(synchronize_session=False)
    )
    used = (await session.scalars(statement)).all()
    if regained.letter_id is not None and regained.letter_id not in used:
        raise RecoveryRefusedError


async def _drop_passkeys(session: AsyncSession, house: SignInHouse, account: UserAccount) -> None:
    names = await session.scalars(
        delete(Passkey).where(Passkey.user_account_id == account.id).returning(Passkey.name)
    )
    for name in names.all():
        _record(session, house, account, SecurityEventKind.PASSKEY_REMOVED, name)


async def _drop_devices(session: AsyncSession, house: SignInHouse, account: UserAccount) -> None:
    names = await session.scalars(
        update(Device)
        .where(Device.user_account_id == account.id, Device.removed_at.is_(None))
        .values(removed_at=house.clock.now())
        .returning(Device.name)
        .execution_options(synchronize_session=False)
    )
    for name in names.all():
        _record(session, house, account, SecurityEventKind.DEVICE_REMOVED, name)


def _phone(house: SignInHouse, account: UserAccount, regained: Regained) -> dict[str, object]:
    if regained.phone_number in {None, account.phone_number}:
        return {}
    return {
        "phone_number": regained.phone_number,
        "phone_number_changed_at": house.clock.now(),
    }


async def _tell_of_password(
    session: AsyncSession, house: SignInHouse, account: UserAccount
) -> None:
    _record(session, house, account, SecurityEventKind.PASSWORD_CHANGED)
    await outbox.enqueue_worded_mail(
        session,
        house.outbox,
        "password_changed",
        email_address=account.email_address,
        locale=account.locale,
    )


async def _tell_of_everything(
    session: AsyncSession, house: SignInHouse, account: UserAccount, regained: Regained
) -> None:
    _record(session, house, account, SecurityEventKind.RECOVERED)
    number = regained.phone_number or account.phone_number
    await outbox.enqueue_worded_mail(
        session,
        house.outbox,
        "recovered",
        email_address=account.email_address,
        locale=account.locale,
        number=masked_number(number),
    )
    if number == account.phone_number:
        return
    _record(session, house, account, SecurityEventKind.PHONE_NUMBER_CHANGED, masked_number(number))
    contact = house.group.customer_service
    await outbox.enqueue_sms(
        session,
        house.outbox,
        phone_number=account.phone_number,
        text=word(
            "sms.phone_number_replaced",
            account.locale,
            group=house.group.name,
            phone=contact.phone,
        ),
        expires_at=house.clock.now() + _WARNING_IS_GOOD,
    )


def _record(
    session: AsyncSession,
    house: SignInHouse,
    account: UserAccount,
    kind: SecurityEventKind,
    detail: str | None = None,
) -> None:
    record_event(session, kind, user_account_id=account.id, clock=house.clock, detail=detail)
