"""MT940: counts of every sample, balances, isolation of malformed statements, keys."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from backend.feeds.bank_keys import same_statement_key
from backend.feeds.bank_records import (
    AccountIdentification,
    Balance,
    BankEvent,
    Statement,
    StatementEnd,
    StatementKind,
)
from backend.feeds.findings import FeedError, Finding
from backend.feeds.mt940 import read_mt940
from tests.feeds.bank import (
    Expected,
    entries_of,
    findings_of,
    keys_of,
    read_file,
    statements_of,
    summary,
)

if TYPE_CHECKING:
    from pathlib import Path

# Worked out by hand: entries per statement, and whether the bank's own sums hold. Where they
# don't (or the closing balance is missing), and for a 30 February, there is one finding.
SAMPLES = {
    "jejik/commerzbank.txt": Expected((1,), (False,), findings=1),
    "jejik/generic.txt": Expected((1, 1), (True, True)),
    "jejik/ing-dos.txt": Expected((7,), (False,), findings=1),
    "jejik/lbbw.txt": Expected((2,), (True,)),
    "jejik/oldenburgischelandesbank.txt": Expected((1,), (False,), findings=1),
    "jejik/sparkasse.txt": Expected((1, 1), (True, True)),
    "jejik/sparkasse2.txt": Expected((1,), (False,), findings=1),
    "wolph/betterplace/sepa_snippet.sta": Expected((4, 7), (True, False), findings=1),
    "wolph/betterplace/with_binary_character.sta": Expected((3, 1), (True, True)),
    "wolph/cmxl/mt940.sta": Expected((11, 2, 3), (True, True, True)),
    "wolph/self-provided/february_30.sta": Expected((1,), (True,), findings=1),
    "wolph/self-provided/gv_codes.sta": Expected((2,), (None,), findings=1),
    "wolph/self-provided/malformed_details.sta": Expected((1,), (False,), findings=1),
    "wolph/self-provided/overly_long_details.sta": Expected((1,), (False,), findings=1),
    "wolph/self-provided/raphaelm.sta": Expected((6, 2, 1), (True, True, True)),
}
# Line and field that are to blame.
REFUSED = {
    "wolph/betterplace/empty_86.sta": (1, ":20:"),
    "wolph/betterplace/missing_crlf_at_end.sta": (1, ":20:"),
    "wolph/betterplace/sepa_snippet_broken.sta": (6, ":25:"),
    "wolph/self-provided/empty_non_swift.sta": (1, ":20:"),
    "wolph/self-provided/invalid_statement.sta": (1, ":20:"),
    "wolph/self-provided/sparkassen.sta": (1, ":20:"),
}

GOOD = (
    ":20:STARTUMSE\r\n:25:99999999/0001000001\r\n:28C:00012/001\r\n:60F:C261119EUR100,00\r\n"
    ":61:2611201120C10,00NTRFNONREF\r\n:86:166?00GUTSCHRIFT?20SVWZ+Miete?32ANNA\r\n"
    ":62F:C261120EUR110,00\r\n-\r\n"
)


def read(text: str, encoding: str = "utf-8") -> list[BankEvent]:
    return list(read_mt940(io.BytesIO(text.encode(encoding))))


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_sample_gives_the_counts_worked_out_by_hand(name: str, samples: Path) -> None:
    events = read_file(read_mt940, samples / "mt940" / name)

    assert summary(events) == SAMPLES[name]


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_sample_without_usable_statement_is_refused_with_line_and_field(
    name: str, samples: Path
) -> None:
    with pytest.raises(FeedError) as error:
        read_file(read_mt940, samples / "mt940" / name)

    assert (error.value.finding.line, error.value.finding.field) == REFUSED[name]


def test_every_mt940_sample_has_an_expectation(samples: Path) -> None:
    folder = samples / "mt940"
    files = [*folder.rglob("*.sta"), *folder.glob("jejik/[!L]*.txt")]

    assert {path.relative_to(folder).as_posix() for path in files} == set(SAMPLES) | set(REFUSED)


def test_sepa_fields_of_a_returned_direct_debit_are_read(samples: Path) -> None:
    events = read_file(read_mt940, samples / "mt940" / "jejik" / "commerzbank.txt")

    (returned,) = entries_of(events)
    assert returned.amount == Decimal("-12.35")
    assert returned.end_to_end_id == "A1.200080779.400143254.4961336"
    assert returned.entry_reference == "SEPA-DA20200601221740-34972000-P1"
    assert returned.account_servicer_reference == "2016021783252833"
    assert (returned.mandate_id, returned.creditor_id) == ("20852HW2723821", "DE41EON00000129793")
    assert (returned.counterparty_name, returned.counterparty_bic) == ("TESTEREL", "CSDBDE71XXX")
    assert returned.counterparty_iban == "DE50712345600200691329"
    assert returned.counterparty_iban_is_valid is False
    assert (returned.bank_transaction_code, returned.booking_text) == (
        "109",
        "SEPA-LASTSCHR. RETOURE CORE",
    )


def test_reversal_of_a_debit_is_a_credit(samples: Path) -> None:
    events = read_file(read_mt940, samples / "mt940" / "jejik" / "sparkasse2.txt")

    (reversal,) = entries_of(events)
    assert (reversal.is_reversal, reversal.amount) == (True, Decimal("1027.25"))
    assert (reversal.value_date, reversal.booking_date) == (date(2020, 2, 1), date(2020, 2, 19))
    assert reversal.counterparty_name == "GEBÜHREN MANUELL GG UST-FREI"


def test_text_after_the_last_entry_does_not_leak_into_it(samples: Path) -> None:
    events = read_file(read_mt940, samples / "mt940" / "jejik" / "ing-dos.txt")

    last = entries_of(events)[-1]
    assert last.remittance_information == (
        "0111111111 Hr S Marechal ROSMALEN Hr S Marechal ROSMALEN"
        " Betaling transactiedatum: 22-07-2010"
    )


def test_pages_of_one_statement_keep_equal_entries_apart(samples: Path) -> None:
    events = read_file(read_mt940, samples / "mt940" / "wolph" / "self-provided" / "raphaelm.sta")

    assert len(set(keys_of(events))) == 9
    first, second, third = statements_of(events)
    assert first.closing is not None
    assert second.closing is not None
    assert third.closing is not None
    assert (first.closing.amount, first.closing.is_intermediate) == (Decimal(105000), True)
    assert (second.closing.amount, second.closing.is_intermediate) == (Decimal(145000), False)
    assert (third.account.number, third.closing.amount) == ("3346780111", Decimal(95000))
    assert entries_of(events)[0].remittance_information == "Verwendungszweck 1 Verwendungszweck 2"
    assert entries_of(events)[0].counterparty_name == "Empfänger"


def test_february_30_becomes_the_last_of_february_with_a_finding(samples: Path) -> None:
    path = samples / "mt940" / "wolph" / "self-provided" / "february_30.sta"

    events = read_file(read_mt940, path)

    assert entries_of(events)[0].value_date == date(2016, 2, 29)
    (finding,) = findings_of(events)
    assert (finding.line, finding.field, finding.rejects) == (6, ":61:", False)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-8-sig"])
def test_umlauts_are_read_in_both_encodings(encoding: str) -> None:
    events = read(GOOD.replace("ANNA", "Zoë Müßig"), encoding)

    assert entries_of(events)[0].counterparty_name == "Zoë Müßig"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r\r\n", "\r"])
def test_every_line_end_is_read(line_end: str) -> None:
    events = read(GOOD.replace("\r\n", line_end))

    assert summary(events) == Expected((1,), (True,))


@pytest.mark.parametrize(
    ("good", "bad", "line", "field"),
    [
        (":61:2611201120C10,00", ":61:2613201120C10,00", 5, ":61:"),
        (":61:2611201120C10,00", ":61:2611201120C1,0,0", 5, ":61:"),
        (":61:2611201120C10,00", ":61:2611201120X10,00", 5, ":61:"),
        (":60F:C261119EUR100,00", ":60F:C26EUR100,00", 4, ":60F:"),
        (":62F:C261120EUR110,00", ":62F:C261120EUR", 7, ":62F:"),
        (":62F:C261120EUR110,00", ":62F:C261320EUR110,00", 7, ":62F:"),
        (":25:99999999/0001000001", ":25:", 2, ":25:"),
        (":25:99999999/0001000001\r\n", "", 1, ":25:"),
        (":86:166?00", ":25:166?00", 6, ":25:"),
    ],
)
def test_malformed_statement_is_isolated_and_the_others_import(
    good: str, bad: str, line: int, field: str
) -> None:
    broken = GOOD.replace(good, bad)
    assert broken != GOOD
    other = GOOD.replace("00012/001", "00013/001")

    events = read(broken + other)

    assert isinstance(events[0], Finding)
    assert (events[0].line, events[0].field, events[0].rejects) == (line, field, True)
    assert events[0].record == "statement 1"
    assert len(entries_of(events)) == 1


def test_closing_balance_without_currency_takes_that_of_the_opening() -> None:
    events = read(GOOD.replace(":62F:C261120EUR110,00", ":62F:C261120110,00"))

    assert summary(events) == Expected((1,), (True,))


def test_entry_without_transaction_type_is_not_overwritten_by_the_next() -> None:
    line = ":61:2611201120C10,00NTRFNONREF\r\n:86:166?00GUTSCHRIFT?20SVWZ+Miete?32ANNA\r\n"
    bare = ":61:261120C10,00\r\n"

    events = read(GOOD.replace(line, bare + line).replace("EUR110,00", "EUR120,00"))

    assert summary(events) == Expected((2,), (True,))


def test_statement_twice_gives_the_same_keys_and_a_finding() -> None:
    events = read(GOOD + GOOD)

    keys = keys_of(events)
    assert keys[0] == keys[1]
    assert [finding.field for finding in findings_of(events)] == ["statement id"]


def test_statement_number_and_page_are_read() -> None:
    statement = read(GOOD)[0]

    assert isinstance(statement, Statement)
    assert (statement.sequence_number, statement.page_number) == (12, 1)


def test_number_zero_means_the_bank_gives_none() -> None:
    statement = read(GOOD.replace("00012/001", "00000/001"))[0]

    assert isinstance(statement, Statement)
    assert statement.sequence_number is None


def test_account_of_mt940_meets_the_iban_of_camt() -> None:
    statement = read(GOOD)[0]

    assert isinstance(statement, Statement)
    assert statement.account.key == AccountIdentification("DE43999999990001000001").key


def test_same_statement_in_camt_and_mt940_has_one_key() -> None:
    from_mt940 = read(GOOD)[0]
    assert isinstance(from_mt940, Statement)
    from_camt = Statement(
        StatementKind.CAMT_053,
        AccountIdentification("DE43999999990001000001"),
        1,
        statement_id="other",
        opening=Balance(Decimal("100.0"), "EUR", date(2026, 11, 20)),
        closing=Balance(Decimal(110), "EUR", date(2026, 11, 20)),
    )

    assert same_statement_key(from_camt) == same_statement_key(from_mt940)


def test_interim_mt942_has_no_balances_and_does_not_reconcile() -> None:
    interim = (
        ":20:VORMERK\r\n:25:99999999/0001000001\r\n:28C:1/1\r\n:34F:EUR0,\r\n"
        ":13D:2611201200+0100\r\n:61:2611201120C10,00NTRFNONREF\r\n:86:166?20Miete\r\n"
    )

    events = read(interim)

    assert isinstance(events[0], Statement)
    assert events[0].kind is StatementKind.MT942
    assert isinstance(events[-1], StatementEnd)
    assert (events[-1].entry_count, events[-1].reconciles) == (1, None)
    assert findings_of(events) == []


def test_bank_code_and_number_make_the_likely_iban() -> None:
    assert AccountIdentification(None, "202051", "12030000").likely_iban == "DE02120300000000202051"
    assert AccountIdentification(None, "202051").likely_iban is None
    assert AccountIdentification("GB33BUKB20201555555555").likely_iban == "GB33BUKB20201555555555"
