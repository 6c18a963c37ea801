"""Transactions as a CSV file, on both databases."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from backend.ids import encode_id
from tests import factories

if TYPE_CHECKING:
    import httpx

    from backend.models.contracts import SavingsAccount
    from tests.portal import Portal


async def _account(portal: Portal) -> tuple[str, SavingsAccount]:
    async with portal.transaction() as session:
        anna = await factories.customer(session)
        user = await factories.user_account(session, anna)
        account = await factories.savings_account(session, anna)
    return await portal.sign_in(user), account


async def _download(
    portal: Portal, account_id: str, token: str | None, *, language: str = "de", **params: str
) -> httpx.Response:
    headers = {"Accept-Language": language}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return await portal.client.get(
        f"/savings-accounts/{account_id}/transactions.csv", params=params, headers=headers
    )


def _rows(response: httpx.Response) -> list[list[str]]:
    assert response.status_code == 200
    assert response.content.startswith(b"\xef\xbb\xbf")
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


async def test_the_file_speaks_the_customers_language(portal: Portal) -> None:
    token, account = await _account(portal)
    async with portal.transaction() as session:
        await factories.transaction(
            session,
            account,
            "-1234.50",
            date(2026, 12, 31),
            booking_date=date(2027, 1, 4),
            counterparty_name="Jürgen; Müller",
            counterparty_iban="DE16999999990001000002",
            remittance_information="Miete",
        )
        await factories.transaction(session, account, "0.05", date(2027, 1, 5), is_pending=True)
    account_id = encode_id("Contract", account.id)
    german = await _download(portal, account_id, token)
    assert _rows(german) == [
        [
            "Wertstellung",
            "Buchungstag",
            "Auftraggeber/Empfänger",
            "IBAN",
            "Verwendungszweck",
            "Betrag",
            "Währung",
            "Status",
        ],
        ["05.01.2027", "", "", "", "", "0,05", "EUR", "vorgemerkt"],
        [
            "31.12.2026",
            "04.01.2027",
            "Jürgen; Müller",
            "DE16999999990001000002",
            "Miete",
            "-1234,50",
            "EUR",
            "gebucht",
        ],
    ]
    assert german.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="Umsaetze-0001-2026-11-21.csv"' in german.headers["content-disposition"]
    english = _rows(await _download(portal, account_id, token, language="en-GB"))
    assert english[0][:2] == ["Value date", "Booking date"]
    assert english[2][:2] == ["2026-12-31", "2027-01-04"]
    assert english[2][5:] == ["-1234.50", "EUR", "booked"]


async def test_a_long_file_has_every_row_once_in_order(portal: Portal) -> None:
    token, account = await _account(portal)
    start = date(2020, 1, 1)
    async with portal.transaction() as session:
        for number in range(1001):
            day = start + timedelta(days=number // 3)
            await factories.transaction(
                session, account, "1.00", day, remittance_information=str(number)
            )
    rows = _rows(await _download(portal, encode_id("Contract", account.id), token))
    assert [row[4] for row in rows[1:]] == [str(number) for number in reversed(range(1001))]


async def test_the_file_holds_what_period_and_search_leave(portal: Portal) -> None:
    token, account = await _account(portal)
    async with portal.transaction() as session:
        for day, text in ((1, "Miete"), (2, "Miete"), (3, "Strom"), (4, "Miete")):
            await factories.transaction(
                session, account, f"{day}.00", date(2026, 11, day), remittance_information=text
            )
    query: dict[str, Any] = {"from": "2026-11-02", "to": "2026-11-04", "search": "MIETE\0"}
    rows = _rows(await _download(portal, encode_id("Contract", account.id), token, **query))
    assert [row[5] for row in rows[1:]] == ["2,00"]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("-12,50", "-12,50"),
        ("+49.5", "+49.5"),
        ("Miete = 5", "Miete = 5"),
    ],
)
async def test_no_cell_is_a_formula(portal: Portal, text: str, cell: str) -> None:
    token, account = await _account(portal)
    async with portal.transaction() as session:
        await factories.transaction(
            session,
            account,
            "1.00",
            date(2026, 11, 1),
            counterparty_name=text,
            remittance_information=text,
        )
    row = _rows(await _download(portal, encode_id("Contract", account.id), token))[1]
    assert (row[2], row[4]) == (cell, cell)


async def test_a_foreign_account_an_absent_one_and_an_insurance_answer_alike(
    portal: Portal,
) -> None:
    _, account = await _account(portal)
    async with portal.transaction() as session:
        eve = await factories.customer(session, "Eve")
        user = await factories.user_account(session, eve)
        insurance = await factories.insurance_contract(session, eve)
    token = await portal.sign_in(user)
    answers = [
        await _download(portal, account_id, token)
        for account_id in (
            encode_id("Contract", account.id),
            encode_id("Contract", 999_999),
            encode_id("Contract", insurance.id),
            "nonsense",
        )
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


async def test_without_a_session_nothing_is_sent(portal: Portal) -> None:
    _, account = await _account(portal)
    answer = await _download(portal, encode_id("Contract", account.id), None)
    assert answer.status_code == 401


async def test_an_unreadable_date_is_told(portal: Portal) -> None:
    token, account = await _account(portal)
    account_id = encode_id("Contract", account.id)
    answer = await _download(portal, account_id, token, **{"from": "gestern"})
    assert answer.status_code == 400
    assert "JJJJ-MM-TT" in answer.text


async def test_the_download_shortens_the_idle_limit(portal: Portal) -> None:
    token, account = await _account(portal)
    await _download(portal, encode_id("Contract", account.id), token)
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=6))
    assert await portal.execute("{ viewer { displayName } }", token=token) == {"viewer": None}
