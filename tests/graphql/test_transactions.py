"""Transactions over GraphQL and as CSV, on both databases."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from backend.clock import BERLIN
from tests import factories

if TYPE_CHECKING:
    from backend.models.contracts import SavingsAccount
    from tests.portal import Portal

TRANSACTIONS = """query ($filter: TransactionFilter, $first: Int! = 20, $after: String) {
  viewer { savingsAccounts { transactions(filter: $filter, first: $first, after: $after) {
    nodes { id valueDate bookingDate amount { amount } balanceAfter { amount } remittanceInformation
            isPending } pageInfo { hasNextPage endCursor } totalCount } } } }"""
HISTORY = """query ($from: Date, $to: Date) { viewer { savingsAccounts {
  balanceHistory(from: $from, to: $to) { date balance { amount } } } } }"""
NODE = """query ($id: ID!) { node(id: $id) { ... on Transaction {
  remittanceInformation balanceAfter { amount } } } }"""


async def _account(portal: Portal, **values: Any) -> tuple[str, SavingsAccount]:
    async with portal.transaction() as session:
        anna = await factories.customer(session)
        user = await factories.user_account(session, anna)
        account = await factories.savings_account(session, anna, **values)
    return await portal.sign_in(user), account


async def _page(portal: Portal, token: str, **variables: Any) -> dict[str, Any]:
    data = await portal.execute(TRANSACTIONS, variables, token=token)
    page: dict[str, Any] = data["viewer"]["savingsAccounts"][0]["transactions"]
    return page


async def _texts(portal: Portal, token: str, **variables: Any) -> list[str]:
    page = await _page(portal, token, **variables)
    return [node["remittanceInformation"] for node in page["nodes"]]


async def test_F65_transactions_are_sorted_by_value_date_then_booking_date_then_sequence(
    portal: Portal,
) -> None:
    token, account = await _account(portal)
    booked = [
        ("2026-12-31", "2027-01-04", 1, "interest"),
        ("2027-01-02", "2027-01-02", 1, "newest value date"),
        ("2026-12-31", "2026-12-31", 2, "second entry"),
        ("2026-12-31", "2026-12-31", 1, "first entry"),
        ("2026-12-31", "2026-12-31", 2, "second entry, imported later"),
    ]
    async with portal.transaction() as session:
        for value_date, booking_date, sequence, text in booked:
            await factories.transaction(
                session,
                account,
                "1.00",
                date.fromisoformat(value_date),
                booking_date=date.fromisoformat(booking_date),
                sequence=sequence,
                remittance_information=text,
            )
    expected = [
        "newest value date",
        "interest",
        "second entry, imported later",
        "second entry",
        "first entry",
    ]
    assert await _texts(portal, token) == expected


async def test_pending_entries_stand_in_the_list_and_in_no_balance(portal: Portal) -> None:
    token, account = await _account(portal, balance=Decimal("70.00"), balance_on=date(2026, 11, 20))
    async with portal.transaction() as session:
        await factories.transaction(session, account, "100.00", date(2026, 11, 1))
        await factories.transaction(session, account, "-5.00", date(2026, 11, 2), is_pending=True)
        await factories.transaction(session, account, "-30.00", date(2026, 11, 3))
    page = await _page(portal, token)
    assert [
        (
            node["amount"]["amount"],
            node["bookingDate"],
            node["balanceAfter"] and node["balanceAfter"]["amount"],
            node["isPending"],
        )
        for node in page["nodes"]
    ] == [
        ("-30.00", "2026-11-03", "70.00", False),
        ("-5.00", None, None, True),
        ("100.00", "2026-11-01", "100.00", False),
    ]
    assert page["totalCount"] == 3


async def test_what_was_booked_after_the_newest_statement_is_added_to_its_balance(
    portal: Portal,
) -> None:
    token, account = await _account(
        portal, balance=Decimal("100.00"), balance_on=date(2026, 11, 20)
    )
    async with portal.transaction() as session:
        await factories.transaction(session, account, "100.00", date(2026, 11, 20))
        # Its value date lies before the statement, its booking after it.
        await factories.transaction(
            session, account, "2.50", date(2026, 11, 19), booking_date=date(2026, 11, 21)
        )
    page = await _page(portal, token)
    balances = [node["balanceAfter"]["amount"] for node in page["nodes"]]
    assert balances == ["102.50", "2.50"]


async def test_without_a_statement_balances_start_from_nothing(portal: Portal) -> None:
    token, account = await _account(portal, balance=None)
    async with portal.transaction() as session:
        await factories.transaction(session, account, "10.00", date(2026, 11, 1))
        await factories.transaction(session, account, "-4.00", date(2026, 11, 2))
    page = await _page(portal, token)
    assert [node["balanceAfter"]["amount"] for node in page["nodes"]] == ["6.00", "10.00"]


async def test_balances_agree_on_every_page_under_every_filter_and_by_id(portal: Portal) -> None:
    token, account = await _account(portal, balance=Decimal("1000.00"), balance_on=date(2026, 6, 1))
    choose = random.Random(4)  # noqa: S311  # a fixed example, no secret
    async with portal.transaction() as session:
        for number in range(37):
            day = date(2026, 1, 1) + timedelta(days=choose.randrange(200))
            await factories.transaction(
                session,
                account,
                f"{choose.randrange(-9999, 9999)}.{choose.randrange(10)}5",
                day,
                booking_date=day + timedelta(days=choose.randrange(3)),
                is_pending=choose.random() < 0.2,
                remittance_information=f"{number} {choose.choice(['Miete', 'Zinsen'])}",
            )
    whole = await _page(portal, token, first=40)
    expected = {node["id"]: node["balanceAfter"] for node in whole["nodes"]}
    assert len(expected) == 37
    for text in (None, "miete", "ZINSEN"):
        after, seen = None, 0
        while True:
            page = await _page(portal, token, first=5, after=after, filter={"search": text})
            assert {node["id"]: node["balanceAfter"] for node in page["nodes"]} == {
                node["id"]: expected[node["id"]] for node in page["nodes"]
            }
            seen += len(page["nodes"])
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert seen == page["totalCount"]
    for node_id, balance in list(expected.items())[::7]:
        found = await portal.execute(NODE, {"id": node_id}, token=token)
        assert found["node"]["balanceAfter"] == balance


async def test_a_period_is_half_open(portal: Portal) -> None:
    token, account = await _account(portal)
    async with portal.transaction() as session:
        for day in (1, 2, 3):
            await factories.transaction(
                session, account, "1.00", date(2026, 11, day), remittance_information=str(day)
            )
    period = {"from": "2026-11-01", "to": "2026-11-03"}
    assert await _texts(portal, token, filter=period) == ["2", "1"]
    nothing = {"from": "2026-11-03", "to": "2026-11-01"}
    assert await _texts(portal, token, filter=nothing) == []


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("MÜLLER", True),
        ("müller", True),
        ("straße", True),
        ("STRASSE", True),
        ("100%", True),
        ("100_", False),
        ("Meier", False),
        ("  ", True),
        ("x" * 10_000, False),
    ],
)
async def test_search_ignores_case_umlauts_included(
    portal: Portal,
    term: str,
    found: bool,  # noqa: FBT001
) -> None:
    token, account = await _account(portal)
    async with portal.transaction() as session:
        await factories.transaction(
            session,
            account,
            "1.00",
            date(2026, 11, 1),
            counterparty_name="Jürgen MÜLLER",
            remittance_information="Hauptstraße 5, 100% Rabatt",
        )
    assert bool(await _texts(portal, token, filter={"search": term})) is found


@pytest.mark.parametrize(
    ("conditions", "amounts"),
    [
        ({"minAmount": "-5.00"}, ["10.00", "-5.00"]),
        ({"maxAmount": "-5.00"}, ["-5.00", "-7.25"]),
        ({"minAmount": "-7.25", "maxAmount": "-5.01"}, ["-7.25"]),
        ({"minAmount": "-7.2499"}, ["10.00", "-5.00"]),
        ({"minAmount": "1.00", "maxAmount": "0.00"}, []),
    ],
)
async def test_amounts_are_filtered_exactly(
    portal: Portal, conditions: dict[str, str], amounts: list[str]
) -> None:
    token, account = await _account(portal)
    async with portal.transaction() as session:
        for day, amount in ((3, "10.00"), (2, "-5.00"), (1, "-7.25")):
            await factories.transaction(session, account, amount, date(2026, 11, day))
    page = await _page(portal, token, filter=conditions)
    assert [node["amount"]["amount"] for node in page["nodes"]] == amounts


async def test_the_balance_history_has_one_point_for_each_day_with_a_change(
    portal: Portal,
) -> None:
    token, account = await _account(portal, balance=Decimal("50.00"), balance_on=date(2026, 11, 20))
    async with portal.transaction() as session:
        for day, amount in ((1, "20.00"), (1, "30.00"), (3, "-10.00"), (5, "10.00")):
            await factories.transaction(session, account, amount, date(2026, 11, day))
        await factories.transaction(session, account, "99.00", date(2026, 11, 4), is_pending=True)
        await factories.transaction(session, account, "1.00", date(2026, 11, 21))

    async def history(**period: str) -> list[tuple[str, str]]:
        data = await portal.execute(HISTORY, period, token=token)
        [account_data] = data["viewer"]["savingsAccounts"]
        return [
            (point["date"], point["balance"]["amount"]) for point in account_data["balanceHistory"]
        ]

    whole = [
        ("2026-11-01", "50.00"),
        ("2026-11-03", "40.00"),
        ("2026-11-05", "50.00"),
        ("2026-11-21", "51.00"),
    ]
    assert await history() == whole
    assert await history(**{"from": "2026-11-03", "to": "2026-11-05"}) == whole[1:2]


async def test_a_cursor_of_another_list_is_told(portal: Portal) -> None:
    token, _ = await _account(portal)
    answer = await portal.post(TRANSACTIONS, {"after": "WzEsMl0="}, token=token)
    assert answer.json()["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"


async def test_opening_transactions_shortens_the_idle_limit_and_the_dashboard_does_not(
    portal: Portal,
) -> None:
    token, _ = await _account(portal)
    left = "{ viewer { displayName savingsAccounts { balance { amount } } } }"

    async def is_signed_in_after_ten_minutes() -> bool:
        portal.clock.travel_to(portal.clock.now() + timedelta(minutes=10))
        return (await portal.execute(left, token=token))["viewer"] is not None

    portal.clock.travel_to(datetime(2026, 11, 21, 12, tzinfo=BERLIN))
    await portal.execute(left, token=token)
    assert await is_signed_in_after_ten_minutes()
    await _page(portal, token)
    assert not await is_signed_in_after_ten_minutes()


async def test_a_foreign_transaction_answers_like_an_absent_one(portal: Portal) -> None:
    _, account = await _account(portal)
    async with portal.transaction() as session:
        row = await factories.transaction(
            session, account, "1.00", date(2026, 11, 1), remittance_information="SECRET"
        )
    async with portal.transaction() as session:
        other = await factories.user_account(session, await factories.customer(session, "Eve"))
    token = await portal.sign_in(other)
    foreign = await portal.post(NODE, {"id": _transaction_id(row.id)}, token=token)
    absent = await portal.post(NODE, {"id": _transaction_id(row.id + 1)}, token=token)
    assert foreign.json() == {"data": {"node": None}}
    assert foreign.content == absent.content


def _transaction_id(row_id: int) -> str:
    from backend.ids import encode_id  # noqa: PLC0415

    return encode_id("Transaction", row_id)
