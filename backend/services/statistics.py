"""How much of everything is in the database, for operators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from backend.models.contracts import Contract, ContractKind, Partner, PartyRole
from backend.models.customers import Customer
from backend.models.documents import Document
from backend.models.imports import ImportFinding
from backend.models.institutions import Institution
from backend.models.transactions import Statement, Transaction
from backend.models.user_accounts import UserAccount
from backend.services.contract_visibility import visible_to_somebody
from backend.values import Value

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.policy import Policy

_SAVINGS = (ContractKind.SAVINGS_ACCOUNT, ContractKind.FIXED_TERM_DEPOSIT)


class Statistics(Value):
    """Numbers of rows.

    `partners` are those with an address of their own in a contract; insured persons, who stand in
    its risks, are not among them. `contracts` are those of insurers, `savings_accounts` call money
    and fixed-term deposits. `transactions` includes pending ones; `findings` are those of the last
    reading of every file.
    """

    institutions: int
    customers: int
    user_accounts: int
    partners: int
    contracts: int
    contracts_visible_to_a_customer: int
    savings_accounts: int
    statements: int
    transactions: int
    transactions_pending: int
    documents: int
    findings: int


async def count_everything(session: AsyncSession, *, today: date, policy: Policy) -> Statistics:
    """Count; *visible* is the predicate of F39-F46 with today's date in Berlin."""
    is_insurance = Contract.kind == ContractKind.INSURANCE
    is_visible = visible_to_somebody(today=today, policy=policy)
    return Statistics(
        institutions=await _count(session, Institution.id),
        customers=await _count(session, Customer.id),
        user_accounts=await _count(session, UserAccount.id),
        partners=await _count(session, Partner.id, Partner.role != PartyRole.INSURED),
        contracts=await _count(session, Contract.id, is_insurance),
        contracts_visible_to_a_customer=await _count(
            session, Contract.id, is_insurance, is_visible
        ),
        savings_accounts=await _count(session, Contract.id, Contract.kind.in_(_SAVINGS)),
        statements=await _count(session, Statement.id),
        transactions=await _count(session, Transaction.id),
        transactions_pending=await _count(
            session, Transaction.id, Transaction.is_pending.is_(True)
        ),
        documents=await _count(session, Document.id),
        findings=await _count(session, ImportFinding.id),
    )


async def _count(session: AsyncSession, column: Any, *conditions: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count(column)).where(*conditions)) or 0
