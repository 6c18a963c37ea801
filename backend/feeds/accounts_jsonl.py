"""Reads the bank's master data of savings accounts: who holds them, on what terms.

camt and MT940 name an account and its movements, never its holders. This format of ours is JSON
lines, UTF-8, one account per line; keys not named here are ignored::

    {"iban": "DE43…", "bic": "MUSTDEFFXXX" | null,    valid IBAN of the SEPA zone
     "product": "CALL_MONEY" | "FIXED_TERM",          Tagesgeld, Festgeld
     "product_name": "Tagesgeld Plus",
     "currency": "EUR",
     "opened_on": "2020-01-31", "closed_on": null,
     "interest_rate": "2.25" | 2.25 | null,           percent per year
     "maturity_on": "2027-01-31" | null,              only FIXED_TERM; null: open-ended
     "holders": [{"customer_number": "100001",        at least one; several: a joint account
                  "salutation": "2",                  GDV Anrede: 0 none, 1 Herr, 2 Frau, 3 Firma,
                                                      4 Herr und Frau, 5 Familie, 6 Verein
                  "surname": "Beispiel", "first_name": "Anna" | null,
                  "birth_date": "1984-03-12" | null,
                  "street", "postal_code", "city", "country", "phone", "email": text | null}],
     "payout_account": {"iban": "DE16…", "bic": null, "holder": "Anna Beispiel"} | null,
     "direct_debit": {"mandate_reference": "M-1", "creditor_identifier": "DE98ZZZ09999999999",
                      "signed_on": "2020-01-31", "iban": "DE16…", "holder": "Anna Beispiel",
                      "last_used_on": null, "status": "ACTIVE" | "CANCELLED" | "LAPSED"} | null,
     "updated_at": "2026-11-20T06:00:00+01:00"}       the newer line of an account wins
"""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any, BinaryIO

from msgspec import to_builtins

from backend.feeds.json_fields import FieldReader
from backend.feeds.json_lines import read_json_lines
from backend.feeds.values import is_sepa_iban, read_bic, read_iban
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from decimal import Decimal

    from backend.feeds.findings import Finding

SALUTATIONS = tuple("0123456")

_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{1,3}", re.ASCII)


class SavingsProduct(StrEnum):
    """The kind of savings account."""

    CALL_MONEY = "CALL_MONEY"
    FIXED_TERM = "FIXED_TERM"


class MandateStatus(StrEnum):
    """What the bank says of a direct debit mandate."""

    ACTIVE = "ACTIVE"
    CANCELLED = "CANCELLED"
    LAPSED = "LAPSED"


class AccountHolder(Value):
    """One holder as the bank knows them; `salutation` is the GDV Anrede code."""

    customer_number: str
    salutation: str
    surname: str
    first_name: str | None
    birth_date: date | None
    street: str | None
    postal_code: str | None
    city: str | None
    country: str | None
    phone: str | None
    email: str | None


class PayoutAccount(Value):
    """Where money from the savings account is paid to (F67)."""

    iban: str
    bic: str | None
    holder: str


class DirectDebit(Value):
    """The SEPA mandate by which money is collected (F68)."""

    mandate_reference: str
    creditor_identifier: str
    signed_on: date
    iban: str
    holder: str
    last_used_on: date | None
    status: MandateStatus


class AccountRecord(Value):
    """The master data of one savings account; `interest_rate` is percent per year."""

    line: int
    iban: str
    bic: str | None
    product: SavingsProduct
    product_name: str
    currency: str
    opened_on: date
    closed_on: date | None
    interest_rate: Decimal | None
    maturity_on: date | None
    holders: tuple[AccountHolder, ...]
    payout_account: PayoutAccount | None
    direct_debit: DirectDebit | None
    updated_at: datetime


def read_accounts(stream: BinaryIO) -> Iterator[AccountRecord | Finding]:
    """Yield the accounts; a line with any wrong field becomes one Finding per field instead.

    FeedError if lines are there and not one is usable.
    """
    yield from read_json_lines(stream, _read_account, called="account")


