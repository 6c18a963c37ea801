"""Institutions: the insurers, banks and health funds of the group."""

from __future__ import annotations

import enum

from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, PrimaryKey, enum_of


class InstitutionKind(enum.Enum):
    """What an institution is; rules differ by kind, never by a global switch."""

    INSURER = "insurer"
    BANK = "bank"
    HEALTH_FUND = "health_fund"


class Institution(Base):
    """A company of the group with which a customer can have a relationship.

    `key` is the short name used in settings, feeds and on the command line.
    `insurer_number` is the VU number of GDV files, `bic` that of bank files, `ik` a fund's.
    """

    __tablename__ = "institution"

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[InstitutionKind] = mapped_column(enum_of(InstitutionKind))
    insurer_number: Mapped[str | None] = mapped_column(index=True)
    bic: Mapped[str | None]
    ik: Mapped[str | None]
