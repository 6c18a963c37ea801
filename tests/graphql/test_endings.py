"""What ends soon over GraphQL: the customer's own, in time, and not a day too early (F68)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from backend.models.bank_accounts import MandateStatus
from backend.models.contracts import ContractStatus
from tests import factories
from tests.changing_accounts import Insured, change, insured, mandates, sepa_mandate

if TYPE_CHECKING:
    from tests.portal import Portal

ENDINGS = "{ viewer { endings { kind endsOn contract { number } } } }"
# Sixty days after 2026-11-21, as long before the policy tells.
LAST_TOLD = date(2027, 1, 20)
HOLDS_UNTIL = {"last_used_on": None, "is_use_told": False}


async def _endings(portal: Portal, token: str) -> list[tuple[str, str, str]]:
    data = await portal.execute(ENDINGS, token=token)
    found: list[dict[str, Any]] = data["viewer"]["endings"]
    return [(one["kind"], one["contract"]["number"], one["endsOn"]) for one in found]


async def _signed_in(portal: Portal, who: Insured) -> str:
    return await portal.sign_in(who.account)


async def test_F68_a_mandate_shows_from_the_day_on_that_the_policy_says_until_it_has_lapsed(
    portal: Portal,
) -> None:
    anna = await insured(portal, last_used_on=date(2024, 1, 21))
    # It lapses on 21 January 2027: one day more than sixty from today.
    assert await _endings(portal, anna.token) == []
    expected = [("DIRECT_DEBIT_MANDATE", "HR1", "2027-01-21")]
    for day, shown in (
        (date(2026, 11, 22), expected),
        (date(2027, 1, 21), expected),
        (date(2027, 1, 22), []),
    ):
        portal.clock.travel_to(portal.clock.now() + (day - portal.clock.now().date()))
        assert await _endings(portal, await _signed_in(portal, anna)) == shown


@pytest.mark.parametrize(
    ("values", "ends_on"),
    [
        ({"last_used_on": None, "signed_on": date(2024, 1, 1), "is_use_told": True}, "2027-01-01"),
        (HOLDS_UNTIL | {"expires_on": date(2026, 12, 31)}, "2026-12-31"),
        ({"last_used_on": date(2024, 1, 2), "expires_on": date(2026, 12, 1)}, "2026-12-01"),
    ],
    ids=["never used, from its signature", "expires", "whatever comes first"],
)
async def test_F68_the_last_day_is_told(
    portal: Portal, values: dict[str, Any], ends_on: str
) -> None:
    anna = await insured(portal, **values)
    assert await _endings(portal, anna.token) == [("DIRECT_DEBIT_MANDATE", "HR1", ends_on)]


@pytest.mark.parametrize(
    "values",
    [
        HOLDS_UNTIL | {"signed_on": date(2023, 12, 1)},
        {"last_used_on": date(2023, 12, 1), "status": MandateStatus.REVOKED},
        {"last_used_on": date(2023, 12, 1), "ended_on": date(2026, 12, 24)},
    ],
    ids=["nobody tells uses", "revoked", "replaced by another"],
)
async def test_F68_a_mandate_without_an_end_that_can_be_helped_does_not_show(
    portal: Portal, values: dict[str, Any]
) -> None:
    anna = await insured(portal, **values)
    assert await _endings(portal, anna.token) == []


async def test_F68_a_mandate_that_was_signed_anew_ends_no_more(portal: Portal) -> None:
    anna = await insured(portal, last_used_on=date(2023, 12, 1))
    assert len(await _endings(portal, anna.token)) == 1
    _, token = await change(portal, anna, holder="Bernd Beispiel")
    assert len(await mandates(portal)) == 2
    assert await _endings(portal, token) == []


async def test_F68_only_what_the_customer_may_see_shows_the_next_first(portal: Portal) -> None:
    async with portal.transaction() as session:
        anna = await factories.customer(session)
        account = await factories.user_account(session, anna)
        bea = await factories.customer(session, "Bea", "Fremd")
        soon = date(2026, 12, 24)
        for owner, number, values in (
            (bea, "FREMD", {}),
            (None, "NIEMAND", {}),
            (anna, "BEENDET", {"status": ContractStatus.CANCELLED}),
            (anna, "MEINS", {}),
        ):
            contract = await factories.insurance_contract(session, owner, number=number, **values)
            session.add(sepa_mandate(contract, expires_on=soon + timedelta(days=3)))
        for owner, number, maturity in (
            (anna, "FG-1", soon),
            (anna, "FG-2", LAST_TOLD),
            (anna, "FG-3", LAST_TOLD + timedelta(days=1)),
            (anna, "FG-4", date(2026, 11, 20)),
            (anna, "FG-5", None),
            (bea, "FG-6", soon),
        ):
            given: dict[str, Any] = {"number": number, "iban": None, "maturity_date": maturity}
            await factories.fixed_term_deposit(session, owner, **given)
    assert await _endings(portal, await portal.sign_in(account)) == [
        ("FIXED_TERM_DEPOSIT", "FG-1", "2026-12-24"),
        ("DIRECT_DEBIT_MANDATE", "MEINS", "2026-12-27"),
        ("FIXED_TERM_DEPOSIT", "FG-2", "2027-01-20"),
    ]
