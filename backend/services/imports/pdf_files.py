"""PDFs beside the feed that lists them: which, whether they are as announced, read in pieces."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

from backend.feeds.detect import FeedFormat
from backend.feeds.findings import FeedError
from backend.feeds.forms import FormEntry, read_forms
from backend.feeds.manifest import ManifestEntry, read_manifest
from backend.services.imports.files import format_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

_PDF_MAGIC = b"%PDF-"
# PDF readers accept some bytes before the header (ISO 32000, implementation notes).
_MAGIC_WITHIN = 1024
_CHUNK = 1 << 20
_READERS = {FeedFormat.MANIFEST: read_manifest, FeedFormat.FORMS: read_forms}


def listed_files(feed: Path) -> list[str]:
    """Return the paths that a feed lists, as far as it can be read; none if it lists no files."""
    read = _READERS.get(format_of(feed) or FeedFormat.GDV)
    files: list[str] = []
    if read is None:
        return files
    with feed.open("rb") as stream, suppress(FeedError):
        for item in read(stream):
            if isinstance(item, ManifestEntry | FormEntry):
                files.append(item.file)  # noqa: PERF401  # what was read before it breaks off counts
    return files


def problem_of(folder: Path, path: Path, sha256: str) -> tuple[str, str] | None:
    """Field and reason if the file is not what its list says; reads it once."""
    if not path.resolve().is_relative_to(folder.resolve()):
        return "file", "leads out of the manifest's folder"
    try:
        with path.open("rb") as stream:
            if _PDF_MAGIC not in stream.read(_MAGIC_WITHIN):
                return "file", "is no PDF"
            stream.seek(0)
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return "file", "is missing"
    except OSError as error:
        return "file", f"can't be read: {error.strerror}"
    return None if found == sha256 else ("sha256", "the file has another one")


async def read_chunks(path: Path) -> AsyncIterator[bytes]:
    """Iterate over a file without holding up the server."""
    stream = await asyncio.to_thread(path.open, "rb")
    try:
        while chunk := await asyncio.to_thread(stream.read, _CHUNK):
            yield chunk
    finally:
        stream.close()
