"""Accounts with other banks, added by their statements, on both databases (F9)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from sqlalchemy import insert, select

from backend.feeds.bank_records import StatementKind
from backend.ids import encode_id
from backend.models.self_added_accounts import SelfAddedTransaction
from backend.models.uploads import Upload, UploadState
from tests import factories
from tests.adding import (
    DELETE,
    add_bank_file,
    add_statement,
    camt,
    mt940,
    own_accounts,
    send_file,
    send_statement,
)
from tests.exporting import take_along
from tests.leaving import all_rows, delete_account
from tests.services import feed_files as feeds
from tests.signing_in import person

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from backend.models.customers import Customer
    from tests.portal import Portal

IBAN = "DE02120300000000202051"
NEXT_DAY = feeds.DAY + timedelta(days=1)
NAME = """mutation ($id: ID!, $label: String!) {
  nameSelfAddedAccount(input: {account: $id, label: $label}) { __typename
    ... on SelfAddedAccount { label } ... on InvalidInput { fields { path message } } } }"""
REMOVE = """mutation ($id: ID!) { removeSelfAddedAccount(input: {account: $id}) { __typename
  ... on SelfAddedData { accountCount transactionCount } } }"""
TRANSACTIONS = """query ($id: ID!, $filter: TransactionFilter, $after: String) { node(id: $id) {
  ... on AccountWithTransactions { transactions(first: 2, filter: $filter, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { id amount { amount }
      balanceAfter { amount } } } } } }"""
NODE = "query ($id: ID!) { node(id: $id) { id __typename } }"
CSV = (
    "Auftragskonto;Buchungstag;Valutadatum;Verwendungszweck;Beguenstigter/Zahlungspflichtiger;"
    "Kontonummer;Betrag;Waehrung;Info\n"
)


async def _somebody(portal: Portal, name: str = "Anna") -> tuple[str, Customer]:
    async with portal.transaction() as session:
        owner = await factories.customer(session, name)
        user = await factories.user_account(session, owner)
    return await portal.sign_in(user), owner


@pytest.fixture
async def token(portal: Portal) -> str:
    return (await _somebody(portal))[0]


async def _nothing_changed(portal: Portal, act: Callable[[], Awaitable[Any]]) -> Any:
    before = await all_rows(portal)
    result = await act()
    assert _said(await all_rows(portal)) == _said(before)
    return result


def _said(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    # Reading an account shortens how long its session may idle.
    return {name: found for name, found in rows.items() if name != "user_session"}


def _first_day() -> bytes:
    return camt(
        (
            feeds.statement(closing="90.50", iban=IBAN),
            [feeds.entry("100.00", "Einzahlung"), feeds.entry("-9.50", "Auszahlung")],
        )
    )


def _second_day() -> tuple[Any, list[Any]]:
    head = feeds.statement(NEXT_DAY, number=2, opening="90.50", closing="80.50", iban=IBAN)
    return head, [feeds.entry("-10.00", "Strom", NEXT_DAY)]


def _counts(result: dict[str, Any]) -> list[tuple[int, int]]:
    return [(one["addedCount"], one["knownCount"]) for one in result["accounts"]]


async def test_F9_a_bank_file_adds_its_account_with_balance_and_transactions(
    portal: Portal, token: str
) -> None:
    added = await add_bank_file(portal, token, _first_day())
    [brought] = added["accounts"]
    assert (added["__typename"], added["findings"], _counts(added)) == (
        "AccountStatementAdded",
        [],
        [(2, 0)],
    )
    assert (brought["firstBookingDate"], brought["lastBookingDate"]) == ("2026-11-20", "2026-11-20")
    account = brought["account"]
    assert (account["iban"], account["bankName"]) == (IBAN, "Deutsche Kreditbank Berlin")
    assert account["balance"] == {"amount": "90.50", "currency": "EUR"}
    assert (account["balanceOn"], account["label"]) == ("2026-11-20", None)
    assert account["balanceHistory"] == [{"date": "2026-11-20", "balance": {"amount": "90.50"}}]
    assert account["hasUnknownBalances"] is False
    shown = account["transactions"]["nodes"]
    assert [(one["amount"]["amount"], one["balanceAfter"]["amount"]) for one in shown] == [
        ("-9.50", "90.50"),
        ("100.00", "100.00"),
    ]
    own = await own_accounts(portal, token)
    assert (own["accountCount"], own["transactionCount"]) == (1, 2)
    assert own["accounts"] == [account]


async def test_F9_the_file_itself_is_not_kept(portal: Portal, token: str) -> None:
    await add_bank_file(portal, token, _first_day())
    assert [info.key async for info in portal.house.objects.list()] == []
    async with portal.transaction() as session:
        assert (await session.scalars(select(Upload))).all() == []


async def test_F9_the_same_file_twice_changes_nothing(portal: Portal, token: str) -> None:
    await add_bank_file(portal, token, _first_day())
    before = await own_accounts(portal, token)
    assert _counts(await add_bank_file(portal, token, _first_day())) == [(0, 2)]
    assert await own_accounts(portal, token) == before


async def test_F9_a_later_file_continues_the_account_and_adds_only_what_is_new(
    portal: Portal, token: str
) -> None:
    await add_bank_file(portal, token, _first_day())
    first = (
        feeds.statement(closing="90.50", iban=IBAN),
        [feeds.entry("100.00", "Einzahlung"), feeds.entry("-9.50", "Auszahlung")],
    )
    result = await add_bank_file(portal, token, camt(first, _second_day()))
    assert _counts(result) == [(1, 2)]
    [account] = (await own_accounts(portal, token))["accounts"]
    assert (account["balance"]["amount"], account["balanceFromDate"]) == ("80.50", "2026-11-19")
    assert account["transactions"]["totalCount"] == 3


async def test_F9_one_statement_as_camt_and_as_mt940_is_there_once(
    portal: Portal, token: str
) -> None:
    await add_bank_file(portal, token, _first_day())
    twin = mt940(
        (
            feeds.statement(closing="90.50", kind=StatementKind.MT940, iban=IBAN),
            [feeds.entry("100.00", "EINZAHLUNG"), feeds.entry("-9.50", "AUSZAHLUNG")],
        )
    )
    assert _counts(await add_bank_file(portal, token, twin)) == [(0, 2)]
    assert (await own_accounts(portal, token))["accountCount"] == 1


async def test_F9_what_another_format_lists_for_the_same_days_is_known(
    portal: Portal, token: str
) -> None:
    """Two days as one MT940, where camt had them as two: balances differ, the days do not."""
    second = _second_day()
    await add_bank_file(portal, token, _first_day())
    await add_bank_file(portal, token, camt(second))
    head = replace(
        feeds.statement(NEXT_DAY, closing="80.50", kind=StatementKind.MT940, iban=IBAN),
        opening=feeds.statement(closing="90.50").opening,
    )
    entries = [
        feeds.entry("100.00", "EINZAHLUNG"),
        feeds.entry("-9.50", "AUSZAHLUNG"),
        feeds.entry("-10.00", "STROM", NEXT_DAY),
    ]
    assert _counts(await add_bank_file(portal, token, mt940((head, entries)))) == [(0, 3)]


def _csv(*rows: tuple[date, str, str], account: str = IBAN) -> bytes:
    lines = (
        f"{account};{day:%d.%m.%y};{day:%d.%m.%y};{text};X;;{amount};EUR;Umsatz gebucht\n"
        for day, text, amount in rows
    )
    return (CSV + "".join(lines)).encode()


async def test_F9_rows_of_an_export_give_way_to_the_statement_of_their_days(
    portal: Portal, token: str
) -> None:
    before = feeds.DAY - timedelta(days=5)
    export = _csv(
        (before, "Miete", "-700,00"),
        (feeds.DAY, "Einzahlung am Automaten", "100,00"),
        (feeds.DAY, "Auszahlung am Automaten", "-9,50"),
    )
    assert _counts(await add_bank_file(portal, token, export)) == [(3, 0)]
    [account] = (await own_accounts(portal, token))["accounts"]
    assert (account["balance"], account["balanceHistory"]) == (None, [])
    assert account["hasUnknownBalances"] is True
    assert {one["balanceAfter"] for one in account["transactions"]["nodes"]} == {None}

    assert _counts(await add_bank_file(portal, token, _first_day())) == [(2, 0)]
    [account] = (await own_accounts(portal, token))["accounts"]
    told = {
        one["remittanceInformation"]: one["balanceAfter"]
        for one in account["transactions"]["nodes"]
    }
    # What was before the first statement stays, with a balance that nobody knows.
    assert told == {
        "Auszahlung": {"amount": "90.50"},
        "Einzahlung": {"amount": "100.00"},
        "Miete": None,
    }
    assert _counts(await add_bank_file(portal, token, export)) == [(0, 3)]


async def test_F9_balances_before_a_gap_between_statements_are_not_made_up(
    portal: Portal, token: str
) -> None:
    await add_bank_file(portal, token, _first_day())
    day = NEXT_DAY + timedelta(days=30)
    head = feeds.statement(day, number=30, opening="500.00", closing="490.00", iban=IBAN)
    result = await add_bank_file(portal, token, camt((head, [feeds.entry("-10.00", "Gas", day)])))
    assert [one["kind"] for one in result["findings"]] == ["STATEMENT_MISSING"]
    [account] = (await own_accounts(portal, token))["accounts"]
    told = account["balanceFromDate"], account["hasUnknownBalances"]
    assert told == (str(day - timedelta(days=1)), True)
    after = [one["balanceAfter"] for one in account["transactions"]["nodes"]]
    assert after == [{"amount": "490.00"}, None, None]
    assert [one["date"] for one in account["balanceHistory"]] == [str(day)]


async def test_F9_intraday_reports_give_way_to_the_statement(portal: Portal, token: str) -> None:
    head, entries = _second_day()
    report = feeds.interim(head)
    assert _counts(await add_bank_file(portal, token, camt((report, entries)))) == [(1, 0)]
    assert _counts(await add_bank_file(portal, token, camt((head, entries)))) == [(1, 0)]
    assert (await own_accounts(portal, token))["transactionCount"] == 1
    assert _counts(await add_bank_file(portal, token, camt((report, entries)))) == [(0, 1)]


async def test_F9_several_accounts_in_one_file_each_become_one(portal: Portal, token: str) -> None:
    other = feeds.statement(closing="5.00", iban=feeds.OTHER_IBAN)
    content = camt(_second_day(), (other, [feeds.entry("5.00", "Zinsen")]))
    result = await add_bank_file(portal, token, content)
    assert [one["account"]["iban"] for one in result["accounts"]] == [IBAN, feeds.OTHER_IBAN]
    assert _counts(result) == [(1, 0), (1, 0)]


async def test_F9_an_account_known_by_its_number_is_the_one_with_the_iban(
    portal: Portal, token: str
) -> None:
    export = _csv((feeds.DAY - timedelta(days=5), "Miete", "-700,00"), account="202051")
    [first] = (await add_bank_file(portal, token, export))["accounts"]
    assert (first["account"]["iban"], first["account"]["bankName"]) == ("202051", None)
    [second] = (await add_bank_file(portal, token, _first_day()))["accounts"]
    assert second["account"]["id"] == first["account"]["id"]
    assert second["account"]["iban"] == IBAN
    again = await add_bank_file(portal, token, export)
    assert (_counts(again), again["accounts"][0]["account"]["iban"]) == ([(0, 1)], IBAN)


async def test_F9_an_export_that_names_no_account_asks_for_its_iban(
    portal: Portal, token: str
) -> None:
    content = (
        "Buchungstag;Wertstellung (Valuta);Vorgang;Buchungstext;Umsatz in EUR\n"
        "20.11.2026;20.11.2026;Lastschrift;Auftraggeber: Stadtwerke;-42,00\n"
    ).encode("cp1252")
    upload = await send_statement(portal, token, content, "umsaetze.csv")
    refused = await _nothing_changed(portal, lambda: add_statement(portal, token, upload))
    assert [one["path"] for one in refused["fields"]] == [["iban"]]
    mistyped = await add_statement(portal, token, upload, iban=IBAN.replace("51", "15"))
    assert [one["path"] for one in mistyped["fields"]] == [["iban"]]
    added = await add_statement(portal, token, upload, iban=IBAN)
    assert [one["account"]["iban"] for one in added["accounts"]] == [IBAN]


@pytest.mark.parametrize("number", [IBAN, "12030000/0000202051"])
async def test_F9_an_account_of_the_house_is_here_already_and_refused(
    portal: Portal, number: str
) -> None:
    token, anna = await _somebody(portal)
    async with portal.transaction() as session:
        await factories.savings_account(session, anna, number=number, iban=None)
    for content in (_first_day(), _csv((feeds.DAY, "Miete", "-1,00"), account="0000202051")):
        upload = await send_statement(portal, token, content)
        refused = await _nothing_changed(portal, partial(add_statement, portal, token, upload))
        assert (refused["__typename"], refused["iban"]) == ("AccountOfTheHouse", number)
        assert "führen wir selbst" in refused["message"]


async def test_F9_somebody_elses_account_of_the_house_is_a_strangers(portal: Portal) -> None:
    token, _ = await _somebody(portal)
    async with portal.transaction() as session:
        bea = await factories.customer(session, "Bea")
        await factories.savings_account(session, bea, number=IBAN, iban=IBAN)
    assert _counts(await add_bank_file(portal, token, _first_day())) == [(2, 0)]


async def test_F9_what_is_odd_is_told_in_plain_words_with_its_line(
    portal: Portal, token: str
) -> None:
    rows = _csv((feeds.DAY, "Miete", "-1,00"), (feeds.DAY, "Strom", "viel"))
    result = await add_bank_file(portal, token, rows)
    assert _counts(result) == [(1, 0)]
    [finding] = result["findings"]
    assert (finding["line"], finding["kind"]) == (3, "ENTRY_LEFT_OUT")
    assert "nicht lesbar" in finding["message"]
    wrong = (feeds.statement(closing="1.00", iban=IBAN), [feeds.entry("2.00", "X")])
    result = await add_bank_file(portal, token, camt(wrong))
    assert [one["kind"] for one in result["findings"]] == ["DOES_NOT_ADD_UP"]


async def test_F9_there_is_an_end_to_accounts_and_to_their_entries(portal: Portal) -> None:
    token, anna = await _somebody(portal)
    rules = portal.house.policy.self_added
    async with portal.transaction() as session:
        for number in range(10):
            account = await factories.self_added_account(
                session, anna, account_key=f"{number}", iban=None, number=f"{number}"
            )
    upload = await send_statement(portal, token, _first_day())
    refused = await _nothing_changed(portal, lambda: add_statement(portal, token, upload))
    assert (refused["__typename"], refused["most"]) == ("SelfAddedLimitReached", 10)
    most = rules.entries_per_account.on(feeds.DAY)
    async with portal.transaction() as session:
        row = await factories.self_added_transaction(session, account, "1.00", feeds.DAY)
        values = {
            column.key: getattr(row, column.key)
            for column in SelfAddedTransaction.__table__.columns
            if column.key not in {"id", "entry_key"}
        }
        copies = [values | {"entry_key": f"{number}"} for number in range(most - 1)]
        await session.execute(insert(SelfAddedTransaction), copies)
    full = _csv((feeds.DAY, "Miete", "-1,00"), account=str(account.number))
    upload = await send_statement(portal, token, full)
    refused = await add_statement(portal, token, upload)
    assert (refused["__typename"], refused["most"]) == ("SelfAddedLimitReached", most)
    assert (await own_accounts(portal, token))["transactionCount"] == most


async def test_F9_a_file_is_used_once_by_whom_and_for_what_it_was_sent(portal: Portal) -> None:
    token, anna = await _somebody(portal)
    stranger, _ = await _somebody(portal, "Sven")
    upload = await send_statement(portal, token, _first_day())
    photo = await send_file(portal, token)
    async with portal.transaction() as session:
        waiting = await factories.upload(session, anna.id, state=UploadState.QUARANTINED)
    tries = ((stranger, upload), (token, photo), (token, encode_id("Upload", waiting.id)))
    for who, what in tries:
        refused = await _nothing_changed(portal, partial(add_statement, portal, who, what))
        assert [one["path"] for one in refused["fields"]] == [["upload"]]
    assert (await add_statement(portal, None, upload))["__typename"] == "NotSignedIn"
    await add_statement(portal, token, upload)
    used = await add_statement(portal, token, upload)
    assert [one["path"] for one in used["fields"]] == [["upload"]]


async def test_F9_transactions_come_in_pages_filtered_and_as_csv(
    portal: Portal, token: str
) -> None:
    first = (
        feeds.statement(closing="90.50", iban=IBAN),
        [feeds.entry("100.00", "Einzahlung"), feeds.entry("-9.50", "Auszahlung")],
    )
    result = await add_bank_file(portal, token, camt(first, _second_day()))
    account = result["accounts"][0]["account"]
    page = await portal.execute(TRANSACTIONS, {"id": account["id"]}, token=token)
    found = page["node"]["transactions"]
    assert (found["totalCount"], found["pageInfo"]["hasNextPage"]) == (3, True)
    rest = await portal.execute(
        TRANSACTIONS, {"id": account["id"], "after": found["pageInfo"]["endCursor"]}, token=token
    )
    assert [one["balanceAfter"]["amount"] for one in rest["node"]["transactions"]["nodes"]] == [
        "100.00"
    ]
    asked = {"id": account["id"], "filter": {"search": "strom", "maxAmount": "0.00"}}
    filtered = await portal.execute(TRANSACTIONS, asked, token=token)
    [one] = filtered["node"]["transactions"]["nodes"]
    assert one["balanceAfter"]["amount"] == "80.50"
    node = await portal.execute(NODE, {"id": one["id"]}, token=token)
    assert node["node"] == {"id": one["id"], "__typename": "Transaction"}
    answer = await portal.client.get(
        account["transactionsCsvUrl"],
        params={"search": "strom"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert (answer.status_code, answer.text.count("\r\n")) == (200, 2)
    assert answer.text.splitlines()[1].split(";")[4:6] == ["Strom", "-10,00"]


async def test_F9_an_account_gets_a_name_and_loses_it(portal: Portal, token: str) -> None:
    [brought] = (await add_bank_file(portal, token, _first_day()))["accounts"]
    given = {"id": brought["account"]["id"]}
    for label, kept in (("  Haushalt ", "Haushalt"), ("", None)):
        data = await portal.execute(NAME, given | {"label": label}, token=token)
        assert data["nameSelfAddedAccount"]["label"] == kept
    for label in ("x" * 81, "Haus\u202ehalt"):
        values = given | {"label": label}
        refused = await _nothing_changed(portal, partial(portal.execute, NAME, values, token=token))
        assert refused["nameSelfAddedAccount"]["fields"][0]["path"] == ["label"]


async def test_F9_removing_an_account_takes_its_transactions_and_no_others(
    portal: Portal, token: str
) -> None:
    other = feeds.statement(closing="5.00", iban=feeds.OTHER_IBAN)
    content = camt(_second_day(), (other, [feeds.entry("5.00", "Zinsen")]))
    first, second = (await add_bank_file(portal, token, content))["accounts"]
    data = await portal.execute(REMOVE, {"id": first["account"]["id"]}, token=token)
    assert data["removeSelfAddedAccount"] == {
        "__typename": "SelfAddedData",
        "accountCount": 1,
        "transactionCount": 1,
    }
    rows = await all_rows(portal)
    assert [row["iban"] for row in rows["self_added_account"]] == [second["account"]["iban"]]
    assert len(rows["self_added_statement"]) == len(rows["self_added_transaction"]) == 1
    again = await portal.execute(REMOVE, {"id": first["account"]["id"]}, token=token)
    assert again["removeSelfAddedAccount"]["__typename"] == "NotFound"


async def test_F9_others_neither_see_nor_change_nor_remove_it(portal: Portal, token: str) -> None:
    [brought] = (await add_bank_file(portal, token, _first_day()))["accounts"]
    stranger, _ = await _somebody(portal, "Sven")
    account = brought["account"]
    movement = account["transactions"]["nodes"][0]["id"]

    async def tries() -> list[Any]:
        named = await portal.execute(NAME, {"id": account["id"], "label": "x"}, token=stranger)
        removed = await portal.execute(REMOVE, {"id": account["id"]}, token=stranger)
        seen = [
            await portal.execute(NODE, {"id": one}, token=stranger)
            for one in (account["id"], movement)
        ]
        return [named["nameSelfAddedAccount"], removed["removeSelfAddedAccount"], *seen]

    named, removed, *seen = await _nothing_changed(portal, tries)
    assert (named["__typename"], removed["__typename"]) == ("NotFound", "NotFound")
    assert seen == [{"node": None}, {"node": None}]
    for headers, status in (({"Authorization": f"Bearer {stranger}"}, 404), ({}, 401)):
        answer = await portal.client.get(account["transactionsCsvUrl"], headers=headers)
        assert answer.status_code == status


async def test_F9_F39_it_is_never_counted_as_the_houses(portal: Portal, token: str) -> None:
    house = "{ viewer { contracts { totalCount } savingsAccounts { id } } }"
    before = await portal.execute(house, token=token)
    await add_bank_file(portal, token, _first_day())
    assert await portal.execute(house, token=token) == before


async def test_F10_deleting_takes_accounts_and_files_not_used_yet(
    portal: Portal, token: str
) -> None:
    await add_bank_file(portal, token, _first_day())
    await send_statement(portal, token, _first_day())
    data = await portal.execute(DELETE, token=token)
    assert data["deleteSelfAddedData"]["__typename"] == "SelfAddedData"
    rows = await all_rows(portal)
    for table in ("account", "statement", "transaction"):
        assert rows[f"self_added_{table}"] == []
    assert rows["upload"] == []
    assert [info.key async for info in portal.house.objects.list()] == []


async def test_F9_X12_an_export_takes_accounts_along(portal: Portal, token: str) -> None:
    [brought] = (await add_bank_file(portal, token, _first_day()))["accounts"]
    export = await take_along(portal, token)
    [account] = export.data["selfAddedAccounts"]
    assert (account["id"], account["iban"]) == (brought["account"]["id"], IBAN)
    assert (account["balance"], account["bankName"]) == ("90.50", "Deutsche Kreditbank Berlin")
    [statement] = export.data["selfAddedStatements"]
    assert statement["closingBalance"] == "90.50"
    amounts = {
        one["amount"]: one["selfAddedAccount"] for one in export.data["selfAddedTransactions"]
    }
    assert amounts == {"100.00": account["id"], "-9.50": account["id"]}


async def test_M6_a_deleted_user_account_takes_these_accounts_along(portal: Portal) -> None:
    user = await person(portal)
    token = await portal.sign_in(user)
    await add_bank_file(portal, token, _first_day())
    await delete_account(portal, user)
    rows = await all_rows(portal)
    assert rows["self_added_account"] == rows["self_added_transaction"] == []
    assert rows["self_added_statement"] == []
