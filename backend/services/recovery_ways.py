"""Which ways back a user account has: each shows two proofs, and the mailbox is only one (X19)."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import exists, select

from backend.clock import berlin_today
from backend.models.customers import Customer, CustomerNumber
from backend.models.institutions import Institution
from backend.models.recoveries import RecoveryLetter
from backend.models.user_accounts import Passkey
from backend.services.devices import has_active_device
from backend.services.postal_addresses import NumberedCustomer, load_addressees_of

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.user_accounts import UserAccount
    from backend.services.print_outbox import Addressee
    from backend.services.sign_in_house import SignInHouse


class RecoveryWay(enum.Enum):
    """What is shown beside the mailbox."""

    PASSKEY = "passkey"
    DEVICE = "device"
    LETTER = "letter"


class LetterPlace(NamedTuple):
    """Where a letter would go, and in whose name."""

    customer_number_id: int
    institution: Institution
    addressee: Addressee


async def load_ways(
    session: AsyncSession, house: SignInHouse, account: UserAccount, letter: RecoveryLetter | None
) -> list[RecoveryWay]:
    """Return the ways of an account, the quicker first; a text message is none.

    Whoever finds or steals an unlocked phone has its mailbox and its text messages: both together
    are one proof (decision 0013).
    """
    ways = []
    if await has_passkey(session, account):
        ways.append(RecoveryWay.PASSKEY)
    if device_is_proof(house) and await has_active_device(session, user_account_id=account.id):
        ways.append(RecoveryWay.DEVICE)
    if letter is not None or await find_letter_place(session, account) is not None:
        ways.append(RecoveryWay.LETTER)
    return ways


def device_is_proof(house: SignInHouse) -> bool:
    """Tell whether a remembered device may stand beside the mailbox; the house decides."""
    return house.policy.recovery.device_is_proof.on(berlin_today(house.clock))


async def has_passkey(session: AsyncSession, account: UserAccount) -> bool:
    """Tell whether the account has a passkey that may prove its owner."""
    return bool(await session.scalar(select(exists().where(Passkey.user_account_id == account.id))))


async def find_open_letter(
    session: AsyncSession, house: SignInHouse, account: UserAccount
) -> RecoveryLetter | None:
    """Return the letter that is on its way or whose code can still be used."""
    statement = (
        select(RecoveryLetter)
        .where(RecoveryLetter.user_account_id == account.id, *is_open_letter(house))
        .order_by(RecoveryLetter.id.desc())
        .limit(1)
    )
    return (await session.scalars(statement)).one_or_none()


def is_open_letter(house: SignInHouse) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which the code of a letter can still be used."""
    attempts = house.policy.recovery.letter_attempts.on(berlin_today(house.clock))
    return (
        RecoveryLetter.used_at.is_(None),
        RecoveryLetter.attempts < attempts,
        RecoveryLetter.expires_at > house.clock.now(),
    )


async def find_letter_place(session: AsyncSession, account: UserAccount) -> LetterPlace | None:
    """Return to which address a letter goes: the one that an institution has, never a typed one.

    The first linked institution that has one; None if none has, or without a birth date to ask
    for beside the code.
    """
    rows = await session.execute(
        select(
            CustomerNumber.id,
            CustomerNumber.number,
            CustomerNumber.customer_id,
            Customer.given_name,
            Customer.family_name,
            Customer.birth_date,
            Institution,
        )
        .join(Customer, Customer.id == CustomerNumber.customer_id)
        .join(Institution, Institution.id == CustomerNumber.institution_id)
        .where(CustomerNumber.customer_id == account.customer_id, Customer.birth_date.is_not(None))
        .order_by(CustomerNumber.id)
    )
    for row in rows.all():
        person, institution = NumberedCustomer(*row[:-1]), row[-1]
        addressees = await load_addressees_of(session, institution.id, [person])
        if person.id in addressees:
            return LetterPlace(person.id, institution, addressees[person.id])
    return None
