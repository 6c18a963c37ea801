"""Resolve conversations and what is written in them."""

from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.errors import NotFoundError
from backend.ids import decode_filter_id, decode_id
from backend.models.conversations import Conversation, Message
from backend.models.documents import Document
from backend.paging import DEFAULT_PAGE, Page
from backend.resolvers.contracts import After, First
from backend.services import conversations, documents, messages
from backend.services.sessions import Viewer


@strawberry.input(description="Which conversations to list; conditions add up.")
class ConversationFilter:
    """Conditions on conversations."""

    document: strawberry.ID | None = strawberry.field(
        default=None, description="Only the one that answers this letter."
    )


@strawberry.input(description="A conversation to begin.")
class NewConversation:
    """What a conversation needs that answers nothing."""

    institution: strawberry.ID = strawberry.field(description="To whom.")
    subject: str = strawberry.field(description="What it is about; at most 120 characters.")


@strawberry.input(one_of=True, description="Where a message goes.")
class MessageAddressee:
    """One of the ways to say where a message goes."""

    conversation: strawberry.Maybe[strawberry.ID] = strawberry.field(
        description="Continue this conversation."
    )
    document: strawberry.Maybe[strawberry.ID] = strawberry.field(
        description="Answer this letter: starts a conversation with its sender's institution, or "
        "continues the one that was started so."
    )
    new_conversation: strawberry.Maybe[NewConversation] = strawberry.field(
        description="Begin a conversation."
    )


async def list_conversations(
    root: strawberry.Parent[Viewer],
    info: Info,
    filter: Annotated[  # noqa: A002  # the argument's name in GraphQL
        ConversationFilter | None, strawberry.argument(description="Conditions; none: all.")
    ] = None,
    first: First = DEFAULT_PAGE,
    after: After = None,
) -> Page[Conversation]:
    """List the viewer's conversations."""
    wanted = filter or ConversationFilter()
    async with info.context.transaction() as session:
        return await conversations.list_conversations(
            session,
            customer_id=root.customer_id,
            wanted=conversations.ConversationFilter(
                document_id=decode_filter_id(wanted.document, "Document")
            ),
            first=first,
            after=after,
        )


async def count_unread_messages(root: strawberry.Parent[Viewer], info: Info) -> int:
    """Count the answers that the viewer has yet to read."""
    async with info.context.transaction() as session:
        return await conversations.count_unread_messages(session, customer_id=root.customer_id)


async def count_unread_conversations(root: strawberry.Parent[Viewer], info: Info) -> int:
    """Count the conversations in which the viewer has yet to read something."""
    async with info.context.transaction() as session:
        return await conversations.count_unread_conversations(session, customer_id=root.customer_id)


async def list_messages(
    root: strawberry.Parent[Conversation],
    info: Info,
    first: First = DEFAULT_PAGE,
    after: After = None,
) -> Page[Message]:
    """List the messages of a conversation."""
    async with info.context.transaction() as session:
        return await conversations.list_messages(
            session, conversation_id=root.id, first=first, after=after
        )


async def subject_of(root: strawberry.Parent[Conversation], info: Info) -> str:
    """Unseal a subject."""
    return await conversations.subject_of(info.context.house.cipher, root)


async def text_of(root: strawberry.Parent[Message], info: Info) -> str:
    """Unseal a text."""
    return await conversations.text_of(info.context.house.cipher, root)


async def letter_of(root: strawberry.Parent[Conversation], info: Info) -> Document | None:
    """Return the letter that a conversation answers."""
    if root.document_id is None:
        return None
    async with info.context.transaction() as session:
        return await find_letter(session, info.context, root.document_id)


async def find_letter(session: AsyncSession, context: Context, row: int) -> Document | None:
    """Find a letter of the viewer."""
    return await documents.find_document(
        session,
        customer_id=context.signed_in.customer_id,
        document_id=row,
        now=context.house.clock.now(),
    )


async def send_message(
    info: Info,
    to: Annotated[MessageAddressee, strawberry.argument(description="Where it goes.")],
    text: Annotated[
        str,
        strawberry.argument(description="What to say, as plain text; at most 5,000 characters."),
    ],
    idempotency_key: Annotated[
        str,
        strawberry.argument(
            description="Made by the client for this message, such as a UUID: sending it again "
            "under the same key sends nothing twice and answers the same."
        ),
    ],
    attachments: Annotated[
        list[strawberry.ID] | None,
        strawberry.argument(description="Accepted uploads, at most 10; each is used up."),
    ] = None,
) -> Message:
    """Send a message to an institution."""
    return await messages.send_message(
        info.context.house,
        viewer=info.context.signed_in,
        draft=messages.Draft(
            to=_addressee(to),
            text=text,
            upload_ids=tuple(decode_filter_id(one, "Upload") or 0 for one in attachments or ()),
            key=idempotency_key,
        ),
    )


def _addressee(to: MessageAddressee) -> messages.Addressee:
    # A foreign id and nonsense are found out by the service, at the same place.
    if to.conversation is not None:
        return messages.Addressee(
            conversation_id=decode_filter_id(to.conversation.value, "Conversation")
        )
    if to.document is not None:
        return messages.Addressee(document_id=decode_filter_id(to.document.value, "Document"))
    if to.new_conversation is None:
        raise NotFoundError
    new = to.new_conversation.value
    return messages.Addressee(
        institution_id=decode_filter_id(new.institution, "Institution"), subject=new.subject
    )


async def mark_conversation_read(
    info: Info,
    conversation: Annotated[strawberry.ID, strawberry.argument(description="Which one.")],
) -> Conversation:
    """Record that the viewer saw all answers."""
    context = info.context
    async with context.transaction() as session:
        return await conversations.mark_conversation_read(
            session,
            customer_id=context.signed_in.customer_id,
            conversation_id=decode_id(conversation, "Conversation"),
            now=context.house.clock.now(),
        )


async def find_conversation(
    session: AsyncSession, context: Context, row: int
) -> Conversation | None:
    """Find a conversation for `node`."""
    return await conversations.find_conversation(
        session, customer_id=context.signed_in.customer_id, conversation_id=row
    )


async def find_message(session: AsyncSession, context: Context, row: int) -> Message | None:
    """Find a message for `node`."""
    return await conversations.find_message(
        session, customer_id=context.signed_in.customer_id, message_id=row
    )
