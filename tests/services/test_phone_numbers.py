"""Which mobile numbers are accepted (F20, F21), by the vectors of the rule."""

from __future__ import annotations

from datetime import date

import phonenumbers
import pytest

from backend.policy import load_policy
from backend.services.phone_numbers import masked_number, normalise_mobile_number, readable_number

REGIONS = load_policy().registration.mobile_regions.on(date(2026, 11, 21))


def _normalise(text: str) -> str | None:
    return normalise_mobile_number(text, regions=REGIONS)


def _example(region: str, kind: int) -> str:
    number = phonenumbers.example_number_for_type(region, kind)
    assert number is not None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def test_F21_a_mobile_number_of_each_of_the_29_states_is_accepted() -> None:
    examples = [_example(region, phonenumbers.PhoneNumberType.MOBILE) for region in REGIONS]
    assert len(examples) == 29
    assert [_normalise(example) for example in examples] == examples


@pytest.mark.parametrize(
    "region",
    [
        "GB",
        "RU",
        "CY",
        "IE",
        "RE",
        "GP",
        "GF",
        "MQ",
        "GI",
        "AD",
        "MC",
        "SM",
        "XK",
        "US",
        "TR",
        "IM",
    ],
)
def test_F21_a_mobile_number_from_elsewhere_is_refused(region: str) -> None:
    assert _normalise(_example(region, phonenumbers.PhoneNumberType.MOBILE)) is None


@pytest.mark.parametrize(
    "text", ["+7 701 234 5678", "+376 312345", "+378 66661212", "+383 43201234"]
)
def test_F21_dial_codes_outside_are_refused(text: str) -> None:
    assert _normalise(text) is None


@pytest.mark.parametrize(
    "text",
    ["0151 23456789", "0049 151 23456789", "+49 (0)151 23456789", "+4915123456789",
     "+49-151/234567-89", "\u00a00151 23456789 "],
)  # fmt: skip
def test_F21_one_number_may_be_written_in_many_ways(text: str) -> None:
    assert _normalise(text) == "+4915123456789"


@pytest.mark.parametrize(
    "text",
    ["030 123456", "+49 30 123456", "0800 1234567", "0151", "0151 2345678901234", "anna", "",
     "+", "+49", "0" * 10_000, "+4915123456789;ext=1" * 3, "\ud800"],
)  # fmt: skip
def test_F20_landlines_and_what_is_no_number_are_refused(text: str) -> None:
    assert _normalise(text) is None


def test_numbers_are_shown_readable_or_mostly_hidden() -> None:
    assert readable_number("+4915123456789") == "+49 1512 3456789"
    assert masked_number("+4915123456789") == "+49 ••• 789"
