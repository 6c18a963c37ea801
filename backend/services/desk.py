"""The institution's side of conversations: listed, read with a reason, answered by name (F84)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import exists, func, select

from backend import database
from backend.errors import FieldProblem, InvalidInputError, NotFoundError
from backend.models.conversations import Conversation, Message, MessageSender
from backend.models.customers import Customer
from backend.models.institutions import Institution
from backend.models.security_events import SecurityEventKind
from backend.models.support_requests import SupportRequest
from backend.models.user_accounts import UserAccount
from backend.services.audit import append_audit
from backend.services.conversations import mark_read
from backend.services.desk_reading import ReadMessage, read_messages
from backend.services.documents import DocumentPorts
from backend.services.messages import LONGEST_TEXT, MessagingHouse
from backend.services.outbox import enqueue_worded_mail
from backend.services.push_notices import PushPage, enqueue_pushes
from backend.services.sealed_texts import seal_text
from backend.services.security_events import record_event
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession


_FEED_BATCH = 100
_IS_SUPPORT_REQUEST = exists().where(SupportRequest.conversation_id == Conversation.id)


class DeskHouse(MessagingHouse, DocumentPorts, Protocol):
    """What the desk needs of the portal's wiring."""

    @property
    def actor(self) -> str: ...  # noqa: D102


class WaitingConversation(Value):
    """A conversation as the desk lists it: nothing of what was written."""

    id: int
    institution_key: str
    last_message_at: datetime
    unread_count: int
    is_support_request: bool


async def list_waiting(
    session: AsyncSession, *, institution_key: str | None
) -> Sequence[WaitingConversation]:
    """Return conversations with messages that nobody has read, the oldest first.

    Those with the support desk stand among all, but not among those of an institution.
    """
    unread = (
        select(Message.conversation_id, func.count(Message.id).label("unread"))
        .where(Message.sender == MessageSender.CUSTOMER, Message.read_at.is_(None))
        .group_by(Message.conversation_id)
        .subquery()
    )
    found = (
        select(
            Conversation.id,
            Institution.key,
            Conversation.last_message_at,
            unread.c.unread,
            _IS_SUPPORT_REQUEST,
        )
        .join(unread, unread.c.conversation_id == Conversation.id)
        .join(Institution, Institution.id == Conversation.institution_id)
        .order_by(Conversation.last_message_at, Conversation.id)
    )
    if institution_key is not None:
        found = found.where(Institution.key == institution_key, ~_IS_SUPPORT_REQUEST)
    return [WaitingConversation(*row) for row in await session.execute(found)]


async def show_conversation(
    house: DeskHouse, *, conversation_id: int, case_handler: str, reason: str
) -> Sequence[ReadMessage]:
    """Return what was written, oldest first, to a case handler who says why.

    Audited, and the customer reads in the security log who looked and for what reason (X4).

    Raises:
        NotFoundError: no such conversation.
    """
    async with database.writing(house.sessions) as session:
        conversation, account = await _open(session, conversation_id)
        await _note(
            session,
            house,
            "conversation.shown",
            conversation,
            {"case_handler": case_handler, "reason": reason},
        )
        record_event(
            session,
            SecurityEventKind.CONVERSATION_SHOWN,
            user_account_id=account.id,
            clock=house.clock,
            detail=f"{case_handler} ({reason})",
        )
        now = house.clock.now()
        await mark_read(session, conversation.id, MessageSender.CUSTOMER, now=now)
        messages = (
            await session.scalars(
                select(Message)
                .where(Message.conversation_id == conversation.id)
                .order_by(Message.sent_at, Message.id)
            )
        ).all()
        return await read_messages(session, house, messages)


async def answer_conversation(
    house: DeskHouse, *, conversation_id: int, case_handler: str, text: str
) -> Message:
    """Answer in the name of the institution; the customer gets a notice without content (F24).

    Raises:
        NotFoundError: no such conversation.
        InvalidInputError: nothing to say, or too much.
    """
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise InvalidInputError(FieldProblem(("text",), "field.required"))
    async with database.writing(house.sessions) as session:
        conversation, account = await _open(session, conversation_id)
        uid = uuid.uuid4().hex
        owner = conversation.key_owner
        now = house.clock.now()
        message = Message(
            uid=uid,
            customer_id=conversation.customer_id,
            conversation_id=conversation.id,
            sender=MessageSender.INSTITUTION,
            case_handler=case_handler,
            text=await seal_text(
                house.cipher, owner=owner, place=f"message:{uid}", text=text.strip()
            ),
            key_owner=owner,
            sent_at=now,
        )
        session.add(message)
        conversation.last_message_at = now
        await session.flush()
        await mark_read(session, conversation.id, MessageSender.CUSTOMER, now=now)
        await _note(
            session, house, "conversation.answered", conversation, {"case_handler": case_handler}
        )
        await enqueue_worded_mail(
            session,
            house.outbox,
            "message",
            email_address=account.email_address,
            locale=account.locale,
        )
        await enqueue_pushes(session, house.outbox, account=account, page=PushPage.MESSAGES)
    return message


async def feed_messages(
    house: DeskHouse, *, institution_key: str, after_id: int
) -> AsyncIterator[ReadMessage]:
    """Iterate over what customers wrote to an institution since a message, for its own system.

    What is for the support desk is not for it.
    Each batch is audited and counts as read once it was handed over.
    """
    while True:
        async with database.writing(house.sessions) as session:
            messages = (
                await session.scalars(
                    select(Message)
                    .join(Conversation, Conversation.id == Message.conversation_id)
                    .join(Institution, Institution.id == Conversation.institution_id)
                    .where(
                        Institution.key == institution_key,
                        Message.sender == MessageSender.CUSTOMER,
                        Message.id > after_id,
                        ~_IS_SUPPORT_REQUEST,
                    )
                    .order_by(Message.id)
                    .limit(_FEED_BATCH)
                )
            ).all()
            if not messages:
                return
            found = await read_messages(session, house, messages)
            now = house.clock.now()
            for message in messages:
                message.read_at = message.read_at or now
            await append_audit(
                session,
                actor=house.actor,
                action="messages.fed",
                subject=f"institution:{institution_key}",
                detail={"messages": [message.uid for message in messages]},
                clock=house.clock,
            )
        for one in found:
            yield one
        after_id = found[-1].id


async def _open(session: AsyncSession, conversation_id: int) -> tuple[Conversation, UserAccount]:
    found = (
        await session.execute(
            select(Conversation, UserAccount)
            .join(UserAccount, UserAccount.customer_id == Conversation.customer_id)
            .where(Conversation.id == conversation_id)
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError
    return found[0], found[1]


async def _note(
    session: AsyncSession,
    house: DeskHouse,
    action: str,
    conversation: Conversation,
    detail: dict[str, object],
) -> None:
    uid = await session.scalar(select(Customer.uid).where(Customer.id == conversation.customer_id))
    await append_audit(
        session,
        actor=house.actor,
        action=action,
        subject=f"customer:{uid}",
        detail=detail | {"conversation": conversation.uid},
        clock=house.clock,
    )
