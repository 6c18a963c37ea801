"""GraphQL types for conversations with institutions."""

from datetime import datetime
from typing import Annotated

import strawberry

from backend.access import SIGNED_IN
from backend.models import conversations as models
from backend.paging import Page
from backend.resolvers import conversations as resolvers
from backend.schema.documents import Document
from backend.schema.fields import attribute, computed, field, mutation, relation, represents
from backend.schema.institutions import Institution
from backend.schema.nodes import Node, PageInfo, node_id
from backend.schema.refusals import Conflict, InvalidInput, NotFound, NotSignedIn, TooManyAttempts
from backend.services.conversations import load_attachments, load_conversations, load_unread_counts
from backend.services.institutions import load_institutions


@strawberry.type(description="One message of a conversation; it never changes.")
class Message(Node):
    id: strawberry.ID = node_id("Message")
    conversation: "Conversation" = relation(
        SIGNED_IN, load_conversations, "Where it was written.", key="conversation_id"
    )
    text: str = computed(SIGNED_IN, resolvers.text_of, "What it says, as plain text.")
    is_from_viewer: bool = attribute(SIGNED_IN, "Whether the viewer wrote it.")
    case_handler: str | None = attribute(SIGNED_IN, "Who wrote it for the institution.")
    sent_at: datetime = attribute(SIGNED_IN, "When it was sent.")
    read_at: datetime | None = attribute(SIGNED_IN, "When the other side first saw it.")
    attachments: list[Document] = relation(
        SIGNED_IN, load_attachments, "Documents that came with it.", default=list
    )

    is_type_of = represents(models.Message)


@strawberry.type(description="A message in a list.")
class MessageEdge:
    cursor: str = attribute(SIGNED_IN, "Where it stands in the list.")
    node: Message = attribute(SIGNED_IN, "The message.")


@strawberry.type(description="A page of messages.")
class MessageConnection:
    edges: list[MessageEdge] = attribute(SIGNED_IN, "Rows with their cursors.")
    nodes: list[Message] = attribute(SIGNED_IN, "Rows.")
    page_info: PageInfo = attribute(SIGNED_IN, "Where the page ends.")
    total_count: int = attribute(SIGNED_IN, "How many there are in all.")


@strawberry.type(description="A thread between the viewer and an institution.")
class Conversation(Node):
    id: strawberry.ID = node_id("Conversation")
    institution: Institution = relation(
        SIGNED_IN, load_institutions, "With whom.", key="institution_id"
    )
    document: Document | None = field(
        SIGNED_IN, resolvers.letter_of, "The letter that it answers, if any."
    )
    subject: str = computed(SIGNED_IN, resolvers.subject_of, "What it is about.")
    started_at: datetime = attribute(SIGNED_IN, "When it began.")
    last_message_at: datetime = attribute(SIGNED_IN, "When the last message was sent.")
    unread_count: int = relation(
        SIGNED_IN, load_unread_counts, "How many answers were not read yet.", default=int
    )
    messages: MessageConnection = field(
        SIGNED_IN, resolvers.list_messages, "What was written, the newest first."
    )

    is_type_of = represents(models.Conversation)


@strawberry.type(description="A conversation in a list.")
class ConversationEdge:
    cursor: str = attribute(SIGNED_IN, "Where it stands in the list.")
    node: Conversation = attribute(SIGNED_IN, "The conversation.")


@strawberry.type(description="A page of conversations.")
class ConversationConnection:
    edges: list[ConversationEdge] = attribute(SIGNED_IN, "Rows with their cursors.")
    nodes: list[Conversation] = attribute(SIGNED_IN, "Rows.")
    page_info: PageInfo = attribute(SIGNED_IN, "Where the page ends.")
    total_count: int = attribute(SIGNED_IN, "How many match in all.")

    is_type_of = represents(Page)


SendMessageResult = Annotated[
    Message | InvalidInput | NotFound | Conflict | TooManyAttempts | NotSignedIn,
    strawberry.union("SendMessageResult", description="The message, or why it was refused."),
]
MarkConversationReadResult = Annotated[
    Conversation | NotFound | NotSignedIn,
    strawberry.union(
        "MarkConversationReadResult", description="The conversation, or why it was refused."
    ),
]


@strawberry.type
class ConversationMutations:
    send_message: SendMessageResult = mutation(
        SIGNED_IN,
        resolvers.send_message,
        "Write to an institution, once per idempotency key.",
    )
    mark_conversation_read: MarkConversationReadResult = mutation(
        SIGNED_IN,
        resolvers.mark_conversation_read,
        "Record that the viewer has read the answers of a conversation; the first time counts.",
    )
