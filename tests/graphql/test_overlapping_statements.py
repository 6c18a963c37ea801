"""Statements of days that a customer chose: what two of them list is there once (F9)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from backend.feeds.bank_records import Balance, StatementKind
from tests import factories
from tests.adding import add_bank_file, camt, mt940, own_accounts
from tests.services import feed_files as feeds

if TYPE_CHECKING:
    from collections.abc import Callable

    from backend.feeds.bank_records import Entry
    from tests.adding import Statements
    from tests.portal import Portal

    Write = Callable[..., bytes]

IBAN = "DE02120300000000202051"
FORMATS = [
    pytest.param(StatementKind.CAMT_053, camt, id="camt"),
    pytest.param(StatementKind.MT940, mt940, id="mt940"),
]


@pytest.fixture
async def token(portal: Portal) -> str:
    async with portal.transaction() as session:
        owner = await factories.customer(session, "Anna")
        user = await factories.user_account(session, owner)
    return await portal.sign_in(user)


def _paid(day: int, text: str | None = None) -> Entry:
    return feeds.entry("10.00", text or f"Miete {day}", feeds.DAY + timedelta(days=day))


def _export(
    kind: StatementKind,
    days: tuple[int, int],
    opening: int,
    *entries: Entry,
    number: int | None = None,
) -> Statements:
    first, last = (feeds.DAY + timedelta(days=day) for day in days)
    closing = Decimal(opening + 10 * len(entries))
    head = feeds.statement(last, kind=kind, iban=IBAN, closing=str(closing))
    return replace(
        head,
        statement_id=f"{first}-{last}",
        sequence_number=number,
        period_from=first,
        opening=Balance(Decimal(opening), "EUR", first),
    ), entries


async def _totals(portal: Portal, token: str, *files: bytes) -> tuple[list[Any], int]:
    results = [await add_bank_file(portal, token, content) for content in files]
    counts = [
        (one["addedCount"], one["knownCount"]) for each in results for one in each["accounts"]
    ]
    return counts, (await own_accounts(portal, token))["transactionCount"]


@pytest.mark.parametrize(("kind", "write"), FORMATS)
async def test_F9_what_two_exports_of_overlapping_days_list_is_there_once(
    portal: Portal, token: str, kind: StatementKind, write: Write
) -> None:
    """In either order, with two equal payments on one day, and again after both."""
    twice = [_paid(10, "gleich"), _paid(10, "gleich")]
    first = write(_export(kind, (0, 20), 0, _paid(5), *twice, _paid(20)))
    second = write(_export(kind, (9, 30), 10, *twice, _paid(20), _paid(25)))
    counts, total = await _totals(portal, token, first, second, first)
    assert (counts, total) == ([(4, 0), (1, 3), (0, 4)], 5)


@pytest.mark.parametrize(("kind", "write"), FORMATS)
async def test_F9_an_equal_payment_that_came_after_the_first_export_is_added(
    portal: Portal, token: str, kind: StatementKind, write: Write
) -> None:
    """What the other export lists once is known once."""
    first = write(_export(kind, (0, 10), 0, _paid(5), _paid(10, "gleich")))
    second = write(_export(kind, (9, 30), 10, _paid(10, "gleich"), _paid(10, "gleich")))
    assert (await _totals(portal, token, first, second)) == ([(2, 0), (1, 1)], 3)


@pytest.mark.parametrize(("kind", "write"), FORMATS)
@pytest.mark.parametrize("numbers", [(None, None), (1, 2)])
async def test_F9_equal_payments_on_the_day_that_two_statements_share_are_two(
    portal: Portal,
    token: str,
    kind: StatementKind,
    write: Write,
    numbers: tuple[int | None, int | None],
) -> None:
    first = write(_export(kind, (0, 1), 0, _paid(1, "gleich"), number=numbers[0]))
    second = write(_export(kind, (1, 1), 10, _paid(1, "gleich"), number=numbers[1]))
    assert (await _totals(portal, token, second, first)) == ([(1, 0), (1, 0)], 2)
