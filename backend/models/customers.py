"""Customers and the numbers under which institutions know them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey


class Customer(Base):
    """A natural person who holds relationships with institutions of the group.

    Born from the first feed that names a customer number; never merged with another because
    of an equal name and birth date. `uid` names the person's keyset and never leaves the house.
    `birth_date` is ISO text and may be partial ("1933", "1958-12").
    """

    __tablename__ = "customer"

    id: Mapped[PrimaryKey]
    uid: Mapped[str] = mapped_column(unique=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    birth_date: Mapped[str | None]
    created_at: Mapped[datetime]

    @property
    def display_name(self) -> str:
        """The name for greetings."""
        return f"{self.given_name} {self.family_name}".strip()


class CustomerNumber(Base):
    """The number under which one institution knows a customer."""

    __tablename__ = "customer_number"
    __table_args__ = (UniqueConstraint("institution_id", "number"),)

    id: Mapped[PrimaryKey]
    institution_id: Mapped[int] = mapped_column(BigId, ForeignKey("institution.id"))
    number: Mapped[str]
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"), index=True)


class FormerCustomer(Base):
    """The uid of a person whose number was linked to a customer: one more key of theirs."""

    __tablename__ = "former_customer"

    id: Mapped[PrimaryKey]
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"), index=True)
    uid: Mapped[str] = mapped_column(unique=True)
