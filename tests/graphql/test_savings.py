"""Savings accounts and fixed-term deposits over GraphQL, on both databases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from backend.models.bank_accounts import (
    BankAccount,
    BankAccountPurpose,
    MandateStatus,
    SepaMandate,
)
from backend.policy import load_policy
from backend.services.bank_accounts import load_direct_debits_of
from tests import factories

if TYPE_CHECKING:
    from backend.models.contracts import SavingsAccount
    from backend.models.customers import Customer
    from tests.portal import Portal

ACCOUNTS = """{ viewer { savingsAccounts { __typename number iban bic interestRate balanceOn holders
  balance { amount currency } payoutAccount { maskedIban holder }
  directDebit { mandateReference creditorIdentifier bankAccount { maskedIban holder } }
  transactionsCsvUrl ... on FixedTermDeposit { maturityDate } } } }"""


async def _anna(portal: Portal, **account_values: Any) -> tuple[str, Customer, SavingsAccount]:
    async with portal.transaction() as session:
        anna = await factories.customer(session)
        user = await factories.user_account(session, anna)
        account = await factories.savings_account(session, anna, **account_values)
    return await portal.sign_in(user), anna, account


async def _accounts(portal: Portal, token: str) -> list[dict[str, Any]]:
    data = await portal.execute(ACCOUNTS, token=token)
    accounts: list[dict[str, Any]] = data["viewer"]["savingsAccounts"]
    return accounts


async def _mandate(portal: Portal, contract_id: int, **values: Any) -> None:
    async with portal.transaction() as session:
        session.add(
            SepaMandate(
                **{
                    "contract_id": contract_id,
                    "mandate_reference": "M-1",
                    "creditor_identifier": "DE98ZZZ09999999999",
                    "iban": "DE16999999990001000002",
                    "holder": "Anna Beispiel",
                    "signed_on": date(2020, 1, 1),
                    "last_used_on": date(2026, 10, 1),
                    "is_use_told": True,
                    "expires_on": None,
                    "status": MandateStatus.ACTIVE,
                }
                | values
            )
        )


async def test_F66_contract_details_show_all_that_is_known(portal: Portal) -> None:
    token, _, _ = await _anna(
        portal,
        number="T-1",
        bic="MUSLDE99XXX",
        balance=Decimal("1250.40"),
        balance_on=date(2026, 11, 20),
        interest_rate=Decimal("1.75"),
    )
    [account] = await _accounts(portal, token)
    assert account.pop("transactionsCsvUrl").endswith("/transactions.csv")
    assert account == {
        "__typename": "SavingsAccount",
        "number": "T-1",
        "iban": "DE43999999990001000001",
        "bic": "MUSLDE99XXX",
        "interestRate": "1.75",
        "balance": {"amount": "1250.40", "currency": "EUR"},
        "balanceOn": "2026-11-20",
        "holders": ["Anna Beispiel"],
        "payoutAccount": None,
        "directDebit": None,
    }


async def test_a_fixed_term_deposit_tells_its_maturity(portal: Portal) -> None:
    token, anna, _ = await _anna(portal)
    async with portal.transaction() as session:
        await factories.fixed_term_deposit(
            session, anna, number="F-1", iban=None, maturity_date=date(2027, 1, 31)
        )
    accounts = await _accounts(portal, token)
    assert [account["__typename"] for account in accounts] == ["SavingsAccount", "FixedTermDeposit"]
    assert accounts[1]["maturityDate"] == "2027-01-31"
    assert accounts[1]["iban"] == "F-1"


async def test_a_joint_account_shows_to_each_holder_and_to_nobody_else(portal: Portal) -> None:
    async with portal.transaction() as session:
        people = [await factories.customer(session, name) for name in ("Anna", "Jonas", "Berta")]
        users = [await factories.user_account(session, person) for person in people]
        await factories.savings_account(session, people[0], people[1], number="JOINT")
    tokens = [await portal.sign_in(user) for user in users]
    shown = [
        [(account["number"], account["holders"]) for account in await _accounts(portal, token)]
        for token in tokens
    ]
    joint = [("JOINT", ["Anna Beispiel", "Jonas Beispiel"])]
    assert shown == [joint, joint, []]


async def test_without_a_statement_the_balance_is_the_sum_of_what_is_booked(
    portal: Portal,
) -> None:
    token, _, account = await _anna(portal, balance=None)
    async with portal.transaction() as session:
        day = date(2026, 11, 1)
        await factories.transaction(session, account, "100.00", day)
        await factories.transaction(session, account, "-30.10", day)
        await factories.transaction(session, account, "500.00", day, is_pending=True)
    [shown] = await _accounts(portal, token)
    assert (shown["balance"]["amount"], shown["balanceOn"]) == ("69.90", None)


async def test_an_account_without_any_movement_has_a_balance_of_nothing(portal: Portal) -> None:
    token, _, _ = await _anna(portal, balance=None)
    [shown] = await _accounts(portal, token)
    assert shown["balance"] == {"amount": "0.00", "currency": "EUR"}


async def test_F67_the_current_payout_account_shows_masked(portal: Portal) -> None:
    token, _, account = await _anna(portal)
    async with portal.transaction() as session:
        known = (("DE16999999990001000002", date(2025, 1, 1)), ("AT83", None))
        for version, (iban, until) in enumerate(known, start=1):
            session.add(
                BankAccount(
                    contract_id=account.id,
                    purpose=BankAccountPurpose.PAYOUT,
                    iban=iban.ljust(20, "1"),
                    holder="Anna Beispiel",
                    is_valid=True,
                    valid_from=date(2020, 1, 1),
                    valid_to=until,
                    version=version,
                )
            )
    [shown] = await _accounts(portal, token)
    assert shown["payoutAccount"] == {"maskedIban": "AT83 •••• 1111", "holder": "Anna Beispiel"}


async def test_F68_direct_debit_shows_while_its_mandate_is_active(portal: Portal) -> None:
    token, _, account = await _anna(portal)
    await _mandate(portal, account.id)
    [shown] = await _accounts(portal, token)
    assert shown["directDebit"] == {
        "mandateReference": "M-1",
        "creditorIdentifier": "DE98ZZZ09999999999",
        "bankAccount": {"maskedIban": "DE16 •••• 0002", "holder": "Anna Beispiel"},
    }


@pytest.mark.parametrize(
    "values",
    [
        {"status": MandateStatus.REVOKED},
        {"expires_on": date(2026, 11, 20)},
        {"last_used_on": date(2023, 11, 20)},
        {"last_used_on": None, "signed_on": date(2023, 11, 20)},
    ],
    ids=["revoked", "expired", "lapsed since its last use", "lapsed and never used"],
)
async def test_F68_no_direct_debit_shows_for_a_mandate_not_in_force(
    portal: Portal, values: dict[str, Any]
) -> None:
    token, _, account = await _anna(portal)
    await _mandate(portal, account.id, **values)
    [shown] = await _accounts(portal, token)
    assert shown["directDebit"] is None


async def test_F68_a_mandate_whose_uses_nobody_tells_holds_while_the_institution_names_it(
    portal: Portal,
) -> None:
    token, _, account = await _anna(portal)
    unknown = {"last_used_on": None, "signed_on": date(2019, 1, 2), "is_use_told": False}
    await _mandate(portal, account.id, **unknown)
    [shown] = await _accounts(portal, token)
    assert shown["directDebit"]["mandateReference"] == "M-1"
    async with portal.transaction() as session:
        mandate = (await session.scalars(select(SepaMandate))).one()
        mandate.status = MandateStatus.REVOKED
    [shown] = await _accounts(portal, token)
    assert shown["directDebit"] is None


@pytest.mark.parametrize(
    ("last_used_on", "last_day"),
    [
        (date(2023, 11, 21), date(2026, 11, 21)),
        (date(2021, 2, 28), date(2024, 2, 28)),
        (date(2020, 2, 29), date(2023, 2, 28)),
        (date(2023, 12, 31), date(2026, 12, 31)),
    ],
)
async def test_a_mandate_holds_for_36_months_after_its_last_use_and_not_a_day_longer(
    portal: Portal, last_used_on: date, last_day: date
) -> None:
    _, _, account = await _anna(portal)
    await _mandate(portal, account.id, last_used_on=last_used_on)
    policy = load_policy()
    async with portal.transaction() as session:
        found = [
            account.id
            in await load_direct_debits_of(session, [account.id], today=today, policy=policy)
            for today in (last_day, date.fromordinal(last_day.toordinal() + 1))
        ]
    assert found == [True, False]
