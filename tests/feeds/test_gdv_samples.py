"""Every real GDV file at hand: what is in it, counted by reading the file, and what is odd."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

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
from backend.feeds.gdv.details_persons import AccidentDetails, LifeDetails
from backend.feeds.gdv.details_things import LiabilityDetails, MotorDetails, PropertyDetails
from tests.samples import SAMPLES, WITHOUT_SAMPLES

pytestmark = pytest.mark.skipif(SAMPLES is None, reason=WITHOUT_SAMPLES)

COUNT = ("9999", "Anzahl der Sätze")
NO_0200 = ("0200", "Satzart")
CURRENCY = ("0200", "Währungsschlüssel")
EMPTY = ("0220.020", "Satznummer")
REPEATED = ("0100", "Adresskennzeichen")


class Expected(NamedTuple):
    """What a file holds; findings as (line, record, field)."""

    packages: int
    contracts: int
    partners: int
    fragments: int
    findings: tuple[tuple[int | None, str | None, str | None], ...] = ()


FILES = {
    "Bender_Leben.GDV": Expected(1, 3, 3, 0, ((37, *COUNT),)),
    "Leben_Wagnis2_Riester.GDV": Expected(1, 1, 1, 0, ((15, *COUNT),)),
    "musterdatei_041222.txt": Expected(1, 14, 14, 0),
    "zwei_datenpakete.txt": Expected(
        2,
        19,
        19,
        0,
        (
            (169, *CURRENCY),
            (176, *CURRENCY),
            (182, *CURRENCY),
            (189, *CURRENCY),
            (195, *CURRENCY),
            (200, *COUNT),
        ),
    ),
    # Three records 0220.020 that hold nothing but their Satznummer.
    "satz220.020.txt": Expected(1, 0, 0, 0, ((3, *NO_0200), (6, *COUNT))),
    "satz220.030.txt": Expected(1, 0, 0, 1, ((3, *NO_0200), (7, *COUNT))),
    "satz220.20.fehlerhaft.txt": Expected(
        1, 0, 0, 0, ((3, *EMPTY), (4, *EMPTY), (5, *EMPTY), (3, *NO_0200), (6, *COUNT))
    ),
    # Two records 0200 of two contracts without any partner; the trailer counts 40.
    "teildatensatz_wechsel.gdv": Expected(1, 2, 0, 0, ((2, *NO_0200), (3, *NO_0200), (4, *COUNT))),
    # The same partner three times.
    "test_issue13.txt": Expected(
        1, 0, 1, 1, ((5, *REPEATED), (7, *REPEATED), (3, *NO_0200), (9, *COUNT))
    ),
    "satz/Satz0100030.txt": Expected(1, 0, 1, 1, ((3, *NO_0200), (6, *COUNT))),
    "satz/Satz0123.txt": Expected(0, 0, 0, 0, ((1, "0001", "Satzart"), (1, "9999", "Satzart"))),
    "satz/Satz0220051.txt": Expected(1, 0, 0, 1, ((2, *NO_0200), (4, *COUNT))),
    "satz/Satz0221030.txt": Expected(1, 0, 0, 1, ((3, *NO_0200), (4, *COUNT))),
    "satz/Test_import_0220_020_1-satz-kaput.txt": Expected(
        1, 0, 0, 1, ((4, *NO_0200), (5, *COUNT))
    ),
    # One policyholder in three roles; "Sekretärin" with the ä of IBM code page 850.
    "satz/testcase_0220_010_13.txt": Expected(1, 1, 3, 0, ((15, None, "Zeichensatz"),)),
}


def path(name: str) -> Path:
    return Path(str(SAMPLES), "gdv", name)


def items(name: str) -> list[Item]:
    with path(name).open("rb") as stream:
        return list(read(stream))


def contracts(name: str) -> dict[str, Contract]:
    return {item.number: item for item in items(name) if isinstance(item, Contract)}


def test_no_sample_is_left_out() -> None:
    folder = path("")
    present = {
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and file.parent.name != "spec" and file.name != "LICENSE.txt"
    }

    assert present == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_sample_file_holds_what_was_counted(name: str) -> None:
    found = items(name)
    with_partners = [i for i in found if isinstance(i, Contract | ContractFragment)]

    assert (
        Expected(
            packages=sum(isinstance(item, Header) for item in found),
            contracts=sum(isinstance(item, Contract) for item in found),
            partners=sum(len(item.partners) for item in with_partners),
            fragments=sum(isinstance(item, ContractFragment) for item in found),
            findings=tuple(
                (item.line, item.record, item.field) for item in found if isinstance(item, Finding)
            ),
        )
        == FILES[name]
    )


@pytest.mark.parametrize("name", FILES)
def test_sample_file_is_recognised_by_its_first_kilobyte(name: str) -> None:
    assert detect(path(name).read_bytes()[:1024])


def test_no_other_sample_is_taken_for_gdv() -> None:
    others = [file for file in Path(str(SAMPLES)).rglob("*") if file.is_file()]
    others = [file for file in others if path("") not in file.parents or file.suffix == ".xml"]

    assert len(others) > 50
    assert [file.name for file in others if detect(file.read_bytes()[:1024])] == []


def test_trailer_tells_lines_and_declared_count() -> None:
    trailers = [item for item in items("zwei_datenpakete.txt") if isinstance(item, Trailer)]

    assert [(t.line, t.declared, t.records, t.contracts) for t in trailers] == [
        (165, 162, 165, 14),
        (200, 31605, 32, 5),
    ]


def test_header_tells_sender_period_and_versions() -> None:
    header = items("musterdatei_041222.txt")[0]

    assert isinstance(header, Header)
    assert (header.insurer_number, header.sender) == ("9999", "XXX Versicherung AG")
    assert header.addressee == "BRBRIENNEE,JÜRGEN"
    assert header.period_from == header.period_to == PartialDate(2004, 7, 22)
    assert (header.versions["0100"], header.versions["0220.030"]) == ("1.9", "2.0")
    assert header.versions["0221.030"] == "1.1"


def test_partner_has_surname_first_name_and_contacts_of_both_parts() -> None:
    contract = contracts("musterdatei_041222.txt")["59999999998"]
    (partner,) = contract.partners

    assert (partner.surname, partner.first_name) == ("Pollsmann", "Rudolf")
    assert partner.salutation is Salutation.MR
    assert partner.birth_date == PartialDate(1979, 11, 11)
    assert (partner.postal_code, partner.city) == ("50825", "Köln")
    assert (partner.customer_number, contract.customer_number) == ("W45WWW", "W45WWW")
    assert [contact.value for contact in partner.contacts] == [
        "0221 12345899",
        "0211 123456",
        "0211 345678",
        "0221 445566",
        "0221 777772",
        "polly@example.com",
    ]


def test_own_customer_number_of_a_policyholder_wins_over_that_of_0200() -> None:
    contract = contracts("musterdatei_041222.txt")["59999999997"]

    assert contract.customer_number == "W45WWW"
    assert contract.partners[0].customer_number == "W44WWW"


def test_policyholder_without_customer_number_has_that_of_0200() -> None:
    contract = contracts("zwei_datenpakete.txt")["10680009018297020"]

    assert contract.partners[0].customer_number == contract.customer_number == "01010524920001"


def test_iban_comes_from_part_4_beside_the_old_account_number() -> None:
    fragment = next(i for i in items("satz/Satz0100030.txt") if isinstance(i, ContractFragment))
    (account,) = fragment.partners[0].bank_accounts

    assert (account.iban, account.bic) == ("DE41300606010006605605", "GENODEF1JEV")
    assert (account.account_number, account.bank_code) == ("7101266123", "37160087")
    assert account.has_valid_iban
    assert fragment.partners[0].birth_name == "Musterfrau"


def test_contract_has_dates_payment_status_and_premium() -> None:
    contract = contracts("musterdatei_041222.txt")["59999999998"]

    assert (contract.start, contract.end) == (PartialDate(2004, 5, 1), PartialDate(2009, 5, 1))
    assert (contract.payments_per_year, contract.status) == (12, "1")
    assert (contract.premium, contract.currency) == (Decimal("25.50"), "EUR")
    assert contract.line_of_business == "030"


def test_accident_sums_come_from_the_extension_record() -> None:
    (details,) = contracts("musterdatei_041222.txt")["59999999999"].details

    assert isinstance(details, AccidentDetails)
    assert [(p.surname, p.occupation) for p in details.insured] == [("Kitzelpfütze", "Hausfrau")]
    assert (details.covers[0].death, details.covers[0].disability) == (
        Decimal(50000),
        Decimal(250000),
    )


def test_motor_premiums_of_the_covers_add_up_to_that_of_the_contract() -> None:
    motor = [c for c in contracts("zwei_datenpakete.txt").values() if c.line_of_business == "050"]
    sums = []
    for contract in motor:
        (details,) = contract.details
        assert isinstance(details, MotorDetails)
        total = sum((cover.premium or Decimal() for cover in details.covers), Decimal())
        sums.append((contract.premium, total))

    assert len(sums) == 9
    assert [premium for premium, total in sums if premium != total] == []


def test_motor_details_tell_vehicle_and_no_claims_class() -> None:
    (details,) = contracts("musterdatei_041222.txt")["59999999990"].details

    assert isinstance(details, MotorDetails)
    assert (details.manufacturer, details.licence_plate) == ("VW", "K-WB 4444")
    assert (details.power, details.first_registered_on) == (Decimal(74), PartialDate(2004, 7, 1))
    assert [c.kind for c in details.covers] == ["051", "053", "054"]
    assert (details.covers[0].no_claims_class, details.covers[0].rate_percent) == ("1/2", 115)


def test_bundle_has_the_details_of_each_of_its_lines() -> None:
    contract = contracts("musterdatei_041222.txt")["59999999986"]
    liability, household = contract.details

    assert (contract.is_bundle, contract.line_of_business) == (True, "000")
    assert isinstance(liability, LiabilityDetails)
    assert [(r.text, r.sum_1, r.sum_2) for r in liability.risks] == [
        ("PHV", Decimal(25000), Decimal(3000000))
    ]
    assert isinstance(household, PropertyDetails)
    assert (household.perils, household.living_area) == ("FELS", 103)
    assert [cover.sum_insured for cover in household.covers] == [Decimal(66950)] * 2


def test_pension_tells_yearly_pension_and_beneficiaries() -> None:
    (details,) = contracts("Bender_Leben.GDV")["1162626990"].details

    assert isinstance(details, LifeDetails)
    assert [(t.risk, t.yearly_pension) for t in details.tariffs] == [("2", Decimal("3492.60"))]
    assert [(b.event, b.name) for b in details.beneficiaries] == [
        ("survival", "VN"),
        ("death", "Hinterbliebene"),
    ]
    assert not details.is_occupational_pension


def test_ibm_850_umlaut_is_decoded() -> None:
    (details,) = contracts("satz/testcase_0220_010_13.txt")["2222222"].details

    assert isinstance(details, LifeDetails)
    assert details.insured[0].occupation == "Sekretärin"


def test_roles_of_a_contract_are_kept_apart() -> None:
    contract = contracts("satz/testcase_0220_010_13.txt")["2222222"]

    assert [(p.role, p.is_policyholder) for p in contract.partners] == [
        ("01", True),
        ("03", False),
        ("09", False),
    ]
