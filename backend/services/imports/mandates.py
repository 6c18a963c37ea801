"""SEPA mandates of contracts as feeds name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlalchemy import bindparam, insert, select, update

from backend.models.bank_accounts import MandateStatus, SepaMandate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.imports.records import StoredRecord, Values

_MANDATE = cast("Table", SepaMandate.__table__)


# What a customer ended or was to begin here goes on as the feed says.
_AS_THE_FEED_SAYS = {"starts_on": None, "ended_on": None, "ended_by": None}


async def write_mandates(
    session: AsyncSession, changed: Sequence[StoredRecord], inserted: Sequence[StoredRecord]
) -> None:
    """Write each record's mandate; active ones that the feed no longer names are revoked (F68)."""
    known: dict[tuple[int, str], int] = {}
    if changed:
        of_changed = _MANDATE.c.contract_id.in_([item.contract_id for item in changed])
        await session.execute(
            update(_MANDATE)
            .where(of_changed, _MANDATE.c.status == MandateStatus.ACTIVE)
            .values(status=MandateStatus.REVOKED)
        )
        rows = await session.execute(
            select(_MANDATE.c.contract_id, _MANDATE.c.mandate_reference, _MANDATE.c.id).where(
                of_changed
            )
        )
        known = {(row[0], row[1]): row[2] for row in rows}
    new: list[Values] = []
    renewed: list[Values] = []
    for item in (*changed, *inserted):
        mandate = item.record.mandate
        if mandate is None:
            continue
        row_id = known.get((item.contract_id, mandate["mandate_reference"]))
        if row_id is None:
            new.append({**mandate, "contract_id": item.contract_id})
        else:
            renewed.append({**mandate, **_AS_THE_FEED_SAYS, "row_id": row_id})
    if renewed:
        statement = update(_MANDATE).where(_MANDATE.c.id == bindparam("row_id"))
        await session.execute(statement, renewed)
    if new:
        await session.execute(insert(_MANDATE), new)
