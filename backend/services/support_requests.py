"""Messages to the support desk, with technical data as the customer saw them (F125–F127)."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta
from importlib import metadata
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from backend import database
from backend.client_device import current_device, network_of_client
from backend.clock import berlin_today
from backend.errors import FieldProblem, InvalidInputError, NotFoundError, SupportUnavailableError
from backend.models.customers import CustomerNumber
from backend.models.institutions import Institution
from backend.models.receipts import ReceiptKind
from backend.models.support_requests import SupportRequest
from backend.ports import DocumentVersion
from backend.services.answered_requests import find_answer, keep_answer, take_request
from backend.services.attempts import Limit, count_attempts
from backend.services.documents import PREFIX, VERSION, DocumentPorts
from backend.services.message_attachments import attach_file
from backend.services.messages import (
    LINES,
    LONGEST_KEY,
    LONGEST_TEXT,
    MessagingHouse,
    seal_message,
    start_conversation,
    text_problems,
)
from backend.services.receipts import Submission, issue_receipt
from backend.services.support_desk import tell_support_desk
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.conversations import Conversation, Message
    from backend.models.documents import Document
    from backend.services.sessions import Viewer

LONGEST_DIAGNOSTICS = 8_000


class SupportRequestHouse(MessagingHouse, DocumentPorts, Protocol):
    """What sending needs of the portal's wiring."""


class SupportDraft(Value):
    """A message as the customer saw it before sending; `key` is the client's own for this one.

    `diagnostics` is the text that the customer looked at and agreed to; None: nothing of it.
    """

    text: str
    diagnostics: str | None
    key: str


class Diagnostics(Value):
    """What the portal knows of the customer's numbers, device and connection (F125).

    `network` is coarse on purpose: a region or provider, never a household.
    """

    customer_numbers: Sequence[CustomerNumber]
    device_name: str | None
    network: str | None
    portal_version: str
    checked_at: datetime


class _StoredText(Value):
    """Technical data in the object store: an `AttachableFile`."""

    file_name: str
    size: int
    sha256: str
    object_key: str
    key_owner: str
    media_type: str = "text/plain; charset=utf-8"


async def describe_diagnostics(
    session: AsyncSession, *, customer_id: int, client_address: str, now: datetime
) -> Diagnostics:
    """Return what can be shown and, if the customer wants, sent along (F125, F126)."""
    numbers = await session.scalars(
        select(CustomerNumber)
        .where(CustomerNumber.customer_id == customer_id)
        .order_by(CustomerNumber.institution_id, CustomerNumber.id)
    )
    return Diagnostics(
        customer_numbers=numbers.all(),
        device_name=current_device(),
        network=network_of_client(client_address),
        portal_version=metadata.version("kundenportal"),
        checked_at=now,
    )


async def send_support_request(
    house: SupportRequestHouse, *, viewer: Viewer, draft: SupportDraft
) -> SupportRequest:
    """Send a message to the support desk, once per key (F125–F127).

    It is a conversation with the institution that runs the portal. The technical data become a
    document under "Gesendet" (F83), byte for byte as given: nothing is added or left out.

    Raises:
        SupportUnavailableError: this group has no support desk.
        InvalidInputError: text, technical data or key can't be sent.
        ConflictError: the key was used for another message.
        TooManyAttemptsError: too many in a day.
        StoreUnavailableError, KeyStoreUnavailableError: again later; nothing was sent.
    """
    if house.group.support is None:
        raise SupportUnavailableError
    problems = tuple(_problems_of(draft))
    if problems:
        raise InvalidInputError(*problems)
    known = await _sent_before(house, viewer, draft)
    if known is not None:
        return known
    await house.keys.create(viewer.customer_uid)
    message = await seal_message(house, viewer, draft.text.strip())
    file = await _store(house, viewer, draft.diagnostics)
    async with database.writing(house.sessions) as session:
        return await _send(session, house, viewer, draft, message, file)


