"""Contracts over GraphQL, on both databases."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from backend.clock import BERLIN
from tests import factories

if TYPE_CHECKING:
    from tests.portal import Portal

CONTRACTS = """query ($first: Int, $after: String, $filter: ContractFilter) {
  viewer { contracts(first: $first, after: $after, filter: $filter) {
    nodes { __typename number institution { key }
      ... on InsuranceContract { premium { amount currency } insuredPersons coverages { name } } }
    pageInfo { hasNextPage endCursor } totalCount } } }"""


async def _numbers(portal: Portal, token: str, **variables: Any) -> list[str]:
    data = await portal.execute(CONTRACTS, variables, token=token)
    return [node["number"] for node in data["viewer"]["contracts"]["nodes"]]


async def test_F39_a_policyholder_sees_the_contract(portal: Portal) -> None:
    async with portal.transaction() as session:
        anna = await factories.customer(session)
        account = await factories.user_account(session, anna)
        await factories.insurance_contract(session, anna, number="HR-1")
    token = await portal.sign_in(account)
    data = await portal.execute(CONTRACTS, token=token)
    assert data["viewer"]["contracts"] == {
        "nodes": [
            {
                "__typename": "InsuranceContract",
                "number": "HR-1",
                "institution": {"key": "sach"},
                "premium": {"amount": "120.00", "currency": "EUR"},
                "insuredPersons": [],
                "coverages": [],
            }
        ],
        "pageInfo": {
            "hasNextPage": False,
            "endCursor": data["viewer"]["contracts"]["pageInfo"]["endCursor"],
        },
        "totalCount": 1,
    }


async def test_F40_future_contract_is_hidden_until_it_starts(portal: Portal) -> None:
    async with portal.transaction() as session:
        karl = await factories.customer(session, "Karl", "Künftig")
        account = await factories.user_account(session, karl)
        await factories.insurance_contract(
            session, karl, number="TOMORROW", start_date=date(2026, 11, 22)
        )
    portal.clock.travel_to(datetime(2026, 11, 21, 23, 59, 59, tzinfo=BERLIN))
    assert await _numbers(portal, await portal.sign_in(account)) == []
    portal.clock.travel_to(datetime(2026, 11, 22, 0, 0, 0, tzinfo=BERLIN))
    assert await _numbers(portal, await portal.sign_in(account)) == ["TOMORROW"]


async def test_a_page_leads_to_the_next_and_a_wrong_cursor_is_told(portal: Portal) -> None:
    async with portal.transaction() as session:
        anna = await factories.customer(session)
        account = await factories.user_account(session, anna)
        for number in ("A", "B", "C"):
            await factories.insurance_contract(session, anna, number=number)
    token = await portal.sign_in(account)
    page = (await portal.execute(CONTRACTS, {"first": 2}, token=token))["viewer"]["contracts"]
    assert [node["number"] for node in page["nodes"]] == ["A", "B"]
    assert page["totalCount"] == 3
    assert page["pageInfo"]["hasNextPage"]
    rest = await _numbers(portal, token, first=2, after=page["pageInfo"]["endCursor"])
    assert rest == ["C"]
    answer = (await portal.post(CONTRACTS, {"after": "nonsense"}, token=token)).json()
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"


async def test_nobody_signed_in_gets_no_viewer(portal: Portal) -> None:
    assert await portal.execute("{ viewer { displayName } }") == {"viewer": None}
