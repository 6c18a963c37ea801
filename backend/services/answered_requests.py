"""Idempotency: a request sent twice is carried out once, and answered alike (SECURITY.md)."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from backend import database
from backend.errors import ConflictError
from backend.models.answered_requests import AnsweredRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock

# A client that lost its answer comes back within days, not months.
_KEPT = timedelta(days=30)


async def take_request(
    session: AsyncSession,
    *,
    customer_id: int,
    key: str,
    payload: Mapping[str, object],
    clock: Clock,
) -> int | None:
    """Return the answer to a request that was carried out, or None: carry it out now.

    Parallel ones under the same key wait for each other. A request that is refused rolls this
    back with everything else, so that it may be mended and sent again under its key.

    Raises:
        ConflictError: the key was used for something else.
    """
    key_hash = hashlib.sha256(key.encode()).hexdigest()
    said = json.dumps([key, payload], sort_keys=True)
    payload_hash = hashlib.sha256(said.encode()).hexdigest()
    taken = await session.execute(
        database.insert_into(AnsweredRequest, session.get_bind().dialect.name)
        .values(
            customer_id=customer_id,
            key_hash=key_hash,
            payload_hash=payload_hash,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing(
            index_elements=[AnsweredRequest.customer_id, AnsweredRequest.key_hash]
        )
        .returning(AnsweredRequest.id)
    )
    if taken.one_or_none() is not None:
        return None
    known = (
        await session.scalars(
            select(AnsweredRequest).where(
                AnsweredRequest.customer_id == customer_id, AnsweredRequest.key_hash == key_hash
            )
        )
    ).one()
    if known.payload_hash != payload_hash or known.answer_id is None:
        raise ConflictError
    return known.answer_id


async def keep_answer(session: AsyncSession, *, customer_id: int, key: str, answer_id: int) -> None:
    """Note the row that a taken request made."""
    key_hash = hashlib.sha256(key.encode()).hexdigest()
    await session.execute(
        update(AnsweredRequest)
        .where(AnsweredRequest.customer_id == customer_id, AnsweredRequest.key_hash == key_hash)
        .values(answer_id=answer_id)
        .execution_options(synchronize_session=False)
    )


async def forget_old_answers(session: AsyncSession, *, clock: Clock) -> None:
    """Delete what no client asks for any more."""
    await session.execute(
        delete(AnsweredRequest).where(AnsweredRequest.created_at < clock.now() - _KEPT)
    )
