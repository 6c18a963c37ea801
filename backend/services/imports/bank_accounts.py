"""Bank accounts of contracts as feeds name them, with their history."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from sqlalchemy import bindparam, insert, update

from backend.clock import BERLIN
from backend.feeds.findings import Finding
from backend.models.bank_accounts import BankAccount, BankAccountState
from backend.services.bank_accounts import load_standing_accounts_of, load_versions_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.imports.job import ImportJob
    from backend.services.imports.records import StoredRecord, Values

_ACCOUNT = cast("Table", BankAccount.__table__)
_COMPARED = ("iban", "bic", "bank_name", "holder", "is_valid")


@dataclass(slots=True)
class _Writes:
    """What the records of a batch come to; contracts in `kept` stay as their customer said."""

    new: list[Values] = field(default_factory=list)
    corrected: list[Values] = field(default_factory=list)
    confirmed: list[Values] = field(default_factory=list)
    closed: list[Values] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)


async def write_bank_accounts(
    session: AsyncSession,
    job: ImportJob,
    changed: Sequence[StoredRecord],
    inserted: Sequence[StoredRecord],
) -> set[int]:
    """Write each record's bank account; another than the newest one closes that one.

    All bank connections ever on file are kept with the days they were valid (DOMAIN, bank data).
    Of an account that it names alike, a feed may correct the rest. One that it no longer names is
    closed. Returns the contracts where a customer's change stands that the feed knows nothing of:
    their mandates stay as well (decision 0027).
    """
    ids = [item.contract_id for item in changed]
    known = await load_standing_accounts_of(session, ids) if ids else {}
    last = await load_versions_of(session, ids) if ids else {}
    writes = _Writes()
    for item in (*changed, *inserted):
        key = (item.contract_id, item.record.purpose)
        _judge(writes, job, item, known.get(key, []), version=last.get(key, 0) + 1)
    of_row = update(_ACCOUNT).where(_ACCOUNT.c.id == bindparam("row_id"))
    for statement, rows in (
        (of_row, writes.corrected),
        (of_row, writes.confirmed),
        (of_row, writes.closed),
        (insert(_ACCOUNT), writes.new),
    ):
        if rows:
            await session.execute(statement, rows)
    return writes.kept


def _judge(
    writes: _Writes,
    job: ImportJob,
    item: StoredRecord,
    rows: Sequence[BankAccount],
    *,
    version: int,
) -> None:
    since = item.record.as_of or job.today
    account = item.record.bank_account
    newest = rows[-1] if rows and rows[-1].valid_to is None else None
    opened = _opened(item, since, version)
    if newest is None:
        writes.new += opened
    elif account is not None and newest.iban == account["iban"]:
        if newest.change_uid is not None:
            writes.confirmed.append(_confirmed(newest, account))
        elif any(getattr(newest, name) != account[name] for name in _COMPARED):
            writes.corrected.append({"row_id": newest.id, **account})
    elif newest.change_uid is not None and _stands(job, item, rows):
        writes.kept.add(item.contract_id)
    elif account is None:
        writes.closed.append({"row_id": newest.id, "valid_to": max(since, newest.valid_from)})
    else:
        until = max(since, newest.valid_from)
        writes.closed.append({"row_id": newest.id, "valid_to": until})
        writes.new += [one | {"valid_from": until} for one in opened]


def _stands(job: ImportJob, item: StoredRecord, rows: Sequence[BankAccount]) -> bool:
    """Tell whether a customer's change stands against a feed that names another account.

    It does if the feed is not newer than the change, and while a feed still names the account
    before: the change has not begun, or the core system has not answered yet.
    """
    change, account, as_of = rows[-1], item.record.bank_account, item.record.as_of
    names_one_before = (account["iban"] if account else None) in _before(rows)
    if as_of is not None and as_of < change.valid_from and names_one_before:
        return True
    changed_on = change.changed_at.astimezone(BERLIN).date() if change.changed_at else None
    is_newer = as_of is not None and changed_on is not None and as_of > changed_on
    is_unanswered = change.state is BankAccountState.PENDING
    if is_newer and not (is_unanswered and names_one_before):
        return False
    place = item.record.place
    reason = "the customer has changed the bank account since: the change stands"
    job.report.note(Finding(place.line, place.record, "bank account", reason))
    return True


def _before(rows: Sequence[BankAccount]) -> set[str | None]:
    """Return what an institution may have that knows nothing of the newest change."""
    ibans: set[str | None] = set()
    for row in reversed(rows[:-1]):
        ibans.add(row.iban)
        if row.state is BankAccountState.CONFIRMED:
            return ibans
    return ibans | {None}


def _confirmed(row: BankAccount, account: Values) -> Values:
    """Return what a feed adds that has an account as its customer named it; the name stays."""
    return {
        "row_id": row.id,
        "state": BankAccountState.CONFIRMED,
        "bic": account["bic"] or row.bic,
        "bank_name": account["bank_name"] or row.bank_name,
    }


def _opened(item: StoredRecord, since: date, version: int) -> list[Values]:
    if item.record.bank_account is None:
        return []
    return [
        {
            **item.record.bank_account,
            "contract_id": item.contract_id,
            "purpose": item.record.purpose,
            "valid_from": since,
            "valid_to": None,
            "version": version,
            "state": BankAccountState.CONFIRMED,
        }
    ]
