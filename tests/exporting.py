"""Exports as a customer gets them: fetched, opened, read."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from backend.services.exports.data_file import EXPORTED_OF_DOCUMENTS
from backend.services.exports.parts import PARTS
from backend.services.exports.written_conversations import (
    EXPORTED_OF_CONVERSATIONS,
    EXPORTED_OF_MESSAGES,
)
from backend.services.exports.written_submissions import (
    EXPORTED_OF_STEPS,
    EXPORTED_OF_SUBMISSIONS,
)

if TYPE_CHECKING:
    import httpx

    from tests.portal import Portal


@dataclass(frozen=True)
class Export:
    """A ZIP that is whole, with what its index and its data say."""

    files: dict[str, bytes]
    index: str
    data: dict[str, Any]

    @property
    def links(self) -> list[str]:
        """Where the index leads, in its order."""
        return [unquote(unescape(link)) for link in re.findall(r'href="([^"]*)"', self.index)]


async def fetch(portal: Portal, token: str | None, **options: Any) -> httpx.Response:
    """Ask for an export."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    headers |= options.pop("headers", {})
    return await portal.client.get("/export.zip", headers=headers, **options)


async def take_along(portal: Portal, token: str, locale: str = "de") -> Export:
    """Fetch an export that must succeed and open it."""
    response = await fetch(portal, token, params={"locale": locale})
    assert response.status_code == 200, response.text
    return opened(response.content)


def opened(content: bytes) -> Export:
    """Open a ZIP and check every file in it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names))
        files = {name: archive.read(name) for name in names}
    index = files.pop("index.html").decode()
    return Export(files, index, json.loads(files.pop("daten.json")))


def exported_columns() -> dict[str, set[str]]:
    """Return what an export holds, by table."""
    exported: dict[str, set[str]] = {
        "document": set(EXPORTED_OF_DOCUMENTS),
        "conversation": set(EXPORTED_OF_CONVERSATIONS),
        "message": set(EXPORTED_OF_MESSAGES),
        "submission": set(EXPORTED_OF_SUBMISSIONS),
        "submission_step": set(EXPORTED_OF_STEPS),
    }
    for part in PARTS:
        exported.setdefault(str(part.model.__tablename__), set()).update(part.columns)
    return exported
