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
    taken = await session.execute(
        database.insert_into(AnsweredRequest, session.get_bind().dialect.name)
        .values(
            customer_id=customer_id,
            key_hash=_hash_of(key),
            payload_hash=_hash_of(key, payload),
            created_at=clock.now(),
        )
        .on_conflict_do_nothing(
            index_elements=[AnsweredRequest.customer_id, AnsweredRequest.key_hash]
        )
        .returning(AnsweredRequest.id)
    )
    if taken.one_or_none() is not None:
        return None
    answer_id = await find_answer(session, customer_id=customer_id, key=key, payload=payload)
    if answer_id is None:
        raise ConflictError
    return answer_id


async def find_answer(
    session: AsyncSession, *, customer_id: int, key: str, payload: Mapping[str, object]
) -> int | None:
    """Return the answer to a request if it was carried out before.

    Raises:
        ConflictError: the key was used for something else.
    """
    known = (
        await session.scalars(
            select(AnsweredRequest).where(
                AnsweredRequest.customer_id == customer_id,
                AnsweredRequest.key_hash == _hash_of(key),
            )
        )
    ).one_or_none()
    if known is not None and known.payload_hash != _hash_of(key, payload):
        raise ConflictError
    return known.answer_id if known is not None else None


async def keep_answer(session: AsyncSession, *, customer_id: int, key: str, answer_id: int) -> None:
    """Note the row that a taken request made."""
    await session.execute(
        update(AnsweredRequest)
        .where(
            AnsweredRequest.customer_id == customer_id, AnsweredRequest.key_hash == _hash_of(key)
        )
        .values(answer_id=answer_id)
        .execution_options(synchronize_session=False)
    )


async def forget_old_answers(session: AsyncSession, *, clock: Clock) -> None:
    """Delete what no client asks for any more."""
    await session.execute(
        delete(AnsweredRequest).where(AnsweredRequest.created_at < clock.now() - _KEPT)
    )


def _hash_of(key: str, payload: Mapping[str, object] | None = None) -> str:
    said = key if payload is None else json.dumps([key, payload], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()
