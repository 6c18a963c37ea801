"""Ports for files: who inspects them, who knows malware, and who reads their text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from backend.ports import PortError
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
    from contextlib import AbstractAsyncContextManager

    from backend.inspection.refusals import UploadRefusal
    from backend.inspection.rules import InspectionRules


class InspectionError(PortError):
    """A file could not be inspected to its end: the inspector hung, died or was cut off."""


class ScannerUnavailableError(PortError):
    """The malware scanner is down, slow or refuses us; the same call may succeed later."""


class Inspected(Value):
    """What became of a file: `refusal`, or media type and the content that replaces it.

    Reading `content` raises InspectionError if less comes than was announced.
    """

    refusal: UploadRefusal | None
    media_type: str
    content: AsyncIterator[bytes]


class FileInspector(Protocol):
    """Judges files of customers where they can do no harm."""

    def inspect(
        self, content: AsyncIterable[bytes], rules: InspectionRules
    ) -> AbstractAsyncContextManager[Inspected]:
        """Judge a file and make it anew; what was made is read within the context.

        Raises InspectionError if there is no verdict, and whatever reading `content` raises.
        """


class MalwareScanner(Protocol):
    """Knows malware by its patterns."""

    async def find_malware(self, content: AsyncIterable[bytes]) -> str | None:
        """Return the name of what a file contains, or None. Raises ScannerUnavailableError."""


class TextReader(Protocol):
    """Reads the text out of PDFs where they can do no harm."""

    def reading(
        self,
    ) -> AbstractAsyncContextManager[Callable[[AsyncIterable[bytes], int], Awaitable[str]]]:
        """Open a reader for some PDFs of one customer: `await read(content, size)`.

        Empty for a picture or what can't be read. Raises InspectionError if the reader hung or
        died; it then reads nothing more.
        """
