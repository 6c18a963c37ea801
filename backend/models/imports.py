"""What was imported from which file, and what was odd about it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey


class ImportRun(Base):
    """One file, recognised by its content when it comes again; the row tells of its last reading.

    `institution_key` is the institution the operator named, "" where the file itself told.
    `finished_at` is empty while a reading goes on, and after one that was killed.
    """

    __tablename__ = "import_run"
    __table_args__ = (UniqueConstraint("sha256", "feed_format", "institution_key"),)

    id: Mapped[PrimaryKey]
    file_name: Mapped[str]
    feed_format: Mapped[str]
    institution_key: Mapped[str]
    sha256: Mapped[str]
    records: Mapped[int]
    accepted: Mapped[int]
    rejected: Mapped[int]
    duplicates: Mapped[int]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ImportFinding(Base):
    """Something odd in a file: where, and why; a finding need not stop a record."""

    __tablename__ = "import_finding"

    id: Mapped[PrimaryKey]
    import_run_id: Mapped[int] = mapped_column(BigId, ForeignKey("import_run.id"), index=True)
    line: Mapped[int | None]
    record: Mapped[str | None]
    field: Mapped[str | None]
    reason: Mapped[str]
