"""The traps of real GDV files, each on its own, with records written by the test."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from backend.feeds.gdv import (
    Contract,
    ContractFragment,
    Finding,
    Header,
    Item,
    PartialDate,
    Salutation,
    Trailer,
    detect,
    read,
)
from backend.feeds.gdv.details import GeneralDetails
from backend.feeds.gdv.details_persons import LifeDetails
from backend.feeds.gdv.layout import INVALID, parse_count, parse_date, parse_money
from backend.feeds.gdv.partners import contact, is_valid_iban

HEADER = f"00011234 {'Muster AG':<60}2011202620112026".ljust(255) + "1"
TRAILER = "99990000000000"


def record(kind: str, *places: tuple[int, str], number: str = "V1", sparte: str = "040") -> str:
    """A record of 256 characters; places are (first byte, text)."""
    text = list(f"{kind}1234  {sparte}{number:>17}01{'0815':<10}".ljust(256))
    for byte, value in places:
        text[byte - 1 : byte - 1 + len(value)] = value
    return "".join(text)


def partner(number: str = "V1", name: str = "Beispiel", role: str = "01", key: str = "2") -> str:
    places = ((43, key), (44, name), (104, "Anna"), (226, "12031984"), (237, role), (256, "1"))
    return record("0100", *places, number=number)


def general(number: str = "V1", start: str = "01012020", satz: str = "1") -> str:
    places = ((44, start), (68, "8"), (69, "1"), (113, "EUR"), (116, "000000001234"))
    return record("0200", *places, (159, "K1".rjust(17)), (256, satz), number=number)


CONTRACT = [partner(), general()]


def package(*records: str) -> list[str]:
    lines = [HEADER, *records]
    return [*lines, f"9999{len(lines) + 1:010}".ljust(256)]


def items(data: bytes) -> list[Item]:
    return list(read(BytesIO(data)))


def parsed(lines: list[str], separator: str = "\n", encoding: str = "latin-1") -> list[Item]:
    return items(separator.join(lines).encode(encoding))


def findings(found: list[Item]) -> list[tuple[int | None, str | None, str | None]]:
    return [(i.line, i.record, i.field) for i in found if isinstance(i, Finding)]


def contracts(found: list[Item]) -> list[Contract]:
    return [item for item in found if isinstance(item, Contract)]


def the_contract(found: list[Item]) -> Contract:
    (contract,) = contracts(found)
    return contract


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\r", "", "\n\n", " \n"])
def test_any_separator_between_records_gives_the_same_contract(separator: str) -> None:
    found = parsed(package(*CONTRACT), separator)

    assert the_contract(found).partners[0].surname == "Beispiel"
    assert findings(found) == []


def test_many_records_without_any_line_break_are_read() -> None:
    numbers = [f"V{number}" for number in range(200)]
    lines = package(*(line for n in numbers for line in (partner(n, "Grün"), general(n))))

    for encoding in ("latin-1", "utf-8"):
        found = parsed(lines, "", encoding)
        assert [contract.number for contract in contracts(found)] == numbers
        assert {contract.partners[0].surname for contract in contracts(found)} == {"Grün"}


def test_last_line_without_line_break_and_end_of_file_character_are_fine() -> None:
    assert findings(items("\n".join(package(*CONTRACT)).encode() + b"\n\x1a")) == []


def test_line_of_257_characters_loses_its_last_blank_only() -> None:
    found = parsed([line + " " for line in package(*CONTRACT)])

    assert the_contract(found).customer_number == "K1"
    assert findings(found) == []


def test_text_behind_byte_256_is_reported_once() -> None:
    found = parsed([line + "!" for line in package(*CONTRACT)])

    assert len(contracts(found)) == 1
    assert findings(found) == [(1, None, "Satzlänge")]


def test_trimmed_lines_are_read_and_reported_once() -> None:
    lines = [line.rstrip() for line in package(partner(), general(satz=" "))]
    found = parsed(lines)

    assert the_contract(found).start == PartialDate(2020, 1, 1)
    assert findings(found) == [(3, None, "Satzlänge")]


def test_blank_satznummer_is_the_first_part() -> None:
    found = parsed(package(partner()[:255] + " ", general(satz=" ")))

    assert the_contract(found).partners[0].first_name == "Anna"


@pytest.mark.parametrize("role", ["1 ", " 1", "01"])
def test_adresskennzeichen_of_one_digit_is_the_policyholder(role: str) -> None:
    assert the_contract(parsed(package(partner(role=role), general()))).partners[0].is_policyholder


def test_partner_cut_before_its_role_is_rejected_but_its_contract_is_read() -> None:
    found = parsed(package(partner()[:200], general()))

    assert the_contract(found).partners == ()
    assert [f.line for f in found if isinstance(f, Finding) and f.rejects] == [2]


def test_contract_with_unreadable_start_is_rejected_and_its_partner_kept() -> None:
    found = parsed(package(partner(), general(start="31022020"), partner("V2"), general("V2")))

    assert [contract.number for contract in contracts(found)] == ["V2"]
    assert [(i.number, len(i.partners)) for i in found if isinstance(i, ContractFragment)] == [
        ("V1", 1)
    ]
    assert findings(found) == [(3, "0200", "Vertragsbeginn")]


def test_start_without_day_and_month_is_a_start() -> None:
    assert the_contract(parsed(package(general(start="00002020")))).start == PartialDate(2020)


def test_other_broken_fields_are_left_empty_and_reported() -> None:
    broken = general()[:51] + "99999x99" + general()[59:]
    found = parsed(package(partner(key="7"), broken))

    contract = the_contract(found)
    assert contract.end is None
    assert contract.partners[0].salutation is None
    assert findings(found) == [(3, "0200", "Vertragsablauf"), (2, "0100", "Anredeschlüssel")]


def test_end_before_start_is_reported() -> None:
    found = parsed(package(partner(), general()[:51] + "31122019" + general()[59:]))

    assert the_contract(found).end == PartialDate(2019, 12, 31)
    assert findings(found) == [(3, "0200", "Vertragsablauf")]


def test_record_without_contract_number_is_rejected() -> None:
    found = parsed(package(general(number=""), *CONTRACT))

    assert the_contract(found).number == "V1"
    assert findings(found) == [(2, "0200", "Versicherungsschein-Nummer")]


def test_other_folgenummer_after_the_0200_is_a_later_version_of_the_contract() -> None:
    later = [line[:30] + "02" + line[32:] for line in CONTRACT]

    assert [c.sequence for c in contracts(parsed(package(*CONTRACT, *later)))] == ["01", "02"]


def test_second_0200_of_a_contract_is_rejected() -> None:
    found = parsed(package(*CONTRACT, general(start="01012021")))

    assert the_contract(found).start == PartialDate(2020, 1, 1)
    assert findings(found) == [(4, "0200", "Satznummer")]


def test_second_policyholder_is_kept_and_reported() -> None:
    found = parsed(package(partner(), partner(name="Beispiel-Muster"), general()))

    assert len(the_contract(found).partners) == 2
    assert findings(found) == [(3, "0100", "Adresskennzeichen")]


def test_unknown_record_types_are_counted_and_do_not_part_a_contract() -> None:
    found = parsed(package(partner(), record("0800"), record("0350"), general()))

    assert len(the_contract(found).partners) == 1
    assert [dict(item.unused) for item in found if isinstance(item, Trailer)] == [
        {"0800": 1, "0350": 1}
    ]
    assert findings(found) == []


@pytest.mark.parametrize("difference", [0, -2])
def test_trailer_may_count_with_or_without_header_and_trailer(difference: int) -> None:
    lines = [HEADER, *CONTRACT, f"9999{4 + difference:010}".ljust(256)]

    assert findings(parsed(lines)) == []


@pytest.mark.parametrize("count", ["0000000007", "          ", "ABCDEFGHIJ"])
def test_wrong_count_of_the_trailer_is_reported(count: str) -> None:
    found = parsed([HEADER, *CONTRACT, f"9999{count}".ljust(256)])

    assert len(contracts(found)) == 1
    assert findings(found) == [(4, "9999", "Anzahl der Sätze")]


def test_missing_0001_and_9999_are_reported_and_the_contract_read() -> None:
    found = parsed(CONTRACT)

    assert len(contracts(found)) == 1
    assert findings(found) == [(1, "0001", "Satzart"), (2, "9999", "Satzart")]
    assert [item.line for item in found if isinstance(item, Trailer)] == [None]


def test_next_0001_ends_a_package_without_9999() -> None:
    found = parsed([HEADER, *CONTRACT, *package(partner("V2"), general("V2"))])

    assert [type(item) for item in found if not isinstance(item, Finding)] == [
        Header,
        Contract,
        Trailer,
        Header,
        Contract,
        Trailer,
    ]
    assert findings(found) == [(4, "9999", "Satzart")]


def test_parts_of_a_header_are_one_package() -> None:
    second = HEADER[:255] + "2"

    assert sum(isinstance(i, Header) for i in parsed([HEADER, second, *CONTRACT])) == 1


def test_9999_without_package_is_reported() -> None:
    assert findings(parsed([*package(*CONTRACT), TRAILER])) == [(5, "9999", "Satzart")]


def test_empty_file_is_one_finding() -> None:
    assert items(b"") == [Finding(None, "0001", "Satzart", "the file is empty", rejects=True)]


def test_run_of_foreign_lines_is_one_finding() -> None:
    found = parsed([*package(*CONTRACT)[:3], "Guten", "Tag", *package(*CONTRACT)[3:]])

    assert len(contracts(found)) == 1
    assert findings(found) == [(4, None, "Satzart")]


def test_utf_8_is_read_and_reported_once() -> None:
    found = parsed(package(partner(name="Müßig"), general()), encoding="utf-8")

    assert the_contract(found).partners[0].surname == "Müßig"
    assert findings(found) == [(2, None, "Zeichensatz")]


def test_utf_8_whose_256_counts_bytes_keeps_later_fields_in_place() -> None:
    raw = partner(name="Müßig").encode("utf-8").replace(b"    Anna", b"  Anna", 1)
    assert len(raw) == 256
    found = items(b"\n".join(line.encode() for line in (HEADER,)) + b"\n" + raw + b"\n")

    (fragment,) = [item for item in found if isinstance(item, ContractFragment)]
    (found_partner,) = fragment.partners
    assert (found_partner.surname, found_partner.first_name) == ("Müßig", "Anna")
    assert (found_partner.birth_date, found_partner.role) == (PartialDate(1984, 3, 12), "01")


@pytest.mark.parametrize(
    ("encoding", "name"), [("cp850", "Grün"), ("cp850", "Bärß"), ("cp1252", "Šimon")]
)
def test_code_pages_of_windows_and_dos_are_read_and_reported(encoding: str, name: str) -> None:
    found = parsed(package(partner(name=name), general()), encoding=encoding)

    assert the_contract(found).partners[0].surname == name
    assert findings(found) == [(2, None, "Zeichensatz")]


def test_nul_padding_is_blank() -> None:
    lines = [line.replace("    ", "\0\0\0\0") for line in package(*CONTRACT)]

    assert the_contract(parsed(lines)).partners[0].surname == "Beispiel"


def test_byte_order_mark_is_skipped() -> None:
    found = parsed(package(*CONTRACT), encoding="utf-8-sig")

    assert findings(found) == []
    assert detect("\n".join(package(*CONTRACT)).encode("utf-8-sig"))


def test_masked_iban_is_kept_and_reported() -> None:
    bank = record("0100", (187, "TESTDE00XXX"), (209, "DE43 9999 XXXX XXXX 0000 01"), (256, "4"))
    found = parsed(package(partner(), bank, general()))

    (account,) = the_contract(found).partners[0].bank_accounts
    assert (account.iban, account.has_valid_iban) == ("DE439999XXXXXXXX000001", False)
    assert findings(found) == [(3, "0100", "IBAN 1")]


def test_sepa_mandate_comes_from_part_5() -> None:
    mandate = record(
        "0100",
        (160, "DE98ZZZ09999999999"),
        (195, "M-1"),
        (230, "05032021"),
        (239, "2"),
        (256, "5"),
    )
    (found,) = the_contract(parsed(package(partner(), mandate, general()))).partners

    assert found.mandate is not None
    assert (found.mandate.creditor_identifier, found.mandate.mandate_reference) == (
        "DE98ZZZ09999999999",
        "M-1",
    )
    assert (found.mandate.signed_on, found.mandate.expires_on) == (PartialDate(2021, 3, 5), None)


def test_part_of_a_partner_without_its_first_part_is_rejected() -> None:
    found = parsed(package(record("0100", (256, "4")), general()))

    assert findings(found)[0] == (2, "0100", "Satznummer")


def test_line_without_record_types_of_its_own_is_read_in_the_general_layout() -> None:
    travel = record("0210", (43, "1"), (49, "Reise"), (215, "000000000990"), sparte="920")
    (details,) = the_contract(parsed(package(*CONTRACT, travel))).details

    assert isinstance(details, GeneralDetails)
    assert (details.line_name, details.line_of_business) == ("Reise", "920")
    assert str(details.premium) == "9.90"


def test_premium_of_the_details_stands_in_for_that_of_0200() -> None:
    free = general()[:115] + "000000000000" + general()[127:]
    head = record("0210", (43, "1"), (154, "000000004711"))

    assert str(the_contract(parsed(package(partner(), free, head))).premium) == "47.11"


@pytest.mark.parametrize(
    ("byte", "value", "is_occupational"),
    [
        (43, "1", True),
        (43, "5", True),
        (43, "0", False),
        (119, "1", True),
        (119, "3", True),
        (119, "5", False),
        (119, "7", False),
        (119, "8", True),
        (117, "2", True),
        (117, "6", False),
    ],
)
def test_F39_occupational_origin_is_told_by_0210_part_2(
    byte: int, value: str, *, is_occupational: bool
) -> None:
    pension = record("0210", (byte, value), (256, "2"), sparte="010")
    contract = the_contract(parsed(package(*CONTRACT, pension)))

    assert isinstance(contract.details[0], LifeDetails)
    assert contract.is_occupational_pension is is_occupational


def test_salutation_0_and_blank_are_no_salutation() -> None:
    for key in ("0", " "):
        (found,) = the_contract(parsed(package(partner(key=key), general()))).partners
        assert found.salutation is Salutation.NONE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12031984", PartialDate(1984, 3, 12)),
        ("00031984", PartialDate(1984, 3)),
        ("00001933", PartialDate(1933)),
        ("12001933", PartialDate(1933)),
        ("29022000", PartialDate(2000, 2, 29)),
        ("12030000", PartialDate(None, 3, 12)),
        ("102012", PartialDate(2012, 10)),
        ("31129999", PartialDate(9999, 12, 31)),
        ("00000000", None),
        ("99999999", None),
        ("        ", None),
        ("29022001", INVALID),
        ("31041984", INVALID),
        ("12131984", INVALID),
        ("1.3.1984", INVALID),
        ("²2031984", INVALID),
    ],
)
def test_dates_may_be_partial(text: str, expected: object) -> None:
    assert parse_date(text) == expected


def test_partial_date_knows_its_first_and_last_day() -> None:
    assert PartialDate(1933).latest() == date(1933, 12, 31)
    assert PartialDate(1958, 2).latest() == date(1958, 2, 28)
    assert PartialDate(1958, 2).earliest() == date(1958, 2, 1)
    assert PartialDate(None, 3, 12).latest() is None
    assert [str(PartialDate(1933)), str(PartialDate(1958, 12))] == ["1933", "1958-12"]
    assert (PartialDate(1933).is_exact, PartialDate.of(date(1933, 1, 2)).is_exact) == (False, True)


@pytest.mark.parametrize("text", ["1.5", "²5", "-1", "1 2"])
def test_numbers_are_digits_only(text: str) -> None:
    assert parse_money(text) is INVALID
    assert parse_count(text) is INVALID


@pytest.mark.parametrize(
    ("value", "kind", "result"),
    [
        ("polly(a)example.com", "email", "polly@example.com"),
        ("polly (at) example.com", "email", "polly@example.com"),
        ("polly§example.com", "email", "polly@example.com"),
        ("polly@example.com", "email", "polly@example.com"),
        ("0221 / 1234-5", "phone", "0221 / 1234-5"),
        ("www.example.com", "other", "www.example.com"),
    ],
)
def test_contacts_are_told_by_their_content(value: str, kind: str, result: str) -> None:
    found = contact("50", value)

    assert (found.kind.value, found.value) == (kind, result)


@pytest.mark.parametrize(
    ("iban", "is_valid"),
    [
        ("DE43999999990001000001", True),
        ("AT611904300234573201", True),
        ("DE43999999990001000002", False),
        ("DE4399999999000100XXXX", False),
        ("", False),
        ("9943999999990001000001", False),
    ],
)
def test_iban_check_digits(iban: str, *, is_valid: bool) -> None:
    assert is_valid_iban(iban) is is_valid


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"0001;Muster AG;20.11.2026;4711;" + b"x" * 80,
        b'{"0001": 1}',
        b"%PDF-1.7\n" + b"0" * 300,
        b":20:STARTUMS\r\n:25:10020030/1234567\r\n",
        b"2026-11-20,0100,Miete\n" * 20,
        b"0100\n0200\n0300\n",
        bytes(range(256)) * 4,
    ],
)
def test_other_content_is_not_taken_for_gdv(data: bytes) -> None:
    assert not detect(data)


@pytest.mark.parametrize("separator", ["\n", "\r\n", "", "\r"])
def test_gdv_is_recognised_with_and_without_header(separator: str) -> None:
    assert detect(separator.join(package(*CONTRACT)).encode("latin-1"))
    assert detect(separator.join(CONTRACT * 2).encode("latin-1"))
