"""What the demo world submits is what core systems are told to expect (docs/core-systems.md)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend.demo.personas import BERTA
from backend.demo.submissions import submit_for_berta
from backend.models.customers import CustomerNumber
from backend.models.submissions import Submission, SubmissionState
from backend.services.submissions import payload_of
from tests import changing_accounts, changing_details, factories
from tests.core_answers import payloads, submissions

if TYPE_CHECKING:
    from tests.portal import Portal

DOCUMENTED = Path(__file__).parents[2] / "docs" / "core-systems.md"


async def _seeded(portal: Portal) -> dict[str, list[dict[str, Any]]]:
    """Return the payloads of Berta's submissions by their kind."""
    async with portal.transaction() as session:
        berta = await factories.customer(session, BERTA.given_name, BERTA.family_name)
        await factories.user_account(session, berta, email_address=BERTA.email)
        leben = await factories.institution(session, "leben")
        session.add(CustomerNumber(institution_id=leben.id, number="L100005", customer_id=berta.id))
        contract = await factories.insurance_contract(session, None, institution_id=leben.id)
        await factories.partner(session, contract, berta, **changing_details.OLD)
    await submit_for_berta(portal.house)
    found: dict[str, list[dict[str, Any]]] = {}
    for one in await submissions(portal):
        payload = await payload_of(portal.house.cipher, one)
        found.setdefault(one.kind.name, []).append(payload)
    return found


def _shape(value: object) -> object:
    """Return what a payload looks like without what it says; a list is as its first entry."""
    match value:
        case dict():
            return {name: _shape(inner) for name, inner in value.items()}
        case [first, *_]:
            return [_shape(first)]
        case _:
            return type(value).__name__


async def test_M2_seeded_submissions_have_the_shape_of_those_that_customers_make(
    portal: Portal,
) -> None:
    seeded = await _seeded(portal)
    async with portal.transaction() as session:
        known = len((await session.scalars(select(Submission))).all())
    dora = await changing_accounts.insured(portal)
    await changing_accounts.change(portal, dora)
    emil = await changing_details.resident(portal, "leben")
    await changing_details.move(portal, emil)
    account, address = (await payloads(portal))[known:]
    assert [_names(one) for one in seeded["BANK_ACCOUNT_CHANGED"]] == [_names(account)] * 2
    assert [_shape(one) for one in seeded["PERSONAL_DETAILS_CHANGED"]] == [_shape(address)]


def _names(value: object) -> object:
    """Return the names in a payload, level by level: what is null in one may not be in another."""
    match value:
        case dict():
            return {name: _names(inner) for name, inner in value.items()}
        case [first, *_]:
            return [_names(first)]
        case _:
            return ...


async def test_M2_every_name_in_a_seeded_payload_is_documented(portal: Portal) -> None:
    documented = DOCUMENTED.read_text(encoding="utf-8")
    seeded = await _seeded(portal)
    assert set(seeded) == {"BANK_ACCOUNT_CHANGED", "PERSONAL_DETAILS_CHANGED"}
    for kind, given in seeded.items():
        [row] = [line for line in documented.splitlines() if line.startswith(f"| `{kind}` |")]
        for payload in given:
            assert [name for name in _all_names(payload) if f"`{name}`" not in row] == []


def _all_names(value: object) -> list[str]:
    match value:
        case dict():
            inner = [name for one in value.values() for name in _all_names(one)]
            return [*value, *inner]
        case [first, *_]:
            return _all_names(first)
        case _:
            return []


async def test_M2_bertas_history_is_done_refused_and_under_way(portal: Portal) -> None:
    await _seeded(portal)
    states = [one.state for one in await submissions(portal)]
    assert states == [
        SubmissionState.CONFIRMED,
        SubmissionState.REFUSED,
        SubmissionState.TRANSMITTED,
    ]
    [change] = await changing_details.changes(portal)
    assert change.refused_because
