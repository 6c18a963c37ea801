"""Writes MT940 files as German banks send them: cp1252, :86: structured in ?00 to ?63."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from backend.feeds.bank_records import AccountIdentification, Balance, Entry, Statement

LINE_LENGTH = 65
SEGMENT_LENGTH = 27
REFERENCE_LENGTH = 16
PURPOSE_SEGMENTS = [f"{number}" for number in (*range(20, 30), *range(60, 64))]
NAME_SEGMENTS = ["32", "33"]

_CODE = re.compile(r"\d{3}", re.ASCII)


def write_mt940(
    stream: BinaryIO,
    statements: Iterable[tuple[Statement, Iterable[Entry]]],
    *,
    encoding: str = "cp1252",
) -> None:
    """Write the statements one after another, lines ended by CRLF.

    Each needs opening and closing balance. A text too long for its fields, with "?" in it, or
    not in the encoding raises ValueError: nothing is cut off silently. MT940 knows no pending
    entries and no batch details; such entries raise ValueError too.
    """
    for statement, entries in statements:
        lines = _statement(statement, entries)
        stream.writelines(f"{line}\r\n".encode(encoding) for line in lines)


def _statement(statement: Statement, entries: Iterable[Entry]) -> Iterator[str]:
    opening, closing = statement.opening, statement.closing
    if opening is None or closing is None:
        raise ValueError("an MT940 statement needs both balances")
    yield f":20:{_short(statement.statement_id or 'STARTUMS')}"
    yield f":25:{_account(statement.account)}"
    yield f":28C:{statement.sequence_number or 0:05}/{statement.page_number or 1:03}"
    yield f":60{'M' if opening.is_intermediate else 'F'}:{_balance(opening)}"
    for entry in entries:
        yield from _entry(entry)
    yield f":62{'M' if closing.is_intermediate else 'F'}:{_balance(closing)}"
    yield "-"


def _account(account: AccountIdentification) -> str:
    if account.iban is not None:
        # Most German banks still write bank code and account number here.
        is_german = account.iban.startswith("DE")
        return f"{account.iban[4:12]}/{account.iban[12:]}" if is_german else account.iban
    prefix = f"{account.bank_code}/" if account.bank_code else ""
    return f"{prefix}{account.number}"


def _amount(amount: Decimal) -> str:
    return f"{abs(amount):.2f}".replace(".", ",")


def _balance(balance: Balance) -> str:
    if balance.on is None or balance.currency is None:
        raise ValueError("an MT940 balance needs day and currency")
    mark = "D" if balance.amount < 0 else "C"
    return f"{mark}{balance.on:%y%m%d}{balance.currency}{_amount(balance.amount)}"


def _entry(entry: Entry) -> Iterator[str]:
    if entry.is_pending or entry.details:
        raise ValueError("MT940 holds neither pending entries nor batch details")
    mark = "D" if entry.amount < 0 else "C"
    if entry.is_reversal:
        mark = "RD" if mark == "C" else "RC"
    reference = _short(entry.entry_reference or "NONREF")
    servicer = entry.account_servicer_reference
    yield (
        f":61:{entry.value_date:%y%m%d}{entry.booking_date:%m%d}{mark}{_amount(entry.amount)}"
        f"NTRF{reference}{f'//{_short(servicer)}' if servicer else ''}"
    )
    yield from _details(entry)


def _details(entry: Entry) -> Iterator[str]:
    code = entry.bank_transaction_code or ""
    parts = [code if _CODE.fullmatch(code) else "999"]
    parts.extend(_segments(["00"], entry.booking_text))
    parts.append("?109310")
    parts.extend(_segments(PURPOSE_SEGMENTS, _purpose(entry)))
    parts.extend(_segments(["30"], entry.counterparty_bic))
    if entry.counterparty_iban is not None:
        parts.append(f"?31{entry.counterparty_iban}")
    parts.extend(_segments(NAME_SEGMENTS, entry.counterparty_name))
    yield from _wrapped(":86:" + "".join(parts))


def _wrapped(text: str) -> Iterator[str]:
    # Readers trim lines, so a line never ends in a blank; "?2" and "1" may well be torn apart.
    while len(text) > LINE_LENGTH:
        head = text[:LINE_LENGTH].rstrip(" ")
        yield head
        text = text[len(head) :]
    yield text


def _purpose(entry: Entry) -> str:
    tagged = [
        ("EREF", entry.end_to_end_id),
        ("MREF", entry.mandate_id),
        ("CRED", entry.creditor_id),
        ("SVWZ", entry.remittance_information),
    ]
    return " ".join(f"{tag}+{text}" for tag, text in tagged if text)


def _segments(numbers: list[str], text: str | None) -> Iterator[str]:
    rest = text or ""
    if "?" in rest:
        raise ValueError("'?' separates the parts of :86:, no text may contain it")
    for number in numbers:
        if not rest:
            return
        yield f"?{number}{rest[:SEGMENT_LENGTH]}"
        rest = rest[SEGMENT_LENGTH:]
    if rest:
        raise ValueError("the text is too long for its fields in :86:")


def _short(text: str) -> str:
    if len(text) > REFERENCE_LENGTH or "//" in text:
        raise ValueError("a reference in MT940 has at most 16 characters and no //")
    return text
