"""MT940 as banks and their programs write it: envelopes, missing tags, odd :61: and :86: fields."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from msgspec.structs import replace

from backend.feeds.bank_records import BankEvent, Entry, StatementEnd
from backend.feeds.detect import FeedFormat, detect
from backend.feeds.findings import FeedError
from backend.feeds.mt940 import read_mt940
from tests.feeds.bank import Expected, entries_of, findings_of, statements_of, summary

ENTRY = ":61:2611201120C10,50NTRFNONREF\r\n:86:166?00GUTSCHRIFT?20SVWZ+Miete?32ANNA\r\n"
GOOD = (
    ":20:STARTUMSE\r\n:25:99999999/0001000001\r\n:28C:00012/001\r\n:60F:C261119EUR100,00\r\n"
    f"{ENTRY}:62F:C261120EUR110,50\r\n-\r\n"
)
IN_ENVELOPE = GOOD.replace("-\r\n", "-}")
REFERENCE = ":20:STARTUMSE\r\n"
ACCOUNT = ":25:99999999/0001000001\r\n"
ENVELOPE = "{1:F01MUSTDEFFAXXX0000000000}{2:O9400000MUSTDEFFXXXX0000N}{3:{108:X}}{4:"


def read(text: str) -> list[BankEvent]:
    return list(read_mt940(io.BytesIO(text.encode())))


def the_entry(text: str) -> Entry:
    (entry,) = entries_of(read(text))
    return entry


def described(purpose: str) -> Entry:
    return the_entry(GOOD.replace("166?00GUTSCHRIFT?20SVWZ+Miete?32ANNA", purpose))


@pytest.mark.parametrize(
    "text",
    [
        ENVELOPE + "\r\n" + IN_ENVELOPE,
        ENVELOPE + IN_ENVELOPE,
        f"\r\n \r\n{GOOD}",
        f"\ufeff\r\n{GOOD}",
        f"\x01{GOOD}\x03",
        f"0000 01MUSTDEFFAXXX00001\r\n940 00\r\n{GOOD}",
        f":21:NONREF\r\n{GOOD}",
        GOOD.replace(REFERENCE + ACCOUNT, ACCOUNT + REFERENCE),
        GOOD.replace("60F", "60M").replace("62F", "62M"),
        GOOD.replace("EUR", "CHF"),
        GOOD.replace("ANNA", "ANNA\r\n:99Z:foreign field"),
    ],
)
def test_what_stands_around_or_before_the_reference_costs_nothing(text: str) -> None:
    assert summary(read(text)) == Expected((1,), (True,))


def test_messages_in_envelopes_follow_each_other_on_one_line() -> None:
    other = GOOD.replace("00012/001", "00013/001")
    messages = [IN_ENVELOPE, other.replace("-\r\n", "-}")]

    events = read("".join(f"{ENVELOPE}\r\n{message}" for message in messages))

    assert summary(events) == Expected((1, 1), (True, True))


def test_statements_without_reference_are_told_apart_and_reported() -> None:
    first, second = (GOOD.replace(REFERENCE, "").replace("00012", no) for no in ("12", "13"))

    events = read(first + second)

    assert summary(events) == Expected((1, 1), (True, True), findings=2)
    assert [(found.line, found.field) for found in findings_of(events)] == [
        (1, ":20:"),
        (8, ":20:"),
    ]
    assert not any(found.rejects for found in findings_of(events))


def test_accounts_before_their_references_stay_with_them() -> None:
    turned = GOOD.replace(REFERENCE + ACCOUNT, ACCOUNT + REFERENCE)
    other = turned.replace("0001000001", "0001000002")

    events = read(turned + other)

    numbers = [statement.account.number for statement in statements_of(events)]
    assert numbers == ["0001000001", "0001000002"]


def test_unreadable_entry_is_left_out_and_the_others_import() -> None:
    broken = ENTRY.replace("2611201120", "2613201120")

    events = read(GOOD.replace(ENTRY, broken + ENTRY))

    (finding,) = findings_of(events)
    assert (finding.line, finding.record, finding.field, finding.rejects) == (
        5,
        "statement 1, entry 1",
        ":61:",
        True,
    )
    assert isinstance(events[-1], StatementEnd)
    assert (events[-1].entry_count, events[-1].rejected_count) == (1, 1)


def test_currency_of_a_german_account_without_balances_is_euro_and_reported() -> None:
    text = GOOD.replace(":60F:C261119EUR100,00\r\n", "").replace(":62F:C261120EUR110,50\r\n", "")

    events = read(text)

    assert [entry.currency for entry in entries_of(events)] == ["EUR"]
    assert findings_of(events)[0].field == ":60F:"


def test_currency_of_another_account_without_balances_is_not_guessed() -> None:
    text = GOOD.replace(":60F:C261119EUR100,00\r\n", "").replace(":62F:C261120EUR110,50\r\n", "")

    with pytest.raises(FeedError) as error:
        read(text.replace("99999999/0001000001", "NL56AGDH9619008421"))

    assert (error.value.finding.line, error.value.finding.field) == (1, ":60F:")


@pytest.mark.parametrize(
    ("field", "amount"),
    [
        ("261120C10,50NTRFNONREF", "10.50"),
        ("2611201120CR10,50NTRFNONREF", "10.50"),
        ("2611201120DR10,50NTRFNONREF", "-10.50"),
        ("2611201120RC10,50NTRFNONREF", "-10.50"),
        ("2611201120RDR10,50NTRFNONREF", "10.50"),
        ("2611201120C      10,50 NTRFNONREF", "10.50"),
        ("2611201120C10.50NTRFNONREF", "10.50"),
        ("2611201120C1.010,50NTRFNONREF", "1010.50"),
        ("2611201120C10,N051REF//BANKREF", "10.00"),
        (" 2611201120C000000000010,5S103NONREF\r\n/OCMT/USD12,/EXCH/1,2/", "10.50"),
    ],
)
def test_amount_is_read_in_every_spelling(field: str, amount: str) -> None:
    found = the_entry(GOOD.replace("2611201120C10,50NTRFNONREF", field))

    assert (found.amount, found.is_pending) == (Decimal(amount), False)


@pytest.mark.parametrize("amount", ["1.010", "1.2.3,00"])
def test_amount_whose_dots_leave_doubt_is_refused(amount: str) -> None:
    with pytest.raises(FeedError) as error:
        read(GOOD.replace("C10,50N", f"C{amount}N"))

    assert (error.value.finding.line, error.value.finding.field) == (5, ":61:")


def test_balance_with_a_decimal_dot_keeps_its_cents() -> None:
    assert summary(read(GOOD.replace("EUR110,50", "EUR110.50"))) == Expected((1,), (True,))


@pytest.mark.parametrize(("mark", "amount"), [("EC", "10.50"), ("ED", "-10.50")])
def test_expected_entry_is_pending(mark: str, amount: str) -> None:
    found = the_entry(GOOD.replace("1120C10", f"1120{mark}10"))

    assert (found.is_pending, found.amount) == (True, Decimal(amount))


@pytest.mark.parametrize("separator", ["<", "@", "^"])
def test_structured_text_may_have_another_separator(separator: str) -> None:
    found = described("166?00DAUER?20SVWZ+Miete?32ANNA".replace("?", separator))

    assert (found.booking_text, found.remittance_information, found.counterparty_name) == (
        "DAUER",
        "Miete",
        "ANNA",
    )


def test_slash_tags_are_read() -> None:
    found = described(
        "/TRTP/SEPA INCASSO/EREF/E-1/MARF/M-1/CSID/DE98ZZZ09999999999/NAME/Anna Beispiel\r\n"
        "/REMI/USTD//Miete\r\nNovember/IBAN/DE43999999990001000001/BIC/MUSTDEFF"
    )

    assert (found.end_to_end_id, found.mandate_id) == ("E-1", "M-1")
    assert (found.creditor_id, found.booking_text) == ("DE98ZZZ09999999999", "SEPA INCASSO")
    assert (found.counterparty_name, found.counterparty_bic) == ("Anna Beispiel", "MUSTDEFF")
    assert (found.counterparty_iban, found.counterparty_iban_is_valid) == (
        "DE43999999990001000001",
        True,
    )
    assert found.remittance_information == "Miete November"


def test_counterparty_in_one_slash_tag_is_read() -> None:
    found = described("/CNTP/NL56AGDH9619008421/AGDHNL2A/J JANSEN///REMI/Factuur 1")

    assert found.counterparty_iban == "NL56AGDH9619008421"
    assert (found.counterparty_name, found.remittance_information) == ("J JANSEN", "Factuur 1")


def test_sepa_tags_without_subfields_are_read() -> None:
    found = described("166EREF+E-1MREF+M-1SVWZ+Miete")

    assert (found.end_to_end_id, found.mandate_id) == ("E-1", "M-1")
    assert found.remittance_information == "Miete"


def test_free_text_stays_free_text() -> None:
    found = described("Miete November\r\nAnna/Beispiel")

    assert found.remittance_information == "Miete November Anna/Beispiel"
    assert (found.counterparty_name, found.end_to_end_id) == (None, None)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_files_with_a_byte_order_mark_are_read(encoding: str) -> None:
    text = GOOD.replace("ANNA", "ÄNNCHEN Ľubica")
    raw = text.encode(encoding)

    assert detect(raw) is FeedFormat.MT940
    (entry,) = entries_of(list(read_mt940(io.BytesIO(raw))))
    assert entry.counterparty_name == "ÄNNCHEN Ľubica"


def test_utf_16_that_breaks_off_is_an_error_that_names_the_line() -> None:
    raw = GOOD.encode("utf-16")[:-1]
    with pytest.raises(FeedError, match="UTF-16 is broken") as caught:
        list(read_mt940(io.BytesIO(raw)))
    assert caught.value.finding.line == GOOD.count("\r\n")


@pytest.mark.parametrize("before", ["", "@@", "\r\n@@"])
def test_line_ends_of_fints_are_line_ends(before: str) -> None:
    both = GOOD + GOOD.replace("0001000001", "0001000002")
    text = before + both.replace("\r\n", "@@")

    assert detect(text.encode()) is FeedFormat.MT940
    assert summary(read(text)) == summary(read(both)) == Expected((1, 1), (True, True))
    # In the file all stand in one line.
    line = 2 if "\n" in before else 1
    assert entries_of(read(text)) == [replace(one, line=line) for one in entries_of(read(both))]


def test_two_at_signs_in_a_text_end_no_line() -> None:
    assert described("166?00GUTSCHRIFT?20SVWZ+a@@b?32ANNA").remittance_information == "a@@b"


@pytest.mark.parametrize(
    ("account", "key"),
    [
        ("DE43999999990001000001/EUR", "DE/99999999/0001000001"),
        ("99999999/0001000001/EUR", "DE/99999999/0001000001"),
        ("99999999/1000001EUR", "DE/99999999/0001000001"),
        ("/DE43999999990001000001", "DE/99999999/0001000001"),
        ("//AT39364/12345678912/EUR", "AT39364/12345678912"),
        ("MUSLHUHB/123456789150ABCDEF002/HUF", "MUSLHUHB/123456789150ABCDEF002"),
    ],
)
def test_account_is_known_whatever_stands_around_it(account: str, key: str) -> None:
    (statement,) = statements_of(read(GOOD.replace("99999999/0001000001", account)))
    assert statement.account.key == key


@pytest.mark.parametrize(("number", "read_as"), [("1810118101", 1810118101), ("20261120001", None)])
def test_statement_number_is_read_whole_or_not_at_all(number: str, read_as: int | None) -> None:
    (statement,) = statements_of(read(GOOD.replace("00012/001", number)))
    assert statement.sequence_number == read_as


@pytest.mark.parametrize("minutes", [":20:37 Folgenr. 7", ":21:05", ":25:12 TAN 1", ":28:00?23x"])
def test_time_whose_line_was_broken_is_no_field(minutes: str) -> None:
    text = GOOD.replace("SVWZ+Miete", f"SVWZ+KARTE 2026-11-20T16\r\n{minutes}")
    assert summary(read(text)) == Expected((1,), (True,))
    remittance = the_entry(text).remittance_information
    assert remittance is not None
    assert remittance.startswith(f"KARTE 2026-11-20T16{minutes[:6]}")


def test_statement_that_follows_an_entry_whose_text_ends_in_digits_is_one_of_its_own() -> None:
    first = GOOD.replace("Miete?32ANNA", "Raum 16").replace(":62F:C261120EUR110,50\r\n-\r\n", "")
    second = GOOD.replace("STARTUMSE", "123").replace("00012", "00013")
    assert [one.sequence_number for one in statements_of(read(first + second))] == [12, 13]


def test_foreign_field_does_not_run_into_the_text_before_it() -> None:
    entry = the_entry(GOOD.replace("ANNA", "ANNA\r\n:65F:Dnullnull7414,3"))
    assert entry.counterparty_name == "ANNA"


def test_reference_of_more_than_16_characters_does_not_cost_the_entry() -> None:
    line = "NTRF07300022900000001//BANK1\r\n0000000000000000"
    entry = the_entry(GOOD.replace("NTRFNONREF", line))
    assert (entry.entry_reference, entry.account_servicer_reference) == (
        "0730002290000000",
        "BANK1",
    )


def test_entry_without_description_has_its_supplementary_details() -> None:
    text = GOOD.replace("NTRFNONREF", "NTRFNONREF\r\nMiete November")
    text = text.replace(":86:166?00GUTSCHRIFT?20SVWZ+Miete?32ANNA\r\n", "")
    assert the_entry(text).remittance_information == "Miete November"


@pytest.mark.parametrize("encoding", ["cp437", "cp850", "cp1252", "utf-8"])
def test_umlauts_are_read_whatever_system_wrote_them(encoding: str) -> None:
    text = GOOD.replace("Miete", "Miete für März, Straße").replace("ANNA", "Jörg Müßig")
    (entry,) = entries_of(list(read_mt940(io.BytesIO(text.encode(encoding)))))
    assert entry.remittance_information == "Miete für März, Straße"
    assert entry.counterparty_name == "Jörg Müßig"


def test_quotes_of_windows_are_no_umlauts_of_dos() -> None:
    text = GOOD.replace("Miete", "Der „Zauberberg” €")
    (entry,) = entries_of(list(read_mt940(io.BytesIO(text.encode("cp1252")))))
    assert entry.remittance_information == "Der „Zauberberg” €"
