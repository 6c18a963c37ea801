"""The code of a letter: asked for by whoever reads the mailbox, compared with the birth date."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from backend import database
from backend.clock import berlin_today
from backend.errors import RecoveryProofRefusedError
from backend.models.recoveries import RecoveryLetter
from backend.services.activation_codes import is_code
from backend.services.approvals import load_account_version
from backend.services.attempts import Limit, count_attempts
from backend.services.customers import is_birth_date, load_customer
from backend.services.phone_numbers import masked_number
from backend.services.recovery import OpenRecovery, count_client, find_recovery, update_recovery
from backend.services.recovery_completion import record_refusal
from backend.services.recovery_letters import request_letter
from backend.services.recovery_ways import is_open_letter
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from backend.services.sign_in_house import SignInHouse


class RecoveryLetterAccepted(Value):
    """The code was right: which number the account has now, mostly hidden."""

    masked_phone_number: str
    expires_at: datetime


async def request_recovery_letter(
    house: SignInHouse, *, recovery: str, client_address: str
) -> RecoveryLetter:
    """Let a letter go to the address on file, on the request of whoever reads the mailbox.

    Raises:
        RecoveryRefusedError: unknown or too old.
        RecoveryWayUnavailableError: no institution has an address and a birth date.
        TooManyAttemptsError: too many letters in this period, or steps of this client.
    """
    await count_client(house, client_address)
    async with database.writing(house.sessions) as session:
        found = await find_recovery(session, house, recovery)
        await load_account_version(session, found.account.id)
        return await request_letter(session, house, found.account)


async def prove_recovery_letter(
    house: SignInHouse,
    *,
    recovery: str,
    activation_code: str,
    birth_date: date,
    client_address: str,
) -> RecoveryLetterAccepted:
    """Compare code and birth date; five attempts, counted before anything is compared (X19).

    A wrong code, a wrong birth date and no letter at all answer alike.

    Raises:
        RecoveryProofRefusedError: they don't belong to this account, or not any more.
        RecoveryRefusedError: unknown or too old.
        TooManyAttemptsError: this account or client tried too often.
    """
    await count_client(house, client_address)
    found, letters, known = await _count_attempt(house, recovery)
    fitting = [one for one in letters if one.code_hash and is_code(one.code_hash, activation_code)]
    if not (fitting and is_birth_date(known, birth_date)):
        await record_refusal(house, found.account)
        raise RecoveryProofRefusedError
    async with database.writing(house.sessions) as session:
        await update_recovery(session, house, found.row, recovery_letter_id=fitting[0].id)
    number = masked_number(found.account.phone_number)
    return RecoveryLetterAccepted(number, found.row.expires_at)


async def _count_attempt(
    house: SignInHouse, recovery: str
) -> tuple[OpenRecovery, Sequence[RecoveryLetter], str | None]:
    """Count an attempt at the account's code; the count outlives the refusal."""
    rules = house.policy.registration
    today = berlin_today(house.clock)
    hourly = rules.links_per_account_per_hour.on(today)
    daily = rules.links_per_account_per_day.on(today)
    async with database.writing(house.sessions) as session:
        found = await find_recovery(session, house, recovery)
        subject = str(found.account.id)
        await count_attempts(
            session,
            Limit("recovery_letter", subject, hourly, timedelta(hours=1)),
            Limit("recovery_letter", subject, daily, timedelta(days=1)),
            clock=house.clock,
        )
        counting = (
            update(RecoveryLetter)
            .where(
                RecoveryLetter.user_account_id == found.account.id,
                RecoveryLetter.code_hash.is_not(None),
                *is_open_letter(house),
            )
            .values(attempts=RecoveryLetter.attempts + 1)
            .returning(RecoveryLetter)
            .execution_options(synchronize_session=False)
        )
        letters = (await session.scalars(counting)).all()
        customer = await load_customer(session, found.account.customer_id)
    return found, letters, customer.birth_date
