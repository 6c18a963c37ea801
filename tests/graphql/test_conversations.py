"""Conversations with institutions: begun, continued, answered, read, on both databases."""

from __future__ import annotations

import asyncio
import hashlib
import json
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, text

from backend.clock import BERLIN
from backend.ids import decode_id, encode_id
from backend.models.answered_requests import AnsweredRequest
from backend.models.audit import AuditEntry
from backend.models.conversations import Conversation, Message, MessageAttachment
from backend.models.documents import Document
from backend.models.receipts import Receipt
from backend.models.security_events import SecurityEvent
from backend.models.uploads import Upload
from backend.services.answered_requests import forget_old_answers
from backend.services.desk import (
    answer_conversation,
    feed_messages,
    list_waiting,
    show_conversation,
)
from backend.services.desk_reading import ReadAttachment
from backend.services.upload_inspection import inspect_uploads
from tests import factories
from tests.graphql.test_uploads import send
from tests.security.hostile_files import photo
from tests.security.hostile_pdfs import pdf
from tests.signing_in import mail_payloads

if TYPE_CHECKING:
    from backend.models.customers import Customer
    from tests.portal import Portal

SEND = """mutation ($input: SendMessageInput!) { sendMessage(input: $input) { __typename
  ... on Message { id text isFromViewer caseHandler sentAt readAt attachments { fileName } }
  ... on Refusal { message } ... on InvalidInput { fields { path message } } } }"""
LIST = """query ($first: Int! = 5, $after: String, $filter: ConversationFilter) { viewer {
  unreadMessageCount unreadConversationCount
  conversations(first: $first, after: $after, filter: $filter) { totalCount
    pageInfo { hasNextPage endCursor } nodes { id subject unreadCount lastMessageAt
      institution { name } document { subject } messages(first: 5) { totalCount nodes {
        text isFromViewer caseHandler readAt attachments { fileName direction } } } } } } }"""
MARK_READ = """mutation ($id: ID!) { markConversationRead(input: {conversation: $id}) {
  __typename ... on Conversation { unreadCount } } }"""
SENT = """{ viewer { postbox { documents(filter: {direction: OUTGOING}) {
  ... on DocumentConnection { nodes { subject sender mediaType downloadUrl
    institution { name } } } } } } }"""
SAID = "Guten Tag, anbei das Foto. CANARY-text"
TABLES = (Conversation, Message, MessageAttachment, AnsweredRequest, Document, Receipt)


async def _anna(portal: Portal) -> tuple[str, Customer]:
    async with portal.transaction() as session:
        owner = await factories.customer(session)
        user = await factories.user_account(session, owner, email_address=f"{owner.id}@example.org")
    return await portal.sign_in(user), owner


async def _letter(portal: Portal, owner: Customer, **values: Any) -> str:
    async with portal.transaction() as session:
        received = datetime(2026, 11, 1, tzinfo=BERLIN)
        letter = await factories.document(session, owner, received, subject="Ihr Vertrag", **values)
    return encode_id("Document", letter.id)


async def _institution(portal: Portal, key: str = "sach") -> str:
    async with portal.transaction() as session:
        return encode_id("Institution", (await factories.institution(session, key)).id)


async def _new(portal: Portal, subject: str = "Frage CANARY-subject") -> dict[str, Any]:
    return {"newConversation": {"institution": await _institution(portal), "subject": subject}}


async def _send(portal: Portal, token: str | None, to: dict[str, Any], **values: Any) -> Any:
    given = {"to": to, "text": SAID, "idempotencyKey": str(uuid.uuid4())} | values
    return (await portal.execute(SEND, {"input": given}, token=token))["sendMessage"]


async def _conversations(portal: Portal, token: str, **variables: Any) -> dict[str, Any]:
    viewer: dict[str, Any] = (await portal.execute(LIST, variables, token=token))["viewer"]
    return viewer


async def _accepted(portal: Portal, token: str, content: bytes = photo()) -> str:
    response = await send(portal, token, content, "application/octet-stream")
    await inspect_uploads(portal.house)
    upload: str = response.json()["id"]
    return upload


async def _counts(portal: Portal) -> list[int]:
    async with portal.transaction() as session:
        return [await session.scalar(select(func.count(table.id))) or 0 for table in TABLES]


