"""A feed beside personal details that a customer changed: what it overwrites, and what stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from backend.clock import BERLIN
from backend.feeds.findings import Finding
from backend.models.contracts import PartyRole
from backend.models.personal_details import (
    PersonalDetailsChange,
    PersonalDetailsKind,
    PersonName,
    PostalAddress,
)
from backend.services.personal_details import says_the_same

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.imports.job import ImportJob
    from backend.services.imports.records import ContractRecord, StoredRecord, Values

_STANDS = {
    PersonalDetailsKind.ADDRESS: "the customer has changed the address since: the change stands",
    PersonalDetailsKind.NAME: "the customer has changed the name since: the change stands",
}


async def keep_changed_details(
    session: AsyncSession, job: ImportJob, stored: Sequence[StoredRecord]
) -> set[int]:
    """Put what customers changed into partners of feeds that are not newer than the answer.

    A feed of a later day wins, and one that names the new details is nothing to report. Returns
    the contracts where a change stands against their feed (decision 0032).
    """
    customers = {row["customer_id"] for item in stored for row in _people(item.record)}
    changes = await _load_applied(session, customers)
    kept: set[int] = set()
    for item in stored:
        for row in _people(item.record):
            for change in _newest(changes.get(row["customer_id"], ()), item.record):
                if not _is_newer(item.record, change) and not _names(row, change):
                    row.update(change.details.columns)
                    kept.add(item.contract_id)
                    place = item.record.place
                    reason = _STANDS[change.kind]
                    job.report.note(Finding(place.line, place.record, "partner", reason))
    return kept


async def load_renamed(
    session: AsyncSession, customer_ids: Collection[int]
) -> Mapping[int, list[PersonalDetailsChange]]:
    """Return the names that customers changed and an institution confirmed, by customer."""
    return await _load_applied(session, customer_ids, PersonalDetailsKind.NAME)


def stands_against(
    renamed: Collection[PersonalDetailsChange], record: ContractRecord, row: Values
) -> bool:
    """Tell whether a feed calls a customer by a name that they gave up here.

    An institution that was not asked may go on with it as long as it likes; the one that confirmed
    the new name knows better once its feed is newer.
    """
    name = PersonName(row["title"], row["given_name"] or "", row["family_name"])
    return any(
        change.before == name.line
        and not (change.institution_id == record.institution_id and _is_newer(record, change))
        for change in renamed
    )


async def _load_applied(
    session: AsyncSession, customer_ids: Collection[int], *kinds: PersonalDetailsKind
) -> Mapping[int, list[PersonalDetailsChange]]:
    found: dict[int, list[PersonalDetailsChange]] = {}
    if not customer_ids:
        return found
    rows = await session.scalars(
        select(PersonalDetailsChange)
        .where(
            PersonalDetailsChange.customer_id.in_(customer_ids),
            PersonalDetailsChange.kind.in_(kinds or [*PersonalDetailsKind]),
            PersonalDetailsChange.applied_at.is_not(None),
        )
        .order_by(PersonalDetailsChange.version)
    )
    for row in rows:
        found.setdefault(row.customer_id, []).append(row)
    return found


def _people(record: ContractRecord) -> list[Values]:
    """Return the partners whose details a change is about."""
    return [
        row
        for row in record.partners
        if row["customer_id"] is not None and row["role"] is not PartyRole.INSURED
    ]


def _newest(
    changes: Collection[PersonalDetailsChange], record: ContractRecord
) -> Collection[PersonalDetailsChange]:
    of_kind = {one.kind: one for one in changes if one.institution_id == record.institution_id}
    return of_kind.values()


def _is_newer(record: ContractRecord, change: PersonalDetailsChange) -> bool:
    """Tell whether a feed was written on a day after the change was put into the contracts."""
    applied = change.applied_at
    return (
        record.as_of is not None
        and applied is not None
        and record.as_of > applied.astimezone(BERLIN).date()
    )


def _names(row: Values, change: PersonalDetailsChange) -> bool:
    if change.kind is PersonalDetailsKind.NAME:
        name = PersonName(row["title"], row["given_name"] or "", row["family_name"])
        return says_the_same(name, change.details)
    address = PostalAddress.of(row["street"], row["postal_code"], row["city"], row["country"])
    return says_the_same(address, change.details)
