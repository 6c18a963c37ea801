"""The transactions of an account as CSV: streamed, in the customer's language, safe to open."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

from backend import database
from backend.models.user_accounts import Locale
from backend.services.transaction_filter import TransactionFilter, condition_of
from backend.services.transaction_queries import queries_of
from backend.services.transactions import fetch_rows
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import date
    from decimal import Decimal

    from sqlalchemy import Row

    from backend.database import Sessions
    from backend.services.transaction_queries import MoneyAccount

BATCH = 500
_COLUMNS = (
    "value_date",
    "booking_date",
    "counterparty",
    "iban",
    "remittance",
    "amount",
    "currency",
    "state",
)
# A spreadsheet would take such a cell for a formula.
_FORMULA = re.compile(r"[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")


async def export_transactions(
    sessions: Sessions, *, account: MoneyAccount, wanted: TransactionFilter, locale: Locale
) -> AsyncIterator[bytes]:
    """Yield the matching transactions as CSV, newest first, 500 rows at a time.

    `account` is visible to who asks, or their own addition. Semicolons and a byte order mark, which
    spreadsheets in Germany expect; German dates and decimal commas, or ISO dates and points in
    English. Each batch is a transaction of its own: a slow client holds nothing up.
    """
    yield b"\xef\xbb\xbf" + _lines([[word(f"csv.{name}", locale) for name in _COLUMNS]])
    condition = condition_of(wanted, queries_of(account).model)
    place = None
    while True:
        async with database.reading(sessions) as session:
            rows = await fetch_rows(
                session, account=account, condition=condition, place=place, most=BATCH
            )
        if rows:
            yield _lines([_cells(row, locale) for row in rows])
        if len(rows) < BATCH:
            return
        last = rows[-1]
        place = (last.value_date, last.booking_date, last.sequence, last.id)


def _cells(row: Row[*tuple[Any, ...]], locale: Locale) -> list[str]:
    state = "pending" if row.is_pending else "reversal" if row.is_reversal else "booked"
    return [
        _date(row.value_date, locale),
        "" if row.is_pending else _date(row.booking_date, locale),
        _harmless(row.counterparty_name or ""),
        _harmless(row.counterparty_iban or ""),
        _harmless(row.remittance_information),
        _amount(row.amount, locale),
        row.currency,
        word(f"csv.{state}", locale),
    ]


def _date(day: date, locale: Locale) -> str:
    return f"{day:%d.%m.%Y}" if locale is Locale.DE else day.isoformat()


def _amount(amount: Decimal, locale: Locale) -> str:
    text = format(amount, "f")
    return text.replace(".", ",") if locale is Locale.DE else text


def _harmless(text: str) -> str:
    """Return a cell that no spreadsheet computes; numbers stay numbers."""
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode()