def _read_account(value: Any, problems: list[tuple[str, str]], line: int) -> AccountRecord:
    fields = FieldReader(value, "", problems)
    product = fields.choice("product", [member.value for member in SavingsProduct])
    opened_on, closed_on = fields.day("opened_on"), fields.optional_day("closed_on")
    if closed_on is not None and closed_on < opened_on:
        fields.note("closed_on", "before opened_on")
    return AccountRecord(
        line=line,
        iban=_iban(fields, "iban"),
        bic=_bic(fields),
        product=SavingsProduct(product or SavingsProduct.CALL_MONEY),
        product_name=fields.text("product_name", max_length=100),
        currency=fields.matching("currency", _CURRENCY, "a currency of three letters"),
        opened_on=opened_on,
        closed_on=closed_on,
        interest_rate=fields.optional_rate("interest_rate"),
        maturity_on=fields.optional_day("maturity_on"),
        holders=_holders(fields),
        payout_account=_payout_account(fields),
        direct_debit=_direct_debit(fields),
        updated_at=fields.instant("updated_at"),
    )


def _holders(fields: FieldReader) -> tuple[AccountHolder, ...]:
    holders = tuple(_holder(holder) for holder in fields.children("holders"))
    if len({holder.customer_number for holder in holders}) < len(holders):
        fields.note_once("holders", "a customer number stands there twice")
    return holders


def _holder(fields: FieldReader) -> AccountHolder:
    country = fields.optional_text("country")
    if country is not None and not _COUNTRY.fullmatch(country):
        fields.note("country", "not a country code")
    return AccountHolder(
        customer_number=fields.text("customer_number", max_length=50),
        salutation=fields.choice("salutation", SALUTATIONS) or "0",
        surname=fields.text("surname", max_length=100),
        first_name=fields.optional_text("first_name", max_length=100),
        birth_date=fields.optional_day("birth_date"),
        street=fields.optional_text("street", max_length=100),
        postal_code=fields.optional_text("postal_code", max_length=20),
        city=fields.optional_text("city", max_length=100),
        country=country,
        phone=fields.optional_text("phone", max_length=50),
        email=fields.optional_text("email", max_length=254),
    )


def _payout_account(fields: FieldReader) -> PayoutAccount | None:
    if fields.raw("payout_account") is None:
        return None
    inner = fields.child("payout_account")
    return PayoutAccount(_iban(inner, "iban"), _bic(inner), inner.text("holder", max_length=140))


def _direct_debit(fields: FieldReader) -> DirectDebit | None:
    if fields.raw("direct_debit") is None:
        return None
    inner = fields.child("direct_debit")
    status = inner.choice("status", [member.value for member in MandateStatus])
    return DirectDebit(
        mandate_reference=inner.text("mandate_reference", max_length=35),
        creditor_identifier=inner.text("creditor_identifier", max_length=35),
        signed_on=inner.day("signed_on"),
        iban=_iban(inner, "iban"),
        holder=inner.text("holder", max_length=140),
        last_used_on=inner.optional_day("last_used_on"),
        status=MandateStatus(status or MandateStatus.CANCELLED),
    )


def _iban(fields: FieldReader, name: str) -> str:
    text = fields.text(name)
    if text and not is_sepa_iban(text):
        fields.note(name, "not a valid IBAN of the SEPA zone")
    return read_iban(text)[0]


def _bic(fields: FieldReader) -> str | None:
    text = fields.optional_text("bic")
    bic = read_bic(text)
    if text is not None and bic is None:
        fields.note("bic", "not a BIC")
    return bic


def account_line(record: AccountRecord) -> str:
    """Return the line that is read back as this record, for the writers of demo worlds."""
    fields = to_builtins(record)
    del fields["line"]
    return json.dumps(fields, ensure_ascii=False)
