"""Broken bytes of any kind raise nothing but the typed feed error, and every result adds up."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.feeds.accounts_jsonl import read_accounts
from backend.feeds.bank_csv import read_bank_csv
from backend.feeds.bank_jsonl import from_line, to_line
from backend.feeds.bank_records import Entry, Statement, StatementEnd
from backend.feeds.camt import read_camt
from backend.feeds.detect import detect
from backend.feeds.findings import FeedError, Finding
from backend.feeds.manifest import read_manifest
from backend.feeds.mt940 import read_mt940
from tests.samples import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

READERS: dict[str, Callable[[BinaryIO], Iterator[Any]]] = {
    "accounts": read_accounts,
    "camt": read_camt,
    "csv": read_bank_csv,
    "manifest": read_manifest,
    "mt940": read_mt940,
}
SEEDS = {
    "accounts": b'{"iban": "DE43999999990001000001", "product": "CALL_MONEY", "holders": [{}]}\n',
    "camt": (
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>'
        b"<Id>1</Id><Acct><Id><IBAN>DE43999999990001000001</IBAN></Id></Acct><Bal><Tp><CdOrPrtry>"
        b'<Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt>'
        b'<Dt>2026-11-20</Dt></Dt></Bal><Ntry><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        b"<Sts>BOOK</Sts><ValDt><DtTm>2026-11-20T10:00:00+01:00</DtTm></ValDt></Ntry></Stmt>"
        b"</BkToCstmrStmt></Document>"
    ),
    "csv": (
        b"Buchungstag;Wertstellung;Umsatzart;Buchungstext;Betrag;W\xe4hrung;Auftraggeberkonto\n"
        b'02.03.2018;02.03.18;Lastschrift;"Karte ""REWE""";-1.017,22;EUR;538917600\n'
    ),
    "manifest": b'[{"id": "1", "file": "a.pdf", "date": "2026-11-20", "official_decision": true}]',
    "mt940": (
        b":20:X\r\n:25:99999999/1\r\n:28C:1/1\r\n:60F:C261119EUR1,00\r\n"
        b":61:2611201120RD1,00NTRFREF//B\r\n:86:166?00T?20EREF+1?21SVWZ+x?31DE1?32N\r\n:NS:01x\r\n"
        b":62F:C261120EUR2,00\r\n-\r\n"
    ),
}


def consume(reader: Callable[[BinaryIO], Iterator[Any]], data: bytes) -> None:
    entries = 0
    try:
        for event in reader(io.BytesIO(data)):
            if isinstance(event, Entry | Statement | StatementEnd | Finding):
                # What a customer's file says comes back out of its line, whatever it is.
                assert type(from_line(to_line(event))) is type(event)
            if isinstance(event, Entry):
                entries += 1
                assert event.amount.is_finite()
                repr(event).encode()
            elif isinstance(event, StatementEnd):
                assert event.entry_count <= entries
    except FeedError:
        return


@st.composite
def mutated(draw: st.DrawFn, seed: bytes) -> bytes:
    data = bytearray(seed)
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        match draw(st.sampled_from(["set", "cut", "insert", "copy", "end"])):
            case "set" if data:
                data[place] = draw(st.integers(0, 255))
            case "cut":
                del data[place : place + draw(st.integers(1, 40))]
            case "insert":
                data[place:place] = draw(st.binary(max_size=8))
            case "copy":
                piece = data[place : place + draw(st.integers(1, 200))]
                target = draw(st.integers(0, len(data)))
                data[target:target] = piece
            case _:
                del data[place:]
    return bytes(data)


@pytest.mark.parametrize("name", sorted(READERS))
@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_mutated_file_raises_nothing_but_the_feed_error(name: str, data: st.DataObject) -> None:
    content = data.draw(mutated(SEEDS[name]))

    detect(content)
    consume(READERS[name], content)


@pytest.mark.parametrize("name", sorted(READERS))
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@settings(max_examples=80, deadline=None)
def test_arbitrary_bytes_raise_nothing_but_the_feed_error(name: str, content: bytes) -> None:
    consume(READERS[name], content)


FILES = sorted(
    path
    for folder in ("camt/genkgo", "csv", "mt940/jejik", "mt940/wolph")
    for path in ((SAMPLES / folder).rglob("*") if SAMPLES else ())
    if path.is_file()
)


@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_mutated_sample_raises_nothing_but_the_feed_error(
    samples: Path, data: st.DataObject
) -> None:
    assert FILES, f"no bank files below {samples}"
    content = data.draw(st.sampled_from(FILES)).read_bytes()
    broken = data.draw(mutated(content))

    for name in ("camt", "csv", "mt940"):
        consume(READERS[name], broken)
