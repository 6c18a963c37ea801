"""The attacks of `make attack` in small, so that they go on working; the bounds are theirs."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from attack import __main__ as attacks
from attack.rank_test import p_value

if TYPE_CHECKING:
    from attack.tally import Tally

ROOT = Path(__file__).parents[2]
# How many guesses, changes, samples or requests, where a program has a number of them.
SMALL = {
    "tan_guessing": (1000,),
    "changed_operations": (40,),
    "enumeration": (10,),
    "sms_pumping": (200,),
    "core_system_faults": (14,),
    "kills_during_delivery": (12,),
    "parallel_changes": (40, 4),
    "parallel_claims": (2, 2),
}


@pytest.mark.parametrize("name", attacks.PROGRAMS)
async def test_an_attack_finds_nothing(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    broken = await attacks.run(name, "sqlite", *SMALL.get(name, ()))
    # How long answers take says something in large numbers only.
    assert [bound for bound in broken if "medians differ" not in bound] == [], capsys.readouterr()
    assert "held" in capsys.readouterr().out


def test_a_broken_bound_is_told_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def attack(_target: object, tally: Tally) -> None:
        tally.bound("three of two", holds=False)
        tally.bound("two of two", holds=True)

    monkeypatch.setattr("attack.cross_site_requests.attack", attack)
    assert attacks.main(["cross_site_requests"]) == 1
    assert capsys.readouterr().out.endswith("\ncross_site_requests: three of two\n")


def test_every_attack_is_run_and_described() -> None:
    programs = {
        path.stem
        for path in (ROOT / "attack").glob("*.py")
        if "\nasync def attack(" in path.read_text(encoding="utf-8")
    }
    assert programs == set(attacks.PROGRAMS)
    described = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert [name for name in programs if f"| `{name}` |" not in described] == []


def test_the_rank_test_knows_equal_from_different() -> None:
    chance = random.Random(20261121)  # noqa: S311  # reproducible, not secret
    ones = [chance.gauss(30, 5) for _ in range(500)]
    assert p_value(ones, [chance.gauss(30, 5) for _ in range(500)]) > 0.01
    assert p_value(ones, [chance.gauss(31.5, 5) for _ in range(500)]) < 0.001
    assert p_value([1.0] * 30, [1.0] * 30) == 1


def test_the_rank_test_computes_what_was_computed_by_hand() -> None:
    # Ranks 1, 2, 4.5, 6, 8 and 11: U = 11.5 of 42, one tie of two, z = (9.5 - 0.5) / 6.990.
    found = p_value([1.1, 2.2, 3.3, 4.4, 5.5, 7], [2.5, 3.3, 4.8, 6, 6.6, 8, 9])
    assert math.isclose(found, 0.1979, abs_tol=0.0001)
