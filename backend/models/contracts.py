"""Contracts of every kind and the partners named in them."""

from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.feeds.records import Salutation
from backend.models.insurance_details import CheckedJson, Coverage, InsuranceDetails
from backend.models.tables import Amount, Base, BigId, PrimaryKey, enum_of
from backend.money import Money


class ContractKind(enum.Enum):
    """What a contract is; the class of the row follows it."""

    INSURANCE = "insurance"
    SAVINGS_ACCOUNT = "savings_account"
    FIXED_TERM_DEPOSIT = "fixed_term_deposit"


class ContractOrigin(enum.Enum):
    """Where a contract comes from; occupational pensions never show (F46)."""

    INSTITUTION = "institution"
    OCCUPATIONAL_PENSION = "occupational_pension"
    SELF_ADDED = "self_added"


class ContractStatus(enum.Enum):
    """Where a contract stands."""

    ACTIVE = "active"
    ENDED = "ended"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"


class LineOfBusiness(enum.Enum):
    """The insurance line, grouped as customers speak of it."""

    LIFE = "life"
    PENSION = "pension"
    HEALTH = "health"
    TRAVEL_HEALTH = "travel_health"
    ACCIDENT = "accident"
    LIABILITY = "liability"
    MOTOR = "motor"
    LEGAL_PROTECTION = "legal_protection"
    HOUSEHOLD = "household"
    RESIDENTIAL_BUILDING = "residential_building"
    TRAVEL = "travel"
    OTHER = "other"


class PaymentFrequency(enum.Enum):
    """How often a premium is due."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    SINGLE = "single"
    NONE = "none"
    OTHER = "other"


class PartyRole(enum.Enum):
    """What a partner is in a contract."""

    POLICYHOLDER = "policyholder"
    ACCOUNT_HOLDER = "account_holder"
    INSURED = "insured"
    BENEFICIARY = "beneficiary"
    PAYER = "payer"
    OTHER = "other"


class Contract(Base):
    """A contract of a customer with an institution.

    Unique by institution, number and line code (the GDV Sparte; "" for accounts).
    `source_as_of` is the day the newest feed describes: an older file never overwrites it.
    `source_digest` is the hash of what that feed said: an equal one changes nothing.
    """

    __tablename__ = "contract"
    __table_args__ = (UniqueConstraint("institution_id", "number", "line_code"),)
    # One table holds all kinds: rows come whole, as nothing may load later.
    __mapper_args__ = {  # noqa: RUF012
        "polymorphic_on": "kind",
        "polymorphic_abstract": True,
        "with_polymorphic": "*",
    }

    id: Mapped[PrimaryKey]
    institution_id: Mapped[int] = mapped_column(BigId, ForeignKey("institution.id"))
    kind: Mapped[ContractKind] = mapped_column(enum_of(ContractKind))
    origin: Mapped[ContractOrigin] = mapped_column(enum_of(ContractOrigin))
    number: Mapped[str]
    line_code: Mapped[str]
    product_name: Mapped[str | None]
    status: Mapped[ContractStatus] = mapped_column(enum_of(ContractStatus))
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    source_as_of: Mapped[date | None]
    source_digest: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class InsuranceContract(Contract):
    """A contract with an insurer; `details` and `coverages` hold what the line adds.

    `main_due_date` is a day on which an instalment is due (Hauptfälligkeit), not always the next.
    """

    __mapper_args__ = {"polymorphic_identity": ContractKind.INSURANCE}  # noqa: RUF012

    line_of_business: Mapped[LineOfBusiness | None] = mapped_column(enum_of(LineOfBusiness))
    premium_amount: Mapped[Decimal | None] = mapped_column(Amount)
    premium_currency: Mapped[str | None]
    payment_frequency: Mapped[PaymentFrequency | None] = mapped_column(enum_of(PaymentFrequency))
    main_due_date: Mapped[date | None]
    details: Mapped[InsuranceDetails | None] = mapped_column(CheckedJson(InsuranceDetails))
    coverages: Mapped[list[Coverage] | None] = mapped_column(CheckedJson(list[Coverage]))

    @property
    def premium(self) -> Money | None:
        """The premium per payment."""
        return _money(self.premium_amount, self.premium_currency)


class SavingsProduct(Contract):
    """What a savings account and a fixed-term deposit have in common.

    `balance` is the closing balance of the newest booked statement, `balance_on` its day.
    `interest_rate` is a percentage per year.
    """

    __mapper_args__ = {"polymorphic_abstract": True}  # noqa: RUF012

    # Bank files name the account by IBAN only.
    iban: Mapped[str | None] = mapped_column(index=True)
    bic: Mapped[str | None]
    currency: Mapped[str | None]
    balance: Mapped[Decimal | None] = mapped_column(Amount)
    balance_on: Mapped[date | None]
    interest_rate: Mapped[Decimal | None] = mapped_column(Amount)
    maturity_date: Mapped[date | None]

    @property
    def shown_iban(self) -> str:
        """The IBAN, or the account's number where no feed has named one."""
        return self.iban or self.number

    @property
    def shown_currency(self) -> str:
        """The account's currency; euro unless a feed says otherwise."""
        return self.currency or "EUR"


class SavingsAccount(SavingsProduct):
    """Tagesgeld: money at call."""

    __mapper_args__ = {"polymorphic_identity": ContractKind.SAVINGS_ACCOUNT}  # noqa: RUF012


class FixedTermDeposit(SavingsProduct):
    """Festgeld: money until a day of maturity."""

    __mapper_args__ = {"polymorphic_identity": ContractKind.FIXED_TERM_DEPOSIT}  # noqa: RUF012


def _money(amount: Decimal | None, currency: str | None) -> Money | None:
    return None if amount is None else Money(amount, currency or "EUR")


class Partner(Base):
    """A person or company as one contract names it, with its role there.

    Kept per contract, not per person: the same customer number may stand for Anna alone in one
    contract and for "Herr und Frau" in another, and visibility must tell them apart (F40-F46).
    """

    __tablename__ = "partner"
    __table_args__ = (
        UniqueConstraint("contract_id", "role", "sequence"),
        Index("ix_partner_customer_id_role_contract_id", "customer_id", "role", "contract_id"),
    )

    id: Mapped[PrimaryKey]
    contract_id: Mapped[int] = mapped_column(BigId, ForeignKey("contract.id", ondelete="CASCADE"))
    customer_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("customer.id"))
    customer_number: Mapped[str | None]
    role: Mapped[PartyRole] = mapped_column(enum_of(PartyRole))
    sequence: Mapped[int]
    salutation: Mapped[Salutation] = mapped_column(enum_of(Salutation))
    is_legal_entity: Mapped[bool]
    given_name: Mapped[str | None]
    family_name: Mapped[str]
    title: Mapped[str | None]
    birth_date: Mapped[str | None]
    street: Mapped[str | None]
    postal_code: Mapped[str | None]
    city: Mapped[str | None]
    country: Mapped[str | None]
    phone_number: Mapped[str | None]
    email_address: Mapped[str | None]

    @property
    def display_name(self) -> str:
        """The name as shown in lists of holders and insured persons."""
        return " ".join(part for part in (self.title, self.given_name, self.family_name) if part)
