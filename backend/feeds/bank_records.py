"""The typed records that every bank feed (camt, MT940, CSV) hands out."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from backend.feeds.findings import Finding
from backend.values import Value

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

GERMAN_BANK_CODE_DIGITS = 8
GERMAN_ACCOUNT_DIGITS = 10


class StatementKind(StrEnum):
    """The message a statement came in."""

    CAMT_052 = "camt.052"
    CAMT_053 = "camt.053"
    CAMT_054 = "camt.054"
    MT940 = "MT940"
    MT942 = "MT942"
    CSV = "CSV"

    @property
    def is_interim(self) -> bool:
        """Whether a later statement repeats these entries (intraday reports, notifications)."""
        return self in {StatementKind.CAMT_052, StatementKind.CAMT_054, StatementKind.MT942}

    @property
    def is_balanced(self) -> bool:
        """Whether such a statement has to carry an opening and a closing balance."""
        return self in {StatementKind.CAMT_053, StatementKind.MT940}


class AccountIdentification(Value):
    """The account as the file names it: a valid IBAN, or a number with or without a bank code.

    `number` keeps what is no valid IBAN; `bank_code` is the BLZ (or BIC) written before a slash.
    """

    iban: str | None
    number: str | None = None
    bank_code: str | None = None

    @property
    def key(self) -> str:
        """One spelling per account, so that MT940 (BLZ/number) and camt (IBAN) meet.

        A German IBAN contains BLZ and number; both become "DE/<BLZ>/<number, 10 digits>". Banks
        whose IBANs follow special rules (IBAN rules of the Bundesbank) keep two keys.
        """
        if self.iban is not None:
            if self.iban.startswith("DE"):
                return f"DE/{self.iban[4:12]}/{self.iban[12:]}"
            return self.iban
        number = (self.number or "").replace(" ", "").upper()
        if self.bank_code is None:
            return number
        is_german = (
            len(self.bank_code) == GERMAN_BANK_CODE_DIGITS
            and self.bank_code.isdigit()
            and number.isdigit()
            and len(number) <= GERMAN_ACCOUNT_DIGITS
        )
        if is_german:
            return f"DE/{self.bank_code}/{number.zfill(GERMAN_ACCOUNT_DIGITS)}"
        return f"{self.bank_code}/{number}"

    @property
    def likely_iban(self) -> str | None:
        """The IBAN, or the one that German bank code and number make (ISO 13616).

        The bank codes whose IBANs follow rules of their own get another one than their bank gave.
        """
        if self.iban is not None or not self.key.startswith("DE/"):
            return self.iban
        bank_and_account = self.key.removeprefix("DE/").replace("/", "")
        # 98 - (BBAN + country as digits + "00") mod 97.
        return f"DE{98 - int(bank_and_account + '131400') % 97:02}{bank_and_account}"


class Balance(Value):
    """A balance with its sign; `is_intermediate` marks the turn of a page (MT940 60M, 62M)."""

    amount: Decimal
    currency: str | None
    on: date | None
    is_intermediate: bool = False


class Statement(Value):
    """The head of one statement, report or notification; its entries follow it.

    `sequence_number` is the bank's running number (camt: electronic, else legal; MT940: :28C:),
    None where the bank gives none or 0: then no gap can be told. `line` is where it starts.
    """

    kind: StatementKind
    account: AccountIdentification
    line: int | None
    statement_id: str | None = None
    sequence_number: int | None = None
    legal_sequence_number: int | None = None
    page_number: int | None = None
    servicer_bic: str | None = None
    servicer_name: str | None = None
    owner_name: str | None = None
    account_name: str | None = None
    currency: str | None = None
    created_on: date | None = None
    period_from: date | None = None
    period_to: date | None = None
    opening: Balance | None = None
    closing: Balance | None = None

    @property
    def is_interim(self) -> bool:
        """Whether a later statement repeats these entries."""
        return self.kind.is_interim


class EntryDetail(Value):
    """One payment inside a batch entry; `amount` is None if not told.

    It is signed like the entry, unless the batch nets credits and debits.
    """

    amount: Decimal | None
    currency: str | None
    counterparty_name: str | None
    counterparty_iban: str | None
    counterparty_iban_is_valid: bool
    end_to_end_id: str | None
    mandate_id: str | None
    remittance_information: str | None


class Entry(Value):
    """One movement of money as the bank lists it, amount signed from the account's view.

    A batch entry stays one entry with the bank's total, as on the bank's own statement, so that
    balances reconcile to the cent; its payments are `details` (at most 1,000 are kept,
    `detail_count` counts all). `key` identifies it across imports, see `bank_keys`;
    `content_key` meets the same entry in another message. `counterparty_iban` is stored as given
    when it is no valid IBAN. `booking_date` is the value date where the bank names none.
    """

    sequence: int
    line: int | None
    value_date: date
    booking_date: date
    amount: Decimal
    currency: str
    is_pending: bool
    is_reversal: bool
    key: str
    content_key: str
    entry_reference: str | None = None
    account_servicer_reference: str | None = None
    end_to_end_id: str | None = None
    mandate_id: str | None = None
    creditor_id: str | None = None
    counterparty_name: str | None = None
    counterparty_iban: str | None = None
    counterparty_iban_is_valid: bool = False
    counterparty_bic: str | None = None
    remittance_information: str | None = None
    bank_transaction_code: str | None = None
    booking_text: str | None = None
    details: tuple[EntryDetail, ...] = ()
    detail_count: int = 0


class StatementEnd(Value):
    """The end of a statement: what came out of it and whether the bank's sums hold.

    `statement` is the head again, now with balances that stood after the entries. `reconciles` is
    opening + booked entries = closing; None where that can't be asked (no balances, or an interim
    report, whose balances don't frame its entries).
    """

    statement: Statement
    entry_count: int
    pending_count: int
    rejected_count: int
    booked_total: Decimal
    reconciles: bool | None


BankEvent: TypeAlias = Statement | Entry | Finding | StatementEnd
