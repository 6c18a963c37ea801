"""The account a bank file is about: found by IBAN or local number, or opened without holders."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlalchemy import and_, exists, insert, or_, select, update

from backend.models.contracts import (
    Contract,
    ContractKind,
    ContractOrigin,
    ContractStatus,
    Partner,
    PartyRole,
)
from backend.services.ledgers import KnownAccount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.feeds.bank_records import AccountIdentification, Statement
    from backend.services.imports.job import ImportJob

_CONTRACT = cast("Table", Contract.__table__)
_GERMAN = "DE/"
_SAVINGS = (ContractKind.SAVINGS_ACCOUNT, ContractKind.FIXED_TERM_DEPOSIT)


def account_number(account: AccountIdentification) -> str:
    """Return the contract number of an account: its IBAN, else bank code and local number."""
    return account.iban or account.key.removeprefix(_GERMAN)


def spellings(account: AccountIdentification) -> Sequence[str]:
    """Return all numbers under which an account may be known.

    MT940 writes "50010517/0123456789" where camt writes the IBAN that holds both; the bank codes
    whose IBANs follow rules of their own (IBAN rules of the Bundesbank) don't meet.
    """
    local = account.key.removeprefix(_GERMAN)
    return [name for name in (account.likely_iban, local) if name]


async def find_account(
    session: AsyncSession, *, institution_id: int, account: AccountIdentification
) -> KnownAccount | None:
    """Return the bank's account with this identification; none that a customer added."""
    names = spellings(account)
    is_held = exists().where(
        Partner.contract_id == _CONTRACT.c.id, Partner.role == PartyRole.ACCOUNT_HOLDER
    )
    row = (
        await session.execute(
            select(_CONTRACT.c.id, _CONTRACT.c.balance_on, is_held, _CONTRACT.c.iban)
            .where(
                _CONTRACT.c.institution_id == institution_id,
                _CONTRACT.c.kind.in_(_SAVINGS),
                _CONTRACT.c.origin != ContractOrigin.SELF_ADDED,
                or_(
                    and_(_CONTRACT.c.number.in_(names), _CONTRACT.c.line_code == ""),
                    _CONTRACT.c.iban.in_(names),
                ),
            )
            .order_by(_CONTRACT.c.id)
            .limit(1)
        )
    ).first()
    if row is None:
        return None
    if row.iban is None and account.iban is not None:
        await session.execute(
            update(_CONTRACT).where(_CONTRACT.c.id == row.id).values(iban=account.iban)
        )
    return KnownAccount(row.id, row.balance_on, bool(row[2]))


async def open_account(
    session: AsyncSession, job: ImportJob, *, institution_id: int, statement: Statement
) -> KnownAccount:
    """Write an account that only a bank file has named so far: nobody sees it yet."""
    now = job.now
    contract_id = await session.scalar(
        insert(_CONTRACT).returning(_CONTRACT.c.id),
        {
            "institution_id": institution_id,
            "kind": ContractKind.SAVINGS_ACCOUNT,
            "origin": ContractOrigin.INSTITUTION,
            "number": account_number(statement.account),
            "line_code": "",
            "product_name": statement.account_name,
            "status": ContractStatus.ACTIVE,
            "iban": statement.account.iban,
            "bic": statement.servicer_bic,
            "currency": statement.currency,
            "created_at": now,
            "updated_at": now,
        },
    )
    return KnownAccount(cast("int", contract_id), None, has_holder=False)
