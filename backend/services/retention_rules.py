"""What of a leaving customer the law keeps: found before the deletion, locked with it (X13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import extract, func, select

from backend import database
from backend.clock import BERLIN, berlin_today
from backend.models.consents import ConsentDecision, ConsentPurpose, ConsentState
from backend.models.contracts import Contract
from backend.models.customers import Customer
from backend.models.documents import Document, DocumentKind
from backend.models.institutions import Institution, InstitutionKind
from backend.models.retained_records import RetainedKind
from backend.models.transactions import Statement, Transaction
from backend.models.user_accounts import UserAccount
from backend.ports import CipherError, KeyMissingError, ObjectMissingError
from backend.services.customer_rows import find_own_contracts
from backend.services.documents import open_content
from backend.services.retained_records import (
    Retained,
    end_of_year,
    is_locked,
    lock,
    row_content,
    source_of,
    years_after,
)
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.policy import Policy
    from backend.services.retained_records import RetainingDocumentsHouse, RetainingHouse


class NotAllLockedError(Exception):
    """A document came in between: begin the step again."""


class RetainedMovements(Value):
    """Statements and transactions of one account in one calendar year."""

    contract_id: int
    year: int
    retained: Retained


class RetainedDocument(Value):
    """A document whose content is kept."""

    document: Document
    retained: Retained


async def plan_retention(
    session: AsyncSession, customer_ids: Collection[int], *, policy: Policy, today: date
) -> Sequence[Retained]:
    """Return everything that would stay locked if these customers left today."""
    documents = await _find_documents(session, customer_ids, policy, today)
    movements = await _find_movements(session, customer_ids, policy, today)
    consents = await _find_phone_consent(session, customer_ids, policy, today)
    return [
        *(found.retained for found in documents),
        *(found.retained for found in movements),
        *([consents] if consents else []),
    ]


async def lock_documents(house: RetainingDocumentsHouse, customer_ids: Collection[int]) -> None:
    """Lock the documents that the law keeps, each in a transaction of its own.

    Their content has to be read while the customer's key is there. One that can't be read any more
    is locked with what its row says.
    """
    async with database.reading(house.sessions) as session:
        found = await _find_documents(
            session, customer_ids, house.policy, berlin_today(house.clock)
        )
        waiting = [one for one in found if not await is_locked(session, one.retained)]
    for one in waiting:
        content = row_content(one.document) | {"content": await _read(house, one.document)}
        async with database.writing(house.sessions) as session:
            await lock(session, house, one.retained, content)


async def lock_rows(
    session: AsyncSession, house: RetainingHouse, customer_ids: Collection[int]
) -> Sequence[Retained]:
    """Lock what stands in rows, in the transaction that deletes them; return all that is locked.

    Raises:
        NotAllLockedError: a document came since `lock_documents`.
    """
    policy, today = house.policy, berlin_today(house.clock)
    documents = await _find_documents(session, customer_ids, policy, today)
    for found in documents:
        if not await is_locked(session, found.retained):
            raise NotAllLockedError
    person = await _person(session, customer_ids)
    movements = await _find_movements(session, customer_ids, policy, today)
    for year in movements:
        await lock(session, house, year.retained, person | await _content(session, year))
    consents = await _find_phone_consent(session, customer_ids, policy, today)
    if consents is not None:
        decisions = await _phone_decisions(session, customer_ids)
        rows = [row_content(decision) for decision in decisions]
        await lock(session, house, consents, person | {"decisions": rows})
    kept = [found.retained for found in documents] + [found.retained for found in movements]
    return [*kept, consents] if consents else kept


async def _find_documents(
    session: AsyncSession, customer_ids: Collection[int], policy: Policy, today: date
) -> Sequence[RetainedDocument]:
    rules = policy.retention
    accounting = _kinds(rules.accounting_documents.on(today))
    benefits = _kinds(rules.benefit_documents.on(today))
    rows = await session.execute(
        select(Document, Institution.kind)
        .join(Institution, Institution.id == Document.institution_id)
        .where(Document.customer_id.in_(customer_ids), Document.kind.in_([*accounting, *benefits]))
        .order_by(Document.id)
    )
    found = []
    for document, institution in rows:
        if institution is InstitutionKind.HEALTH_FUND:
            kind, kinds, years = RetainedKind.HEALTH_BENEFIT, benefits, rules.health_benefits_years
        else:
            kind, kinds, years = RetainedKind.ACCOUNTING, accounting, rules.accounting_records_years
        until = end_of_year(document.document_date, years.on(today))
        if document.kind in kinds and until >= today:
            source = source_of("document", document.uid)
            retained = Retained(kind, document.institution_id, until, source)
            found.append(RetainedDocument(document, retained))
    return found


async def _find_movements(
    session: AsyncSession, customer_ids: Collection[int], policy: Policy, today: date
) -> Sequence[RetainedMovements]:
    years = policy.retention.accounting_records_years.on(today)
    contract_ids = await find_own_contracts(session, customer_ids)
    uids = await session.scalars(
        select(Customer.uid).where(Customer.id.in_(customer_ids)).order_by(Customer.id)
    )
    owner = next(iter(uids), "")
    year = extract("year", Transaction.booking_date)
    rows = await session.execute(
        select(
            Transaction.contract_id,
            Contract.institution_id,
            year,
            func.max(Transaction.booking_date),
        )
        .join(Contract, Contract.id == Transaction.contract_id)
        .where(Transaction.contract_id.in_(contract_ids), ~Transaction.is_pending)
        .group_by(Transaction.contract_id, Contract.institution_id, year)
        .order_by(Transaction.contract_id, year)
    )
    found = []
    for contract_id, institution_id, number, last in rows:
        until = end_of_year(last, years)
        if until >= today:
            # The contract's id may stand for another one after a restore: the owner's uid never.
            source = source_of("movements", owner, contract_id, int(number))
            retained = Retained(RetainedKind.ACCOUNTING, institution_id, until, source)
            found.append(RetainedMovements(contract_id, int(number), retained))
    return found


async def _find_phone_consent(
    session: AsyncSession, customer_ids: Collection[int], policy: Policy, today: date
) -> Retained | None:
    """Proof of consent to marketing by phone: five years from each grant (§ 7a UWG).

    The portal itself calls nobody; a use would have to be told to it.
    """
    decisions = await _phone_decisions(session, customer_ids)
    grants = [one.decided_at for one in decisions if one.state is ConsentState.GRANTED]
    if not grants:
        return None
    last = max(grants).astimezone(BERLIN).date()
    until = years_after(last, policy.retention.phone_consent_years.on(today))
    uid = await session.scalar(select(Customer.uid).where(Customer.id == decisions[0].customer_id))
    source = source_of("phone_consent", uid)
    return Retained(RetainedKind.PHONE_CONSENT, None, until, source) if until >= today else None


async def _phone_decisions(
    session: AsyncSession, customer_ids: Collection[int]
) -> Sequence[ConsentDecision]:
    purpose = ConsentPurpose.PRODUCT_INFORMATION_BY_PHONE
    return (
        await session.scalars(
            select(ConsentDecision)
            .where(
                ConsentDecision.customer_id.in_(customer_ids), ConsentDecision.purpose == purpose
            )
            .order_by(ConsentDecision.id)
        )
    ).all()


async def _content(session: AsyncSession, year: RetainedMovements) -> dict[str, Any]:
    contract = await session.get_one(Contract, year.contract_id)
    transactions = await session.scalars(
        select(Transaction)
        .where(
            Transaction.contract_id == year.contract_id,
            ~Transaction.is_pending,
            extract("year", Transaction.booking_date) == year.year,
        )
        .order_by(Transaction.id)
    )
    rows = [row_content(row) for row in transactions]
    numbers = {row["statement_id"] for row in rows}
    statements = await session.scalars(
        select(Statement)
        .where(Statement.contract_id == year.contract_id, Statement.id.in_(numbers))
        .order_by(Statement.id)
    )
    return {
        "contract": {"number": contract.number, "iban": getattr(contract, "iban", None)},
        "statements": [row_content(row) for row in statements],
        "transactions": rows,
    }


async def _person(session: AsyncSession, customer_ids: Collection[int]) -> dict[str, Any]:
    rows = await session.execute(
        select(Customer.given_name, Customer.family_name, Customer.birth_date)
        .where(Customer.id.in_(customer_ids))
        .order_by(Customer.id)
    )
    phones = await session.scalars(
        select(UserAccount.phone_number).where(UserAccount.customer_id.in_(customer_ids))
    )
    return {"people": [list(row) for row in rows], "phone_numbers": list(phones)}


async def _read(house: RetainingDocumentsHouse, document: Document) -> bytes | None:
    try:
        return b"".join([chunk async for chunk in await open_content(house, document)])
    except (ObjectMissingError, KeyMissingError, CipherError):
        return None


def _kinds(names: Sequence[str]) -> list[DocumentKind]:
    return [DocumentKind[name] for name in names]
