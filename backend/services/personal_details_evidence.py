"""The documents that prove a change of personal details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from backend.models.documents import Document
from backend.models.personal_details import PersonalDetailsEvidence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession


async def load_evidence_of(
    session: AsyncSession, change_ids: Sequence[int]
) -> Mapping[int, list[Document]]:
    """Return the documents of changes, in the order in which they were handed in."""
    rows = await session.execute(
        select(PersonalDetailsEvidence.change_id, Document)
        .join(Document, Document.id == PersonalDetailsEvidence.document_id)
        .where(PersonalDetailsEvidence.change_id.in_(change_ids))
        .order_by(PersonalDetailsEvidence.id)
    )
    found: dict[int, list[Document]] = {}
    for change_id, document in rows:
        found.setdefault(change_id, []).append(document)
    return found
