"""Reads CSV exports of other banks for accounts that a customer adds by hand."""

from __future__ import annotations

import csv
import re
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

from backend.feeds.bank_csv_presets import COMDIRECT, DELIMITERS, PRESETS, Preset, recognise
from backend.feeds.bank_records import AccountIdentification, Statement, StatementKind
from backend.feeds.bank_tally import EntryDraft, FileTally, StatementTally
from backend.feeds.findings import FeedError, Finding, UnusableRecordError
from backend.feeds.lines import decode, read_lines
from backend.feeds.sepa_text import split_sepa_text
from backend.feeds.values import (
    clean_reference,
    clean_text,
    german_amount,
    plain_amount,
    read_bic,
    read_iban,
)
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from backend.feeds.bank_records import BankEvent

MAX_LINES_BEFORE_HEADER = 50
TWO_DIGIT_YEAR_PIVOT = 80
HEADER_FIELD = "header"
TITLE_CELLS = 2

_DATE = re.compile(
    r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4}|\d{2})"
    r"|(?P<iso_year>\d{4})-(?P<iso_month>\d{2})-(?P<iso_day>\d{2})",
    re.ASCII,
)
# What banks write below the table has no date; a row without one is otherwise a finding.
_SUMMARY = re.compile(
    r"(summe|saldo|gesamt|(alter |neuer |aktueller )?kontostand|(anfangs|end|schluss)saldo)\b",
    re.IGNORECASE,
)
_PARTS_ABOVE = re.compile(r"[;,/\t\"\n]")
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_PENDING = re.compile(r"vorgemerkt|\boffen\b", re.IGNORECASE)


class Table(Value):
    """What the header told: the kind of export, where its columns stand, how many there are."""

    preset: Preset
    positions: dict[str, int]
    width: int
    delimiter: str
    account: AccountIdentification | None

    def cell(self, row: list[str], column: str) -> str:
        """Return a cell, "" if the export has no such column."""
        place = self.positions.get(column)
        return row[place].strip() if place is not None and place < len(row) else ""


class NumberedLines:
    """Decoded lines for the csv module that remember where reading stands.

    `taken` are those of the row that is being read.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.number = 0
        self.taken: list[str] = []
        self._lines = read_lines(stream)

    def __iter__(self) -> NumberedLines:
        return self

    def __next__(self) -> str:
        self.number, raw = next(self._lines)
        line = decode(raw).replace("\x00", "") + "\n"
        self.taken.append(line)
        return line


def read_bank_csv(
    stream: BinaryIO, *, account: AccountIdentification | None = None
) -> Iterator[BankEvent]:
    """Yield Statement, entries and findings, StatementEnd; a new Statement where accounts change.

    Delimiter ";", "," or tab, decimal comma (N26: point), dates as 20.11.26 (80 and above: 19..)
    or 2026-11-20, UTF-8 with or without mark, else Windows-1252 or DOS. `account` is used where
    the export names none in its rows or above them. A bad row is a Finding; FeedError for an
    unknown header (it says what is accepted) or without any usable row.
    """
    lines = NumberedLines(stream)
    table = _read_header(lines)
    account = table.account or account
    if "account" not in table.positions and account is None:
        reason = "this export does not name its account; it has to be told"
        raise FeedError(reason, line=lines.number, field=HEADER_FIELD)
    tally = FileTally()
    current: StatementTally | None = None
    current_key = ""
    for number, row in _rows(lines, table):
        if _is_around_the_table(row, table):
            continue
        try:
            row_account, draft = _read_row(row, table, account)
        except UnusableRecordError as error:
            yield Finding(number, f"row {number}", error.field, error.reason, rejects=True)
            continue
        draft.line = number
        if current is None or row_account.key != current_key:
            if current is not None:
                yield from current.end()
            head = Statement(StatementKind.CSV, row_account, number, currency=draft.currency)
            current, current_key = tally.open(head, "statement"), row_account.key
            yield head
        yield current.entry(draft)
    if current is None:
        raise FeedError("not one row is usable", line=lines.number, field="row", rejects=False)
    yield from current.end()


def _rows(lines: NumberedLines, table: Table) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with its last line; a quote that nobody closes costs its own row only."""
    rows = csv.reader(lines, delimiter=table.delimiter)
    while True:
        lines.taken.clear()
        row: list[str] | None = None
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            rows = csv.reader(lines, delimiter=table.delimiter)
        later = enumerate(lines.taken[1:], start=1)
        begins = [place for place, line in later if _begins_row(line, table)]
        if begins:
            yield from _rows_apart(lines, table, [0, *begins, len(lines.taken)])
        elif row is None:
            raise FeedError("the row can't be read as CSV", line=lines.number)
        else:
            yield lines.number, row


def _rows_apart(
    lines: NumberedLines, table: Table, places: list[int]
) -> Iterator[tuple[int, list[str]]]:
    before = lines.number - len(lines.taken)
    for first, end in pairwise(places):
        for row in csv.reader(lines.taken[first:end], delimiter=table.delimiter):
            yield before + end, row


