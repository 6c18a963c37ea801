"""camt: hostile and endless files are refused, and reading frees what it has read."""

from __future__ import annotations

import io
import tracemalloc

import pytest

from backend.feeds.bank_records import BankEvent, Entry
from backend.feeds.camt import read_camt
from backend.feeds.camt.xml import local_name, read_events, release
from backend.feeds.findings import FeedError
from tests.feeds.bank import (
    entries_of,
)
from tests.feeds.camt_files import ACCOUNT, details, document, entry

BILLION_LAUGHS = (
    '<!DOCTYPE Document [<!ENTITY a "lol">'
    + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]>"
)
EXTERNAL_ENTITY = '<!DOCTYPE Document [<!ENTITY j SYSTEM "file:///etc/hostname">]>'
EXTERNAL_DTD = '<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/camt.dtd">'


@pytest.mark.parametrize("prolog", [BILLION_LAUGHS, EXTERNAL_ENTITY, EXTERNAL_DTD])
def test_document_type_declaration_is_refused_before_anything_is_read(prolog: str) -> None:
    text = entry(extra=details("<RmtInf><Ustrd>&j;</Ustrd></RmtInf>"))
    hostile = document(ACCOUNT + text, prolog=prolog)

    with pytest.raises(FeedError) as error:
        list(read_camt(hostile))

    assert error.value.finding.field in {"DOCTYPE", "XML"}


def test_billion_laughs_in_the_head_is_refused_too() -> None:
    text = document(ACCOUNT + entry(), prolog=BILLION_LAUGHS).getvalue()
    hostile = text.replace(b"<BkToCstmrStmt>", b"<BkToCstmrStmt><GrpHdr>&j;</GrpHdr>")

    with pytest.raises(FeedError):
        list(read_camt(io.BytesIO(hostile)))


def test_file_cut_off_is_an_error_after_the_whole_entries() -> None:
    text = document(ACCOUNT + entry() * 3).getvalue()
    events: list[BankEvent] = []

    with pytest.raises(FeedError) as error:
        events.extend(read_camt(io.BytesIO(text[: text.rindex(b"<Ntry>") + 30])))

    assert (error.value.finding.line, error.value.finding.field) == (3, "XML")
    assert len(entries_of(events)) == 2


def test_element_that_never_ends_is_refused_without_filling_memory() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"<Document>" if self.given == size else b"<x>y</x>" * (size // 8)

    with pytest.raises(FeedError, match="within 16 MiB"):
        list(read_camt(Endless()))  # type: ignore[arg-type]


def test_read_entries_do_not_stay_in_the_tree() -> None:
    file = document(ACCOUNT + entry(extra=f"<NtryDtls>{'<TxDtls/>' * 50}</NtryDtls>") * 2_000)
    siblings = set()

    for event, element in read_events(file):
        name = local_name(element)
        if event == "end" and name in {"Ntry", "TxDtls"}:
            release(element, name)
            parent = element.getparent()
            assert parent is not None
            siblings.add(parent.index(element))

    # Entries stand behind Id, CreDtTm and Acct; each has at most its empty predecessor before it.
    assert max(siblings) <= 3


def test_entries_are_freed_while_reading() -> None:
    def peak(count: int) -> int:
        file = document(ACCOUNT + entry() * count)
        tracemalloc.start()
        for _ in read_camt(file):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    few, many = peak(1_000), peak(9_000)

    # 8 bytes per entry for the key table, doubled while it grows; not a hundredth of an Entry.
    assert many - few < 8_000 * 64
    assert isinstance(entries_of(list(read_camt(document(ACCOUNT + entry()))))[0], Entry)
