"""Parses a generated camt.053 of a million entries and prints peak memory and entries a CPU second.

The file is generated while it is read (no disk, no second copy in memory)::

    python -m bench.camt_memory [ENTRIES] [VERSION]
"""

from __future__ import annotations

import io
import resource
import sys
import time
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO, cast

from backend.demo.camt_writer import Version, camt_pieces
from backend.feeds.bank_records import (
    AccountIdentification,
    Balance,
    Entry,
    Statement,
    StatementEnd,
    StatementKind,
)
from backend.feeds.camt import read_camt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Buffer

COUNTERPARTIES = 5_000
IBAN = "DE43999999990001000001"


def _iban(number: int) -> str:
    account = f"99999999{number:010}"
    return f"DE{98 - int(f'{account}131400') % 97:02}{account}"


def _entries(count: int) -> Iterator[Entry]:
    first_day = date(2026, 1, 1)
    ibans = [_iban(number) for number in range(COUNTERPARTIES)]
    for number in range(count):
        day = first_day + timedelta(days=number % 365)
        yield Entry(
            sequence=number + 1,
            line=None,
            value_date=day,
            booking_date=day,
            amount=Decimal(number % 99_999 + 1) / 100,
            currency="EUR",
            is_pending=False,
            is_reversal=False,
            key="",
            content_key="",
            account_servicer_reference=f"REF{number:09}",
            end_to_end_id=f"E2E-{number}",
            counterparty_name=f"Musterkundin {number % COUNTERPARTIES}",
            counterparty_iban=ibans[number % COUNTERPARTIES],
            counterparty_bic="MUSTDEFFXXX",
            remittance_information=f"Rechnung {number} vom {day}, vielen Dank",
            bank_transaction_code="PMNT/RCDT/ESCT",
            booking_text="GUTSCHRIFT",
        )


class GeneratedFile(io.RawIOBase):
    """The file as a stream that is written only just ahead of its reader."""

    def __init__(self, count: int, version: Version) -> None:
        day = date(2026, 12, 31)
        total = sum(number % 99_999 + 1 for number in range(count))
        head = Statement(
            StatementKind.CAMT_053,
            AccountIdentification(IBAN),
            None,
            statement_id="BENCH-1",
            sequence_number=1,
            currency="EUR",
            created_on=day,
            opening=Balance(Decimal("0.00"), "EUR", day),
            closing=Balance(Decimal(total) / 100, "EUR", day),
        )
        self._pieces = camt_pieces(head.kind, [(head, _entries(count))], version=version)
        self._rest = bytearray()
        self.size = 0

    def readable(self) -> bool:
        """Return True: that is all this stream is for."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Fill the buffer with the next bytes of the file."""
        view = memoryview(buffer).cast("B")
        while len(self._rest) < len(view):
            piece = next(self._pieces, "")
            if not piece:
                break
            self._rest += piece.encode()
        length = min(len(view), len(self._rest))
        view[:length] = self._rest[:length]
        del self._rest[:length]
        self.size += length
        return length


def _peak_mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    version: Version = 2 if sys.argv[2:] == ["2"] else 8
    before = _peak_mebibytes()
    source = GeneratedFile(count, version)
    started = time.process_time()
    written = GeneratedFile(count, version)
    while written.read(1 << 16):
        pass
    generating = time.process_time() - started
    started = time.process_time()
    end: StatementEnd | None = None
    for event in read_camt(cast("BinaryIO", source)):
        if isinstance(event, StatementEnd):
            end = event
    elapsed = time.process_time() - started - generating
    assert end is not None
    assert (end.entry_count, end.reconciles) == (count, True)
    print(f"camt.053 version {version}: {count:,} entries, {source.size / 2**20:,.0f} MiB")
    print(f"peak RSS {_peak_mebibytes():.0f} MiB (before parsing {before:.0f} MiB)")
    print(f"{count / elapsed:,.0f} entries per CPU second (without generating the file)")


if __name__ == "__main__":
    main()
