"""camt as banks write it: encodings that lie, missing elements, netted batches."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest

from backend.feeds.bank_records import BankEvent, StatementEnd
from backend.feeds.camt import read_camt
from backend.feeds.detect import FeedFormat, detect
from backend.feeds.findings import FeedError
from tests.feeds.bank import Expected, entries_of, findings_of, keys_of, statements_of, summary
from tests.feeds.camt_files import ACCOUNT, balance, details, document, entry

FRAMED = ACCOUNT + balance("OPBD", "0.00") + balance("CLBD", "10.00")
GOOD = document(FRAMED + entry(extra="<AddtlNtryInf>Müller</AddtlNtryInf>")).getvalue().decode()
DATED = "<ValDt><Dt>2026-11-20</Dt></ValDt>"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("utf8", "cp1252"),
        ("ISO-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-16-le"),
        ("UTF-16", "utf-16-be"),
    ],
)
def test_encoding_is_read_though_the_declaration_may_lie(declared: str, encoding: str) -> None:
    raw = GOOD.replace("UTF-8", declared).encode(encoding)

    assert detect(raw) is FeedFormat.CAMT
    assert [found.booking_text for found in entries_of(list(read_camt(io.BytesIO(raw))))] == [
        "Müller"
    ]


def test_windows_letters_at_the_edge_of_what_is_read_at_once_are_kept() -> None:
    for shift in range(4):
        filler = f"<!--{'x' * (65_536 - GOOD.index('ü') - 9 + shift)}-->"
        raw = GOOD.replace("<Document", f"{filler}<Document").replace("ü", "üßü").encode("cp1252")

        (found,) = entries_of(list(read_camt(io.BytesIO(raw))))

        assert found.booking_text == "Müßüller"


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff\r\n{GOOD}",
        f"{GOOD}\n\x1a",
        f"{GOOD}\x00\x00",
        GOOD.replace("Müller", "M\x02üller"),
        GOOD.replace("<Ntry>", "<Ntry><!-- one -->"),
        GOOD.replace("Müller", "<![CDATA[Müller]]>"),
        GOOD[GOOD.index("<Document") :],
        GOOD.replace(' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"', ""),
        f"<Envelope>{GOOD[GOOD.index('<Document') :]}</Envelope>",
    ],
)
def test_what_is_around_or_between_the_elements_costs_nothing(text: str) -> None:
    events = list(read_camt(io.BytesIO(text.encode())))

    assert summary(events) == Expected((1,), (True,))
    assert entries_of(events)[0].booking_text == "Müller"


@pytest.mark.parametrize(
    "given",
    [
        "<BookgDt><DtTm>2026-11-20T10:00:00.000+01:00</DtTm></BookgDt>",
        "<BookgDt><DtTm>2026-11-20T10:00:00</DtTm></BookgDt>",
        "<BookgDt><Dt>\n2026-11-20\n</Dt></BookgDt>",
        "<ValDt>2026-11-20</ValDt>",
    ],
)
def test_one_of_the_dates_in_any_form_is_enough(given: str) -> None:
    events = list(read_camt(document(FRAMED + entry().replace(DATED, given))))

    (found,) = entries_of(events)
    assert (found.value_date, found.booking_date) == (date(2026, 11, 20), date(2026, 11, 20))
    assert findings_of(events) == []


def test_charges_and_foreign_amounts_leave_the_booked_amount_alone() -> None:
    foreign = (
        "<AmtDtls><InstdAmt><Amt Ccy='USD'>12.00</Amt></InstdAmt></AmtDtls>"
        "<Chrgs><Rcrd><Amt Ccy='EUR'>1.00</Amt></Rcrd></Chrgs>"
    )

    (found,) = entries_of(list(read_camt(document(FRAMED + entry(extra=foreign)))))

    assert (found.amount, found.currency) == (Decimal("10.00"), "EUR")


def test_batch_that_nets_both_directions_keeps_the_sign_of_each_payment() -> None:
    payments = "".join(
        f"<TxDtls><Amt Ccy='EUR'>{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd></TxDtls>"
        for amount, sign in (("16.00", "CRDT"), ("6.00", "DBIT"))
    )

    (found,) = entries_of(
        list(read_camt(document(FRAMED + entry(extra=f"<NtryDtls>{payments}</NtryDtls>"))))
    )

    assert [one.amount for one in found.details] == [Decimal("16.00"), Decimal("-6.00")]


def test_several_groups_of_details_belong_to_their_entry() -> None:
    both = "".join(details(f"<Refs><EndToEndId>{one}</EndToEndId></Refs>") for one in "AB")

    first, second = entries_of(list(read_camt(document(FRAMED + entry(extra=both) + entry()))))

    assert [one.end_to_end_id for one in first.details] == ["A", "B"]
    assert (second.details, second.detail_count) == ((), 0)


def test_interest_and_related_account_are_not_taken_for_the_statements_own() -> None:
    other = (
        "<RltdAcct><Id><IBAN>DE16999999990001000002</IBAN></Id><Ccy>USD</Ccy></RltdAcct>"
        "<Intrst><Rate><Tp><Pctg>1</Pctg></Tp></Rate></Intrst>"
    )

    (statement,) = statements_of(list(read_camt(document(f"{FRAMED}{other}{entry()}"))))

    assert (statement.account.iban, statement.currency) == ("DE43999999990001000001", "EUR")


@pytest.mark.parametrize("between", ["", "\n", "\ufeff", "\r\n\ufeff"])
def test_documents_joined_into_one_file_are_read_one_after_another(between: str) -> None:
    second = GOOD.replace("Müller", "Schmidt")
    joined = f"{GOOD}{between}{second}".encode() + GOOD.replace("UTF-8", "ISO-8859-1").encode(
        "latin-1"
    )

    events = list(read_camt(io.BytesIO(joined)))

    assert [found.booking_text for found in entries_of(events)] == ["Müller", "Schmidt", "Müller"]
    # The three are one statement three times, which is worth a finding and nothing else.
    assert {found.field for found in findings_of(events)} == {"statement id"}


def test_a_second_document_is_found_wherever_the_file_is_cut() -> None:
    for shift in range(12):
        filler = f"<!--{'x' * (65_536 - len(GOOD.encode()) - 16 + shift)}-->"
        joined = GOOD.replace("<Document", f"{filler}<Document") + GOOD

        assert len(entries_of(list(read_camt(io.BytesIO(joined.encode()))))) == 2


def test_a_document_that_breaks_off_before_the_next_is_an_error() -> None:
    with pytest.raises(FeedError, match="breaks off"):
        list(read_camt(io.BytesIO((GOOD[:-20] + GOOD).encode())))


def test_a_doctype_is_refused_in_a_later_document_too() -> None:
    hostile = GOOD.replace("<Document", "<!DOCTYPE Document [<!ENTITY a 'b'>]><Document")
    with pytest.raises(FeedError, match="DOCTYPE"):
        list(read_camt(io.BytesIO((GOOD + hostile).encode())))


FIRST_PAGE = balance("OPBD", "100.00", day="2026-11-19") + balance("ITBD", "110.00")
LAST_PAGE = balance("ITBD", "110.00") + balance("CLBD", "120.00")


def page(number: int, inner: str, *, is_last: bool) -> str:
    said = f"<PgNb>{number}</PgNb><LastPgInd>{str(is_last).lower()}</LastPgInd>"
    return f"<StmtPgntn>{said}</StmtPgntn>{ACCOUNT}{inner}"


def test_pages_of_a_statement_reconcile_and_keep_equal_entries_apart() -> None:
    first = page(1, FIRST_PAGE + entry(), is_last=False)
    last = page(2, LAST_PAGE + entry(), is_last=True)
    both = f"{first}</Stmt><Stmt><Id>S1</Id>{last}"
    events = list(read_camt(document(both)))
    assert summary(events) == Expected((1, 1), (True, True))
    heads = [event.statement for event in events if isinstance(event, StatementEnd)]
    assert [one.closing and one.closing.is_intermediate for one in heads] == [True, False]


def test_pages_of_messages_of_version_2_keep_equal_entries_apart() -> None:
    period = "<FrToDt><ToDtTm>2026-11-20T23:59:59</ToDtTm></FrToDt>"
    keys = []
    for number in (1, 2):
        header = f"<MsgPgntn><PgNb>{number}</PgNb><LastPgInd>false</LastPgInd></MsgPgntn>"
        file = document(period + ACCOUNT + entry(), version="camt.053.001.02").read()
        file = file.replace(b"<Stmt>", f"<GrpHdr>{header}</GrpHdr><Stmt>".encode())
        keys += keys_of(list(read_camt(io.BytesIO(file))))
    assert len(set(keys)) == 2


def test_interim_balances_of_the_only_page_frame_nothing() -> None:
    only = page(1, LAST_PAGE.replace("CLBD", "CLAV") + entry(), is_last=True)
    (end,) = [one for one in read_camt(document(only)) if isinstance(one, StatementEnd)]
    assert (end.statement.opening, end.statement.closing, end.reconciles) == (None, None, None)


def test_entity_that_nobody_declared_is_named_with_its_line() -> None:
    text = document(ACCOUNT + entry(extra=details("<RmtInf><Ustrd>A&nbsp;B</Ustrd></RmtInf>")))
    with pytest.raises(FeedError, match="Entity 'nbsp' not defined") as caught:
        list(read_camt(text))
    assert caught.value.finding.line == 3


@pytest.mark.parametrize("broken", ["&nbsp;", "&", "<", "</Ntry>", "&#1;"])
def test_what_stands_before_broken_xml_comes_through(broken: str) -> None:
    spoilt = entry(extra=f"<AddtlNtryInf>{broken}</AddtlNtryInf>")
    second = f"<Stmt><Id>S2</Id>{FRAMED}{entry()}{spoilt}"
    reading = read_camt(document(f"{FRAMED}{entry()}</Stmt>{second}"))
    events: list[BankEvent] = []
    with pytest.raises(FeedError) as caught:
        events.extend(reading)
    assert (len(statements_of(events)), len(entries_of(events))) == (2, 2)
    assert caught.value.finding.field == "XML"
