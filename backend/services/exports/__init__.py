"""Taking everything along: one ZIP with all documents, an index and the data (X12, X13, M7)."""

from __future__ import annotations

from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from backend import database
from backend.clock import berlin_today
from backend.models.contracts import Contract
from backend.models.documents import DocumentDirection
from backend.models.security_events import SecurityEventKind
from backend.ports import CipherError, KeyMissingError, ObjectMissingError
from backend.services import outbox
from backend.services.attempts import Limit, count_first, next_attempt_at
from backend.services.contract_visibility import IS_VISIBLE, visibility_of
from backend.services.documents import DocumentPorts, open_content
from backend.services.exports.archive import ArchiveStream
from backend.services.exports.data_file import data_pieces
from backend.services.exports.filed_documents import Damage, Filing, measure
from backend.services.exports.index_page import index_pieces
from backend.services.exports.self_added_files import self_added_files
from backend.services.institutions import list_institutions
from backend.services.security_events import record_event
from backend.services.self_added_documents import open_self_added
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.database import Sessions
    from backend.group import Group
    from backend.models.user_accounts import Locale
    from backend.policy import Policy
    from backend.services.outbox import Outbox
    from backend.services.sessions import Viewer

_PERIOD = timedelta(hours=1)
_MEGABYTE = 1_000_000
_CONTRACT_IDS = select(Contract.id).where(IS_VISIBLE).order_by(Contract.id)


class ExportHouse(DocumentPorts, Protocol):
    """What an export needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def policy(self) -> Policy: ...  # noqa: D102
    @property
    def group(self) -> Group: ...  # noqa: D102
    @property
    def outbox(self) -> Outbox: ...  # noqa: D102


class DataExport(Value):
    """What an export made now would hold; with `available_at` the next one has to wait."""

    document_count: int
    document_megabytes: int
    available_at: datetime | None


async def describe_export(house: ExportHouse, session: AsyncSession, viewer: Viewer) -> DataExport:
    """Return how much the viewer would take along, and from when on they may."""
    extent = await measure(session, customer_id=viewer.customer_id, now=house.clock.now())
    available_at = await next_attempt_at(session, _limit(house, viewer), clock=house.clock)
    megabytes = -(-extent.document_bytes // _MEGABYTE)
    return DataExport(extent.document_count, megabytes, available_at)


async def begin_export(
    house: ExportHouse, *, viewer: Viewer, locale: Locale
) -> AsyncGenerator[bytes]:
    """Return the archive's pieces, and tell the customer by mail that somebody takes it (X12, X13).

    Its documents are those in the postbox now, decrypted while they are sent; a document that is
    lost or damaged is said so in the index and holds nothing up. Contracts are those that show
    (F40). The piece that is made before this returns proves that store and keys answer.

    Raises:
        TooManyAttemptsError: too many exports within an hour.
        StoreUnavailableError, KeyStoreUnavailableError: again later; also while iterating.
    """
    await count_first(house.sessions, _limit(house, viewer), clock=house.clock)
    pieces = _pieces(house, viewer, locale)
    first = await anext(pieces)
    async with database.writing(house.sessions) as session:
        record_event(
            session, SecurityEventKind.DATA_EXPORTED, user_account_id=viewer.id, clock=house.clock
        )
        await outbox.enqueue_worded_mail(
            session,
            house.outbox,
            "data_exported",
            email_address=viewer.email_address,
            locale=viewer.locale,
        )
    return _rejoin(first, pieces)


async def _pieces(house: ExportHouse, viewer: Viewer, locale: Locale) -> AsyncGenerator[bytes]:
    now = house.clock.now()
    async with database.reading(house.sessions) as session:
        extent = await measure(session, customer_id=viewer.customer_id, now=now)
        whose = await _whose(session, house, viewer)
        institutions = {one.id: one.name for one in await list_institutions(session)}
    filing = Filing(house.sessions, viewer.customer_id, now, extent.last_id, locale)
    archive = ArchiveStream()
    damaged: dict[int, Damage] = {}
    own_damaged: dict[int, Damage] = {}
    async with aclosing(_documents(house, filing, archive, damaged)) as files:
        async for piece in files:
            yield piece
    async with aclosing(_self_added(house, filing, archive, own_damaged)) as files:
        async for piece in files:
            yield piece
    index = index_pieces(
        filing,
        about=_about(house, viewer),
        recipients=institutions,
        damaged=damaged,
        self_added_damaged=own_damaged,
    )
    data = data_pieces(
        filing, whose=whose, institutions=institutions, damaged=damaged, cipher=house.cipher
    )
    for name, content in (("index.html", index), ("daten.json", data)):
        async for piece in archive.add(name, content, written_at=now):
            yield piece
    yield archive.finish()


async def _documents(
    house: ExportHouse, filing: Filing, archive: ArchiveStream, damaged: dict[int, Damage]
) -> AsyncGenerator[bytes]:
    for direction in DocumentDirection:
        async for document, path in filing.documents(direction):
            file = _File(document.id, path, document.received_at, document.size)
            async for piece in _add(archive, file, open_content(house, document), damaged):
                yield piece


async def _self_added(
    house: ExportHouse, filing: Filing, archive: ArchiveStream, damaged: dict[int, Damage]
) -> AsyncGenerator[bytes]:
    async for document, path in self_added_files(filing):
        file = _File(document.id, path, document.added_at, document.size)
        async for piece in _add(archive, file, open_self_added(house, document), damaged):
            yield piece


class _File(Value):
    """A file on its way into the archive."""

    id: int
    path: str
    written_at: datetime
    size: int


async def _add(
    archive: ArchiveStream,
    file: _File,
    opening: Awaitable[AsyncIterator[bytes]],
    damaged: dict[int, Damage],
) -> AsyncGenerator[bytes]:
    try:
        content = _whole(file, await opening)
    except (ObjectMissingError, KeyMissingError, CipherError):
        damaged[file.id] = Damage.MISSING
        return
    try:
        async for piece in archive.add(
            file.path, content, written_at=file.written_at, size=file.size
        ):
            yield piece
    except CipherError:
        damaged[file.id] = Damage.INCOMPLETE


async def _whole(document: _File, content: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    """Pass the content on; one of another size than its row says is damaged."""
    size = 0
    async for chunk in content:
        size += len(chunk)
        yield chunk
    if size != document.size:
        raise CipherError(f"document {document.id} has another size than its row says")


async def _whose(session: AsyncSession, house: ExportHouse, viewer: Viewer) -> dict[str, object]:
    values = visibility_of(viewer.customer_id, today=berlin_today(house.clock), policy=house.policy)
    return {
        "customer_id": viewer.customer_id,
        "user_account_id": viewer.id,
        "contract_ids": list(await session.scalars(_CONTRACT_IDS, values)),
    }


def _about(house: ExportHouse, viewer: Viewer) -> dict[str, object]:
    """Return what the texts of the index name."""
    retention, service = house.policy.retention, house.group.customer_service
    today = berlin_today(house.clock)
    return {
        "name": viewer.display_name,
        "group": house.group.name,
        "day": today,
        "records_years": retention.accounting_records_years.on(today),
        "benefits_years": retention.health_benefits_years.on(today),
        "calls_years": retention.phone_consent_years.on(today),
        "service": service.name,
        "phone": service.phone,
        "email": service.email,
    }


def _limit(house: ExportHouse, viewer: Viewer) -> Limit:
    attempts = house.policy.export.per_hour.on(berlin_today(house.clock))
    return Limit("export", str(viewer.id), attempts, _PERIOD)


async def _rejoin(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    async with aclosing(rest):
        yield first
        async for piece in rest:
            yield piece
