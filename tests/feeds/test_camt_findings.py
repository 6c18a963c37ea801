"""camt: what does not reconcile, is broken or stands twice becomes a finding, and keys hold."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest

from backend.feeds.bank_records import StatementEnd
from backend.feeds.camt import read_camt
from backend.feeds.findings import FeedError, Finding
from tests.feeds.bank import (
    Expected,
    entries_of,
    findings_of,
    keys_of,
    summary,
)
from tests.feeds.camt_files import ACCOUNT, balance, document, entry


def test_statement_reconciles_when_opening_and_entries_make_the_closing() -> None:
    inner = (
        ACCOUNT
        + balance("PRCD", "100.00")
        + balance("CLBD", "85.00")
        + balance("CLAV", "9999.00")
        + entry("20.00", "DBIT")
        + entry("5.00")
        + entry("7.00", status="PDNG")
    )

    events = list(read_camt(document(inner)))

    assert summary(events) == Expected((3,), (True,), pending=1)


def test_statement_that_does_not_reconcile_is_a_finding_with_the_difference() -> None:
    inner = ACCOUNT + balance("OPBD", "100.00") + balance("CLBD", "100.00") + entry("0.01")

    events = list(read_camt(document(inner)))

    assert findings_of(events) == [
        Finding(
            3,
            "statement 1",
            "balance",
            "does not reconcile: closing - opening - entries = -0.01",
        )
    ]


def test_balances_after_the_entries_count_as_well() -> None:
    inner = ACCOUNT + entry("5.00") + balance("OPBD", "1.00") + balance("CLBD", "6.00")

    end = list(read_camt(document(inner)))[-1]

    assert isinstance(end, StatementEnd)
    assert end.reconciles is True
    assert end.statement.closing is not None
    assert end.statement.closing.amount == Decimal("6.00")


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ("<Ntry><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry>", "Ntry/Amt"),
        (entry(amount="ten"), "Ntry/Amt"),
        (entry(amount="-1.00"), "Ntry/Amt"),
        (entry(sign="BOTH"), "Ntry/CdtDbtInd"),
        (entry(status="LOST"), "Ntry/Sts"),
        (entry(status="INFO"), "Ntry/Sts"),
        (entry().replace("2026-11-20", "2026-02-30"), "Ntry/ValDt"),
        (entry().replace("EUR", "?"), "Ntry/Amt@Ccy"),
        (entry(amount="9" * 18), "amount"),
    ],
)
def test_broken_entry_is_a_finding_and_the_others_come_through(broken: str, field: str) -> None:
    inner = ACCOUNT + balance("OPBD", "0.00") + balance("CLBD", "10.00") + broken + entry()

    events = list(read_camt(document(inner)))

    assert [(finding.record, finding.field) for finding in findings_of(events)] == [
        ("statement 1, entry 1", field)
    ]
    assert [found.amount for found in entries_of(events)] == [Decimal("10.00")]
    assert isinstance(events[-1], StatementEnd)
    assert (events[-1].rejected_count, events[-1].reconciles) == (1, True)


def test_entry_without_any_date_takes_the_statements_and_says_so() -> None:
    undated = entry().replace("<ValDt><Dt>2026-11-20</Dt></ValDt>", "")

    events = list(read_camt(document(ACCOUNT + undated, version="camt.052.001.08")))

    assert [found.value_date for found in entries_of(events)] == [date(2026, 11, 20)]
    assert [finding.field for finding in findings_of(events)] == ["Ntry/ValDt"]


def test_instant_becomes_the_civil_date_in_berlin() -> None:
    late = entry().replace("<Dt>2026-11-20</Dt>", "<DtTm>2026-12-31T23:30:00Z</DtTm>")

    (found,) = entries_of(list(read_camt(document(ACCOUNT + late))))

    assert found.value_date == date(2027, 1, 1)


def test_statement_without_account_is_a_finding_and_the_next_one_imports() -> None:
    head = "<Stmt><Id>S0</Id><CreDtTm>2026-11-20T06:00:00</CreDtTm>"
    text = document(ACCOUNT + entry()).getvalue().decode()
    both = text.replace("<Stmt>", f"{head}{entry()}</Stmt><Stmt>", 1)

    events = list(read_camt(io.BytesIO(both.encode())))

    assert (findings_of(events)[0].record, findings_of(events)[0].field) == (
        "statement 1",
        "Acct/Id",
    )
    assert len(entries_of(events)) == 1


def test_only_statements_without_account_are_an_error() -> None:
    with pytest.raises(FeedError, match="none of 1 statements is usable"):
        list(read_camt(document(entry())))


def test_two_equal_payments_on_one_day_stay_two_and_keep_their_keys() -> None:
    inner = ACCOUNT + entry() + entry()

    keys = keys_of(list(read_camt(document(inner))))

    assert len(set(keys)) == 2
    assert keys == keys_of(list(read_camt(document(inner))))


def test_one_reference_for_different_entries_loses_none_and_is_no_finding() -> None:
    reference = "<AcctSvcrRef>SAMMLER</AcctSvcrRef>"
    inner = ACCOUNT + entry(extra=reference) + entry("11.00", extra=reference)

    events = list(read_camt(document(inner, version="camt.052.001.08")))

    assert len(set(keys_of(events))) == 2
    assert findings_of(events) == []


def test_entry_repeated_with_reference_and_content_is_a_finding() -> None:
    twice = entry(extra="<AcctSvcrRef>R-1</AcctSvcrRef>") * 2

    events = list(read_camt(document(ACCOUNT + twice, version="camt.052.001.08")))

    assert len(set(keys_of(events))) == 2
    assert [finding.field for finding in findings_of(events)] == ["reference"]


def test_statement_twice_in_a_file_gives_the_same_keys_and_a_finding() -> None:
    text = document(ACCOUNT + entry() + entry()).getvalue().decode()
    start, end = text.index("<Stmt>"), text.index("</Stmt>") + len("</Stmt>")
    doubled = text[:end] + text[start:end] + text[end:]

    events = list(read_camt(io.BytesIO(doubled.encode())))

    keys = keys_of(events)
    assert keys[:2] == keys[2:]
    assert "statement id" in [finding.field for finding in findings_of(events)]


def test_same_entry_in_interim_report_and_statement_shares_its_content_key_only() -> None:
    report = entries_of(list(read_camt(document(ACCOUNT + entry(), version="camt.052.001.08"))))
    statement = entries_of(list(read_camt(document(ACCOUNT + entry(), version="camt.053.001.02"))))

    assert report[0].content_key == statement[0].content_key


def test_constant_statement_id_does_not_mix_up_two_days() -> None:
    reference = entry(extra="").replace("<Ntry>", "<Ntry><NtryRef>1</NtryRef>")
    monday, tuesday = (
        ACCOUNT + balance("CLBD", "1.00", day=day) + reference
        for day in ("2026-11-16", "2026-11-17")
    )

    assert keys_of(list(read_camt(document(monday)))) != keys_of(list(read_camt(document(tuesday))))
