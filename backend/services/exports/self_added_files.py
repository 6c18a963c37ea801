"""The files of self-added contracts in an export, under their paths and in the index."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import bindparam, select

from backend import database
from backend.clock import BERLIN
from backend.models.self_added_contracts import SelfAddedContract, SelfAddedDocument
from backend.services.exports.file_names import FileNames
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping

    from backend.services.exports.filed_documents import Damage, Filing

# As many as the policy lets one customer add: no need to page.
_ALL = (
    select(SelfAddedDocument, SelfAddedContract.company)
    .join(SelfAddedContract, SelfAddedContract.id == SelfAddedDocument.added_contract_id)
    .where(SelfAddedContract.customer_id == bindparam("customer_id"))
    .order_by(SelfAddedDocument.id)
)


async def self_added_files(filing: Filing) -> AsyncGenerator[tuple[SelfAddedDocument, str]]:
    """Yield each file with its path in the archive, in the order in which they came."""
    names = FileNames()
    folder = word("export.folder_self_added", filing.locale)
    async with database.reading(filing.sessions) as session:
        rows = (await session.execute(_ALL, {"customer_id": filing.customer_id})).all()
    for document, company in rows:
        day = document.added_at.astimezone(BERLIN).date()
        yield document, f"{folder}/{names.name_for(day, company, document.file_name)}"


async def self_added_index(filing: Filing, damaged: Mapping[int, Damage]) -> AsyncIterator[bytes]:
    """Yield the index's list of these files; nothing where there is none."""
    files = [(document, path) async for document, path in self_added_files(filing)]
    if not files:
        return
    yield f"<h2>{escape(word('export.folder_self_added', filing.locale))}</h2>\n<ul>\n".encode()
    for document, path in files:
        damage = damaged.get(document.id)
        said = "" if damage is None else escape(word(f"export.{damage.value}", filing.locale))
        yield (
            f'<li><a href="{quote(path)}">{escape(document.file_name)}</a> '
            f"<code>{escape(document.sha256)}</code> <strong>{said}</strong></li>\n"
        ).encode()
    yield b"</ul>\n"
