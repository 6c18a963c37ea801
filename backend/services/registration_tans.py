"""The TAN that proves the phone of a registration: sent within a budget, guessed five times."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from backend import database
from backend.clock import berlin_today
from backend.errors import RegistrationRefusedError
from backend.models.registrations import Registration
from backend.services import outbox, tans
from backend.services.attempts import Limit, count_attempts, count_first
from backend.services.passwords import queued
from backend.services.phone_numbers import masked_number
from backend.services.sessions import hash_token
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from datetime import datetime

    from backend.services.sign_in_house import SignInHouse


class RegistrationTanSent(Value):
    """Where a TAN went and until when it is good; the newest one counts."""

    masked_phone_number: str
    expires_at: datetime


@queued
async def send_registration_tan(
    house: SignInHouse, *, registration: str, client_address: str
) -> RegistrationTanSent:
    """Send a TAN to the number that was typed, if its address was proved (F1, F21).

    Counted before any work is done: per number, block of numbers and client, for registrations
    and for all (SECURITY.md, SMS pumping).

    Raises:
        RegistrationRefusedError: unknown or too old.
        TooManyAttemptsError: one of the limits is reached.
        HashingBusyError: too many are hashed at once.
    """
    row = await _find(house, registration)
    limits = tans.stranger_sms_limits(house, row.phone_number, client_address)
    await count_first(house.sessions, *limits, clock=house.clock)
    tan = await tans.make_tan(house.password_hasher)
    minutes = house.policy.sign_in.tan_minutes.on(berlin_today(house.clock))
    expires_at = min(row.expires_at, house.clock.now() + timedelta(minutes=minutes))
    renewing = (
        update(Registration)
        .where(Registration.id == row.id)
        .values(tan_hash=tan.hash, tan_expires_at=expires_at, tan_attempts=0)
        .returning(Registration.id)
        .execution_options(synchronize_session=False)
    )
    text = word(
        "sms.registration_tan",
        row.locale,
        tan=tan.digits,
        group=house.group.name,
        minutes=minutes,
    )
    async with database.writing(house.sessions) as session:
        if await session.scalar(renewing) is None:
            raise RegistrationRefusedError  # finished or forgotten meanwhile
        await outbox.enqueue_sms(
            session,
            house.outbox,
            phone_number=row.phone_number,
            text=text,
            expires_at=expires_at,
        )
    return RegistrationTanSent(masked_number(row.phone_number), expires_at)


async def count_registration_guess(house: SignInHouse, registration: str) -> Registration:
    """Count a guess before anything is compared, in a transaction of its own (F22).

    One atomic statement: parallel guesses can't slip through. A resent TAN has attempts of its
    own; together they stay within the number's 20 an hour and 50 a day.

    Raises:
        RegistrationRefusedError: unknown, no TAN, too old or tried too often.
        TooManyAttemptsError: too many guesses for this number.
    """
    today = berlin_today(house.clock)
    rules = house.policy.sign_in
    counting = (
        update(Registration)
        .where(
            Registration.secret_hash == hash_token(registration),
            Registration.tan_hash.is_not(None),
            Registration.tan_expires_at > house.clock.now(),
            Registration.tan_attempts < rules.tan_attempts.on(today),
        )
        .values(tan_attempts=Registration.tan_attempts + 1)
        .returning(Registration)
        .execution_options(synchronize_session=False)
    )
    async with database.writing(house.sessions) as session:
        row = (await session.scalars(counting)).one_or_none()
        if row is None:
            raise RegistrationRefusedError
        number = row.phone_number
        hourly, daily = rules.tan_attempts_per_hour.on(today), rules.tan_attempts_per_day.on(today)
        await count_attempts(
            session,
            Limit("registration_tan", number, hourly, timedelta(hours=1)),
            Limit("registration_tan", number, daily, timedelta(days=1)),
            clock=house.clock,
        )
    return row


async def _find(house: SignInHouse, registration: str) -> Registration:
    """Return the registration of a secret, whose address is proved."""
    statement = select(Registration).where(
        Registration.secret_hash == hash_token(registration),
        Registration.expires_at > house.clock.now(),
    )
    async with database.reading(house.sessions) as session:
        row = (await session.scalars(statement)).one_or_none()
    if row is None:
        raise RegistrationRefusedError
    return row
