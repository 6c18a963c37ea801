"""Letters with activation codes for customers who have no user account yet."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from sqlalchemy import exists, select

from backend import database
from backend.clock import BERLIN, berlin_today
from backend.models.activation_codes import ActivationCode
from backend.models.contracts import Contract, Partner
from backend.models.customers import Customer, CustomerNumber
from backend.models.user_accounts import Locale, UserAccount
from backend.services import print_outbox
from backend.services.activation_codes import hash_code, is_open, make_code
from backend.services.audit import append_audit
from backend.services.letters import PrintableLetter, typeset, written_day
from backend.services.print_outbox import Addressee, PrintedLetter
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.database import Sessions
    from backend.group import Group
    from backend.models.institutions import Institution
    from backend.policy import Policy
    from backend.settings import Settings

BATCH = 200
FOLDER = "print"
_KIND = "activation_code"
_HOME = ("", "D", "DE")


class IssuingHouse(Protocol):
    """What issuing codes needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def policy(self) -> Policy: ...  # noqa: D102
    @property
    def group(self) -> Group: ...  # noqa: D102
    @property
    def settings(self) -> Settings: ...  # noqa: D102
    @property
    def actor(self) -> str: ...  # noqa: D102


@dataclass(slots=True)
class IssueReport:
    """What came of a run: the folders for the printers, and who can't get a letter."""

    letters: int = 0
    without_address: int = 0
    without_birth_date: int = 0
    folders: list[Path] = field(default_factory=list)


class _Waiting(NamedTuple):
    """A customer number for which nobody has a user account or an open code."""

    id: int
    number: str
    customer_id: int
    given_name: str
    family_name: str
    birth_date: str | None


class _Issued(NamedTuple):
    row: ActivationCode
    letter: PrintedLetter


async def issue_codes(
    house: IssuingHouse,
    institution: Institution,
    *,
    on_progress: Callable[[IssueReport], None] = lambda _: None,
) -> IssueReport:
    """Write a letter with a new code for every customer without user account or open code.

    Codes stand in the letters only; the database keeps hashes. A batch is one print job: its
    letters are written, its hashes committed, then the printers get it. A run that dies loses
    nothing: the next one hands over what was committed and discards what was not.

    Raises:
        PrintOutboxBusyError: another run is going on.
    """
    report = IssueReport()
    folder = house.settings.data_dir / FOLDER
    with print_outbox.locked(folder):
        await _finish_jobs(house, folder, report)
        last = 0
        while batch := await _waiting_after(house, institution.id, last):
            last = batch[-1].id
            issued = await _issue(house, institution, batch, report)
            if issued:
                await _print(house, institution, folder, issued, report)
            on_progress(report)
    return report


async def _finish_jobs(house: IssuingHouse, folder: Path, report: IssueReport) -> None:
    for job in print_outbox.unfinished_jobs(folder):
        async with database.reading(house.sessions) as session:
            is_committed = await session.scalar(
                select(exists().where(ActivationCode.print_job == job))
            )
        if is_committed:
            report.folders.append(print_outbox.hand_over(folder, job))
        else:
            print_outbox.discard(folder, job)


async def _waiting_after(house: IssuingHouse, institution_id: int, last: int) -> Sequence[_Waiting]:
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
        return [_Waiting(*row) for row in await session.execute(statement)]


async def _issue(
    house: IssuingHouse, institution: Institution, batch: Sequence[_Waiting], report: IssueReport
) -> Sequence[_Issued]:
    days = house.policy.registration.activation_code_days.on(berlin_today(house.clock))
    expires_at = house.clock.now() + timedelta(days=days)
    async with database.reading(house.sessions) as session:
        addressees = await _addressees_of(session, institution.id, batch)
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


async def _addressees_of(
    session: AsyncSession, institution_id: int, batch: Sequence[_Waiting]
) -> Mapping[int, Addressee]:
    """The address in the newest contract that has one, by customer number's id."""
    rows = await session.execute(
        select(
            Partner.customer_id,
            Partner.street,
            Partner.postal_code,
            Partner.city,
            Partner.country,
        )
        .join(Contract, Contract.id == Partner.contract_id)
        .where(
            Partner.customer_id.in_([one.customer_id for one in batch]),
            Contract.institution_id == institution_id,
            Partner.street.is_not(None),
            Partner.postal_code.is_not(None),
            Partner.city.is_not(None),
        )
        .order_by(Partner.id)
    )
    places = {row[0]: row[1:] for row in rows}
    found = {}
    for one in batch:
        if one.customer_id in places:
            street, postal_code, city, country = places[one.customer_id]
            name = f"{one.given_name} {one.family_name}".strip()
            found[one.id] = Addressee(
                one.number, name, street or "", postal_code or "", city or "", country or ""
            )
    return found


def _letter(
    house: IssuingHouse, institution: Institution, to: Addressee, code: str, expires_at: datetime
) -> PrintableLetter:
    locale = Locale.DE
    abroad = "" if to.country in _HOME else f"{to.country}-"
    contact = house.group.contact_of(institution.key)
    return PrintableLetter(
        sender=institution.name,
        recipient=(to.name, to.street, f"{abroad}{to.postal_code} {to.city}"),
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
    house: IssuingHouse,
    institution: Institution,
    folder: Path,
    issued: Sequence[_Issued],
    report: IssueReport,
) -> None:
    job = f"{institution.key}-{house.clock.now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    letters = [one.letter for one in issued]
    await asyncio.to_thread(print_outbox.write_part, folder, job, _KIND, letters)
    async with database.writing(house.sessions) as session:
        for one in issued:
            one.row.print_job = job
            session.add(one.row)
        await append_audit(
            session,
            actor=house.actor,
            action="activation_codes.issued",
            subject=institution.key,
            detail={"print_job": job, "letters": len(issued)},
            clock=house.clock,
        )
    report.folders.append(print_outbox.hand_over(folder, job))
    report.letters += len(issued)
