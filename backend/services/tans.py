"""TANs: how one is made, how many may be sent, how often one may guess (F22)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from backend.clock import berlin_today
from backend.services import outbox
from backend.services.attempts import Limit, count_attempts, subject_of_client
from backend.values import Value

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.passwords import PasswordHasher
    from backend.services.sign_in_house import SignInHouse

_DIGITS = 6
# The digits at the end of a number that tell it from its neighbours: 10,000 are a block.
_DIGITS_IN_BLOCK = 4


class NewTan(Value):
    """A TAN and what is stored of it; the digits go into one short message and nowhere else."""

    digits: str
    hash: str


async def make_tan(hasher: PasswordHasher, purpose: str = "") -> NewTan:
    """Make a TAN; hashed before any transaction begins, since SQLite has one writer.

    Its `purpose` is hashed with the digits, which are wrong for any other.

    Raises:
        HashingBusyError: too many are hashed at once.
    """
    digits = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
    return NewTan(digits, await hasher.hash(digits + purpose))


async def is_right_tan(
    hasher: PasswordHasher, tan_hash: str | None, digits: str, purpose: str = ""
) -> bool:
    """Compare what was typed with the TAN that was made for this purpose; counted before.

    Raises:
        HashingBusyError: too many are hashed at once.
    """
    return await hasher.verify(tan_hash, digits.strip() + purpose)


async def send_tan(
    session: AsyncSession,
    house: SignInHouse,
    *,
    user_account_id: int,
    phone_number: str,
    text: str,
    expires_at: datetime,
) -> None:
    """Put a short message with a TAN into the outbox, within what SMS may cost (SECURITY.md).

    Raises:
        TooManyAttemptsError: too many to this number, for this account or in all.
    """
    of_account = house.policy.sign_in.tans_per_account_per_day.on(berlin_today(house.clock))
    await count_attempts(
        session,
        *sms_limits(house, phone_number),
        Limit("sms_account", str(user_account_id), of_account, timedelta(days=1)),
        clock=house.clock,
    )
    await outbox.enqueue_sms(
        session, house.outbox, phone_number=phone_number, text=text, expires_at=expires_at
    )


def sms_limits(house: SignInHouse, phone_number: str) -> tuple[Limit, Limit, Limit]:
    """Return how many TANs may go to a number and in all, whatever they are for."""
    rules = house.policy.sign_in
    today = berlin_today(house.clock)
    day = timedelta(days=1)
    return (
        Limit("sms", phone_number, rules.tans_per_ten_minutes.on(today), timedelta(minutes=10)),
        Limit("sms", phone_number, rules.tans_per_day.on(today), day),
        Limit("sms_all", "", rules.tans_of_all_per_day.on(today), day),
    )


def stranger_sms_limits(
    house: SignInHouse, phone_number: str, client_address: str
) -> tuple[Limit, ...]:
    """Return how many TANs may go to numbers that were typed by somebody who is not signed in.

    Per number, block of numbers and client, for all of them and for all (SECURITY.md, SMS pumping).
    """
    rules = house.policy.registration
    today = berlin_today(house.clock)
    day = timedelta(days=1)
    client = subject_of_client(client_address)
    return (
        *sms_limits(house, phone_number),
        Limit("registration_sms_client", client, rules.tans_per_client_per_day.on(today), day),
        Limit(
            "registration_sms_block",
            phone_number[:-_DIGITS_IN_BLOCK],
            rules.tans_per_block_per_hour.on(today),
            timedelta(hours=1),
        ),
        Limit("registration_sms_all", "", rules.tans_of_all_per_day.on(today), day),
    )


async def count_tan_guess(
    session: AsyncSession, house: SignInHouse, *, user_account_id: int
) -> None:
    """Count one guess against the account's 20 an hour and 50 a day, whatever it is for.

    Raises:
        TooManyAttemptsError: one of them is reached.
    """
    rules = house.policy.sign_in
    today = berlin_today(house.clock)
    subject = str(user_account_id)
    await count_attempts(
        session,
        Limit("tan", subject, rules.tan_attempts_per_hour.on(today), timedelta(hours=1)),
        Limit("tan", subject, rules.tan_attempts_per_day.on(today), timedelta(days=1)),
        clock=house.clock,
    )
