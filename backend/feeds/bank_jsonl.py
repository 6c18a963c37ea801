"""What a bank file says as JSON lines: written where it was read, read where that is trusted less.

The inspecting process writes them out of a stranger's file. It may have been taken over by that
file, so that every value is judged again when it is read.
"""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from backend.feeds.bank_records import (
    AccountIdentification,
    Balance,
    Entry,
    Statement,
    StatementEnd,
    StatementKind,
)
from backend.feeds.findings import Finding

if TYPE_CHECKING:
    from backend.feeds.bank_records import BankEvent

LONGEST_LINE = 1 << 16
LONGEST_TEXT = 2_000
_LARGEST_NUMBER = 2**31
_AMOUNT = re.compile(r"-?\d{1,24}(\.\d{1,20})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_KEY = re.compile(r"[0-9a-f]{32}", re.ASCII)
# Neither database takes NUL nor lone surrogates; other control characters show nothing.
_UNSTORABLE = re.compile("[\x00-\x1f\ud800-\udfff]")
_ENTRY_TEXTS = (
    "entry_reference",
    "account_servicer_reference",
    "end_to_end_id",
    "mandate_id",
    "creditor_id",
    "counterparty_name",
    "counterparty_iban",
    "remittance_information",
    "booking_text",
)
_ENTRY_FLAGS = ("is_pending", "is_reversal", "counterparty_iban_is_valid")


class BrokenLineError(Exception):
    """A line that this portal's reader would not have written; names the field."""


def to_line(event: BankEvent) -> bytes:
    """Return an event as one line; payments inside an entry and technical codes are left out."""
    match event:
        case Statement():
            told = {"is": "statement"} | _statement_values(event)
        case StatementEnd():
            told = {
                "is": "end",
                "reconciles": event.reconciles,
                "entry_count": event.entry_count,
                "pending_count": event.pending_count,
                "rejected_count": event.rejected_count,
                "booked_total": format(event.booked_total, "f"),
            } | _statement_values(event.statement)
        case Finding():
            told = {
                "is": "finding",
                "line": event.line,
                "record": _told(event.record),
                "field": _told(event.field),
                "reason": _told(event.reason),
                "rejects": event.rejects,
            }
        case Entry():
            told = {"is": "entry"} | _entry_values(event)
    return json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def from_line(line: bytes) -> BankEvent:
    """Read a line back.

    Raises:
        BrokenLineError: nothing that `to_line` writes.
    """
    try:
        values = json.loads(line) if len(line) <= LONGEST_LINE else None
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise BrokenLineError("line")
    read = _Values(values)
    match values.get("is"):
        case "statement":
            return _read_statement(read)
        case "end":
            return StatementEnd(
                statement=_read_statement(read),
                entry_count=read.number("entry_count"),
                pending_count=read.number("pending_count"),
                rejected_count=read.number("rejected_count"),
                booked_total=read.amount("booked_total"),
                reconciles=read.optional_flag("reconciles"),
            )
        case "finding":
            return Finding(
                line=read.optional_number("line"),
                record=read.optional_text("record"),
                field=read.optional_text("field"),
                reason=read.optional_text("reason") or "",
                rejects=read.flag("rejects"),
            )
        case "entry":
            return _read_entry(read)
    raise BrokenLineError("is")


def _statement_values(statement: Statement) -> dict[str, Any]:
    account = statement.account
    return {
        "kind": statement.kind.value,
        "account": [account.iban, _told(account.number), _told(account.bank_code)],
        "line": statement.line,
        "statement_id": _told(statement.statement_id),
        "sequence_number": statement.sequence_number,
        "page_number": statement.page_number,
        "currency": statement.currency,
        "created_on": _day(statement.created_on),
        "period_from": _day(statement.period_from),
        "period_to": _day(statement.period_to),
        "opening": _balance_values(statement.opening),
        "closing": _balance_values(statement.closing),
    }


def _balance_values(balance: Balance | None) -> list[Any] | None:
    if balance is None:
        return None
    amount = format(balance.amount, "f")
    return [amount, balance.currency, _day(balance.on), balance.is_intermediate]


def _entry_values(entry: Entry) -> dict[str, Any]:
    told: dict[str, Any] = {
        "sequence": entry.sequence,
        "line": entry.line,
        "value_date": _day(entry.value_date),
        "booking_date": _day(entry.booking_date),
        "amount": format(entry.amount, "f"),
        "currency": entry.currency,
        "key": entry.key,
        "content_key": entry.content_key,
    }
    told |= {name: _told(getattr(entry, name)) for name in _ENTRY_TEXTS}
    return told | {name: getattr(entry, name) for name in _ENTRY_FLAGS}


def _told(text: str | None) -> str | None:
    return None if text is None else _UNSTORABLE.sub(" ", text[:LONGEST_TEXT])


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _read_statement(read: _Values) -> Statement:
    iban, number, bank_code = (_Values({"account": one}) for one in read.list("account", 3))
    try:
        kind = StatementKind(read.optional_text("kind") or "")
    except ValueError as error:
        raise BrokenLineError("kind") from error
    return Statement(
        kind=kind,
        account=AccountIdentification(
            iban.optional_text("account"),
            number.optional_text("account"),
            bank_code.optional_text("account"),
        ),
        line=read.optional_number("line"),
        statement_id=read.optional_text("statement_id"),
        sequence_number=read.optional_number("sequence_number"),
        page_number=read.optional_number("page_number"),
        currency=read.optional_currency("currency"),
        created_on=read.optional_day("created_on"),
        period_from=read.optional_day("period_from"),
        period_to=read.optional_day("period_to"),
        opening=_read_balance(read, "opening"),
        closing=_read_balance(read, "closing"),
    )


def _read_balance(read: _Values, name: str) -> Balance | None:
    if read.is_missing(name):
        return None
    amount, currency, on, is_intermediate = (_Values({name: one}) for one in read.list(name, 4))
    return Balance(
        amount.amount(name),
        currency.optional_currency(name),
        on.optional_day(name),
        is_intermediate=is_intermediate.flag(name),
    )


def _read_entry(read: _Values) -> Entry:
    told: dict[str, Any] = {name: read.optional_text(name) for name in _ENTRY_TEXTS}
    told |= {name: read.flag(name) for name in _ENTRY_FLAGS}
    return Entry(
        sequence=read.number("sequence"),
        line=read.optional_number("line"),
        value_date=read.day("value_date"),
        booking_date=read.day("booking_date"),
        amount=read.amount("amount"),
        currency=read.matching("currency", _CURRENCY),
        key=read.matching("key", _KEY),
        content_key=read.matching("content_key", _KEY),
        **told,
    )


class _Values:
    """One JSON object, each of its values judged when it is read."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def is_missing(self, name: str) -> bool:
        return self._values.get(name) is None

    def optional_text(self, name: str) -> str | None:
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > LONGEST_TEXT or _UNSTORABLE.search(value):
            raise BrokenLineError(name)
        return value

    def matching(self, name: str, pattern: re.Pattern[str]) -> str:
        value = self._values.get(name)
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise BrokenLineError(name)
        return value

    def optional_currency(self, name: str) -> str | None:
        return None if self.is_missing(name) else self.matching(name, _CURRENCY)

    def amount(self, name: str) -> Decimal:
        return Decimal(self.matching(name, _AMOUNT))

    def number(self, name: str) -> int:
        value = self._values.get(name)
        if type(value) is not int or not 0 <= value < _LARGEST_NUMBER:
            raise BrokenLineError(name)
        return value

    def optional_number(self, name: str) -> int | None:
        return None if self.is_missing(name) else self.number(name)

    def day(self, name: str) -> date:
        value = self._values.get(name)
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError as error:
            raise BrokenLineError(name) from error

    def optional_day(self, name: str) -> date | None:
        return None if self.is_missing(name) else self.day(name)

    def flag(self, name: str) -> bool:
        value = self._values.get(name)
        if not isinstance(value, bool):
            raise BrokenLineError(name)
        return value

    def optional_flag(self, name: str) -> bool | None:
        return None if self.is_missing(name) else self.flag(name)

    def list(self, name: str, length: int) -> list[Any]:
        value = self._values.get(name)
        if not isinstance(value, list) or len(value) != length:
            raise BrokenLineError(name)
        return value
