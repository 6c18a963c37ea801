"""Which files of a folder are feeds, and in which order they go in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.feeds.archives import is_archive, open_archive
from backend.feeds.detect import HEAD_BYTES, FeedFormat, detect
from backend.feeds.findings import FeedError

if TYPE_CHECKING:
    from pathlib import Path

_UNFINISHED = (".part", ".tmp", ".crdownload")
_PDF = b"%PDF-"
# Customers come first, then accounts and their holders, and letters to customers last.
_ORDER = (
    FeedFormat.GDV,
    FeedFormat.ACCOUNTS,
    FeedFormat.CAMT,
    FeedFormat.MT940,
    FeedFormat.CSV,
    FeedFormat.FORMS,
    FeedFormat.MANIFEST,
    FeedFormat.ACKNOWLEDGEMENTS,
    FeedFormat.CLAIMS,
    None,
)


def list_feeds(folder: Path) -> list[Path]:
    """Return the feeds below a folder in the order in which they depend on each other.

    Hidden and unfinished files (".part") are none, nor are PDFs: a manifest lists them.
    """
    files = [path for path in sorted(folder.rglob("*")) if is_feed(path, folder)]
    return sorted(files, key=lambda path: _ORDER.index(format_of(path)))


def is_feed(path: Path, folder: Path) -> bool:
    """Tell whether a path below a folder may be a feed of its own."""
    parts = path.relative_to(folder).parts
    if any(part.startswith(".") for part in parts) or path.suffix in _UNFINISHED:
        return False
    return path.is_file() and not _head(path).lstrip().startswith(_PDF)


def format_of(path: Path) -> FeedFormat | None:
    """Return the format that a file's content tells; of an archive, that of its first file."""
    head = _head(path)
    return detect(_first_head(path) if is_archive(head) else head)


def _first_head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream, open_archive(stream) as archive:
            for member in archive.members[:1]:
                with archive.open(member) as content:
                    return content.read(HEAD_BYTES)
    except (OSError, FeedError):
        # The import itself reports what can't be read.
        return b""
    return b""


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError:
        # The import itself reports what can't be read.
        return b""