async def test_F109_answering_a_letter_starts_a_conversation_and_continues_it(
    portal: Portal,
) -> None:
    token, owner = await _anna(portal)
    letter = await _letter(portal, owner)
    first = await _send(portal, token, {"document": letter})
    assert (first["__typename"], first["text"], first["isFromViewer"]) == ("Message", SAID, True)
    await _send(portal, token, {"document": letter}, text="Noch etwas")
    found = (await _conversations(portal, token, filter={"document": letter}))["conversations"]
    [conversation] = found["nodes"]
    assert conversation["subject"] == "Ihr Vertrag"
    assert conversation["document"] == {"subject": "Ihr Vertrag"}
    assert conversation["institution"] == {"name": "Musterland Sachversicherung AG"}
    said = [message["text"] for message in conversation["messages"]["nodes"]]
    assert said == ["Noch etwas", SAID]


async def test_F84_what_was_written_is_unreadable_in_the_database(portal: Portal) -> None:
    token, owner = await _anna(portal)
    await _send(portal, token, await _new(portal))
    shown = await _conversations(portal, token)
    assert "CANARY-subject" in shown["conversations"]["nodes"][0]["subject"]
    async with portal.transaction() as session:
        for table in ("conversation", "message", "answered_request"):
            rows = (await session.execute(text(f"SELECT * FROM {table}"))).all()  # noqa: S608
            assert rows
            assert "CANARY" not in repr(rows)
        [receipt] = (await session.scalars(select(Receipt))).all()
    assert receipt.subject == "Nachricht an Musterland Sachversicherung AG"
    assert (receipt.content, receipt.sha256) == (None, hashlib.sha256(SAID.encode()).hexdigest())
    await portal.house.keys.destroy(owner.uid)
    response = await portal.post(LIST, token=token)
    assert "CANARY" not in response.text


async def test_F83_attachments_are_filed_under_gesendet(portal: Portal) -> None:
    token, _ = await _anna(portal)
    uploads = [await _accepted(portal, token), await _accepted(portal, token, pdf())]
    sent = await _send(portal, token, await _new(portal), attachments=uploads)
    assert sent["attachments"] == [{"fileName": "Küche.jpg"}, {"fileName": "Küche.pdf"}]
    documents = (await portal.execute(SENT, token=token))["viewer"]["postbox"]["documents"]["nodes"]
    assert {document["subject"] for document in documents} == {"Küche.jpg", "Küche.pdf"}
    assert {document["sender"] for document in documents} == {"Anna Beispiel"}
    headers = {"Authorization": f"Bearer {token}"}
    for document in documents:
        response = await portal.client.get(document["downloadUrl"], headers=headers)
        assert response.status_code == 200
        assert response.headers["content-type"] == document["mediaType"]
        assert "attachment" in response.headers["content-disposition"]
    async with portal.transaction() as session:
        assert (await session.scalars(select(Upload))).all() == []


async def test_a_file_that_is_not_accepted_or_not_hers_is_not_sent(portal: Portal) -> None:
    token, _ = await _anna(portal)
    other, _ = await _anna(portal)
    foreign = await _accepted(portal, other)
    refused = await _accepted(portal, token, b"MZ")
    good = await _accepted(portal, token)
    waiting = (await send(portal, token, photo())).json()["id"]
    before = await _counts(portal)
    absent = encode_id("Upload", 10**9)
    answers = []
    for attachments in ([foreign], [absent], [refused], [waiting], [good, good], [good] * 11):
        answer = await _send(portal, token, await _new(portal), attachments=attachments)
        assert answer["__typename"] == "InvalidInput", attachments
        assert [field["path"] for field in answer["fields"]] == [["attachments"]]
        answers.append(answer)
        assert await _counts(portal) == before
    assert answers[0] == answers[1]
    assert answers[0] != answers[2]


async def test_an_upload_is_used_once(portal: Portal) -> None:
    token, _ = await _anna(portal)
    upload = await _accepted(portal, token)
    answers = await asyncio.gather(
        *[_send(portal, token, await _new(portal), attachments=[upload]) for _ in range(5)]
    )
    kinds = sorted(answer["__typename"] for answer in answers)
    assert kinds == ["InvalidInput"] * 4 + ["Message"]


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"text": " \n"}, ["text"]),
        ({"text": "x" * 5001}, ["text"]),
        ({"text": "a\x07b"}, ["text"]),
        ({"text": "a\u202eb"}, ["text"]),
        ({"idempotencyKey": ""}, ["idempotencyKey"]),
        ({"idempotencyKey": "x" * 65}, ["idempotencyKey"]),
    ],
)
async def test_what_can_not_be_sent_is_refused_at_its_field(
    portal: Portal, values: dict[str, str], path: list[str]
) -> None:
    token, _ = await _anna(portal)
    answer = await _send(portal, token, await _new(portal), **values)
    assert answer["__typename"] == "InvalidInput"
    assert [field["path"] for field in answer["fields"]] == [path]
    for subject in ("", "x" * 121, "a\nb"):
        refused = await _send(portal, token, await _new(portal, subject))
        assert [field["path"] for field in refused["fields"]] == [["to", "subject"]]
    assert await _counts(portal) == [0, 0, 0, 0, 0, 0]


