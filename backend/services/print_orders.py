"""Letters on paper beside the postbox: each one reaches the print partner once (F30, F54)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple, Protocol

from sqlalchemy import exists, select, update

from backend import database
from backend.models.customers import Customer, CustomerNumber
from backend.models.documents import Document
from backend.models.institutions import Institution
from backend.models.outbox import OutboxMessage, OutboxTopic
from backend.models.print_orders import PrintOrder
from backend.ports import CipherError, KeyMissingError, ObjectMissingError
from backend.services import job_folders, outbox
from backend.services.documents import DocumentPorts, open_content
from backend.services.postal_addresses import NumberedCustomer, load_addressees_of
from backend.services.print_jobs import PrintingHouse, finish_jobs, folder_of, print_letters
from backend.services.print_outbox import Addressee, PrintedLetter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.outbox import Outbox

# Letters of one job are in memory together.
BATCH = 20
_KIND = "document"

_log = logging.getLogger(__name__)


class DocumentPrintingHouse(PrintingHouse, DocumentPorts, Protocol):
    """What printing documents needs of the portal's wiring."""


class _Waiting(NamedTuple):
    """An order that the printers have not got yet."""

    order_id: int
    document: Document
    institution: Institution
    person: NumberedCustomer


async def order_print(session: AsyncSession, to: Outbox, document: Document) -> None:
    """Let a document go out on paper, too, in the transaction that files it (F30).

    One message wakes the worker for all orders that wait.
    """
    session.add(PrintOrder(document_id=document.id, ordered_at=to.clock.now()))
    await session.flush()
    is_awaited = exists().where(
        OutboxMessage.topic == OutboxTopic.PRINT,
        OutboxMessage.delivered_at.is_(None),
        OutboxMessage.dead_at.is_(None),
        # Whoever works on it may have looked already.
        OutboxMessage.leased_until.is_(None),
    )
    if not await session.scalar(select(is_awaited)):
        await outbox.enqueue(session, to, OutboxTopic.PRINT, {})


async def print_waiting_documents(house: DocumentPrintingHouse) -> None:
    """Hand every ordered document to the printers, in jobs per institution, each exactly once.

    A run that dies loses nothing and repeats nothing: see `print_letters`. A document that can't be
    read is marked and logged, and the others go on.

    Raises:
        FolderBusyError: another run is going on; ask again.
        StoreUnavailableError, KeyStoreUnavailableError: ask again.
    """
    with job_folders.locked(folder_of(house)):
        await finish_jobs(house)
        while waiting := await _list_waiting(house):
            for key in dict.fromkeys(one.institution.key for one in waiting):
                await _print(house, [one for one in waiting if one.institution.key == key])


async def _list_waiting(house: DocumentPrintingHouse) -> Sequence[_Waiting]:
    statement = (
        select(
            PrintOrder.id,
            Document,
            Institution,
            CustomerNumber.id,
            CustomerNumber.number,
            Customer.id,
            Customer.given_name,
            Customer.family_name,
            Customer.birth_date,
        )
        .join(Document, Document.id == PrintOrder.document_id)
        .join(Institution, Institution.id == Document.institution_id)
        .join(Customer, Customer.id == Document.customer_id)
        .join(
            CustomerNumber,
            (CustomerNumber.customer_id == Document.customer_id)
            & (CustomerNumber.institution_id == Document.institution_id),
        )
        .where(PrintOrder.print_job.is_(None), PrintOrder.failed_at.is_(None))
        .order_by(PrintOrder.id, CustomerNumber.id)
        .limit(BATCH)
    )
    async with database.reading(house.sessions) as session:
        rows = (await session.execute(statement)).all()
    # Somebody may have several numbers at an institution: one letter is enough.
    waiting = {row[0]: _Waiting(*row[:3], NumberedCustomer(*row[3:])) for row in reversed(rows)}
    return list(reversed(waiting.values()))


async def _print(house: DocumentPrintingHouse, waiting: Sequence[_Waiting]) -> None:
    institution = waiting[0].institution
    async with database.reading(house.sessions) as session:
        addressees = await load_addressees_of(
            session, institution.id, [one.person for one in waiting]
        )
    printed: dict[int, PrintedLetter] = {}
    for one in waiting:
        # The letter itself shows the address; who has none in a contract is named at least.
        to = addressees.get(one.person.id) or _without_address(one.person)
        try:
            content = await open_content(house, one.document)
            printed[one.order_id] = PrintedLetter(to, b"".join([part async for part in content]))
        except (ObjectMissingError, KeyMissingError, CipherError) as error:
            _log.error("print_failed", extra={"document": one.document.id}, exc_info=error)
            await _mark(house, one.order_id)
    if printed:
        await print_letters(
            house,
            list(printed.values()),
            institution_key=institution.key,
            kind=_KIND,
            action="documents.printed",
            keep=lambda session, job: _keep(session, list(printed), job),
        )


async def _keep(session: AsyncSession, order_ids: Sequence[int], job: str) -> None:
    await session.execute(
        update(PrintOrder).where(PrintOrder.id.in_(order_ids)).values(print_job=job)
    )


async def _mark(house: DocumentPrintingHouse, order_id: int) -> None:
    async with database.writing(house.sessions) as session:
        await session.execute(
            update(PrintOrder).where(PrintOrder.id == order_id).values(failed_at=house.clock.now())
        )


def _without_address(person: NumberedCustomer) -> Addressee:
    name = f"{person.given_name} {person.family_name}".strip()
    return Addressee(person.number, name, "", "", "", "")
