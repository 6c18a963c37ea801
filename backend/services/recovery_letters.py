"""Letters with the code of a recovery: asked for by the customer, written by the worker (X19)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, select, update

from backend import database
from backend.clock import BERLIN, berlin_today
from backend.errors import RecoveryWayUnavailableError, TooManyAttemptsError
from backend.models.customers import Customer, CustomerNumber
from backend.models.institutions import Institution
from backend.models.outbox import OutboxTopic
from backend.models.recoveries import RecoveryLetter
from backend.models.security_events import SecurityEventKind
from backend.models.user_accounts import Locale, UserAccount
from backend.services import job_folders, outbox
from backend.services.activation_codes import hash_code, make_code
from backend.services.letters import PrintableLetter, typeset, written_day
from backend.services.postal_addresses import (
    NumberedCustomer,
    load_addressees_of,
    recipient_of,
)
from backend.services.print_jobs import finish_jobs, folder_of, print_letters
from backend.services.print_outbox import PrintedLetter
from backend.services.recovery_ways import find_letter_place, find_open_letter
from backend.services.security_events import record_event
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.services.print_jobs import PrintingHouse
    from backend.services.print_outbox import Addressee
    from backend.services.sign_in_house import SignInHouse

BATCH = 200
_KIND = "recovery"
# The warning at the phone is of use as long as the letter is on its way.
_WARNING_IS_GOOD = timedelta(days=2)
_KEPT = timedelta(days=30)


class _Waiting(NamedTuple):
    """A letter that has been asked for and not been written yet."""

    letter: RecoveryLetter
    institution: Institution
    locale: Locale
    person: NumberedCustomer


class _Written(NamedTuple):
    letter_id: int
    code_hash: str
    printed: PrintedLetter


async def request_letter(
    session: AsyncSession, house: SignInHouse, account: UserAccount, *, is_limited: bool = True
) -> RecoveryLetter:
    """Let a letter go to the address that an institution has (OWASP ASVS 5.0, 6.4.4).

    One at a time, and so many in a month: while one is on its way, asking again changes nothing.
    `account` is locked by the caller. Staff, who have spoken to the customer, are not limited.

    Raises:
        RecoveryWayUnavailableError: no institution has an address and a birth date.
        TooManyAttemptsError: too many letters in this period.
    """
    present = await find_open_letter(session, house, account)
    if present is not None:
        return present
    place = await find_letter_place(session, account)
    if place is None:
        raise RecoveryWayUnavailableError
    if is_limited:
        await _refuse_many(session, house, account)
    now = house.clock.now()
    days = house.policy.recovery.letter_days.on(berlin_today(house.clock))
    letter = RecoveryLetter(
        user_account_id=account.id,
        customer_number_id=place.customer_number_id,
        attempts=0,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(letter)
    await session.flush()
    await outbox.enqueue(session, house.outbox, OutboxTopic.RECOVERY_LETTER, {})
    await _tell(session, house, account)
    return letter


async def write_waiting_letters(house: PrintingHouse) -> Sequence[Path]:
    """Write every letter that was asked for, in one print job per institution.

    Done twice, nothing is left to do: what was written has its code's hash.

    Raises:
        FolderBusyError: another run is going on; ask again.
    """
    with job_folders.locked(folder_of(house)):
        folders = await finish_jobs(house)
        while waiting := await _list_waiting(house):
            keys = dict.fromkeys(one.institution.key for one in waiting)
            for key in keys:
                group = [one for one in waiting if one.institution.key == key]
                folders.append(await _print(house, group[0].institution, group))
    return folders


async def forget_old_letters(session: AsyncSession, *, clock: Clock) -> int:
    """Delete letters whose codes ran out a month ago and return how many."""
    deleted = await session.execute(
        delete(RecoveryLetter)
        .where(RecoveryLetter.expires_at < clock.now() - _KEPT)
        .returning(RecoveryLetter.id)
        .execution_options(synchronize_session=False)
    )
    return len(deleted.all())


async def _refuse_many(session: AsyncSession, house: SignInHouse, account: UserAccount) -> None:
    rules = house.policy.recovery
    today = berlin_today(house.clock)
    period = timedelta(days=rules.letter_period_days.on(today))
    statement = (
        select(RecoveryLetter.created_at)
        .where(
            RecoveryLetter.user_account_id == account.id,
            RecoveryLetter.created_at > house.clock.now() - period,
        )
        .order_by(RecoveryLetter.created_at)
    )
    sent = (await session.scalars(statement)).all()
    most = rules.letters_per_period.on(today)
    if len(sent) >= most:
        raise TooManyAttemptsError(sent[len(sent) - most] + period)


async def _tell(session: AsyncSession, house: SignInHouse, account: UserAccount) -> None:
    """Tell mailbox and phone: whoever has taken the one may not have the other."""
    record_event(
        session,
        SecurityEventKind.RECOVERY_LETTER_REQUESTED,
        user_account_id=account.id,
        clock=house.clock,
    )
    await outbox.enqueue_worded_mail(
        session,
        house.outbox,
        "recovery_letter",
        email_address=account.email_address,
        locale=account.locale,
    )
    await outbox.enqueue_sms(
        session,
        house.outbox,
        phone_number=account.phone_number,
        text=word(
            "sms.recovery_letter",
            account.locale,
            group=house.group.name,
            phone=house.group.customer_service.phone,
        ),
        expires_at=house.clock.now() + _WARNING_IS_GOOD,
    )


async def _list_waiting(house: PrintingHouse) -> Sequence[_Waiting]:
    statement = (
        select(
            RecoveryLetter,
            Institution,
            UserAccount.locale,
            CustomerNumber.id,
            CustomerNumber.number,
            CustomerNumber.customer_id,
            Customer.given_name,
            Customer.family_name,
            Customer.birth_date,
        )
        .join(UserAccount, UserAccount.id == RecoveryLetter.user_account_id)
        .join(CustomerNumber, CustomerNumber.id == RecoveryLetter.customer_number_id)
        .join(Customer, Customer.id == CustomerNumber.customer_id)
        .join(Institution, Institution.id == CustomerNumber.institution_id)
        .where(
            RecoveryLetter.print_job.is_(None),
            RecoveryLetter.used_at.is_(None),
            RecoveryLetter.expires_at > house.clock.now(),
        )
        .order_by(RecoveryLetter.id)
        .limit(BATCH)
    )
    async with database.reading(house.sessions) as session:
        rows = (await session.execute(statement)).all()
    return [_Waiting(*row[:3], NumberedCustomer(*row[3:])) for row in rows]


async def _print(
    house: PrintingHouse, institution: Institution, waiting: Sequence[_Waiting]
) -> Path:
    async with database.reading(house.sessions) as session:
        addressees = await load_addressees_of(
            session, institution.id, [one.person for one in waiting]
        )
    written = []
    for one in waiting:
        code = make_code()
        # The address was there when the letter was asked for; without it this fails and is seen.
        to = addressees[one.person.id]
        printed = PrintedLetter(to, await typeset(_letter(house, one, to, code)))
        written.append(_Written(one.letter.id, hash_code(code), printed))

    async def keep(session: AsyncSession, job: str) -> None:
        await _keep(session, written, job)

    return await print_letters(
        house,
        [one.printed for one in written],
        institution_key=institution.key,
        kind=_KIND,
        action="recovery_letters.written",
        keep=keep,
    )


async def _keep(session: AsyncSession, written: Iterable[_Written], job: str) -> None:
    for one in written:
        await session.execute(
            update(RecoveryLetter)
            .where(RecoveryLetter.id == one.letter_id)
            .values(code_hash=one.code_hash, print_job=job)
        )


def _letter(house: PrintingHouse, one: _Waiting, to: Addressee, code: str) -> PrintableLetter:
    expires_at: datetime = one.letter.expires_at
    return PrintableLetter(
        sender=one.institution.name,
        recipient=recipient_of(to),
        day=berlin_today(house.clock),
        subject=word("recovery.subject", one.locale, group=house.group.name),
        body=word(
            "recovery.body",
            one.locale,
            name=to.name,
            group=house.group.name,
            institution=one.institution.name,
            url=house.settings.public_url,
            code=code,
            until=written_day(expires_at.astimezone(BERLIN).date(), one.locale),
            phone=house.group.contact_of(one.institution.key).phone,
        ),
        locale=one.locale,
    )
