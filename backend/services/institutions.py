"""The group's institutions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from backend.models.institutions import Institution, InstitutionKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.group import Group


async def list_institutions(session: AsyncSession) -> Sequence[Institution]:
    """Return all institutions, in the order in which the group lists them."""
    return (await session.scalars(select(Institution).order_by(Institution.id))).all()


async def load_institutions(
    session: AsyncSession, institution_ids: Sequence[int]
) -> Mapping[int, Institution]:
    """Return institutions by id."""
    rows = await session.scalars(select(Institution).where(Institution.id.in_(institution_ids)))
    return {institution.id: institution for institution in rows}


async def register_institutions(session: AsyncSession, *, group: Group) -> None:
    """Write the group's institutions into the database; names and numbers follow the file."""
    known = {institution.key: institution for institution in await list_institutions(session)}
    for entry in group.institutions:
        institution = known.get(entry.key)
        if institution is None:
            institution = Institution(key=entry.key)
            session.add(institution)
        institution.name = entry.name
        institution.kind = InstitutionKind[entry.kind]
        institution.insurer_number = entry.insurer_number
        institution.bic = entry.bic
        institution.ik = entry.ik
    await session.flush()