async def test_foreign_places_answer_like_absent_ones(portal: Portal) -> None:
    token, owner = await _anna(portal)
    letter = await _letter(portal, owner)
    await _send(portal, token, {"document": letter})
    shown = await _conversations(portal, token)
    conversation = shown["conversations"]["nodes"][0]["id"]
    before = await _counts(portal)
    eve, _ = await _anna(portal)
    for name, foreign, kind in (
        ("conversation", conversation, "Conversation"),
        ("document", letter, "Document"),
    ):
        answers = [
            await _send(portal, eve, {name: text})
            for text in (foreign, encode_id(kind, 10**9), "nonsense")
        ]
        assert [answer["__typename"] for answer in answers] == ["NotFound"] * 3
        assert answers[0] == answers[1] == answers[2]
    assert await _counts(portal) == before
    marked = await portal.execute(MARK_READ, {"id": conversation}, token=eve)
    assert marked["markConversationRead"]["__typename"] == "NotFound"
    assert (await _send(portal, None, {"document": letter}))["__typename"] == "NotSignedIn"


@pytest.mark.parametrize("to", [{}, {"document": "a", "conversation": "b"}, {"document": None}])
async def test_exactly_one_addressee_is_a_matter_of_shape(portal: Portal, to: Any) -> None:
    token, _ = await _anna(portal)
    given = {"to": to, "text": SAID, "idempotencyKey": "k"}
    response = await portal.post(SEND, {"input": given}, token=token)
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    literal = (
        'mutation { sendMessage(input: {to: {}, text: "x", idempotencyKey: "k"}) { __typename } }'
    )
    response = await portal.post(literal, token=token)
    assert response.json()["errors"][0]["extensions"]["code"] == "INVALID_DOCUMENT"


async def test_the_same_key_sends_once_and_answers_the_same(portal: Portal) -> None:
    token, _ = await _anna(portal)
    to, key = await _new(portal), str(uuid.uuid4())
    upload = await _accepted(portal, token)
    values = {"idempotencyKey": key, "attachments": [upload]}
    answers = await asyncio.gather(*[_send(portal, token, to, **values) for _ in range(20)])
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["__typename"] == "Message"
    assert await _counts(portal) == [1, 1, 1, 1, 1, 1]
    changed = await _send(portal, token, to, **values | {"text": "Etwas anderes"})
    assert changed["__typename"] == "Conflict"
    other, _ = await _anna(portal)
    elsewhere = await _send(portal, other, to, idempotencyKey=key)
    assert elsewhere["__typename"] == "Message"
    assert elsewhere["id"] != answers[0]["id"]


async def test_keys_sent_all_at_once_and_many_times_send_one_message_each(portal: Portal) -> None:
    token, owner = await _anna(portal)
    letter = await _letter(portal, owner)
    keys = [str(uuid.uuid4()) for _ in range(20)] * 10
    answers = await asyncio.gather(
        *[_send(portal, token, {"document": letter}, idempotencyKey=key) for key in keys]
    )
    assert {answer["__typename"] for answer in answers} == {"Message"}
    assert len({answer["id"] for answer in answers}) == 20
    assert (await _counts(portal))[:2] == [1, 20]


async def test_a_refused_message_may_be_mended_and_sent_under_its_key(portal: Portal) -> None:
    token, _ = await _anna(portal)
    key, to = str(uuid.uuid4()), await _new(portal)
    absent = [encode_id("Upload", 10**9)]
    refused = await _send(portal, token, to, idempotencyKey=key, attachments=absent)
    assert refused["__typename"] == "InvalidInput"
    sent = await _send(portal, token, to, idempotencyKey=key)
    assert sent["__typename"] == "Message"


async def test_keys_are_forgotten_after_a_month(portal: Portal) -> None:
    token, _ = await _anna(portal)
    await _send(portal, token, await _new(portal))
    portal.clock.travel_to(portal.clock.now() + timedelta(days=31))
    async with portal.transaction() as session:
        await forget_old_answers(session, clock=portal.clock)
    assert (await _counts(portal))[3] == 0


