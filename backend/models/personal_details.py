"""Personal details as institutions keep them, and every change that a customer asked for."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import TYPE_CHECKING

from msgspec.structs import asdict
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey, enum_of
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

HOME_COUNTRY = "DE"
# How feeds write it: GDV knows the signs of cars.
_HOME = (None, "", "D", HOME_COUNTRY)


class PostalAddress(Value):
    """Where a person lives; `country` as ISO 3166 alpha-2, or as a feed wrote it."""

    street: str
    postal_code: str
    city: str
    country: str

    @classmethod
    def of(
        cls, street: str | None, postal_code: str | None, city: str | None, country: str | None
    ) -> PostalAddress | None:
        """Return the address that a partner's columns hold, if they hold one."""
        if not street or not city:
            return None
        home = HOME_COUNTRY if country in _HOME else country or ""
        return cls(street, postal_code or "", city, home)

    @property
    def line(self) -> str:
        """The address in one line, abroad with its country."""
        abroad = "" if self.country == HOME_COUNTRY else f", {self.country}"
        return f"{self.street}, {f'{self.postal_code} {self.city}'.strip()}{abroad}"

    @property
    def columns(self) -> Mapping[str, str | None]:
        """What it is in the columns of a partner."""
        return asdict(self)


class PersonName(Value):
    """What a person is called."""

    title: str | None
    given_name: str
    family_name: str

    @property
    def line(self) -> str:
        """The name as it is read."""
        return " ".join(part for part in (self.title, self.given_name, self.family_name) if part)

    @property
    def columns(self) -> Mapping[str, str | None]:
        """What it is in the columns of a partner."""
        return asdict(self)


class PersonalDetailsKind(enum.Enum):
    """Which of a person's details change together."""

    ADDRESS = "address"
    NAME = "name"


class PersonalDetailsState(enum.Enum):
    """How far a change has come with the institution."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class PersonalDetailsChange(Base):
    """What one institution was asked to change, and what stood there before; it stays on file.

    The rows of a customer, an institution and a kind are counted by `version`; whoever asks for a
    change names the one they saw. Institutions that were asked together share `change_uid`, each
    answers its own submission. `before` is in words. Once confirmed and due, the change is written
    into the contracts, at `applied_at`.
    """

    __tablename__ = "personal_details_change"
    __table_args__ = (
        UniqueConstraint(
            *("customer_id", "institution_id", "kind", "version"),
            name="uq_personal_details_change_version",
        ),
        Index("ix_personal_details_change_due", "state", "applied_at", "effective_from"),
    )

    id: Mapped[PrimaryKey]
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    institution_id: Mapped[int] = mapped_column(BigId, ForeignKey("institution.id"))
    kind: Mapped[PersonalDetailsKind] = mapped_column(enum_of(PersonalDetailsKind))
    version: Mapped[int]
    state: Mapped[PersonalDetailsState] = mapped_column(enum_of(PersonalDetailsState))
    change_uid: Mapped[str] = mapped_column(index=True)
    submission_uid: Mapped[str] = mapped_column(unique=True)
    before: Mapped[str | None]
    street: Mapped[str | None]
    postal_code: Mapped[str | None]
    city: Mapped[str | None]
    country: Mapped[str | None]
    title: Mapped[str | None]
    given_name: Mapped[str | None]
    family_name: Mapped[str | None]
    effective_from: Mapped[date]
    changed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    refused_because: Mapped[str | None]

    @property
    def details(self) -> PostalAddress | PersonName:
        """What was asked for."""
        if self.kind is PersonalDetailsKind.NAME:
            return PersonName(self.title, self.given_name or "", self.family_name or "")
        return PostalAddress(
            self.street or "", self.postal_code or "", self.city or "", self.country or ""
        )

    @property
    def after(self) -> str:
        """What was asked for, in words."""
        return self.details.line


class PersonalDetailsEvidence(Base):
    """A document that proves a change, such as a marriage certificate; it lies under "Gesendet"."""

    __tablename__ = "personal_details_evidence"
    __table_args__ = (UniqueConstraint("change_id", "document_id"),)

    id: Mapped[PrimaryKey]
    change_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("personal_details_change.id", ondelete="CASCADE")
    )
    document_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("document.id", ondelete="CASCADE"), index=True
    )
