"""Contracts of other companies that customers add by hand, and the files that go with them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.contracts import LineOfBusiness, PaymentFrequency
from backend.models.tables import Amount, Base, BigId, PrimaryKey, enum_of
from backend.money import Money


class SelfAddedContract(Base):
    """A contract with another company, as its customer describes it (F9).

    Not a `Contract`: the house neither has it nor counts it, and its predicate never sees it
    (decision 0033). `main_due_date` is a day on which an instalment is due. `version` counts
    changes, so that none gets lost.
    """

    __tablename__ = "self_added_contract"

    id: Mapped[PrimaryKey]
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"), index=True)
    line_of_business: Mapped[LineOfBusiness] = mapped_column(enum_of(LineOfBusiness))
    company: Mapped[str]
    number: Mapped[str | None]
    premium_amount: Mapped[Decimal | None] = mapped_column(Amount)
    premium_currency: Mapped[str]
    payment_frequency: Mapped[PaymentFrequency] = mapped_column(enum_of(PaymentFrequency))
    main_due_date: Mapped[date | None]
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def premium(self) -> Money | None:
        """The premium per payment."""
        amount = self.premium_amount
        return None if amount is None else Money(amount, self.premium_currency)


class SelfAddedDocument(Base):
    """A file of a self-added contract, made anew by the inspection and encrypted.

    It lies in the store of the documents and in no postbox: nobody sent it and nobody gets it.
    """

    __tablename__ = "self_added_document"

    id: Mapped[PrimaryKey]
    added_contract_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("self_added_contract.id"), index=True
    )
    file_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    object_key: Mapped[str] = mapped_column(unique=True)
    key_owner: Mapped[str]
    added_at: Mapped[datetime]

    @property
    def uid(self) -> str:
        """What the ciphertext is bound to: the last part of the object's key."""
        return self.object_key.rpartition("/")[2]
