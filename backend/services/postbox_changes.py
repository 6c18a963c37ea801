"""What shows that a postbox changed: a few index look-ups for every session that waits, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from backend.clock import berlin_today
from backend.models.conversations import Conversation, Message, MessageSender
from backend.models.documents import Document
from backend.models.sign_in import UserSession
from backend.models.user_accounts import UserAccount
from backend.services.postbox import WAITS
from backend.services.sessions import idle_limit
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import ColumnElement, ScalarSelect, Select
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.policy import Policy

# A badge shows no more, so that nobody's unread letters are counted to the last one.
MOST_COUNTED = 100


class Look(Value):
    """What one look at a session's postbox saw; other `marks` than before mean a change."""

    token_hash: str
    marks: tuple[object, ...]


def _some(rows: Select[int]) -> ScalarSelect[int]:
    few = rows.correlate(UserAccount).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(few).scalar_subquery()


_NOW = bindparam("now", type_=Document.received_at.type)
_SHOWS: tuple[ColumnElement[bool], ...] = (
    Document.customer_id == UserAccount.customer_id,
    Document.received_at <= _NOW,
    Document.is_paper_only.is_(False),
)
_NEWEST_DOCUMENT = (
    select(Document.id)
    .where(*_SHOWS)
    .order_by(Document.received_at.desc(), Document.id.desc())
    .limit(1)
    .correlate(UserAccount)
    .scalar_subquery()
)
_UNREAD_DOCUMENTS = _some(select(Document.id).where(*_SHOWS, WAITS))
_UNREAD_MESSAGES = _some(
    select(Message.id).where(
        Message.customer_id == UserAccount.customer_id,
        Message.sender == MessageSender.INSTITUTION,
        Message.read_at.is_(None),
    )
)
_LAST_MESSAGE = (
    select(Conversation.last_message_at)
    .where(Conversation.customer_id == UserAccount.customer_id)
    .order_by(Conversation.last_message_at.desc())
    .limit(1)
    .correlate(UserAccount)
    .scalar_subquery()
)
_LOOKS = (
    select(
        UserSession.id,
        UserSession.token_hash,
        UserSession.has_opened_bank_data,
        UserSession.last_seen_at,
        UserSession.expires_at,
        _NEWEST_DOCUMENT,
        _UNREAD_DOCUMENTS,
        _UNREAD_MESSAGES,
        _LAST_MESSAGE,
    )
    .join(UserAccount, UserAccount.id == UserSession.user_account_id)
    .where(
        UserSession.id.in_(bindparam("session_ids", expanding=True)),
        UserSession.ended_at.is_(None),
    )
)


async def look_at_postboxes(
    session: AsyncSession, *, session_ids: Collection[int], clock: Clock, policy: Policy
) -> Mapping[int, Look]:
    """Look at the postboxes behind some sessions with one query; a session that is over has none.

    A letter, an answer, or something read elsewhere leaves other marks. Nothing has to be written
    for it to be noticed, so that whoever wrote it, in whatever process, forgets nothing.
    """
    now = clock.now()
    limits = {
        opened: idle_limit(policy, has_opened_bank_data=opened, today=berlin_today(clock))
        for opened in (False, True)
    }
    rows = await session.execute(_LOOKS, {"session_ids": list(session_ids), "now": now})
    return {
        row.id: Look(row.token_hash, tuple(row[5:]))
        for row in rows
        if now < min(row.expires_at, row.last_seen_at + limits[row.has_opened_bank_data])
    }
