"""After the letter: a new password, and a phone at hand that a TAN proves (X19)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from backend import database
from backend.clock import berlin_today
from backend.errors import (
    FieldProblem,
    InvalidInputError,
    RecoveryRefusedError,
    WrongTanError,
)
from backend.models.recoveries import Recovery, RecoveryLetter
from backend.services import outbox, tans
from backend.services.attempts import count_first
from backend.services.new_passwords import check_new_password
from backend.services.passwords import queued
from backend.services.phone_numbers import masked_number, normalise_mobile_number
from backend.services.recovery import OpenRecovery, count_client, find_recovery, update_recovery
from backend.services.recovery_completion import Regained, record_refusal, regain_access
from backend.services.recovery_passwords import hash_counted, load_own_words
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.user_accounts import UserAccount
    from backend.services.sessions import Viewer
    from backend.services.sign_in import SignedIn
    from backend.services.sign_in_house import SignInHouse


class RecoveryTanSent(Value):
    """Where a TAN went and until when it is good; the newest one counts."""

    masked_phone_number: str
    expires_at: datetime


class NewCredentials(Value):
    """What will hold; without a number the account keeps its own."""

    password: str
    phone_number: str | None


@queued
async def send_recovery_tan(
    house: SignInHouse, *, recovery: str, new: NewCredentials, client_address: str
) -> RecoveryTanSent:
    """Keep new password and number and send the TAN that proves the phone (X19, F20, F21).

    Raises:
        InvalidInputError: with every wrong field.
        RecoveryRefusedError: unknown, too old, or the code of a letter has not been proved.
        TooManyAttemptsError: one of the limits is reached.
        HashingBusyError: too many are hashed at once.
    """
    await count_client(house, client_address)
    async with database.reading(house.sessions) as session:
        found = await find_recovery(session, house, recovery)
        await _require_letter(session, house, found)
        own_words = await load_own_words(session, house, found.account)
    number = _checked(house, new, found.account, own_words)
    limits = tans.stranger_sms_limits(house, number, client_address)
    await count_first(house.sessions, *limits, clock=house.clock)
    password_hash = await hash_counted(house, found.account, new.password)
    tan = await tans.make_tan(house.password_hasher)
    minutes = house.policy.sign_in.tan_minutes.on(berlin_today(house.clock))
    expires_at = min(found.row.expires_at, house.clock.now() + timedelta(minutes=minutes))
    text = word(
        "sms.recovery_tan",
        found.account.locale,
        tan=tan.digits,
        group=house.group.name,
        minutes=minutes,
    )
    async with database.writing(house.sessions) as session:
        await update_recovery(
            session,
            house,
            found.row,
            password_hash=password_hash,
            nonce=None,
            phone_number=number,
            tan_hash=tan.hash,
            tan_expires_at=expires_at,
            tan_attempts=0,
        )
        await outbox.enqueue_sms(
            session, house.outbox, phone_number=number, text=text, expires_at=expires_at
        )
    return RecoveryTanSent(masked_number(number), expires_at)


@queued
async def complete_recovery(
    house: SignInHouse, *, recovery: str, tan: str, replaced: Viewer | None = None
) -> SignedIn:
    """Compare the TAN; then new password and number hold and nothing old does (X19, F103).

    Passkeys, devices, sessions and whatever was begun end in the same transaction.

    Raises:
        WrongTanError: with how many attempts are left.
        RecoveryRefusedError: unknown, too old, tried too often, or the letter is used meanwhile.
        TooManyAttemptsError: too many guesses for this account.
        HashingBusyError: too many are hashed at once.
    """
    found = await _count_guess(house, recovery)
    row = found.row
    if not await house.password_hasher.verify(row.tan_hash, tan.strip()):
        await record_refusal(house, found.account)
        allowed = house.policy.sign_in.tan_attempts.on(berlin_today(house.clock))
        raise WrongTanError(allowed - row.tan_attempts)
    regained = Regained(letter_id=row.recovery_letter_id, phone_number=row.phone_number)
    async with database.writing(house.sessions) as session:
        await _require_letter(session, house, found)
        return await regain_access(session, house, found, regained, replaced=replaced)


async def _count_guess(house: SignInHouse, recovery: str) -> OpenRecovery:
    """Count a guess before anything is compared, in a transaction of its own (F22)."""
    attempts = house.policy.sign_in.tan_attempts.on(berlin_today(house.clock))
    async with database.writing(house.sessions) as session:
        found = await find_recovery(session, house, recovery)
        counting = (
            update(Recovery)
            .where(
                Recovery.id == found.row.id,
                Recovery.tan_hash.is_not(None),
                Recovery.tan_expires_at > house.clock.now(),
                Recovery.tan_attempts < attempts,
            )
            .values(tan_attempts=Recovery.tan_attempts + 1)
            .returning(Recovery)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        row = (await session.scalars(counting)).one_or_none()
        if row is None:
            raise RecoveryRefusedError
        await tans.count_tan_guess(session, house, user_account_id=found.account.id)
    return OpenRecovery(row, found.account)


async def _require_letter(session: AsyncSession, house: SignInHouse, found: OpenRecovery) -> None:
    """Raise unless the code of a letter was proved in this recovery and is still good."""
    proved = await session.scalar(
        select(RecoveryLetter.id).where(
            RecoveryLetter.id == found.row.recovery_letter_id,
            RecoveryLetter.user_account_id == found.account.id,
            RecoveryLetter.used_at.is_(None),
            RecoveryLetter.expires_at > house.clock.now(),
        )
    )
    if proved is None:
        raise RecoveryRefusedError


def _checked(
    house: SignInHouse, new: NewCredentials, account: UserAccount, own_words: Sequence[str]
) -> str:
    today = berlin_today(house.clock)
    problems: list[FieldProblem] = []
    number: str | None = account.phone_number
    if new.phone_number is not None:
        regions = house.policy.registration.mobile_regions.on(today)
        number = normalise_mobile_number(new.phone_number, regions=regions)
        if number is None:
            is_empty = not new.phone_number.strip()
            problem = "field.required" if is_empty else "field.no_mobile_number"
            problems.append(FieldProblem(("phoneNumber",), problem))
    try:
        check_new_password(
            new.password,
            path=("newPassword",),
            policy=house.policy,
            today=today,
            own_words=own_words,
        )
    except InvalidInputError as refused:
        problems.extend(refused.problems)
    if problems or number is None:
        raise InvalidInputError(*problems)
    return number