def _begins_row(line: str, table: Table) -> bool:
    """Tell whether a line is a whole row with its date in place, so that no text goes on there."""
    row = _cells(line, table.delimiter)
    return len(row) == table.width and _DATE.match(table.cell(row, "booking_date")) is not None


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _read_header(lines: NumberedLines) -> Table:
    account: AccountIdentification | None = None
    for line in lines:
        for delimiter in DELIMITERS:
            header = _cells(line, delimiter)
            found = recognise(header)
            if found is not None:
                preset, positions = found
                return Table(preset, positions, len(header), delimiter, account)
        account = account or _account_above(line)
        if lines.number >= MAX_LINES_BEFORE_HEADER:
            break
    accepted = "; ".join(
        f"{preset.name}: {', '.join(preset.columns[column][0] for column in preset.required)}"
        for preset in PRESETS
    )
    raise FeedError(f"unknown columns. Accepted: {accepted}", line=1, field=HEADER_FIELD)


def _account_above(line: str) -> AccountIdentification | None:
    """The account a line above the table names, as "IBAN;DE12 …" or "DE12… / Girokonto"."""
    for part in _PARTS_ABOVE.split(line):
        stored, is_iban = read_iban(part)
        if is_iban:
            return AccountIdentification(stored)
    return None


def _is_around_the_table(row: list[str], table: Table) -> bool:
    # comdirect writes titles and balances ("Alter Kontostand") in rows of two cells.
    filled = [cell for cell in row if cell.strip()]
    if not filled or (table.preset is COMDIRECT and len(filled) <= TITLE_CELLS):
        return True
    has_date = _DATE.search(table.cell(row, "booking_date")) is not None
    return _SUMMARY.match(filled[0].strip()) is not None and not has_date


def _read_row(
    row: list[str], table: Table, account: AccountIdentification | None
) -> tuple[AccountIdentification, EntryDraft]:
    if len(row) < table.width and len(row) <= max(table.positions.values()):
        raise UnusableRecordError("row", f"{len(row)} cells instead of {table.width}")
    is_pending = bool(
        _PENDING.search(table.cell(row, "status"))
        or _PENDING.search(table.cell(row, "booking_date"))
    )
    value_date = _date(table.cell(row, "value_date"), "value date")
    booking_text = table.cell(row, "booking_date")
    booking_date = _date(booking_text, "booking date") if _DATE.search(booking_text) else None
    if (value_date or booking_date) is None:
        raise UnusableRecordError("value date", "the row has no date")
    amount = _amount(table, row)
    draft = EntryDraft(
        value_date=value_date or booking_date or date.min,
        booking_date=booking_date or value_date or date.min,
        amount=amount,
        currency=_currency(table, row),
        is_pending=is_pending,
        entry_reference=clean_reference(table.cell(row, "entry_reference")),
        counterparty_name=clean_text(
            table.cell(row, "counterparty_name")
            or table.cell(row, "payee" if amount < 0 else "payer")
        ),
        counterparty_bic=read_bic(table.cell(row, "counterparty_bic")),
        booking_text=clean_text(table.cell(row, "booking_text")),
    )
    number = clean_text(table.cell(row, "counterparty_iban"))
    if number is not None:
        draft.counterparty_iban, draft.counterparty_iban_is_valid = read_iban(number)
    _take_over_text(draft, table, row)
    return _account(table.cell(row, "account"), account), draft


def _take_over_text(draft: EntryDraft, table: Table, row: list[str]) -> None:
    text = split_sepa_text(table.cell(row, "remittance"))
    draft.remittance_information = clean_text(text.get("SVWZ"))
    for column, tag in (("end_to_end_id", "EREF"), ("mandate_id", "MREF"), ("creditor_id", "CRED")):
        own = clean_reference(table.cell(row, column))
        setattr(draft, column, own or clean_reference(text.get(tag)))


def _account(cell: str, told: AccountIdentification | None) -> AccountIdentification:
    named = clean_text(cell)
    if named is None:
        if told is None:
            raise UnusableRecordError("account", "the row names no account")
        return told
    stored, is_iban = read_iban(named)
    return AccountIdentification(stored) if is_iban else AccountIdentification(None, stored)


def _currency(table: Table, row: list[str]) -> str:
    currency = table.cell(row, "currency").upper() if "currency" in table.positions else "EUR"
    currency = "EUR" if currency == "€" else currency
    if not _CURRENCY.fullmatch(currency):
        raise UnusableRecordError("currency", "no currency")
    return currency


def _amount(table: Table, row: list[str]) -> Decimal:
    text = table.cell(row, "amount")
    debit = table.cell(row, "debit")
    try:
        if table.preset.has_decimal_point:
            return -plain_amount(text[1:]) if text.startswith("-") else plain_amount(text)
        if debit and not text:
            return -abs(german_amount(debit))
        return german_amount(text or table.cell(row, "credit"))
    except ValueError as error:
        raise UnusableRecordError("amount", str(error)) from error


def _date(text: str, name: str) -> date | None:
    if text in {"", "--", "offen"}:
        return None
    found = _DATE.search(text)
    if found is None:
        raise UnusableRecordError(name, "no date")
    year = int(found["year"] or found["iso_year"])
    if year < 100:  # noqa: PLR2004 (two digits)
        year += 1900 if year >= TWO_DIGIT_YEAR_PIVOT else 2000
    try:
        month, day = found["month"] or found["iso_month"], found["day"] or found["iso_day"]
        return date(year, int(month), int(day))
    except ValueError as error:
        raise UnusableRecordError(name, "a date that no calendar has") from error
