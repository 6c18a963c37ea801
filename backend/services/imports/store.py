"""Writes contracts with partners, bank accounts and mandates: whole records, many at once."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, cast

from sqlalchemy import bindparam, delete, insert, select, update

from backend.feeds.findings import Finding
from backend.models.contracts import Contract, ContractOrigin, Partner
from backend.services.imports.bank_accounts import write_bank_accounts
from backend.services.imports.customers import link_customers
from backend.services.imports.mandates import write_mandates
from backend.services.imports.personal_details import keep_changed_details
from backend.services.imports.records import KnownContract, StoredRecord, is_older

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.imports.job import ImportJob
from backend.services.imports.records import ContractRecord

_CONTRACT = cast("Table", Contract.__table__)
_PARTNER = cast("Table", Partner.__table__)


async def store_contracts(
    session: AsyncSession, job: ImportJob, records: Sequence[ContractRecord]
) -> None:
    """Write records that differ from what is known, and count all of them in the report.

    Unique by institution, number and line. An equal record is a duplicate; an older one changes
    nothing, is a duplicate and a finding. No key may come twice in `records`.
    """
    known = await _load(session, records)
    new: list[tuple[ContractRecord, str]] = []
    changed: list[StoredRecord] = []
    confirmed: list[StoredRecord] = []
    for record in records:
        found, digest = known.get(record.key), record.digest()
        if found is None:
            new.append((record, digest))
        elif found.source_digest == digest:
            job.report.duplicates += 1
            if record.as_of and (found.source_as_of is None or found.source_as_of < record.as_of):
                confirmed.append(StoredRecord(record, digest, found.id))
        elif is_older(record, found, is_repeat=job.is_repeat):
            job.report.duplicates += 1
            if not job.is_repeat:
                reason = "the file is older than what is known: nothing is changed"
                place = record.place
                job.report.note(Finding(place.line, place.record, place.field, reason))
        else:
            changed.append(StoredRecord(record, digest, found.id))
    await _confirm(session, confirmed)
    await link_customers(session, job, [record for record, _ in new])
    await link_customers(session, job, [item.record for item in changed])
    inserted = await _insert(session, job, new)
    await _update(session, job, changed)
    renewed = await keep_changed_details(session, job, [*changed, *inserted])
    await _write_partners(session, changed, inserted)
    kept = await write_bank_accounts(session, job, changed, inserted)
    await write_mandates(
        session, [item for item in changed if item.contract_id not in kept], inserted
    )
    await _read_again(session, kept | renewed)
    job.report.accepted += len(inserted) + len(changed)


async def _load(
    session: AsyncSession, records: Sequence[ContractRecord]
) -> Mapping[tuple[int, str, str], KnownContract]:
    by_institution = sorted({(record.institution_id, record.number) for record in records})
    columns = _CONTRACT.c
    known = {}
    for institution_id, pairs in groupby(by_institution, key=lambda pair: pair[0]):
        rows = await session.execute(
            select(
                columns.number,
                columns.line_code,
                columns.id,
                columns.source_digest,
                columns.source_as_of,
            )
            .where(
                columns.institution_id == institution_id,
                columns.number.in_([number for _, number in pairs]),
            )
            # In the order in which customers lock them who change several at once.
            .order_by(columns.id)
            .with_for_update()
        )
        for number, line_code, *rest in rows:
            known[institution_id, number, line_code] = KnownContract(*rest)
    return known


async def _confirm(session: AsyncSession, confirmed: Sequence[StoredRecord]) -> None:
    if confirmed:
        await session.execute(
            update(_CONTRACT).where(_CONTRACT.c.id == bindparam("row_id")),
            [{"row_id": item.contract_id, "source_as_of": item.record.as_of} for item in confirmed],
        )


async def _read_again(session: AsyncSession, contract_ids: Collection[int]) -> None:
    """Compare these contracts with the next feed even if it says what this one said."""
    if contract_ids:
        await session.execute(
            update(_CONTRACT).where(_CONTRACT.c.id.in_(contract_ids)).values(source_digest=None)
        )


async def _insert(
    session: AsyncSession, job: ImportJob, new: Sequence[tuple[ContractRecord, str]]
) -> list[StoredRecord]:
    if not new:
        return []
    now = job.now
    columns = _CONTRACT.c
    rows = await session.execute(
        insert(_CONTRACT).returning(
            columns.institution_id, columns.number, columns.line_code, columns.id
        ),
        [
            {
                "origin": ContractOrigin.INSTITUTION,
                **record.values,
                "institution_id": record.institution_id,
                "number": record.number,
                "line_code": record.line_code,
                "kind": record.kind,
                "source_as_of": record.as_of,
                "source_digest": digest,
                "created_at": now,
                "updated_at": now,
            }
            for record, digest in new
        ],
    )
    ids = {(row[0], row[1], row[2]): row[3] for row in rows}
    return [StoredRecord(record, digest, ids[record.key]) for record, digest in new]


async def _update(session: AsyncSession, job: ImportJob, changed: Sequence[StoredRecord]) -> None:
    if not changed:
        return
    now = job.now
    await session.execute(
        update(_CONTRACT).where(_CONTRACT.c.id == bindparam("row_id")),
        [
            {
                **item.record.values,
                "row_id": item.contract_id,
                "kind": item.record.kind,
                "source_as_of": item.record.as_of,
                "source_digest": item.digest,
                "updated_at": now,
            }
            for item in changed
        ],
    )


async def _write_partners(
    session: AsyncSession, changed: Sequence[StoredRecord], inserted: Sequence[StoredRecord]
) -> None:
    if changed:
        ids = [item.contract_id for item in changed]
        await session.execute(delete(_PARTNER).where(_PARTNER.c.contract_id.in_(ids)))
    rows = [
        {**row, "contract_id": item.contract_id}
        for item in (*changed, *inserted)
        for row in item.record.partners
    ]
    if rows:
        await session.execute(insert(_PARTNER), rows)
