"""Ports of proof: the journal that outlives what was deleted, and the signature under documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class JournalledDeletion(Value):
    """One entry: the uid of somebody who must not come back, and how far their deletion is."""

    number: int
    customer_uid: str
    begun_at: datetime
    finished_at: datetime | None


class DeletionJournal(Protocol):
    """Which customers were deleted, kept apart from the main database so that no backup undoes it.

    It names nobody but by uid. Every method may raise KeyStoreUnavailableError.
    """

    async def begin(self, customer_uid: str, at: datetime) -> JournalledDeletion:
        """Write that a deletion begins, or return the entry that says so already."""

    async def finish(self, customer_uid: str, at: datetime) -> None:
        """Write that nothing is left; a later time never replaces the first."""

    async def list_after(self, number: int, *, limit: int) -> Sequence[JournalledDeletion]:
        """Return entries after a number, in their order."""

    async def last_number(self) -> int:
        """Return the newest entry's number, 0 without one."""


class DocumentSigner(Protocol):
    """Signs PDFs in the name of the portal."""

    async def sign(self, pdf: bytes) -> bytes:
        """Return the PDF with a PAdES signature over all of it. Raises KeyStoreUnavailableError."""

    async def certificate(self) -> bytes:
        """Return the certificate (PEM) that verifies the signatures."""
