"""A feed beside a change that a customer made: what it overwrites, and what stands (F88)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from backend.feeds import gdv
from backend.models.bank_accounts import BankAccountState, MandateStatus
from backend.models.contracts import InsuranceContract
from backend.models.customers import Customer
from backend.services.imports import import_file
from tests import factories
from tests.changing_accounts import (
    NEW,
    THIRD,
    Insured,
    accounts_on_file,
    change,
    contract_of,
    mandates,
)
from tests.core_answers import settle, submissions
from tests.services import feed_files as feeds

if TYPE_CHECKING:
    from pathlib import Path

    from backend.services.imports import FileReport
    from tests.portal import Portal

TODAY = date(2026, 11, 21)
TOMORROW = TODAY + timedelta(days=1)
STANDS = "the customer has changed the bank account since: the change stands"


async def _insured(portal: Portal, folder: Path) -> Insured:
    """Import Anna's contract, with account and mandate, and sign her in."""
    await _import(portal, folder, feeds.DAY)
    async with portal.transaction() as session:
        contract = (await session.scalars(select(InsuranceContract))).one()
        anna = (await session.scalars(select(Customer))).one()
        account = await factories.user_account(session, anna)
    return Insured(anna, account, [contract], await portal.sign_in(account))


async def _import(
    portal: Portal, folder: Path, as_of: date, iban: str = feeds.IBAN, **values: Any
) -> FileReport:
    mandate = gdv.SepaMandate("DE98ZZZ09999999999", "M-1", gdv.PartialDate(2025, 1, 1))
    given = {"mandate": mandate, "bank_accounts": (gdv.BankAccount(iban=iban),)} | values
    partner = feeds.anna(**given)
    path = folder / f"{as_of}-{iban}.gdv"
    feeds.gdv_file(path, feeds.contract("HR1", partner), as_of=as_of)
    return await import_file(portal.house, path)


async def _current(portal: Portal, anna: Insured) -> tuple[str, str | None]:
    token = await portal.sign_in(anna.account)
    shown = await contract_of(portal, token, anna.ids[0])
    debit = shown["directDebit"]
    return shown["premiumBankAccount"]["maskedIban"][-4:], debit and debit["mandateReference"]


async def test_F88_a_feed_that_is_not_newer_than_a_change_overwrites_nothing(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await _insured(portal, tmp_path)
    await change(portal, anna, holder="Bernd Beispiel")
    report = await _import(portal, tmp_path, TODAY)
    assert report.first_problem is not None
    assert report.first_problem.endswith(STANDS)
    [old, new] = await mandates(portal)
    assert await _current(portal, anna) == (NEW[-4:], new.mandate_reference)
    assert old.ended_on == TODAY


async def test_F88_a_newer_feed_with_the_account_before_waits_for_the_answer(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await _insured(portal, tmp_path)
    await change(portal, anna)
    portal.clock.travel_to(portal.clock.now() + timedelta(days=2))
    for day in (TOMORROW, TOMORROW + timedelta(days=1)):
        report = await _import(portal, tmp_path, day)
        assert (report.first_problem or "").endswith(STANDS)
        assert await _current(portal, anna) == (NEW[-4:], "M-1")
    [submission] = await submissions(portal)
    await settle(portal, submission)
    # The core system took the change, and still says otherwise: it knows better.
    await _import(portal, tmp_path, TOMORROW + timedelta(days=2))
    assert [(one.iban, one.version) for one in await accounts_on_file(portal)] == [
        (feeds.IBAN, 1),
        (NEW, 2),
        (feeds.IBAN, 3),
    ]


async def test_F88_a_newer_feed_with_another_account_wins(portal: Portal, tmp_path: Path) -> None:
    anna = await _insured(portal, tmp_path)
    await change(portal, anna, holder="Bernd Beispiel")
    portal.clock.travel_to(portal.clock.now() + timedelta(days=2))
    await _import(portal, tmp_path, TOMORROW, THIRD)
    assert await _current(portal, anna) == (THIRD[-4:], "M-1")
    [submission] = await submissions(portal)
    await settle(portal, submission, refused="Zu spät.")
    assert await _current(portal, anna) == (THIRD[-4:], "M-1")
    assert [(one.iban, one.state) for one in await accounts_on_file(portal)] == [
        (feeds.IBAN, BankAccountState.CONFIRMED),
        (NEW, BankAccountState.REFUSED),
        (THIRD, BankAccountState.CONFIRMED),
    ]


async def test_F88_a_feed_with_the_new_account_confirms_it(portal: Portal, tmp_path: Path) -> None:
    anna = await _insured(portal, tmp_path)
    await change(portal, anna, holder="Bernd Beispiel")
    portal.clock.travel_to(portal.clock.now() + timedelta(days=2))
    mandate = gdv.SepaMandate("DE98ZZZ09999999999", "M-2", gdv.PartialDate(2026, 11, 21))
    await _import(portal, tmp_path, TOMORROW, NEW, mandate=mandate)
    assert await _current(portal, anna) == (NEW[-4:], "M-2")
    confirmed = (await accounts_on_file(portal))[-1]
    assert (confirmed.state, confirmed.holder) == (BankAccountState.CONFIRMED, "Bernd Beispiel")
    assert [one.status for one in await mandates(portal)] == [
        MandateStatus.REVOKED,
        MandateStatus.REVOKED,
        MandateStatus.ACTIVE,
    ]


async def test_F88_a_feed_before_the_first_day_of_a_change_leaves_it_noted(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await _insured(portal, tmp_path)
    await change(portal, anna, effectiveFrom="2026-12-10")
    [submission] = await submissions(portal)
    await settle(portal, submission)
    portal.clock.travel_to(portal.clock.now() + timedelta(days=2))
    report = await _import(portal, tmp_path, TOMORROW)
    assert report.findings == []
    assert await _current(portal, anna) == (feeds.IBAN[-4:], "M-1")
    portal.clock.travel_to(portal.clock.now() + timedelta(days=20))
    assert await _current(portal, anna) == (NEW[-4:], "M-1")


@pytest.mark.parametrize("days", [0, 1])
async def test_F88_the_rest_of_a_contract_follows_the_feed_all_the_same(
    portal: Portal, tmp_path: Path, days: int
) -> None:
    anna = await _insured(portal, tmp_path)
    await change(portal, anna)
    portal.clock.travel_to(portal.clock.now() + timedelta(days=2))
    renamed = {"city": "Ulm", "street": "Neue Gasse 1", "postal_code": "89073"}
    await _import(portal, tmp_path, TODAY + timedelta(days=days), **renamed)
    assert await _current(portal, anna) == (NEW[-4:], "M-1")
    async with portal.transaction() as session:
        contract = (await session.scalars(select(InsuranceContract))).one()
    assert contract.source_as_of == TODAY + timedelta(days=days)
