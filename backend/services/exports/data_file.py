"""`daten.json`: everything about a customer that is no document, in a documented format."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

import msgspec

from backend import database
from backend.ids import encode_id
from backend.models.documents import DocumentDirection
from backend.services.exports.part import BATCH
from backend.services.exports.parts import PARTS
from backend.services.exports.written_conversations import written_conversations
from backend.services.exports.written_submissions import written_submissions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from backend.database import Sessions
    from backend.ports import DocumentCipher
    from backend.services.exports.filed_documents import Damage, Filing
    from backend.services.exports.part import Part

FORMAT = "kundenportal-export"
# Grows when something is renamed or removed, not when something is added.
FORMAT_VERSION = 1
EXPORTED_OF_DOCUMENTS = (
    *("direction", "kind", "subject", "sender", "document_date", "received_at"),
    *("first_opened_at", "first_downloaded_at", "archived_at", "is_official_decision"),
    *("media_type", "size", "sha256"),
)


async def data_pieces(
    filing: Filing,
    *,
    whose: Mapping[str, object],
    institutions: Mapping[int, str],
    damaged: Mapping[int, Damage],
    cipher: DocumentCipher,
) -> AsyncIterator[bytes]:
    """Yield the file as UTF-8, some rows at a time (Art. 15 and 20 GDPR; docs/export-format.md).

    `whose` holds the customer's keys, `institutions` their names by id, `damaged` the documents
    that could not be read.
    """
    head = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "createdAt": filing.made_at.isoformat(),
        "locale": filing.locale.value,
    }
    yield json.dumps(head, indent=1)[:-2].encode()
    for part in PARTS:
        rows = _rows(filing.sessions, part, whose, institutions)
        async for piece in _single(part.name, rows) if part.is_single else _list(part.name, rows):
            yield piece.encode()
    async for piece in _list("documents", _documents(filing, institutions, damaged)):
        yield piece.encode()
    written = written_conversations(filing, cipher, institutions)
    async for piece in _list("conversations", written):
        yield piece.encode()
    async for piece in _list("submissions", written_submissions(filing, cipher, institutions)):
        yield piece.encode()
    yield b"\n}\n"


async def _single(name: str, rows: AsyncIterator[list[dict[str, Any]]]) -> AsyncIterator[str]:
    found = [row async for batch in rows for row in batch]
    yield f',\n "{name}": {_dumped(found[0] if found else None)}'


async def _list(name: str, rows: AsyncIterator[list[dict[str, Any]]]) -> AsyncIterator[str]:
    yield f',\n "{name}": ['
    separator = "\n  "
    async for batch in rows:
        for row in batch:
            yield separator + _dumped(row)
            separator = ",\n  "
    yield "\n ]"


async def _rows(
    sessions: Sessions,
    part: Part,
    whose: Mapping[str, object],
    institutions: Mapping[int, str],
) -> AsyncIterator[list[dict[str, Any]]]:
    after = 0
    while True:
        async with database.reading(sessions) as session:
            rows = (await session.execute(part.statement, {**whose, "after": after})).all()
        yield [
            dict(
                _described(part.node, name, getattr(row, name), institutions)
                for name in part.columns
                if getattr(row, name) is not None
            )
            for row in rows
        ]
        if len(rows) < BATCH:
            return
        after = rows[-1].row_id


async def _documents(
    filing: Filing, institutions: Mapping[int, str], damaged: Mapping[int, Damage]
) -> AsyncIterator[list[dict[str, Any]]]:
    for direction in DocumentDirection:
        async for document, path in filing.documents(direction):
            row = {
                _camel(name): _plain(getattr(document, name))
                for name in EXPORTED_OF_DOCUMENTS
                if getattr(document, name) is not None
            }
            damage = damaged.get(document.id)
            row |= {
                "institution": institutions[document.institution_id],
                "file": path,
                "damage": None if damage is None else damage.name,
            }
            yield [row]


# What leads to another list, by the name and the kind of what it leads to.
_NODES = {
    "contract_id": ("contract", "Contract"),
    "added_contract_id": ("selfAddedContract", "SelfAddedContract"),
    "added_account_id": ("selfAddedAccount", "SelfAddedAccount"),
    "claim_id": ("claim", "Claim"),
}


def _described(
    node: str, name: str, value: object, institutions: Mapping[int, str]
) -> tuple[str, object]:
    match name, value:
        case "institution_id", int():
            return "institution", institutions[value]
        # Ids under which apps know them, too.
        case "id", int():
            return "id", encode_id(node, value)
        case _, int() if name in _NODES:
            own, kind = _NODES[name]
            return own, encode_id(kind, value)
    return _camel(name), _plain(value)


def _plain(value: object) -> object:
    match value:
        case Enum():
            return value.name
        case Decimal():
            return format(value, "f")
        case date():  # datetimes too
            return value.isoformat()
        case bytes():
            return value.hex()
        case None | str() | int():
            return value
    return msgspec.to_builtins(value)


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _dumped(row: object) -> str:
    return json.dumps(row, ensure_ascii=False)
