"""Keys by which the same statement and the same entry are known again.

What holds (rule "Duplicate key" of the domain, issue "Importing the same file twice"):

- The same statement twice, in one file or in two, gives the same entry keys.
- Entry with a reference: account + statement + reference + occurrence. Entry without: account +
  statement + hash of (value date, booking date, amount, sign, end-to-end id, remittance text) +
  occurrence. The occurrence counts equal entries within the statement in file order, so two equal
  payments on one day, and entries of a bank that writes one reference everywhere, stay apart.
- The statement is known by id and closing day (camt; some banks write a constant id), or by
  number, page, closing day and both balances (MT940, whose :20: and often :28C: are constants).
  Where neither exists (CSV, MT940 without balances) the key leaves the statement out and
  occurrences count per file: overlapping exports of whole days meet.
- A camt.052, camt.054 or MT942 and the statement that follows differ in statement id, text and
  often in the booking day, so their keys differ on purpose: interim entries are provisional. The
  importer drops them when a statement of that account reaches their day; `content_key` (no
  statement, no occurrence) or the bank's reference finds the exact partner before that.
- MT940 beside camt of one day: texts differ, so entry keys do. `same_statement_key` (account,
  closing day, both balances) tells that the statement is there already; the importer skips it.
  It can't tell apart two statements of one day that both net to zero, hence the finding there.
"""

from __future__ import annotations

import hashlib
from array import array
from typing import TYPE_CHECKING

from backend.feeds.bank_records import StatementKind

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from backend.feeds.bank_records import Statement

KEY_BYTES = 16
FIRST_SLOTS = 1 << 10


def digest(*parts: object) -> bytes:
    """Return 16 bytes for the parts, None and "" kept apart."""
    text = "\x1f".join(["\x00" if part is None else str(part) for part in parts])
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=KEY_BYTES).digest()


def content_digest(
    account_key: str,
    *,
    value_date: date,
    booking_date: date,
    amount: Decimal,
    currency: str,
    end_to_end_id: str | None,
    remittance_information: str | None,
) -> bytes:
    """Return the hash of what an entry says; the amount carries its sign."""
    remittance = "".join((remittance_information or "").split())
    normal = format(amount.normalize(), "f")
    return digest(
        account_key, value_date, booking_date, normal, currency, end_to_end_id, remittance
    )


def statement_identity(statement: Statement) -> str | None:
    """Return what tells this statement from others of its account, None if nothing does."""
    if statement.kind not in {StatementKind.MT940, StatementKind.MT942}:
        if statement.statement_id is None:
            return None
        closing_on = statement.closing.on if statement.closing else statement.period_to
        # The further pages of a statement have its id and day.
        page = statement.page_number or 1
        return f"{statement.statement_id}:{closing_on}" + (f":{page}" if page > 1 else "")
    number = f"{statement.sequence_number or 0}/{statement.page_number or 0}"
    opening, closing = statement.opening, statement.closing
    if opening is not None and closing is not None:
        return f"{number}:{closing.on}:{opening.amount}:{closing.amount}"
    known = opening or closing
    if statement.sequence_number is None or known is None:
        return None
    return f"{number}:{known.on}:{known.amount}"


def same_statement_key(statement: Statement) -> str | None:
    """Return a key equal for one statement in MT940 and in camt.053, None without balances."""
    opening, closing = statement.opening, statement.closing
    if opening is None or closing is None or statement.is_interim:
        return None
    amounts = (format(balance.amount.normalize(), "f") for balance in (opening, closing))
    return digest(statement.account.key, closing.on, closing.currency, *amounts).hex()


class OccurrenceCounter:
    """Counts how often a digest came before, in 8 bytes per digest.

    A set of a million Python integers takes 100 MB; this table takes 16 MB and lets a statement
    of a million entries be read in little memory. Only repeated digests get a real counter.
    """

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * FIRST_SLOTS))
        self._used = 0
        self._repeats: dict[int, int] = {}

    def next(self, key: bytes, also: bytes = b"") -> int:
        """Return 0 for a new key (or pair of keys), then 1, 2 and so on."""
        number = int.from_bytes(key[:8], "big")
        # Digests are random bits: combining two needs no third hash.
        number = (number ^ int.from_bytes(also[8:], "big")) or 1
        if self._insert(self._slots, number):
            self._used += 1
            if self._used * 3 > len(self._slots) * 2:
                self._grow()
            return 0
        occurrence = self._repeats.get(number, 0) + 1
        self._repeats[number] = occurrence
        return occurrence

    @staticmethod
    def _insert(slots: array[int], number: int) -> bool:
        mask = len(slots) - 1
        position = number & mask
        while slots[position]:
            if slots[position] == number:
                return False
            position = (position + 1) & mask
        slots[position] = number
        return True

    def _grow(self) -> None:
        larger = array("Q", bytes(16 * len(self._slots)))
        for number in self._slots:
            if number:
                self._insert(larger, number)
        self._slots = larger
