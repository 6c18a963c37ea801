"""What a GDV file says, as typed records: header, contracts with their partners, trailer."""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

from backend.feeds.records import Salutation
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from backend.feeds.gdv.details import Details
    from backend.feeds.records import PartialDate

POLICYHOLDER = "01"
LIVE = "1"
CANCELLED = "4"
PAYMENTS_PER_YEAR: Mapping[str, int] = MappingProxyType({"1": 1, "2": 2, "4": 4, "8": 12})


class ContactKind(Enum):
    """What a communication entry is, told from its content: the code list is not in the files."""

    PHONE = "phone"
    EMAIL = "email"
    OTHER = "other"


class Header(Value):
    """0001: who sends what to whom; opens a package.

    ``versions`` maps ``0100`` or ``0220.051`` to the version of that record type. All layouts up
    to the release of 2023 only append fields, so the reader needs no version to read a record.
    """

    line: int
    insurer_number: str
    sender: str
    addressee: str
    period_from: PartialDate | None
    period_to: PartialDate | None
    agency: str
    versions: Mapping[str, str]


class Contact(Value):
    """One communication entry of 0100 parts 2 and 3; ``code`` is the Kommunikationstyp as sent.

    E-mail addresses come with "@" put back for "(a)" and its relatives; numbers are as sent.
    """

    kind: ContactKind
    code: str
    value: str


class BankAccount(Value):
    """A bank connection of 0100 parts 2, 4 and 5; older files have account number and bank code.

    ``iban`` is upper case without blanks, otherwise as sent, masked or not. ``has_valid_iban``:
    two letters, two digits and mod 97 = 1 (ISO 13616); country rules are for the consumer.
    """

    iban: str = ""
    bic: str = ""
    holder: str = ""
    bank_name: str = ""
    account_number: str = ""
    bank_code: str = ""
    kind: str = ""
    has_valid_iban: bool = False


class SepaMandate(Value):
    """A direct debit mandate, 0100 part 5; codes of bytes 238 to 240 as sent."""

    creditor_identifier: str = ""
    mandate_reference: str = ""
    signed_on: PartialDate | None = None
    account_reference: str = ""
    sequence: str = ""
    scheme: str = ""
    expires_on: PartialDate | None = None


class Partner(Value):
    """One person or company in one role of one contract (0100); never merged with another.

    ``role`` is the Adresskennzeichen: 01 is the policyholder. The other codes are those of
    Anlage 7 of the handbook and are passed on as sent.
    ``surname`` is name 1, ``first_name`` name 3. ``salutation`` is None where the key is unknown.
    ``legal_form`` is the Rechtsform as sent (01: natural person).
    """

    line: int = 0
    role: str = ""
    salutation: Salutation | None = Salutation.NONE
    surname: str = ""
    name_2: str = ""
    first_name: str = ""
    title: str = ""
    birth_date: PartialDate | None = None
    birth_name: str = ""
    birth_place: str = ""
    nationality: str = ""
    sex: str = ""
    marital_status: str = ""
    legal_form: str = ""
    street: str = ""
    po_box: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    customer_number: str = ""
    customer_number_at_agency: str = ""
    payment_method: str = ""
    contacts: tuple[Contact, ...] = ()
    bank_accounts: tuple[BankAccount, ...] = ()
    mandate: SepaMandate | None = None

    @property
    def is_policyholder(self) -> bool:
        """Adresskennzeichen 01."""
        return self.role == POLICYHOLDER


class Contract(Value):
    """One contract: the record 0200 with its partners (0100) and details (0210 to 0230).

    ``line_of_business`` is the Sparte of 0200, ``000`` for a bundle whose ``details`` tell more.
    ``premium`` is per payment, net of insurance tax, from 0200 or else the sum of the details;
    ``gross_premium`` includes the tax. ``status`` 1 is live, 4 cancelled, other codes as sent.
    ``is_occupational_pension``: see ``LifeDetails.is_occupational_pension``.
    """

    line: int
    insurer_number: str
    number: str
    line_of_business: str
    start: PartialDate
    end: PartialDate | None = None
    sequence: str = ""
    agency: str = ""
    is_bundle: bool = False
    due: PartialDate | None = None
    payment_frequency: str = ""
    status: str = ""
    cancellation_reason: str = ""
    cancelled_on: PartialDate | None = None
    changed_on: PartialDate | None = None
    currency: str = ""
    premium: Decimal | None = None
    gross_premium: Decimal | None = None
    customer_number: str = ""
    customer_number_at_agency: str = ""
    applied_on: PartialDate | None = None
    reference_number: str = ""
    product_form: str = ""
    printed_number: str = ""
    product_name: str = ""
    issued_on: PartialDate | None = None
    partners: tuple[Partner, ...] = ()
    details: tuple[Details, ...] = ()

    @property
    def payments_per_year(self) -> int | None:
        """1, 2, 4 or 12; None where the key means something else (single premium, none, …)."""
        return PAYMENTS_PER_YEAR.get(self.payment_frequency)

    @property
    def is_occupational_pension(self) -> bool:
        """Whether any part of it comes from an occupational pension."""
        return any(part.is_occupational_pension for part in self.details)


class ContractFragment(Value):
    """Usable records of a contract whose 0200 is missing, rejected or elsewhere in the file.

    It has no start date, so it can't be shown as a contract; its partners are customers all the
    same, and a consumer that knows the contract already may add partners and details to it.
    """

    line: int
    insurer_number: str
    number: str
    partners: tuple[Partner, ...] = ()
    details: tuple[Details, ...] = ()


class Trailer(Value):
    """The end of a package: 9999, or the end of the file or the next 0001 where that is missing.

    ``line`` is None without a 9999, ``declared`` None where its count is no number. ``records``
    counts all lines of the package. ``unused`` counts records by type, known or not, from which
    nothing was taken.
    """

    line: int | None
    declared: int | None
    records: int
    contracts: int
    fragments: int
    unused: Mapping[str, int]
