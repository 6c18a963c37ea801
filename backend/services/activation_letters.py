"""Letters with activation codes for customers who have no user account yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import exists, select

from backend import database
from backend.clock import BERLIN, berlin_today
from backend.models.activation_codes import ActivationCode
from backend.models.customers import Customer, CustomerNumber
from backend.models.user_accounts import Locale, UserAccount
from backend.services import job_folders
from backend.services.activation_codes import hash_code, is_open, make_code
from backend.services.letters import PrintableLetter, typeset, written_day
from backend.services.postal_addresses import (
    NumberedCustomer,
    load_addressees_of,
    recipient_of,
)
from backend.services.print_jobs import finish_jobs, folder_of, print_letters
from backend.services.print_outbox import Addressee, PrintedLetter
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.institutions import Institution
    from backend.services.print_jobs import PrintingHouse

BATCH = 200
_KIND = "activation_code"


@dataclass(slots=True)
class IssueReport:
    """What came of a run: the folders for the printers, and who can't get a letter."""

    letters: int = 0
    without_address: int = 0
    without_birth_date: int = 0
    folders: list[Path] = field(default_factory=list)


class _Issued(NamedTuple):
    row: ActivationCode
    letter: PrintedLetter


async def issue_codes(
    house: PrintingHouse,
    institution: Institution,
    *,
    on_progress: Callable[[IssueReport], None] = lambda _: None,
) -> IssueReport:
    """Write a letter with a new code for every customer without user account or open code.

    Codes stand in the letters only; the database keeps hashes. A batch is one print job: its
    letters are written, its hashes committed, then the printers get it. A run that dies loses
    nothing: the next one hands over what was committed and discards what was not.

    Raises:
        FolderBusyError: another run is going on.
    """
    report = IssueReport()
    with job_folders.locked(folder_of(house)):
        report.folders += await finish_jobs(house)
        last = 0
        while batch := await _waiting_after(house, institution.id, last):
            last = batch[-1].id
            issued = await _issue(house, institution, batch, report)
            if issued:
                await _print(house, institution, issued, report)
            on_progress(report)
    return report


async def _waiting_after(
    house: PrintingHouse, institution_id: int, last: int
) -> Sequence[NumberedCustomer]:
    attempts = house.policy.registration.activation_code_attempts.on(berlin_today(house.clock))
    has_account = exists().where(UserAccount.customer_id == CustomerNumber.customer_id)
    has_code = exists().where(
        ActivationCode.customer_number_id == CustomerNumber.id,
        *is_open(attempts=attempts, clock=house.clock),
    )
    statement = (
        select(
            CustomerNumber.id,
            CustomerNumber.number,
            CustomerNumber.customer_id,
            Customer.given_name,
            Customer.family_name,
            Customer.birth_date,
        )
        .join(Customer, Customer.id == CustomerNumber.customer_id)
        .where(
            CustomerNumber.institution_id == institution_id,
            CustomerNumber.id > last,
            ~has_account,
            ~has_code,
        )
        .order_by(CustomerNumber.id)
        .limit(BATCH)
    )
    async with database.reading(house.sessions) as session:
        return [NumberedCustomer(*row) for row in await session.execute(statement)]


async def _issue(
    house: PrintingHouse,
    institution: Institution,
    batch: Sequence[NumberedCustomer],
    report: IssueReport,
) -> Sequence[_Issued]:
    days = house.policy.registration.activation_code_days.on(berlin_today(house.clock))
    expires_at = house.clock.now() + timedelta(days=days)
    async with database.reading(house.sessions) as session:
        addressees = await load_addressees_of(session, institution.id, batch)
    issued = []
    for one in batch:
        if one.birth_date is None:
            report.without_birth_date += 1
        elif one.id not in addressees:
            report.without_address += 1
        else:
            code = make_code()
            letter = _letter(house, institution, addressees[one.id], code, expires_at)
            row = ActivationCode(
                customer_number_id=one.id,
                code_hash=hash_code(code),
                attempts=0,
                created_at=house.clock.now(),
                expires_at=expires_at,
            )
            printed = PrintedLetter(addressees[one.id], await typeset(letter))
            issued.append(_Issued(row, printed))
    return issued


def _letter(
    house: PrintingHouse, institution: Institution, to: Addressee, code: str, expires_at: datetime
) -> PrintableLetter:
    locale = Locale.DE
    contact = house.group.contact_of(institution.key)
    return PrintableLetter(
        sender=institution.name,
        recipient=recipient_of(to),
        day=berlin_today(house.clock),
        subject=word("activation.subject", locale, group=house.group.name),
        body=word(
            "activation.body",
            locale,
            name=to.name,
            group=house.group.name,
            institution=institution.name,
            url=house.settings.public_url,
            customer_number=to.customer_number,
            code=code,
            until=written_day(expires_at.astimezone(BERLIN).date(), locale),
            phone=contact.phone,
        ),
        locale=locale,
    )


async def _print(
    house: PrintingHouse,
    institution: Institution,
    issued: Sequence[_Issued],
    report: IssueReport,
) -> None:
    async def keep(session: AsyncSession, job: str) -> None:
        for one in issued:
            one.row.print_job = job
            session.add(one.row)

    folder = await print_letters(
        house,
        [one.letter for one in issued],
        institution_key=institution.key,
        kind=_KIND,
        action="activation_codes.issued",
        keep=keep,
    )
    report.folders.append(folder)
    report.letters += len(issued)
