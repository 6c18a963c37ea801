"""Opens the ZIP archives in which banks deliver statements, and lets none grow beyond bounds."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from backend.feeds.findings import FeedError
from backend.feeds.values import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import WriteableBuffer

# What an archive may grow to; statements in XML shrink to a fortieth. Each file is read twice.
MAX_GROWTH = 250
READINGS = 2
MAX_MEMBERS = 10_000
MAX_DIRECTORY_BYTES = 1 << 24
MAX_NAME = 100
FIELD = "ZIP"

_MAGIC = b"PK\x03\x04"
_END = b"PK\x05\x06"
_END_BYTES = 22
_MAX_COMMENT = 1 << 16
# The others are inflated whole, however large that is.
_METHODS = frozenset({ZIP_STORED, ZIP_DEFLATED})
_NOT_UNDERSTOOD = "the archive is encrypted or packed in a way that is not read"
# What `zipfile` says of that.
_NOT_READ = (NotImplementedError, RuntimeError)
# Places outside the file and names in no encoding come as OSError and ValueError.
_BROKEN = (*_NOT_READ, BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error)


def is_archive(head: bytes) -> bool:
    """Tell whether a file with these first bytes is a ZIP archive."""
    return head.startswith(_MAGIC)


class Archive:
    """The files in a ZIP archive; names are only told, never used as paths."""

    def __init__(self, archive: ZipFile, size: int) -> None:
        self._archive = archive
        self._left = size * MAX_GROWTH * READINGS
        self.members = [info for info in archive.infolist() if _is_file(info)]
        if len(self.members) > MAX_MEMBERS:
            raise FeedError(f"the archive holds more than {MAX_MEMBERS:,} files", field=FIELD)

    @contextmanager
    def open(self, member: ZipInfo) -> Iterator[BinaryIO]:
        """Read a member; FeedError where it is broken, encrypted or larger than any statement."""
        if member.compress_type not in _METHODS:
            raise FeedError(_NOT_UNDERSTOOD, field=FIELD)
        try:
            opened = self._archive.open(member)
        except _BROKEN as error:
            raise _unreadable(error) from error
        with opened:
            yield io.BufferedReader(_Bounded(opened, self))  # type: ignore[arg-type]

    def spend(self, count: int) -> None:
        """Count what has come out of the archive."""
        self._left -= count
        if self._left < 0:
            reason = f"the archive grows to more than {MAX_GROWTH} times its size"
            raise FeedError(reason, field=FIELD)


@contextmanager
def open_archive(stream: BinaryIO) -> Iterator[Archive]:
    """Open a ZIP archive; FeedError if it is none that can be read."""
    size = stream.seek(0, io.SEEK_END)
    _check_directory(stream, size)
    try:
        archive = ZipFile(stream)
    except _BROKEN as error:
        raise _unreadable(error) from error
    with archive:
        yield Archive(archive, size)


def name_of(member: ZipInfo) -> str:
    """Return the member's name as a finding may tell it."""
    return (clean_text(member.filename) or "?")[-MAX_NAME:]


class _Bounded(io.RawIOBase):
    def __init__(self, member: BinaryIO, archive: Archive) -> None:
        self._member = member
        self._archive = archive
        self._position = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        try:
            data = self._member.read(len(view))
        except _BROKEN as error:
            raise _unreadable(error) from error
        self._archive.spend(len(data))
        view[: len(data)] = data
        self._position += len(data)
        return len(data)


def _check_directory(stream: BinaryIO, size: int) -> None:
    """The list of members is read whole: look how long it is before."""
    stream.seek(max(0, size - _END_BYTES - _MAX_COMMENT))
    tail = stream.read()
    place = tail.rfind(_END)
    stream.seek(0)
    if place < 0 or len(tail) < place + _END_BYTES:
        raise FeedError("the archive breaks off", field=FIELD)
    (directory_bytes,) = struct.unpack_from("<I", tail, place + 12)
    if directory_bytes > MAX_DIRECTORY_BYTES:
        raise FeedError(f"the archive holds more than {MAX_MEMBERS:,} files", field=FIELD)


def _is_file(info: ZipInfo) -> bool:
    parts = info.filename.split("/")
    # macOS puts what it knows about a file into "__MACOSX" and "._name".
    is_hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return not info.filename.endswith("/") and not is_hidden


def _unreadable(error: Exception) -> FeedError:
    is_intact = isinstance(error, _NOT_READ)
    return FeedError(_NOT_UNDERSTOOD if is_intact else "the archive is damaged", field=FIELD)
