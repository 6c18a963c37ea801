"""Forms of the download centre: what institutions offer to be filled in (F110)."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.tables import Base, BigId, PrimaryKey, enum_of
from backend.models.user_accounts import Locale


class FormCategory(enum.Enum):
    """What a form is for."""

    CONTRACT = "contract"
    CLAIM = "claim"
    PAYMENT = "payment"
    PERSONAL_DETAILS = "personal_details"
    AUTHORISATION = "authorisation"
    OTHER = "other"


class Form(Base):
    """One version of an institution's form; `valid_until` is its last day.

    It is the house's, not a customer's: its content lies in the object store encrypted with the
    keyset of the house. `order_de` and `order_en` are the titles as a dictionary sorts them.
    """

    __tablename__ = "form"
    __table_args__ = (UniqueConstraint("institution_id", "external_id", "version"),)

    id: Mapped[PrimaryKey]
    institution_id: Mapped[int] = mapped_column(BigId, ForeignKey("institution.id"))
    external_id: Mapped[str]
    version: Mapped[str]
    category: Mapped[FormCategory] = mapped_column(enum_of(FormCategory))
    title_de: Mapped[str]
    title_en: Mapped[str]
    description_de: Mapped[str]
    description_en: Mapped[str]
    order_de: Mapped[str]
    order_en: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    is_withdrawn: Mapped[bool] = mapped_column(default=False, server_default=false())
    imported_at: Mapped[datetime]
    file_name: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    object_key: Mapped[str] = mapped_column(unique=True)

    @property
    def media_type(self) -> str:
        """Media type of the content: the import takes nothing else."""
        return "application/pdf"

    @property
    def uid(self) -> str:
        """What the ciphertext is bound to: the last part of the object's key."""
        return self.object_key.rpartition("/")[2]

    def title_in(self, locale: Locale) -> str:
        """Its title in a language."""
        return self.title_de if locale is Locale.DE else self.title_en

    def description_in(self, locale: Locale) -> str:
        """What it is for, in a language."""
        return self.description_de if locale is Locale.DE else self.description_en


class FormWord(Base):
    """That a form is found by a word; the hashes are those of the postbox's index."""

    __tablename__ = "form_word"
    __table_args__ = ({"sqlite_with_rowid": False},)

    token: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    form_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("form.id", ondelete="CASCADE"), primary_key=True, index=True
    )
