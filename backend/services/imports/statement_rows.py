"""Rows of account statements, and the balance of the account that follows from them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from sqlalchemy import delete, func, insert, select, update

from backend.feeds.bank_keys import digest, statement_identity
from backend.feeds.bank_records import StatementKind
from backend.feeds.findings import Finding
from backend.models.contracts import Contract
from backend.models.transactions import Statement as StatementRow
from backend.models.transactions import Transaction
from backend.services.imports.amounts import is_storable, storable

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.feeds.bank_records import Statement
    from backend.services.imports.bank_contracts import KnownAccount
    from backend.services.imports.records import Values
    from backend.services.imports.report import FileReport

_STATEMENT = cast("Table", StatementRow.__table__)
_TRANSACTION = cast("Table", Transaction.__table__)
_CONTRACT = cast("Table", Contract.__table__)
_BALANCED = tuple(kind.value for kind in StatementKind if kind.is_balanced)
# Banks count statements anew each year.
_SAME_COUNT = timedelta(days=300)


async def open_statement(
    session: AsyncSession, *, contract_id: int, statement: Statement, now: datetime
) -> int:
    """Return the row of a statement, written now unless it is there; balances come at its end."""
    identity = statement_identity(statement)
    parts: tuple[object, ...] = (statement.kind, statement.account.key, identity)
    if identity is None:
        parts += (statement.statement_id, statement.sequence_number, statement.page_number)
    key = digest(*parts).hex()
    known = await session.scalar(
        select(_STATEMENT.c.id).where(
            _STATEMENT.c.contract_id == contract_id, _STATEMENT.c.statement_key == key
        )
    )
    if known is not None:
        return cast("int", known)
    number = statement.sequence_number
    row = {
        "contract_id": contract_id,
        "statement_key": key,
        "kind": statement.kind.value,
        "number": None if number is None else str(number),
        "sequence_number": number,
        "imported_at": now,
    }
    return cast("int", await session.scalar(insert(_STATEMENT).returning(_STATEMENT.c.id), row))


async def is_imported_in_another_format(
    session: AsyncSession, contract_id: int, statement: Statement
) -> bool:
    """Tell whether a statement of the same closing day and balances is there from another format.

    A bank may send one statement as camt.053 and as MT940; texts and so entry keys differ.
    """
    opening, closing = statement.opening, statement.closing
    if opening is None or closing is None or not statement.kind.is_balanced:
        return False
    known = await session.scalar(
        select(_STATEMENT.c.id)
        .where(
            _STATEMENT.c.contract_id == contract_id,
            _STATEMENT.c.kind.in_(_BALANCED),
            _STATEMENT.c.kind != statement.kind.value,
            _STATEMENT.c.to_date == closing.on,
            _STATEMENT.c.opening_balance == storable(opening.amount),
            _STATEMENT.c.closing_balance == storable(closing.amount),
        )
        .limit(1)
    )
    return known is not None


async def close_statement(
    session: AsyncSession,
    report: FileReport,
    account: KnownAccount,
    statement: Statement,
    statement_id: int,
) -> None:
    """Write the balances of a statement whose entries are all there; the account follows.

    Provisional entries (intraday reports, notifications, pending) up to its day have their booked
    partners now and vanish.
    """
    opening, closing = statement.opening, statement.closing
    is_final = closing is not None and not closing.is_intermediate
    values: Values = {
        "from_date": statement.period_from or (opening.on if opening else None),
        "to_date": (closing.on if closing else None) or statement.period_to,
        "opening_balance": _balance(report, statement, opening.amount if opening else None),
        "closing_balance": _balance(
            report, statement, closing.amount if closing and is_final else None
        ),
    }
    await session.execute(update(_STATEMENT).where(_STATEMENT.c.id == statement_id).values(values))
    if not statement.kind.is_balanced or values["closing_balance"] is None:
        return
    if values["to_date"] is not None:
        await session.execute(
            delete(_TRANSACTION).where(
                _TRANSACTION.c.contract_id == account.id,
                _TRANSACTION.c.content_key.is_not(None),
                _TRANSACTION.c.booking_date <= values["to_date"],
                _TRANSACTION.c.statement_id.is_distinct_from(statement_id),
            )
        )
    await _follow_newest_balance(session, account)


async def _follow_newest_balance(session: AsyncSession, account: KnownAccount) -> None:
    """The newest booked closing balance counts: by its day, then by number."""
    newest = (
        await session.execute(
            select(_STATEMENT.c.closing_balance, _STATEMENT.c.to_date)
            .where(
                _STATEMENT.c.contract_id == account.id,
                _STATEMENT.c.kind.in_(_BALANCED),
                _STATEMENT.c.closing_balance.is_not(None),
                _STATEMENT.c.to_date.is_not(None),
            )
            .order_by(
                _STATEMENT.c.to_date.desc(),
                func.coalesce(_STATEMENT.c.sequence_number, 0).desc(),
                _STATEMENT.c.id.desc(),
            )
            .limit(1)
        )
    ).first()
    if newest is None:
        return
    account.balance_on = newest.to_date
    await session.execute(
        update(_CONTRACT)
        .where(_CONTRACT.c.id == account.id)
        .values(balance=newest.closing_balance, balance_on=newest.to_date)
    )


async def missing_numbers(
    session: AsyncSession, contract_id: int, statement: Statement
) -> str | None:
    """Return what to report if statements between this one and the one before are missing."""
    number, on = statement.sequence_number, statement.closing.on if statement.closing else None
    if number is None or on is None or not statement.kind.is_balanced:
        return None
    before = await session.scalar(
        select(func.max(_STATEMENT.c.sequence_number)).where(
            _STATEMENT.c.contract_id == contract_id,
            _STATEMENT.c.kind == statement.kind.value,
            _STATEMENT.c.sequence_number < number,
            _STATEMENT.c.to_date > on - _SAME_COUNT,
            _STATEMENT.c.to_date <= on,
        )
    )
    if before is None or before == number - 1:
        return None
    missing = str(before + 1) if before == number - 2 else f"{before + 1} to {number - 1}"
    return f"statement {missing} is missing before {number}"


def _balance(report: FileReport, statement: Statement, amount: Decimal | None) -> Decimal | None:
    if amount is not None and not is_storable(amount):
        report.note(Finding(statement.line, "statement", "balance", "is beyond any real balance"))
    return storable(amount)
