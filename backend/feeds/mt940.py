"""Reads MT940 and MT942 statements; one malformed statement never costs the others."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, BinaryIO

from backend.feeds.bank_records import AccountIdentification, Balance, Statement, StatementKind
from backend.feeds.bank_tally import FileTally
from backend.feeds.findings import FeedError, Finding, UnusableRecordError
from backend.feeds.mt940_entry import comma_amount, parse_block, read_entry
from backend.feeds.mt940_text import split_statements
from backend.feeds.values import clean_text, money, read_iban
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from backend.feeds.bank_records import BankEvent
    from backend.feeds.bank_tally import EntryDraft
    from backend.feeds.mt940_text import StatementText, TaggedField

OPENING_TAGS = ("60F", "60M", "60")
CLOSING_TAGS = ("62F", "62M", "62")
STATEMENT_LEVEL_TAGS = frozenset({*OPENING_TAGS, *CLOSING_TAGS, "64", "65", "90", "90C", "90D"})
MAX_NUMBER = 2**31 - 1

_NUMBER = re.compile(r"(\d{1,20})(?:/(\d{1,9}))?", re.ASCII)
_CURRENCY_OF_ACCOUNT = re.compile(r"(?<=\d)[ /]?[A-Z]{3}$", re.ASCII)
_BALANCE_WITHOUT_CURRENCY = re.compile(r"([CD]\d{6})(?=[\d,])", re.ASCII | re.IGNORECASE)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_AMOUNT_AT_END = re.compile(r"(?<=[A-Z])[\d.,]+$", re.ASCII | re.IGNORECASE)


class ReadStatement(Value):
    """A statement that could be read whole."""

    head: Statement
    drafts: list[EntryDraft]
    findings: list[Finding]
    rejected_count: int


def read_mt940(stream: BinaryIO) -> Iterator[BankEvent]:
    """Yield per statement: Statement, its findings and entries, StatementEnd.

    An unreadable entry is a Finding that names line and field; a statement with an unreadable head,
    or without any readable entry of those it has, is one Finding. FeedError if not one statement
    is usable.
    """
    tally = FileTally()
    number = 0
    problem: Finding | None = None
    for text in split_statements(stream):
        number += 1
        record = f"statement {number}"
        try:
            read = _read_statement(text, record)
        except UnusableRecordError as error:
            finding = Finding(
                error.line or text.line, record, error.field, error.reason, rejects=True
            )
            problem = problem or finding
            yield finding
            continue
        statement = tally.open(read.head, record)
        statement.rejected_count = read.rejected_count
        yield read.head
        yield from read.findings
        for draft in read.drafts:
            try:
                yield statement.entry(draft)
            except UnusableRecordError as error:
                statement.rejected_count += 1
                yield Finding(draft.line, record, error.field, error.reason, rejects=True)
        yield from statement.end()
    if tally.statement_count == 0:
        raise _nothing_usable(problem)


def _nothing_usable(problem: Finding | None) -> FeedError:
    if problem is None:
        return FeedError("there is no statement in it", line=1, field=":20:")
    return FeedError(
        f"no statement is usable: {problem.reason}",
        line=problem.line,
        record=problem.record,
        field=problem.field,
    )


def _read_statement(text: StatementText, record: str) -> ReadStatement:
    head, findings = _read_head(text, record)
    drafts: list[EntryDraft] = []
    problems: list[UnusableRecordError] = []
    for number, fields in enumerate(_entries(text), start=1):
        place = fields[0].line, f"{record}, entry {number}"
        try:
            draft, doubts = read_entry(fields, head)
        except UnusableRecordError as error:
            problems.append(error)
            findings.append(Finding(*place, error.field, error.reason, rejects=True))
            continue
        drafts.append(draft)
        findings.extend(Finding(*place, ":61:", doubt) for doubt in doubts)
    if problems and not drafts:
        raise problems[0]
    return ReadStatement(head, drafts, findings, len(problems))


def _entries(text: StatementText) -> Iterator[list[TaggedField]]:
    entry: list[TaggedField] = []
    for field in text.fields:
        if field.tag == "61" or field.tag in STATEMENT_LEVEL_TAGS:
            if entry:
                yield entry
            entry = [field] if field.tag == "61" else []
        elif entry and field.tag in {"86", "NS"}:
            entry.append(field)
    if entry:
        yield entry


def _read_head(text: StatementText, record: str) -> tuple[Statement, list[Finding]]:
    account = _account(text)
    findings: list[Finding] = []
    reference = text.all("20")
    if not reference:
        findings.append(Finding(text.line, record, ":20:", "the statement has no reference"))
    kind = StatementKind.MT940
    if not text.all(*OPENING_TAGS) and text.all("13", "13D", "34F"):
        kind = StatementKind.MT942
    opening = _balance(text, OPENING_TAGS, None, position=0)
    closing = _balance(text, CLOSING_TAGS, opening.currency if opening else None, position=-1)
    number, page = _statement_number(text)
    known = opening or closing
    currency = known.currency if known else _floor_limit_currency(text)
    if currency is None and account.key.startswith("DE/"):
        currency = "EUR"
        reason = "no balance tells the currency of this German account, EUR is taken"
        findings.append(Finding(text.line, record, ":60F:", reason))
    head = Statement(
        kind=kind,
        account=account,
        line=text.line,
        statement_id=clean_text(reference[0].lines[0]) if reference else None,
        sequence_number=number,
        page_number=page,
        currency=currency,
        created_on=closing.on if closing else None,
        period_from=opening.on if opening else None,
        period_to=closing.on if closing else None,
        opening=opening,
        closing=closing,
    )
    return head, findings


def _account(text: StatementText) -> AccountIdentification:
    fields = text.all("25", "25P")
    if not fields:
        # What has neither is no statement: name the field it should have begun with.
        name = ":25:" if text.all("20") else ":20:"
        raise UnusableRecordError(name, "the statement names no account", text.line)
    if len(fields) > 1:
        reason = "a second account in one statement"
        raise UnusableRecordError(":25:", reason, fields[1].line)
    named = clean_text(fields[0].lines[0])
    if named is None:
        raise UnusableRecordError(":25:", "the account is empty", fields[0].line)
    # "IBAN", "IBAN EUR", "BLZ/number", "BLZ/number/EUR", "BIC/IBAN", "//country and BLZ/number"
    named = _CURRENCY_OF_ACCOUNT.sub("", named).lstrip("/")
    bank_code, slash, number = named.partition("/")
    stored, is_iban = read_iban(number if slash else named)
    if is_iban:
        return AccountIdentification(stored)
    if not slash:
        return AccountIdentification(None, stored)
    return AccountIdentification(None, stored, bank_code.strip() or None)


def _statement_number(text: StatementText) -> tuple[int | None, int | None]:
    for field in text.all("28C", "28"):
        found = _NUMBER.match(field.lines[0].strip())
        if found:
            number, page = int(found[1]), int(found[2]) if found[2] else None
            # Some banks write a date and more there, which counts nothing.
            return number if 0 < number <= MAX_NUMBER else None, page
    return None, None


def _floor_limit_currency(text: StatementText) -> str | None:
    for field in text.all("34F"):
        currency = field.lines[0].strip()[:3]
        if _CURRENCY.fullmatch(currency):
            return currency
    return None


def _balance(
    text: StatementText, tags: tuple[str, ...], currency: str | None, position: int
) -> Balance | None:
    fields = text.all(*tags)
    if not fields:
        return None
    field = fields[position]
    name = f":{field.tag}:"
    value = field.lines[0].strip()
    # Old systems write the closing balance without currency; the library takes digits for one.
    value = _BALANCE_WITHOUT_CURRENCY.sub(rf"\g<1>{currency or ''}", value, count=1)
    value = _AMOUNT_AT_END.sub(lambda found: comma_amount(found[0], name, field.line), value)
    parsed = parse_block(f":20:X\n{name}{value}", name, field.line).data
    found = next((known for key, known in parsed.items() if key.endswith("_balance")), None)
    if found is None:
        raise UnusableRecordError(name, "the balance can't be read", field.line)
    amount: Decimal = found.amount.amount
    on = found.date
    code = str(found.amount.currency).upper()
    if not _CURRENCY.fullmatch(code):
        raise UnusableRecordError(name, "the balance has no currency", field.line)
    if not amount.is_finite():
        raise UnusableRecordError(name, "the balance has no amount", field.line)
    # The library's own date class has an incompatible constructor and breaks on copying.
    day = date(on.year, on.month, on.day)
    return Balance(money(amount), code, day, is_intermediate=field.tag.endswith("M"))
