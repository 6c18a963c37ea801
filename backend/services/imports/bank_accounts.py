"""Bank accounts of contracts as feeds name them, with their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import bindparam, insert, select, update

from backend.models.bank_accounts import BankAccount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import Row, Table
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.imports.job import ImportJob
    from backend.services.imports.records import StoredRecord, Values

_ACCOUNT = cast("Table", BankAccount.__table__)
_COMPARED = ("iban", "bic", "bank_name", "holder", "is_valid")


async def write_bank_accounts(
    session: AsyncSession,
    job: ImportJob,
    changed: Sequence[StoredRecord],
    inserted: Sequence[StoredRecord],
) -> None:
    """Write each record's bank account; another than the current one closes that one.

    All bank connections ever on file are kept with the days they were valid (DOMAIN, bank data).
    Two changes of one day leave the last one. A feed that names none closes the current one.
    """
    current = await _load(session, changed)
    new: list[Values] = []
    corrected: list[Values] = []
    closed: list[Values] = []
    for item in (*changed, *inserted):
        since = item.record.as_of or job.today
        row, account = current.get(item.contract_id), item.record.bank_account
        if row is None:
            new += _opened(item, since)
        elif account is None:
            closed.append({"row_id": row.id, "valid_to": max(since, row.valid_from)})
        elif all(getattr(row, name) == account[name] for name in _COMPARED):
            continue
        elif row.iban == account["iban"] or row.valid_from >= since:
            corrected.append({"row_id": row.id, **account})
        else:
            closed.append({"row_id": row.id, "valid_to": since})
            new += _opened(item, since)
    of_row = update(_ACCOUNT).where(_ACCOUNT.c.id == bindparam("row_id"))
    for statement, rows in ((of_row, corrected), (of_row, closed), (insert(_ACCOUNT), new)):
        if rows:
            await session.execute(statement, rows)


def _opened(item: StoredRecord, since: date) -> list[Values]:
    if item.record.bank_account is None:
        return []
    place = {"contract_id": item.contract_id, "purpose": item.record.purpose}
    return [{**item.record.bank_account, **place, "valid_from": since, "valid_to": None}]


async def _load(session: AsyncSession, changed: Sequence[StoredRecord]) -> Mapping[int, Row[Any]]:
    if not changed:
        return {}
    purposes = {item.record.purpose for item in changed}
    rows = await session.execute(
        select(_ACCOUNT)
        .where(
            _ACCOUNT.c.contract_id.in_([item.contract_id for item in changed]),
            _ACCOUNT.c.purpose.in_(purposes),
            _ACCOUNT.c.valid_to.is_(None),
        )
        .order_by(_ACCOUNT.c.id)
    )
    return {row.contract_id: row for row in rows}
