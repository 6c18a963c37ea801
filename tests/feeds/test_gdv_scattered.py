"""GDV packages whose records are not in the order of their contracts."""

from __future__ import annotations

import pytest

from backend.feeds.gdv import Contract, ContractFragment, Item, PartialDate, Trailer, reader
from backend.feeds.gdv.details_things import LiabilityDetails
from tests.feeds.test_gdv_reader import (
    HEADER,
    contracts,
    findings,
    general,
    package,
    parsed,
    partner,
    record,
)

NUMBERS = [f"V{number}" for number in range(5)]


def liability(number: str) -> str:
    return record("0220", (43, "9001  01"), (51, "2"), (52, f"PHV {number}"), number=number)


def head(number: str) -> str:
    return record("0210", (43, "1"), (154, "000000004711"), number=number)


def shape(found: list[Item]) -> list[tuple[str, list[str], list[int]]]:
    """Number, surnames and risks per section of each contract."""
    return [
        (
            contract.number,
            [one.surname for one in contract.partners],
            [len(part.risks) for part in contract.details if isinstance(part, LiabilityDetails)],
        )
        for contract in sorted(contracts(found), key=_number)
    ]


def _number(contract: Contract) -> str:
    return contract.number


def people(number: str) -> list[str]:
    bank = record("0100", (209, "DE43999999990001000001"), (256, "4"), number=number)
    return [partner(number, f"Name {number}"), bank]


WHOLE = {
    "by contract": [
        line
        for number in NUMBERS
        for line in (*people(number), general(number), head(number), liability(number))
    ],
    "by record type": [
        *(line for number in NUMBERS for line in people(number)),
        *map(general, NUMBERS),
        *map(head, NUMBERS),
        *map(liability, NUMBERS),
    ],
    "general records first": [
        *map(general, NUMBERS),
        *map(head, NUMBERS),
        *map(liability, NUMBERS),
        *(line for number in NUMBERS for line in people(number)),
    ],
    "details after all contracts": [
        *(line for number in NUMBERS for line in (*people(number), general(number))),
        *(line for number in NUMBERS for line in (head(number), liability(number))),
    ],
    "types backwards": [
        *map(liability, NUMBERS),
        *map(head, reversed(NUMBERS)),
        *map(general, NUMBERS),
        *(line for number in reversed(NUMBERS) for line in people(number)),
    ],
}


@pytest.mark.parametrize("order", sorted(WHOLE))
def test_contracts_are_put_together_from_records_in_any_order(order: str) -> None:
    found = parsed(package(*WHOLE[order]))

    assert shape(found) == [(number, [f"Name {number}"], [1]) for number in NUMBERS]
    assert all(len(one.partners[0].bank_accounts) == 1 for one in contracts(found))
    assert findings(found) == []


def test_each_package_has_its_own_contracts() -> None:
    first = package(*people("V1"), *people("V2"), general("V1"), general("V2"))
    second = package(general("V1"))

    found = parsed([*first, *second])

    assert [(one.number, len(one.partners)) for one in contracts(found)] == [
        ("V1", 1),
        ("V2", 1),
        ("V1", 0),
    ]
    assert isinstance(found[-1], Trailer)


def test_versions_of_a_contract_stay_apart_in_any_order() -> None:
    def later(line: str) -> str:
        return f"{line[:30]}02{line[32:]}"

    changed = later(general("V1", start="01012021"))
    found = parsed(
        package(partner("V1", "Alt"), later(partner("V1", "Neu")), general("V1"), changed)
    )

    assert [(one.sequence, one.partners[0].surname, one.start) for one in contracts(found)] == [
        ("01", "Alt", PartialDate(2020, 1, 1)),
        ("02", "Neu", PartialDate(2021, 1, 1)),
    ]


def test_details_of_a_bundle_stay_with_the_general_record_before_them() -> None:
    bundle = general("V1")[:10] + "000" + general("V1")[13:]
    found = parsed(package(partner("V1"), bundle, head("V1"), liability("V1")))

    assert shape(found) == [("V1", ["Beispiel"], [1])]


def test_records_without_any_0200_in_their_package_remain_a_fragment() -> None:
    found = parsed(package(*people("V1"), *people("V2"), general("V2"), liability("V1")))

    (fragment,) = [item for item in found if isinstance(item, ContractFragment)]
    assert (fragment.number, len(fragment.partners), len(fragment.details)) == ("V1", 1, 1)
    assert findings(found) == [(2, "0200", "Satzart")]


def test_more_records_than_memory_is_meant_for_are_built_early_and_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reader, "MOST_RECORDS", 6)
    pairs = [line for number in ("V1", "V2", "V3") for line in people(number)[:1]]

    found = parsed(package(*pairs, *map(general, ("V1", "V2", "V3")), *map(liability, NUMBERS)))

    assert [one.number for one in contracts(found)] == ["V1", "V2", "V3"]
    assert findings(found)[0] == (9, None, "Satzart")


def test_many_contracts_without_details_are_built_early_without_a_finding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reader, "MOST_RECORDS", 4)

    found = parsed(package(*(line for n in NUMBERS for line in (partner(n), general(n)))))

    assert [one.number for one in contracts(found)] == NUMBERS
    assert findings(found) == []


def test_header_of_a_package_comes_before_contracts_that_waited() -> None:
    found = parsed([HEADER, partner("V1"), partner("V2"), general("V1"), general("V2")])

    kinds = [type(item).__name__ for item in found if not isinstance(item, Trailer)]
    assert kinds == ["Header", "Contract", "Contract", "Finding"]
