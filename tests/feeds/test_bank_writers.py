"""What the demo's writers write, the readers read back: any text, any amount, any version."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from backend.demo.camt_writer import Version, write_camt
from backend.demo.mt940_writer import write_mt940
from backend.feeds.bank_records import (
    AccountIdentification,
    Balance,
    Entry,
    EntryDetail,
    Statement,
    StatementEnd,
    StatementKind,
)
from backend.feeds.camt import read_camt
from backend.feeds.mt940 import read_mt940
from backend.feeds.values import clean_text
from tests.feeds.bank import entries_of, findings_of, statements_of

if TYPE_CHECKING:
    from pathlib import Path

IBANS = [None, "DE16999999990001000002", "AT611904300234573201", "DE44XXXXXXXXXXXXXX0001", "123456"]
VALID = {"DE16999999990001000002", "AT611904300234573201"}
DAYS = st.dates(date(2000, 1, 1), date(2079, 12, 31))
CENTS = st.integers(-(10**10), 10**10).filter(bool)


def texts(alphabet: str | None, longest: int) -> st.SearchStrategy[str | None]:
    characters = (
        st.characters(exclude_categories=["C", "Zl", "Zp", "Zs"], include_characters=" ")
        if alphabet is None
        else st.sampled_from(alphabet)
    )
    return st.none() | st.text(characters, min_size=1, max_size=longest).map(clean_text)


def references(longest: int = 16) -> st.SearchStrategy[str | None]:
    return st.none() | st.text("ABCDEFXYZ0123456789", min_size=1, max_size=longest)


@st.composite
def camt_entries(draw: st.DrawFn) -> Entry:
    cents = draw(CENTS)
    iban = draw(st.sampled_from(IBANS))
    return Entry(
        sequence=1,
        line=None,
        value_date=draw(DAYS),
        booking_date=draw(DAYS),
        amount=Decimal(cents) / 100,
        currency="EUR",
        is_pending=draw(st.booleans()),
        is_reversal=draw(st.booleans()),
        key="",
        content_key="",
        entry_reference=draw(references()),
        account_servicer_reference=draw(references(35)),
        end_to_end_id=draw(references(35)),
        mandate_id=draw(references(35)),
        creditor_id=draw(st.sampled_from([None, "DE98ZZZ09999999999"])),
        counterparty_name=draw(texts(None, 70)),
        counterparty_iban=iban,
        counterparty_iban_is_valid=iban in VALID,
        counterparty_bic=draw(st.sampled_from([None, "MUSTDEFFXXX"])),
        remittance_information=draw(texts(None, 140)),
        bank_transaction_code=draw(st.sampled_from([None, "PMNT/RCDT/ESCT", "NTRF+166"])),
        booking_text=draw(texts(None, 35)),
        detail_count=0,
    )


@st.composite
def mt940_entries(draw: st.DrawFn) -> Entry:
    letters = "ABCDEFGÄÖÜäöüß0123456789.,-/ "
    day = draw(DAYS)
    entry = draw(camt_entries())
    return replace(
        entry,
        value_date=day,
        booking_date=day,
        is_pending=False,
        account_servicer_reference=draw(references()),
        counterparty_name=draw(texts(letters, 54)),
        remittance_information=draw(texts(letters, 140)),
        bank_transaction_code="166",
        booking_text=draw(texts(letters, 27)),
    )


def statement_of(kind: StatementKind, entries: list[Entry]) -> Statement:
    opening = Decimal("1000.00")
    total = sum((entry.amount for entry in entries if not entry.is_pending), Decimal(0))
    day = date(2026, 11, 20)
    return Statement(
        kind,
        AccountIdentification("DE43999999990001000001"),
        None,
        statement_id="STARTUMS",
        sequence_number=7,
        page_number=1,
        servicer_bic="MUSTDEFFXXX" if kind is not StatementKind.MT940 else None,
        owner_name="Anna Beispiel" if kind is not StatementKind.MT940 else None,
        currency="EUR",
        created_on=day,
        opening=Balance(opening, "EUR", day),
        closing=Balance(opening + total, "EUR", day),
    )


def comparable(entry: Entry) -> Entry:
    return replace(
        entry, sequence=0, line=None, key="", content_key="", detail_count=0, amount=+entry.amount
    )


@given(entries=st.lists(camt_entries(), max_size=5), version=st.sampled_from([2, 8]))
@settings(max_examples=80, deadline=None)
def test_camt_written_is_camt_read(entries: list[Entry], version: Version) -> None:
    statement = statement_of(StatementKind.CAMT_053, entries)
    file = io.BytesIO()
    write_camt(file, statement.kind, [(statement, entries)], version=version)

    file.seek(0)
    events = list(read_camt(file))

    assert [comparable(found) for found in entries_of(events)] == [
        comparable(entry) for entry in entries
    ]
    (head,) = statements_of(events)
    written_page = statement.page_number if version == 8 else None
    assert replace(head, line=None) == replace(statement, page_number=written_page)
    assert isinstance(events[-1], StatementEnd)
    assert events[-1].reconciles is True
    assert [finding for finding in findings_of(events) if finding.field != "reference"] == []


@given(entries=st.lists(mt940_entries(), max_size=5), encoding=st.sampled_from(["cp1252", "utf-8"]))
@settings(max_examples=80, deadline=None)
def test_mt940_written_is_mt940_read(entries: list[Entry], encoding: str) -> None:
    statement = statement_of(StatementKind.MT940, entries)
    file = io.BytesIO()
    write_mt940(file, [(statement, entries)], encoding=encoding)

    file.seek(0)
    events = list(read_mt940(file))

    assert isinstance(events[-1], StatementEnd)
    assert events[-1].reconciles is True
    for found, entry in zip(entries_of(events), entries, strict=True):
        assert (found.amount, found.is_reversal) == (entry.amount, entry.is_reversal)
        assert (found.value_date, found.booking_date) == (entry.value_date, entry.booking_date)
        assert found.entry_reference == entry.entry_reference
        assert found.account_servicer_reference == entry.account_servicer_reference
        assert (found.end_to_end_id, found.mandate_id) == (entry.end_to_end_id, entry.mandate_id)
        assert found.creditor_id == entry.creditor_id
        assert found.counterparty_iban == entry.counterparty_iban
        assert found.counterparty_iban_is_valid == entry.counterparty_iban_is_valid
        # Banks lose blanks where a segment ends; the words have to be the same.
        for text in ("counterparty_name", "remittance_information", "booking_text"):
            assert squeezed(getattr(found, text)) == squeezed(getattr(entry, text))


def squeezed(text: str | None) -> str | None:
    return None if text is None else "".join(text.split())


BATCH = Entry(
    sequence=1,
    line=None,
    value_date=date(2026, 11, 20),
    booking_date=date(2026, 11, 20),
    amount=Decimal("-30.00"),
    currency="EUR",
    is_pending=False,
    is_reversal=False,
    key="",
    content_key="",
    account_servicer_reference="R-1",
    bank_transaction_code="PMNT/ICDT/ESCT",
    remittance_information="Miete; Strom",
    details=tuple(
        EntryDetail(Decimal(amount), "EUR", name, None, False, f"E-{name}", None, text)
        for amount, name, text in (("-10.00", "Anna", "Miete"), ("-20.00", "Werk", "Strom"))
    ),
    detail_count=2,
)


@pytest.mark.parametrize("version", [2, 8])
def test_batch_entry_is_read_back_with_its_payments(version: Version) -> None:
    statement = statement_of(StatementKind.CAMT_053, [BATCH])
    file = io.BytesIO()
    write_camt(file, statement.kind, [(statement, [BATCH])], version=version)

    file.seek(0)
    (found,) = entries_of(list(read_camt(file)))

    assert comparable(found) == comparable(BATCH)
    assert found.detail_count == 2


@pytest.mark.parametrize("version", [2, 8])
def test_written_camt052_is_valid_by_its_schema(version: Version, samples: Path) -> None:
    schema_file = samples / "iso20022-xsd" / f"camt.052.001.{version:02}.xsd"
    schema = etree.XMLSchema(etree.parse(schema_file))
    plain = replace(
        BATCH,
        details=(),
        is_pending=True,
        counterparty_name="Zoë & <Söhne>",
        counterparty_iban="DE16999999990001000002",
        counterparty_bic="MUSTDEFFXXX",
        creditor_id="DE98ZZZ09999999999",
        mandate_id="M-1",
        end_to_end_id="E-1",
    )
    entries = [BATCH, plain, replace(plain, amount=Decimal("5.00"), is_reversal=True)]
    statement = replace(
        statement_of(StatementKind.CAMT_052, entries),
        period_from=date(2026, 11, 19),
        period_to=date(2026, 11, 20),
        servicer_name="Musterland Bank AG",
        account_name="Tagesgeld",
    )
    file = io.BytesIO()

    write_camt(file, statement.kind, [(statement, entries)], version=version)

    schema.assertValid(etree.fromstring(file.getvalue()))


@pytest.mark.parametrize(
    "change",
    [
        {"remittance_information": "x" * 400},
        {"remittance_information": "what?"},
        {"entry_reference": "x" * 17},
        {"is_pending": True},
        {"details": BATCH.details},
    ],
)
def test_mt940_writer_refuses_what_the_format_cannot_hold(change: dict[str, object]) -> None:
    entry = replace(BATCH, details=(), detail_count=0)
    statement = statement_of(StatementKind.MT940, [entry])

    with pytest.raises(ValueError, match=r"MT940|:86:"):
        write_mt940(io.BytesIO(), [(statement, [replace(entry, **change)])])
