"""Rows of account statements, and the balance of the account that follows from them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from sqlalchemy import delete, func, insert, or_, select, update

from backend.feeds.bank_keys import digest, statement_identity
from backend.feeds.findings import Finding
from backend.services.ledgers import BALANCED, Period
from backend.services.ledgers.amounts import is_storable, storable

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.feeds.bank_records import Statement
    from backend.services.ledgers import KnownAccount, Ledger, LedgerReport, Values

# Banks count statements anew each year.
_SAME_COUNT = timedelta(days=300)


async def open_statement(
    session: AsyncSession,
    ledger: Ledger,
    *,
    account_id: int,
    statement: Statement,
    now: datetime,
) -> int:
    """Return the row of a statement, written now unless it is there; balances come at its end."""
    identity = statement_identity(statement)
    parts: tuple[object, ...] = (statement.kind, statement.account.key, identity)
    if identity is None:
        parts += (statement.statement_id, statement.sequence_number, statement.page_number)
    key = digest(*parts).hex()
    columns = ledger.statements.c
    known = await session.scalar(
        select(columns.id).where(ledger.statements_of(account_id), columns.statement_key == key)
    )
    if known is not None:
        return cast("int", known)
    number = statement.sequence_number
    row = {
        ledger.owner: account_id,
        "statement_key": key,
        "kind": statement.kind.value,
        "number": None if number is None else str(number),
        "sequence_number": number,
        "imported_at": now,
    }
    return cast("int", await session.scalar(insert(ledger.statements).returning(columns.id), row))


async def is_imported_in_another_format(
    session: AsyncSession, ledger: Ledger, account_id: int, statement: Statement
) -> bool:
    """Tell whether a statement of the same closing day and balances is there from another format.

    A bank may send one statement as camt.053 and as MT940; texts and so entry keys differ.
    """
    opening, closing = statement.opening, statement.closing
    if opening is None or closing is None or not statement.kind.is_balanced:
        return False
    columns = ledger.statements.c
    known = await session.scalar(
        select(columns.id)
        .where(
            ledger.statements_of(account_id),
            columns.kind.in_(BALANCED),
            columns.kind != statement.kind.value,
            columns.to_date == closing.on,
            columns.opening_balance == storable(opening.amount),
            columns.closing_balance == storable(closing.amount),
        )
        .limit(1)
    )
    return known is not None


async def close_statement(
    session: AsyncSession,
    ledger: Ledger,
    report: LedgerReport,
    account: KnownAccount,
    statement: Statement,
    statement_id: int,
) -> None:
    """Write the balances of a statement whose entries are all there; the account follows.

    Provisional entries (intraday reports, notifications, pending) up to its day have their booked
    partners now and vanish; where a ledger is not complete, those from its first entry on.
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
    rows = ledger.statements
    await session.execute(update(rows).where(rows.c.id == statement_id).values(values))
    if not statement.kind.is_balanced or values["closing_balance"] is None:
        return
    if values["to_date"] is not None:
        await _drop_provisional(session, ledger, account, statement_id, values["to_date"])
    await _follow_newest_balance(session, ledger, account)


async def load_periods(
    session: AsyncSession, ledger: Ledger, account_id: int
) -> tuple[Period, ...]:
    """Return the days that statements with balances list: from their first entry to their end."""
    rows, movements = ledger.statements.c, ledger.movements.c
    found = await session.execute(
        select(rows.kind, func.min(movements.booking_date), rows.to_date)
        .join(ledger.movements, movements.statement_id == rows.id)
        .where(
            ledger.statements_of(account_id),
            rows.kind.in_(BALANCED),
            rows.closing_balance.is_not(None),
            rows.to_date.is_not(None),
            movements.is_pending.is_(False),
        )
        .group_by(rows.id, rows.kind, rows.to_date)
    )
    return tuple(Period(*row) for row in found)


async def _drop_provisional(
    session: AsyncSession, ledger: Ledger, account: KnownAccount, statement_id: int, until: date
) -> None:
    columns = ledger.movements.c
    gone = (
        delete(ledger.movements)
        .where(
            ledger.movements_of(account.id),
            columns.content_key.is_not(None),
            columns.booking_date <= until,
            columns.statement_id.is_distinct_from(statement_id),
        )
        .execution_options(synchronize_session=False)
    )
    if not ledger.is_complete:
        first = await session.scalar(
            select(func.min(columns.booking_date)).where(
                columns.statement_id == statement_id, columns.is_pending.is_(False)
            )
        )
        is_reached = columns.is_pending.is_(True)
        gone = gone.where(
            is_reached if first is None else or_(is_reached, columns.booking_date >= first)
        )
    await session.execute(gone)


async def _follow_newest_balance(
    session: AsyncSession, ledger: Ledger, account: KnownAccount
) -> None:
    """The newest booked closing balance counts: by its day, then by number."""
    columns = ledger.statements.c
    newest = (
        await session.execute(
            select(columns.closing_balance, columns.to_date)
            .where(
                ledger.statements_of(account.id),
                columns.kind.in_(BALANCED),
                columns.closing_balance.is_not(None),
                columns.to_date.is_not(None),
            )
            .order_by(
                columns.to_date.desc(),
                func.coalesce(columns.sequence_number, 0).desc(),
                columns.id.desc(),
            )
            .limit(1)
        )
    ).first()
    if newest is None:
        return
    account.balance_on = newest.to_date
    await session.execute(
        update(ledger.accounts)
        .where(ledger.accounts.c.id == account.id)
        .values(balance=newest.closing_balance, balance_on=newest.to_date)
    )


async def missing_numbers(
    session: AsyncSession, ledger: Ledger, account_id: int, statement: Statement
) -> str | None:
    """Return what to report if statements between this one and the one before are missing."""
    number, on = statement.sequence_number, statement.closing.on if statement.closing else None
    if number is None or on is None or not statement.kind.is_balanced:
        return None
    columns = ledger.statements.c
    before = await session.scalar(
        select(func.max(columns.sequence_number)).where(
            ledger.statements_of(account_id),
            columns.kind == statement.kind.value,
            columns.sequence_number < number,
            columns.to_date > on - _SAME_COUNT,
            columns.to_date <= on,
        )
    )
    if before is None or before == number - 1:
        return None
    missing = str(before + 1) if before == number - 2 else f"{before + 1} to {number - 1}"
    return f"statement {missing} is missing before {number}"


def _balance(report: LedgerReport, statement: Statement, amount: Decimal | None) -> Decimal | None:
    if amount is not None and not is_storable(amount):
        report.note(Finding(statement.line, "statement", "balance", "is beyond any real balance"))
    return storable(amount)