async def _send(
    session: AsyncSession,
    house: SupportRequestHouse,
    viewer: Viewer,
    draft: SupportDraft,
    message: Message,
    file: _StoredText | None,
) -> SupportRequest:
    answer_id = await take_request(
        session,
        customer_id=viewer.customer_id,
        key=draft.key,
        payload=_payload_of(draft),
        clock=house.clock,
    )
    if answer_id is not None:
        return await _require(session, viewer, answer_id)
    daily = house.policy.support_requests.per_account_per_day.on(berlin_today(house.clock))
    limit = Limit("support_request", str(viewer.id), daily, timedelta(days=1))
    await count_attempts(session, limit, clock=house.clock)
    conversation = await _begin(session, house, viewer, message)
    document = None
    if file is not None:
        subject = word("support.diagnostics", viewer.locale)
        document = await attach_file(
            session, message, conversation, file, subject=subject, viewer=viewer, clock=house.clock
        )
    await tell_support_desk(session, house, conversation, message)
    request = SupportRequest(
        customer_id=viewer.customer_id,
        conversation_id=conversation.id,
        document_id=document and document.id,
    )
    await _prove(session, house, viewer, request, draft.text.strip(), document)
    await keep_answer(session, customer_id=viewer.customer_id, key=draft.key, answer_id=request.id)
    return request


async def _begin(
    session: AsyncSession, house: SupportRequestHouse, viewer: Viewer, message: Message
) -> Conversation:
    key = house.group.operating_institution.key
    institution_id = await session.scalar(select(Institution.id).where(Institution.key == key))
    if institution_id is None:
        raise LookupError(f"institution {key} is not registered")
    conversation = await start_conversation(
        session, house, viewer, institution_id, word("support.subject", viewer.locale)
    )
    message.conversation_id = conversation.id
    session.add(message)
    await session.flush()
    return conversation


async def _store(
    house: SupportRequestHouse, viewer: Viewer, diagnostics: str | None
) -> _StoredText | None:
    """Store the technical data before a transaction is open; unused they are an orphan."""
    if diagnostics is None:
        return None
    uid = uuid.uuid4().hex
    key = f"{PREFIX}{uid[:2]}/{uid}"
    owner = viewer.customer_uid
    stored = await house.cipher.store_encrypted(
        house.objects, key, DocumentVersion(owner, uid, VERSION), _once(diagnostics.encode())
    )
    return _StoredText(
        file_name=word("support.file_name", viewer.locale),
        size=stored.size,
        sha256=stored.sha256,
        object_key=key,
        key_owner=owner,
    )


async def _prove(  # what a receipt is about
    session: AsyncSession,
    house: SupportRequestHouse,
    viewer: Viewer,
    request: SupportRequest,
    text: str,
    document: Document | None,
) -> None:
    """Issue the receipt (M1): hashes that the customer can compute again, not a word of it."""
    receipt = await issue_receipt(
        session,
        house,
        kind=ReceiptKind.SUPPORT_REQUEST,
        customer_id=viewer.customer_id,
        submission=Submission.of_values(
            word("support.subject", viewer.locale),
            {
                "textSha256": hashlib.sha256(text.encode()).hexdigest(),
                "diagnosticsSha256": document and document.sha256,
            },
        ),
    )
    request.receipt_id = receipt.id
    session.add(request)
    await session.flush()


async def _sent_before(
    house: SupportRequestHouse, viewer: Viewer, draft: SupportDraft
) -> SupportRequest | None:
    """Look before storing anything; whoever comes at the same time is found out later."""
    async with database.reading(house.sessions) as session:
        answer_id = await find_answer(
            session,
            customer_id=viewer.customer_id,
            key=draft.key,
            payload=_payload_of(draft),
        )
        return None if answer_id is None else await _require(session, viewer, answer_id)


async def _require(session: AsyncSession, viewer: Viewer, request_id: int) -> SupportRequest:
    found = await session.scalar(
        select(SupportRequest).where(
            SupportRequest.customer_id == viewer.customer_id, SupportRequest.id == request_id
        )
    )
    if found is None:
        raise NotFoundError
    return found


def _problems_of(draft: SupportDraft) -> Iterator[FieldProblem]:
    yield from text_problems(("text",), draft.text, LONGEST_TEXT, allowed=LINES)
    if draft.diagnostics is not None:
        yield from text_problems(
            ("diagnostics",), draft.diagnostics, LONGEST_DIAGNOSTICS, allowed="\n"
        )
    yield from text_problems(("idempotencyKey",), draft.key, LONGEST_KEY, allowed="")


def _payload_of(draft: SupportDraft) -> dict[str, object]:
    return {"supportRequest": {"text": draft.text, "diagnostics": draft.diagnostics}}


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
