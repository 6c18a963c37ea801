"""Whose the parts of a partner are, and numbers that stand for nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.feeds.test_gdv_reader import (
    contracts,
    findings,
    general,
    package,
    parsed,
    partner,
    record,
    the_contract,
)

if TYPE_CHECKING:
    from backend.feeds.gdv import Contract, Partner

IBANS = ("DE43999999990001000001", "DE16999999990001000002")


def number(text: str, contract: str = "V1") -> str:
    return record("0100", (43, text.rjust(17)), (256, "2"), number=contract)


def bank(iban: str) -> str:
    return record("0100", (209, iban), (256, "4"))


def told(found: Partner) -> tuple[str, str, list[str]]:
    return found.surname, found.customer_number, [one.iban for one in found.bank_accounts]


def test_parts_sorted_by_their_number_go_to_the_partners_in_their_order() -> None:
    found = parsed(
        package(
            partner(),
            partner(name="Muster", role="03"),
            number("K2"),
            number("K3"),
            bank(IBANS[0]),
            bank(IBANS[1]),
            general(),
        )
    )
    first, second = the_contract(found).partners
    assert told(first) == ("Beispiel", "K2", [IBANS[0]])
    assert told(second) == ("Muster", "K3", [IBANS[1]])
    assert findings(found) == [(5, "0100", "Satznummer"), (7, "0100", "Satznummer")]


def test_parts_behind_each_partner_stay_there() -> None:
    lines = package(
        partner(role="02", name="Ohne"), partner(), number("K2"), bank(IBANS[0]), general()
    )
    others, holder = the_contract(parsed(lines)).partners
    assert told(others) == ("Ohne", "", [])
    assert told(holder) == ("Beispiel", "K2", [IBANS[0]])


def test_part_that_no_partner_lacks_is_rejected() -> None:
    lines = package(partner(), number("K2"), partner(name="Muster"), number("K3"), number("K4"))
    found = parsed([*lines[:-1], general(), lines[-1]])
    assert [told(one)[:2] for one in the_contract(found).partners] == [
        ("Beispiel", "K2"),
        ("Muster", "K3"),
    ]
    assert findings(found)[0] == (6, "0100", "Satznummer")


@pytest.mark.parametrize("zeros", ["0", "00000000000000000"])
def test_number_of_zeros_is_none_so_that_strangers_do_not_become_one_customer(zeros: str) -> None:
    def contract(name: str) -> list[str]:
        lines = [partner(name, name=name), number(zeros, name), general(name)]
        return [*lines[:-1], lines[-1].replace("K1".rjust(17), zeros.rjust(17))]

    found: list[Contract] = contracts(parsed(package(*contract("Eins"), *contract("Zwei"))))
    assert [one.partners[0].customer_number for one in found] == ["", ""]


def test_number_of_zeros_gives_way_to_that_of_the_contract() -> None:
    (holder,) = the_contract(parsed(package(partner(), number("0" * 17), general()))).partners
    assert holder.customer_number == "K1"
