"""IBANs that customers type: every SEPA country's, no other, and no typing error (F88)."""

from __future__ import annotations

import random
import string

import pytest

from backend.errors import InvalidInputError
from backend.services.ibans import require_iban

# The examples of the IBAN registry (SWIFT), compact.
SEPA = [
    "AD1200012030200359100100",
    "AT611904300234573201",
    "BE68539007547034",
    "BG80BNBG96611020345678",
    "CH9300762011623852957",
    "CY17002001280000001200527600",
    "CZ6508000000192000145399",
    "DE89370400440532013000",
    "DK5000400440116243",
    "EE382200221020145685",
    "ES9121000418450200051332",
    "FI2112345600000785",
    "FR1420041010050500013M02606",
    "GB29NWBK60161331926819",
    "GI75NWBK000000007099453",
    "GR1601101250000000012300695",
    "HR1210010051863000160",
    "HU42117730161111101800000000",
    "IE29AIBK93115212345678",
    "IS140159260076545510730339",
    "IT60X0542811101000000123456",
    "LI21088100002324013AA",
    "LT121000011101001000",
    "LU280019400644750000",
    "LV80BANK0000435195001",
    "MC5811222000010123456789030",
    "MT84MALT011000012345MTLCAST001S",
    "NL91ABNA0417164300",
    "NO9386011117947",
    "PL61109010140000071219812874",
    "PT50000201231234567890154",
    "RO49AAAA1B31007593840000",
    "SE4550000000058398257466",
    "SI56263300012039086",
    "SK3112000000198742637541",
    "SM86U0322509800000000270100",
    "VA59001123000012345678",
]
ELSEWHERE = [
    "AE070331234567890123456",
    "AZ21NABZ00000000137010001944",
    "BA391290079401028494",
    "BH67BMAG00001299123456",
    "BR1800360305000010009795493C1",
    "GE29NB0000000101904917",
    "IL620108000000099999999",
    "KZ86125KZT5004100100",
    "LB62099900000001001901229114",
    "MU17BOMM0101101030300200000MUR",
    "PK36SCBL0000001123456702",
    "QA58DOHB00001234567890ABCDEFG",
    "SA0380000000608010167519",
    "TN5910006035183598478831",
    "TR330006100519786457841326",
    "UA213223130000026007233566001",
    "VG96VPVG0000012345678901",
    "XK051212012345678906",
]
MUTATIONS = 12_000
CHARACTERS = string.digits + string.ascii_uppercase


def _reason(typed: str) -> str:
    with pytest.raises(InvalidInputError) as refused:
        require_iban(typed)
    [problem] = refused.value.problems
    return problem.message_key


@pytest.mark.parametrize("iban", SEPA)
def test_F88_the_iban_of_every_sepa_country_is_accepted(iban: str) -> None:
    typed = " ".join(iban[at : at + 4] for at in range(0, len(iban), 4)).lower()
    assert require_iban(f" {typed}\u00a0").compact == iban
    assert require_iban(typed).formatted.replace(" ", "") == iban


@pytest.mark.parametrize("iban", ELSEWHERE)
def test_F88_an_iban_outside_the_sepa_zone_is_refused_for_that(iban: str) -> None:
    assert _reason(iban) == "field.iban_not_sepa"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "field.required"),
        ("  ", "field.required"),
        ("12", "field.iban_country"),
        ("XX89370400440532013000", "field.iban_country"),
        ("DE8937040044053201300", "field.iban_length"),
        ("DE893704004405320130000", "field.iban_length"),
        ("DE8937040044053201300O", "field.iban_characters"),
        ("DE89\uff1370400440532013000", "field.iban_characters"),
        ("DE88370400440532013000", "field.iban_checksum"),
        ("DE89" + "0" * 5_000, "field.iban_length"),
    ],
)
def test_F88_what_is_wrong_with_an_iban_is_told(typed: str, reason: str) -> None:
    assert _reason(typed) == reason


def test_F88_the_bank_is_named_where_a_registry_knows_it() -> None:
    assert require_iban("DE89370400440532013000").bank_name == "Commerzbank"
    assert require_iban("DE43999999990001000001").bank_name is None


def test_F88_no_typing_error_is_accepted() -> None:
    """One character wrong, two neighbours swapped: mod 97 finds all of these (ISO 7064)."""
    chance = random.Random(20261121)  # noqa: S311
    tried = 0
    while tried < MUTATIONS:
        iban = chance.choice(SEPA)
        at = chance.randrange(2, len(iban) - 1)
        if chance.random() < 0.5:
            same_kind = string.digits if iban[at].isdigit() else string.ascii_uppercase
            wrong = iban[:at] + chance.choice(same_kind) + iban[at + 1 :]
        else:
            wrong = iban[:at] + iban[at + 1] + iban[at] + iban[at + 2 :]
        # A letter counts as two digits: beside a digit, it is not always told.
        if wrong == iban or iban[at].isdigit() != iban[at + 1].isdigit():
            continue
        tried += 1
        assert _reason(wrong) in {"field.iban_checksum", "field.iban_characters"}, wrong


def test_F88_nothing_is_accepted_whose_check_digits_do_not_fit() -> None:
    chance = random.Random(97)  # noqa: S311
    accepted = 0
    for _ in range(MUTATIONS):
        iban = list(chance.choice(SEPA))
        for _ in range(chance.randint(1, 4)):
            iban[chance.randrange(len(iban))] = chance.choice(CHARACTERS)
        typed = "".join(iban)
        try:
            require_iban(typed)
        except InvalidInputError:
            continue
        accepted += 1
        moved = typed[4:] + typed[:4]
        assert int("".join(str(int(one, 36)) for one in moved)) % 97 == 1, typed
    # Chance alone lets one of 97 fit; if nothing came through, nothing was judged.
    assert 0 < accepted < MUTATIONS / 20
