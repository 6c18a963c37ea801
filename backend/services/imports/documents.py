"""Documents of a manifest: checked, encrypted, put into the postbox and announced."""

from __future__ import annotations

import asyncio
from datetime import datetime, time
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from sqlalchemy import exists, select

from backend.clock import BERLIN, berlin_today
from backend.feeds.findings import Finding
from backend.feeds.manifest import ManifestEntry, read_manifest
from backend.models.consents import DeliveryChannel
from backend.models.contracts import Contract, Partner
from backend.models.customers import Customer, CustomerNumber
from backend.models.documents import DocumentDirection, DocumentKind
from backend.models.institutions import Institution
from backend.models.user_accounts import UserAccount
from backend.services.delivery import DeliveryPreference, list_delivery_preferences
from backend.services.documents import NewDocument, is_stored, store_document
from backend.services.imports.institutions import require_institution
from backend.services.imports.pdf_files import problem_of, read_chunks
from backend.services.notices import enqueue_notice
from backend.services.print_orders import order_print

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.documents import Document
    from backend.services.imports.job import ImportJob

_ENTRIES = 100


class _Addressee(NamedTuple):
    """Whom a document is for, and under which institution."""

    institution_id: int
    customer_id: int
    customer_uid: str


async def import_manifest(job: ImportJob, stream: BinaryIO) -> None:
    """Import the PDFs that a `manifest.json` lists; they lie below its folder.

    A missing file, an unknown customer, another SHA-256 and what is no PDF are findings; the
    other documents go on. A document is known by its id at the institution and never replaced.
    Each new one that came to a customer with a user account is announced by mail (F24), and printed
    if they chose paper (F30); a health fund's goes out on paper alone without their consent (F107).
    """
    reading = _ManifestImport(job)
    async for batch in job.batches(stream, read_manifest(stream), _ENTRIES):
        for item in batch:
            if isinstance(item, Finding):
                job.report.note_in_feed(item)
            else:
                await reading.take(item)
    if not job.report.records and not job.report.findings:
        # An empty list is a delivery in which there was nothing to deliver.
        job.report.statements += 1


