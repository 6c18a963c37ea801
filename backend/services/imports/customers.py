"""Customers behind the partners of a feed, known by institution and customer number."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast
from uuid import uuid4

from sqlalchemy import bindparam, insert, select, update

from backend.feeds.findings import Finding
from backend.feeds.records import Salutation
from backend.models.contracts import PartyRole
from backend.models.customers import Customer, CustomerNumber
from backend.services.imports.personal_details import load_renamed, stands_against

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.imports.job import ImportJob
    from backend.services.imports.records import ContractRecord, Values

_CUSTOMER = cast("Table", Customer.__table__)
_NUMBER = cast("Table", CustomerNumber.__table__)


class KnownCustomer(NamedTuple):
    """A customer as the database has it."""

    id: int
    given_name: str
    family_name: str
    birth_date: str | None


async def link_customers(
    session: AsyncSession, job: ImportJob, records: Sequence[ContractRecord]
) -> None:
    """Set `customer_id` in every partner row of the records.

    A partner with a customer number who is one natural person is the customer of that number,
    who is born now if the number is new. A number that stands for somebody else already (other
    first name and other birth date) links nobody: one person's contract must not show to another.
    Names of customers follow the newest feed, unless it names them as they were called before they
    changed it here.
    """
    natural = set(job.house.policy.contracts.natural_salutations.on(job.today))
    people: dict[int, list[tuple[ContractRecord, Values]]] = {}
    for record in records:
        for row in record.partners:
            row["customer_id"] = None
            if _is_one_person(row, natural):
                people.setdefault(record.institution_id, []).append((record, row))
    for institution_id, pairs in people.items():
        await _link(session, job, institution_id, pairs)


async def _link(
    session: AsyncSession,
    job: ImportJob,
    institution_id: int,
    people: Sequence[tuple[ContractRecord, Values]],
) -> None:
    numbers = {row["customer_number"] for _, row in people}
    known = await _load(session, institution_id, numbers)
    known |= await _create(
        session,
        job,
        institution_id,
        [row for _, row in people if row["customer_number"] not in known],
    )
    renamed = await load_renamed(session, [one.id for one in known.values()])
    changed: dict[int, KnownCustomer] = {}
    for record, row in people:
        customer = known[row["customer_number"]]
        if _is_somebody_else(customer, row):
            reason = "the customer number stands for somebody else already: nobody is linked"
            job.report.note(Finding(record.place.line, record.place.record, "customer", reason))
            continue
        row["customer_id"] = customer.id
        newest = _newest(customer, row)
        if stands_against(renamed.get(customer.id, ()), record, row):
            newest = newest._replace(
                given_name=customer.given_name, family_name=customer.family_name
            )
        if newest != customer:
            known[row["customer_number"]] = changed[customer.id] = newest
    if changed:
        statement = update(_CUSTOMER).where(_CUSTOMER.c.id == bindparam("row_id"))
        values = [
            {
                "row_id": customer.id,
                "given_name": customer.given_name,
                "family_name": customer.family_name,
                "birth_date": customer.birth_date,
            }
            for customer in changed.values()
        ]
        await session.execute(statement, values)


def _is_one_person(row: Values, natural: set[int]) -> bool:
    """Anrede 1, 2, 5; 0 only with a birth date and no legal form (DOMAIN, contract visibility)."""
    if not row["customer_number"] or row["is_legal_entity"]:
        return False
    salutation: Salutation = row["salutation"]
    if salutation is Salutation.NONE:
        # The insured stand in the risk, where persons only can: no Anrede, often no birth date.
        return row["birth_date"] is not None or row["role"] is PartyRole.INSURED
    return salutation.value in natural


async def _load(
    session: AsyncSession, institution_id: int, numbers: set[str]
) -> dict[str, KnownCustomer]:
    columns = (_CUSTOMER.c.id, _CUSTOMER.c.given_name, _CUSTOMER.c.family_name)
    rows = await session.execute(
        select(_NUMBER.c.number, *columns, _CUSTOMER.c.birth_date)
        .join(_CUSTOMER, _CUSTOMER.c.id == _NUMBER.c.customer_id)
        .where(_NUMBER.c.institution_id == institution_id, _NUMBER.c.number.in_(numbers))
    )
    return {row[0]: KnownCustomer(*row[1:]) for row in rows}


async def _create(
    session: AsyncSession, job: ImportJob, institution_id: int, rows: Sequence[Values]
) -> Mapping[str, KnownCustomer]:
    first = {row["customer_number"]: row for row in reversed(rows)}
    if not first:
        return {}
    now = job.now
    values = [
        {
            "uid": uuid4().hex,
            "given_name": row["given_name"] or "",
            "family_name": row["family_name"],
            "birth_date": row["birth_date"],
            "created_at": now,
        }
        for row in first.values()
    ]
    columns = _CUSTOMER.c
    rows_written = await session.execute(
        insert(_CUSTOMER).returning(
            columns.uid, columns.id, columns.given_name, columns.family_name, columns.birth_date
        ),
        values,
    )
    by_uid = {row[0]: KnownCustomer(*row[1:]) for row in rows_written}
    created = {number: by_uid[value["uid"]] for number, value in zip(first, values, strict=True)}
    await session.execute(
        insert(_NUMBER),
        [
            {"institution_id": institution_id, "number": number, "customer_id": customer.id}
            for number, customer in created.items()
        ],
    )
    return created


def _is_somebody_else(customer: KnownCustomer, row: Values) -> bool:
    given, birth = row["given_name"], row["birth_date"]
    if not (given and birth and customer.given_name and customer.birth_date):
        return False
    has_other_name = given.casefold() != customer.given_name.casefold()
    return has_other_name and _differ(birth, customer.birth_date)


def _differ(birth: str, other: str) -> bool:
    """Partial dates ("1933") differ where both say something."""
    shortest = min(len(birth), len(other))
    return birth[:shortest] != other[:shortest]


def _newest(customer: KnownCustomer, row: Values) -> KnownCustomer:
    # An insured person is often named in short ("A. Beispiel"); the addressed partner is not.
    if row["role"] is PartyRole.INSURED:
        return customer
    birth = row["birth_date"]
    is_vaguer = birth is None or (customer.birth_date or "").startswith(birth)
    return customer._replace(
        given_name=row["given_name"] or customer.given_name,
        family_name=row["family_name"] or customer.family_name,
        birth_date=customer.birth_date if is_vaguer else birth,
    )