async def test_a_day_has_room_for_fifty_messages(portal: Portal) -> None:
    token, owner = await _anna(portal)
    letter = {"document": await _letter(portal, owner)}
    for _ in range(50):
        assert (await _send(portal, token, letter))["__typename"] == "Message"
    assert (await _send(portal, token, letter))["__typename"] == "TooManyAttempts"
    assert (await _counts(portal))[1] == 50


async def test_F84_an_answer_names_its_case_handler_and_is_announced_without_content(
    portal: Portal,
) -> None:
    token, _ = await _anna(portal)
    await _send(portal, token, await _new(portal))
    [waiting] = await _waiting(portal)
    assert (waiting.institution_key, waiting.unread_count) == ("sach", 1)
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=5))
    await answer_conversation(
        portal.house, conversation_id=waiting.id, case_handler="Petra Muster", text="CANARY-answer"
    )
    shown = await _conversations(portal, token)
    assert shown["unreadMessageCount"] == shown["unreadConversationCount"] == 1
    [conversation] = shown["conversations"]["nodes"]
    assert conversation["unreadCount"] == 1
    answer, question = conversation["messages"]["nodes"]
    assert (answer["text"], answer["caseHandler"]) == ("CANARY-answer", "Petra Muster")
    assert (answer["isFromViewer"], answer["readAt"]) == (False, None)
    assert question["readAt"] == "2026-11-21T11:05:00+00:00"
    [mail] = await mail_payloads(portal)
    assert mail["subject"] == "Neue Nachricht in Ihrem Postfach"
    assert not {"CANARY", "Petra", "Sachversicherung"} & set(mail["text"].split())
    assert "CANARY" not in json.dumps(mail)
    marked = await portal.execute(MARK_READ, {"id": conversation["id"]}, token=token)
    assert marked == {"markConversationRead": {"__typename": "Conversation", "unreadCount": 0}}
    shown = await _conversations(portal, token)
    assert shown["unreadMessageCount"] == shown["unreadConversationCount"] == 0
    assert await _waiting(portal) == []


async def test_whoever_reads_at_the_desk_leaves_a_trace_that_the_customer_sees(
    portal: Portal,
) -> None:
    token, owner = await _anna(portal)
    await _send(portal, token, await _new(portal), attachments=[await _accepted(portal, token)])
    [waiting] = await _waiting(portal)
    [shown] = await show_conversation(
        portal.house, conversation_id=waiting.id, case_handler="Petra Muster", reason="Rückruf"
    )
    assert (shown.subject, shown.text) == ("Frage CANARY-subject", SAID)
    assert shown.attachments == (ReadAttachment("Küche.jpg", None),)
    async with portal.transaction() as session:
        [event] = (await session.scalars(select(SecurityEvent))).all()
        [entry] = (await session.scalars(select(AuditEntry))).all()
    assert (event.kind.name, event.detail) == ("CONVERSATION_SHOWN", "Petra Muster (Rückruf)")
    assert (entry.action, entry.subject) == ("conversation.shown", f"customer:{owner.uid}")
    assert json.loads(entry.detail)["reason"] == "Rückruf"
    assert "CANARY" not in entry.detail


async def test_the_feed_hands_over_what_is_new_and_audits_it(portal: Portal) -> None:
    token, _ = await _anna(portal)
    first = decode_id((await _send(portal, token, await _new(portal)))["id"], "Message")
    await _send(portal, token, await _new(portal), text="Zweite")
    fed = [one async for one in feed_messages(portal.house, institution_key="sach", after_id=0)]
    later = [
        one async for one in feed_messages(portal.house, institution_key="sach", after_id=first)
    ]
    others = [one async for one in feed_messages(portal.house, institution_key="bank", after_id=0)]
    assert [one.text for one in fed] == [SAID, "Zweite"]
    assert [one.text for one in later] == ["Zweite"]
    assert others == []
    assert await _waiting(portal) == []
    async with portal.transaction() as session:
        actions = (await session.scalars(select(AuditEntry.action))).all()
    assert actions == ["messages.fed", "messages.fed"]


async def test_long_lists_come_page_by_page(portal: Portal) -> None:
    token, _ = await _anna(portal)
    for number in range(5):
        portal.clock.travel_to(portal.clock.now() + timedelta(seconds=1))
        await _send(portal, token, await _new(portal, f"Frage {number}"))
    seen, after = [], None
    while True:
        page = (await _conversations(portal, token, first=2, after=after))["conversations"]
        seen += [node["subject"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert page["totalCount"] == 5
    assert seen == [f"Frage {number}" for number in range(4, -1, -1)]


async def _waiting(portal: Portal) -> Any:
    async with portal.transaction() as session:
        return await list_waiting(session, institution_key=None)
