"""Files of self-added contracts: accepted uploads that their customer alone reads and removes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import bindparam, delete, func, select

from backend import database
from backend.clock import berlin_today
from backend.errors import NotFoundError, SelfAddedLimitError
from backend.models.self_added_contracts import SelfAddedContract, SelfAddedDocument
from backend.models.uploads import UploadPurpose
from backend.ports import DocumentVersion, StoreUnavailableError
from backend.services.accepted_uploads import take_accepted, use_up
from backend.services.documents import VERSION, DocumentPorts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.database import Sessions
    from backend.policy import Policy
    from backend.services.sessions import Viewer

_OF_CONTRACTS = (
    select(SelfAddedDocument)
    .where(SelfAddedDocument.added_contract_id.in_(bindparam("ids", expanding=True)))
    .order_by(SelfAddedDocument.id)
)
_ONE = (
    select(SelfAddedDocument)
    .join(SelfAddedContract, SelfAddedContract.id == SelfAddedDocument.added_contract_id)
    .where(
        SelfAddedContract.customer_id == bindparam("customer_id"),
        SelfAddedDocument.id == bindparam("id"),
    )
)

_log = logging.getLogger(__name__)


class SelfAddedHouse(DocumentPorts, Protocol):
    """What own additions need of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def policy(self) -> Policy: ...  # noqa: D102


async def load_self_added_documents_of(
    session: AsyncSession, contract_ids: Sequence[int]
) -> Mapping[int, list[SelfAddedDocument]]:
    """Return the files by self-added contract, in the order in which they came."""
    found: dict[int, list[SelfAddedDocument]] = {}
    for document in await session.scalars(_OF_CONTRACTS, {"ids": list(contract_ids)}):
        found.setdefault(document.added_contract_id, []).append(document)
    return found


async def find_self_added_document(
    session: AsyncSession, *, customer_id: int, document_id: int
) -> SelfAddedDocument | None:
    """Return a file of a contract that the customer added, by id; else None."""
    values = {"customer_id": customer_id, "id": document_id}
    return (await session.scalars(_ONE, values)).one_or_none()


async def open_self_added(
    ports: DocumentPorts, document: SelfAddedDocument
) -> AsyncIterator[bytes]:
    """Return a file's plain content in pieces, the first one proven authentic.

    Raises what `DocumentCipher.open_decrypted` raises, at once or while iterating.
    """
    version = DocumentVersion(document.key_owner, document.uid, VERSION)
    return await ports.cipher.open_decrypted(ports.objects, document.object_key, version)


async def attach(
    session: AsyncSession,
    house: SelfAddedHouse,
    contract: SelfAddedContract,
    upload_ids: Sequence[int],
) -> None:
    """Make accepted uploads files of a contract, whose row the transaction has written.

    Raises:
        InvalidInputError: a file is unknown, was sent for something else or is not accepted (yet).
        SelfAddedLimitError: the contract would have more files than the policy allows.
    """
    most = house.policy.self_added.documents_per_contract.on(berlin_today(house.clock))
    now = house.clock.now()
    uploads = await take_accepted(
        session,
        customer_id=contract.customer_id,
        upload_ids=upload_ids,
        purpose=UploadPurpose.SELF_ADDED_CONTRACT,
        path=("documents",),
        most=most,
        now=now,
    )
    known = await session.scalar(
        select(func.count(SelfAddedDocument.id)).where(
            SelfAddedDocument.added_contract_id == contract.id
        )
    )
    if uploads and (known or 0) + len(uploads) > most:
        raise SelfAddedLimitError("documents", most)
    for upload in uploads:
        session.add(
            SelfAddedDocument(
                added_contract_id=contract.id,
                file_name=upload.file_name,
                media_type=upload.media_type,
                size=upload.size,
                sha256=upload.sha256,
                object_key=upload.object_key,
                key_owner=upload.key_owner,
                added_at=now,
            )
        )
    await session.flush()
    await use_up(session, uploads)


async def remove_self_added_document(
    house: SelfAddedHouse, *, viewer: Viewer, document_id: int
) -> int:
    """Remove one file, ciphertext included (F9); return the id of its contract.

    Raises:
        NotFoundError: the viewer has no such file.
    """
    async with database.writing(house.sessions) as session:
        document = await find_self_added_document(
            session, customer_id=viewer.customer_id, document_id=document_id
        )
        if document is None:
            raise NotFoundError
        await session.execute(delete(SelfAddedDocument).where(SelfAddedDocument.id == document.id))
    await drop_objects(house, [document.object_key])
    return document.added_contract_id


async def drop_objects(ports: DocumentPorts, object_keys: Iterable[str]) -> None:
    """Delete ciphertext whose rows are gone; while the store is down it is an orphan.

    What collects orphans deletes it then.
    """
    for key in object_keys:
        try:
            await ports.objects.delete(key)
        except StoreUnavailableError:
            _log.warning("self_added_object_left", exc_info=True)