class _ManifestImport:
    """The entries of one manifest, each stored in a transaction of its own."""

    def __init__(self, job: ImportJob) -> None:
        self._job = job
        self._outbox = job.house.outbox

    async def take(self, entry: ManifestEntry) -> None:
        async with self._job.house.sessions() as session:
            addressee = await self._addressee(session, entry)
            if addressee is None:
                return
            if await is_stored(
                session, institution_id=addressee.institution_id, external_id=entry.id
            ):
                self._job.report.duplicates += 1
                return
            contract_id = await self._contract(session, entry, addressee)
        path = self._job.path.parent / entry.file
        problem = await asyncio.to_thread(problem_of, self._job.path.parent, path, entry.sha256)
        if problem is not None:
            self._reject(entry, *problem)
            return
        async with self._job.transaction() as session:
            await self._store(session, entry, addressee, contract_id, path)

    async def _addressee(self, session: AsyncSession, entry: ManifestEntry) -> _Addressee | None:
        """The customer with the entry's number at the institution.

        The operator names the institution, else the sender is one by name, else customer and
        contract number together fit only one. A number alone never tells: another institution may
        have given it to somebody else.
        """
        found = (
            await session.execute(
                select(CustomerNumber.institution_id, Customer.id, Customer.uid)
                .join(Customer, Customer.id == CustomerNumber.customer_id)
                .join(Institution, Institution.id == CustomerNumber.institution_id)
                .where(
                    CustomerNumber.number == entry.customer_number,
                    await self._is_of_institution(session, entry),
                )
            )
        ).all()
        if len(found) == 1:
            return _Addressee(*found[0])
        several = "several institutions have this number: name one with --institution"
        unknown = "is no known customer of the sender or the named institution"
        self._reject(entry, "customer_number", several if found else unknown)
        return None

    async def _is_of_institution(
        self, session: AsyncSession, entry: ManifestEntry
    ) -> ColumnElement[bool]:
        if self._job.institution_key is not None:
            chosen = await require_institution(session, self._job.institution_key)
            return Institution.id == chosen.id
        sender = await session.scalar(
            select(Institution.id).where(Institution.name == entry.sender).limit(1)
        )
        if sender is not None:
            return Institution.id == sender
        return exists().where(
            Contract.institution_id == Institution.id,
            Contract.number == (entry.contract_number or ""),
            Partner.contract_id == Contract.id,
            Partner.customer_id == Customer.id,
        )

    async def _contract(
        self, session: AsyncSession, entry: ManifestEntry, addressee: _Addressee
    ) -> int | None:
        if entry.contract_number is None:
            return None
        contract_id = await session.scalar(
            select(Contract.id)
            .join(Partner, Partner.contract_id == Contract.id)
            .where(
                Contract.institution_id == addressee.institution_id,
                Contract.number == entry.contract_number,
                Partner.customer_id == addressee.customer_id,
            )
            .order_by(Contract.id)
            .limit(1)
        )
        if contract_id is None:
            reason = "is no contract of this customer: the document stands without one"
            self._job.report.note(
                Finding(entry.line, f"document {entry.id}", "contract_number", reason)
            )
        return contract_id

    async def _store(
        self,
        session: AsyncSession,
        entry: ManifestEntry,
        addressee: _Addressee,
        contract_id: int | None,
        path: Path,
    ) -> None:
        preference = await self._preference(session, addressee)
        direction = DocumentDirection[entry.direction.name]
        is_paper_only = direction is DocumentDirection.INCOMING and preference.is_paper_only
        document = await store_document(
            session,
            self._job.house,
            new=NewDocument(
                institution_id=addressee.institution_id,
                customer_id=addressee.customer_id,
                customer_uid=addressee.customer_uid,
                contract_id=contract_id,
                external_id=entry.id,
                direction=direction,
                kind=_kind(entry.kind),
                subject=entry.subject,
                sender=entry.sender,
                document_date=entry.date,
                received_at=_received_at(entry, self._job.now),
                was_delivered_before=entry.delivered_on is not None,
                is_official_decision=entry.is_official_decision,
                is_paper_only=is_paper_only,
                media_type="application/pdf",
                file_name=path.name,
                sha256=entry.sha256,
            ),
            content=read_chunks(path),
        )
        if document is None:
            self._job.report.duplicates += 1
            return
        self._job.report.accepted += 1
        if document.is_unread:
            await self._send(session, entry, document, preference)

    async def _preference(self, session: AsyncSession, addressee: _Addressee) -> DeliveryPreference:
        preferences = await list_delivery_preferences(
            session,
            customer_id=addressee.customer_id,
            today=berlin_today(self._job.house.clock),
            policy=self._job.house.policy,
        )
        return next(one for one in preferences if one.institution_id == addressee.institution_id)

    async def _send(
        self,
        session: AsyncSession,
        entry: ManifestEntry,
        document: Document,
        preference: DeliveryPreference,
    ) -> None:
        """Announce a new letter and let it be printed, as its recipient chose (F24, F30, F107).

        Who has no user account gets paper from the institution itself, as ever.
        """
        account = await session.scalar(
            select(UserAccount).where(UserAccount.customer_id == document.customer_id)
        )
        if account is None:
            if document.is_paper_only:
                reason = "neither agreed to digital letters nor has a user account: send paper"
                self._job.report.note(
                    Finding(entry.line, f"document {entry.id}", "customer_number", reason)
                )
            return
        if not document.is_paper_only:
            await enqueue_notice(session, self._outbox, document=document, account=account)
        if preference.channel is DeliveryChannel.PAPER:
            await order_print(session, self._outbox, document)

    def _reject(self, entry: ManifestEntry, field: str, reason: str) -> None:
        record = f"document {entry.id}"
        self._job.report.note_in_feed(Finding(entry.line, record, field, reason, rejects=True))


def _received_at(entry: ManifestEntry, now: datetime) -> datetime:
    if entry.delivered_on is None:
        return now
    # Nothing arrives in the future: a document that should show later comes later.
    return min(now, datetime.combine(entry.delivered_on, time(), BERLIN))


def _kind(word: str) -> DocumentKind:
    name = word.upper().replace("-", "_")
    return DocumentKind[name] if name in DocumentKind.__members__ else DocumentKind.OTHER
