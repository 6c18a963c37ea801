"""Codes that prove a customer number: they come by letter to the address an institution has."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey


class ActivationCode(Base):
    """A code for one customer number of one institution, good once and for some attempts.

    80 random bits need no slow hash: `code_hash` is their SHA-256. The code itself stands in its
    letter only; `print_job` names the folder in which that was handed to the printers.
    """

    __tablename__ = "activation_code"

    id: Mapped[PrimaryKey]
    customer_number_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("customer_number.id"), index=True
    )
    code_hash: Mapped[str]
    print_job: Mapped[str] = mapped_column(index=True)
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
