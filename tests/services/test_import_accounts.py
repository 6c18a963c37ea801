"""The bank's master data in: kinds of accounts, holders, payout account and mandate."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend.clock import BERLIN
from backend.models.bank_accounts import BankAccount, BankAccountPurpose, SepaMandate
from backend.models.contracts import Contract, FixedTermDeposit, Partner, PartyRole, SavingsAccount
from backend.models.customers import Customer
from backend.services.contract_visibility import IS_VISIBLE, visibility_of
from backend.services.imports import import_file
from tests.services import feed_files as feeds

if TYPE_CHECKING:
    from pathlib import Path

    from tests.portal import Portal


async def _all(portal: Portal, kind: type[Any]) -> list[Any]:
    async with portal.transaction() as session:
        return list(await session.scalars(select(kind).order_by(kind.id)))


async def test_F60_an_account_comes_with_terms_and_holder(portal: Portal, tmp_path: Path) -> None:
    path = feeds.accounts_file(tmp_path / "a.jsonl", feeds.account())
    report = await import_file(portal.house, path)
    assert (report.accepted, report.findings) == (1, [])
    [account] = await _all(portal, SavingsAccount)
    assert (account.iban, account.interest_rate) == (feeds.IBAN, Decimal("2.25"))
    assert (account.product_name, account.start_date) == ("Tagesgeld Plus", date(2020, 1, 31))
    [customer] = await _all(portal, Customer)
    [holder] = await _all(portal, Partner)
    assert (holder.role, holder.customer_id) == (PartyRole.ACCOUNT_HOLDER, customer.id)
    [payout] = await _all(portal, BankAccount)
    assert (payout.purpose, payout.iban) == (BankAccountPurpose.PAYOUT, feeds.OTHER_IBAN)


async def test_the_same_accounts_twice_change_nothing(portal: Portal, tmp_path: Path) -> None:
    path = feeds.accounts_file(
        tmp_path / "a.jsonl", feeds.account(), feeds.account(feeds.OTHER_IBAN)
    )
    await import_file(portal.house, path)
    report = await import_file(portal.house, path)
    assert (report.accepted, report.duplicates) == (0, 2)
    assert [len(await _all(portal, kind)) for kind in (Contract, Partner, Customer)] == [2, 2, 1]


async def test_an_account_first_seen_in_a_statement_becomes_a_deposit(
    portal: Portal, tmp_path: Path
) -> None:
    head = feeds.statement(closing="5.00")
    statement = feeds.camt_file(tmp_path / "a.xml", (head, [feeds.entry("5.00", "Anlage")]))
    await import_file(portal.house, statement)
    line = feeds.account(product="FIXED_TERM", maturity_on="2027-01-31")
    await import_file(portal.house, feeds.accounts_file(tmp_path / "a.jsonl", line))
    assert await _all(portal, SavingsAccount) == []
    [deposit] = await _all(portal, FixedTermDeposit)
    assert (deposit.maturity_date, deposit.balance) == (date(2027, 1, 31), Decimal("5.00"))
    again = await import_file(portal.house, statement)
    assert (again.duplicates, again.findings) == (1, [])


async def test_F61_a_joint_account_shows_to_both_holders(portal: Portal, tmp_path: Path) -> None:
    jonas = feeds.holder("100002", salutation="1", first_name="Jonas", birth_date="1982-05-01")
    line = feeds.account(holders=[feeds.holder(), jonas])
    await import_file(portal.house, feeds.accounts_file(tmp_path / "a.jsonl", line))
    customers = await _all(portal, Customer)
    assert len(customers) == 2
    async with portal.transaction() as session:
        for customer in customers:
            values = visibility_of(
                customer.id, today=date(2026, 11, 21), policy=portal.house.policy
            )
            shown = await session.scalars(select(Contract.id).where(IS_VISIBLE), values)
            assert len(shown.all()) == 1


async def test_F68_the_mandate_is_there_until_the_bank_ends_it(
    portal: Portal, tmp_path: Path
) -> None:
    mandate = {
        "mandate_reference": "M-9",
        "creditor_identifier": "DE98ZZZ09999999999",
        "signed_on": "2020-01-31",
        "iban": feeds.OTHER_IBAN,
        "holder": "Anna Beispiel",
        "last_used_on": None,
        "status": "ACTIVE",
    }
    for day, status in ((20, "ACTIVE"), (21, "CANCELLED")):
        line = feeds.account(
            direct_debit=mandate | {"status": status},
            updated_at=datetime(2026, 11, day, tzinfo=BERLIN).isoformat(),
        )
        await import_file(portal.house, feeds.accounts_file(tmp_path / f"{day}.jsonl", line))
        [stored] = await _all(portal, SepaMandate)
        assert stored.status.name == {"ACTIVE": "ACTIVE", "CANCELLED": "REVOKED"}[status]


async def test_a_wrong_line_is_isolated(portal: Portal, tmp_path: Path) -> None:
    wrong = feeds.account(feeds.OTHER_IBAN, currency="Euro", product="SHARES")
    path = feeds.accounts_file(tmp_path / "a.jsonl", wrong, feeds.account())
    report = await import_file(portal.house, path)
    assert (report.accepted, report.rejected, len(report.findings)) == (1, 1, 2)
