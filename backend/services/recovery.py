"""Getting back in: a link to the mailbox comes first, and is never enough (X19)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, select, update

from backend import database
from backend.clock import berlin_today
from backend.errors import FieldProblem, InvalidInputError, RecoveryRefusedError
from backend.models.outbox import OutboxTopic
from backend.models.recoveries import Recovery, RecoveryLetter
from backend.models.user_accounts import UserAccount
from backend.services import outbox, recovery_ways
from backend.services.attempts import Limit, count_first, subject_of_client
from backend.services.email_addresses import normalise_email_address
from backend.services.sessions import hash_token
from backend.values import Value

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.models.user_accounts import Locale
    from backend.services.recovery_ways import RecoveryWay
    from backend.services.sign_in_house import SignInHouse

_SECRET_BYTES = 32


class RecoveryStarted(Value):
    """If the address has an account, a mail is on its way; until when its link is good."""

    email_address: str
    expires_at: datetime


class RecoveryAddressConfirmed(Value):
    """The mailbox is proved: the secret for the steps that follow, and which ways there are."""

    recovery: str
    email_address: str
    expires_at: datetime
    ways: list[RecoveryWay]
    letter: RecoveryLetter | None


class OpenRecovery(NamedTuple):
    """A recovery whose address is proved, and the user account as it was when it began."""

    row: Recovery
    account: UserAccount


async def start_recovery(
    house: SignInHouse, *, email_address: str, locale: Locale, client_address: str
) -> RecoveryStarted:
    """Let a link go to the address if it has a user account (X19; OWASP ASVS 5.0, 6.4.3).

    Nobody looks here whether there is one: that is the worker's, so that known and unknown
    addresses cost the same work by construction.

    Raises:
        InvalidInputError: no address that mail can reach.
        TooManyAttemptsError: too many to this address, from this client or in all.
    """
    address = normalise_email_address(email_address)
    if address is None:
        problem = "field.required" if not email_address.strip() else "field.no_email_address"
        raise InvalidInputError(FieldProblem(("emailAddress",), problem))
    await count_first(house.sessions, *_limits(house, address, client_address), clock=house.clock)
    async with database.writing(house.sessions) as session:
        row = await enqueue_recovery(session, house, email_address=address, locale=locale)
    return RecoveryStarted(address, row.expires_at)


async def enqueue_recovery(
    session: AsyncSession, house: SignInHouse, *, email_address: str, locale: Locale
) -> Recovery:
    """Begin a recovery of an address and close every older one of it."""
    now = house.clock.now()
    minutes = house.policy.recovery.link_minutes.on(berlin_today(house.clock))
    link = secrets.token_urlsafe(_SECRET_BYTES)
    await session.execute(
        delete(Recovery)
        .where(Recovery.email_address == email_address)
        .execution_options(synchronize_session=False)
    )
    row = Recovery(
        email_address=email_address,
        locale=locale,
        link_hash=hash_token(link),
        tan_attempts=0,
        created_at=now,
        expires_at=now + timedelta(minutes=minutes),
    )
    session.add(row)
    await session.flush()
    await outbox.enqueue(
        session,
        house.outbox,
        OutboxTopic.RECOVERY,
        {"recovery": str(row.id), "link": link, "minutes": str(minutes)},
        expires_at=row.expires_at,
    )
    return row


async def confirm_recovery_address(
    house: SignInHouse, *, token: str, client_address: str
) -> RecoveryAddressConfirmed:
    """Take the token of a mail link, once, and tell which ways there are (X19).

    Raises:
        RecoveryRefusedError: unknown, used or too old, or the user account has changed meanwhile.
        TooManyAttemptsError: this client tried too often.
    """
    await count_client(house, client_address)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    minutes = house.policy.recovery.steps_minutes.on(berlin_today(house.clock))
    following = (
        update(Recovery)
        .where(
            Recovery.link_hash == hash_token(token),
            Recovery.user_account_id.is_not(None),
            Recovery.secret_hash.is_(None),
            Recovery.expires_at > house.clock.now(),
        )
        .values(
            secret_hash=hash_token(secret),
            expires_at=house.clock.now() + timedelta(minutes=minutes),
        )
        .execution_options(synchronize_session=False)
    )
    async with database.writing(house.sessions) as session:
        await session.execute(following)
        found = await find_recovery(session, house, secret)
        letter = await recovery_ways.find_open_letter(session, house, found.account)
        ways = await recovery_ways.load_ways(session, house, found.account, letter)
    return RecoveryAddressConfirmed(
        secret, found.account.email_address, found.row.expires_at, ways, letter
    )


async def find_recovery(session: AsyncSession, house: SignInHouse, recovery: str) -> OpenRecovery:
    """Return the recovery of a secret, with the user account.

    Raises:
        RecoveryRefusedError: unknown or too old, or a credential has changed since it began.
    """
    statement = (
        select(Recovery, UserAccount)
        .join(UserAccount, UserAccount.id == Recovery.user_account_id)
        .where(
            Recovery.secret_hash == hash_token(recovery),
            Recovery.expires_at > house.clock.now(),
            Recovery.account_version == UserAccount.version,
        )
    )
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        raise RecoveryRefusedError
    return OpenRecovery(*found)


async def update_recovery(
    session: AsyncSession, house: SignInHouse, row: Recovery, **values: object
) -> None:
    """Change a recovery that is still as it was found.

    Raises:
        RecoveryRefusedError: it is over, or too old by now.
    """
    changed = await session.scalar(
        update(Recovery)
        .where(Recovery.id == row.id, Recovery.expires_at > house.clock.now())
        .values(values)
        .returning(Recovery.id)
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        raise RecoveryRefusedError


async def count_client(house: SignInHouse, client_address: str) -> None:
    """Count a step of this client.

    Raises:
        TooManyAttemptsError: it took too many.
    """
    rule = house.policy.sign_in.passkey_attempts_per_client_per_quarter_hour
    limit = Limit(
        "recovery_step",
        subject_of_client(client_address),
        rule.on(berlin_today(house.clock)),
        timedelta(minutes=15),
    )
    await count_first(house.sessions, limit, clock=house.clock)


async def forget_old_recoveries(session: AsyncSession, *, clock: Clock) -> int:
    """Delete recoveries that nobody finished in time and return how many."""
    deleted = await session.execute(
        delete(Recovery)
        .where(Recovery.expires_at <= clock.now())
        .returning(Recovery.id)
        .execution_options(synchronize_session=False)
    )
    return len(deleted.all())


def _limits(house: SignInHouse, address: str, client_address: str) -> tuple[Limit, ...]:
    rules = house.policy.recovery
    today = berlin_today(house.clock)
    day = timedelta(days=1)
    return (
        Limit("recovery", address, rules.mails_per_address_per_day.on(today), day),
        Limit(
            "recovery_client",
            subject_of_client(client_address),
            rules.starts_per_client_per_hour.on(today),
            timedelta(hours=1),
        ),
        Limit("recovery_all", "", rules.mails_of_all_per_day.on(today), day),
    )
