"""Documents that also go out on paper."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey, partial_index


class PrintOrder(Base):
    """One document to print, once; `print_job` names the folder in which the printers got it.

    With `failed_at` its content could not be read: somebody has to look after it.
    """

    __tablename__ = "print_order"
    __table_args__ = (
        partial_index(
            "ix_print_order_waiting",
            "id",
            where="print_job IS NULL AND failed_at IS NULL",
        ),
    )

    id: Mapped[PrimaryKey]
    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("document.id"), unique=True)
    ordered_at: Mapped[datetime]
    print_job: Mapped[str | None] = mapped_column(index=True)
    failed_at: Mapped[datetime | None]
