"""Technical data, and messages to the support desk, on both databases (F125–F127)."""

from __future__ import annotations

import asyncio
import hashlib
import json
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs
from msgspec.structs import replace
from sqlalchemy import func, select

from backend.models.answered_requests import AnsweredRequest
from backend.models.conversations import Conversation, Message, MessageAttachment
from backend.models.customers import CustomerNumber
from backend.models.documents import Document
from backend.models.outbox import OutboxMessage
from backend.models.receipts import Receipt
from backend.models.sign_in import AttemptCounter
from backend.models.support_requests import SupportRequest
from backend.services.desk import feed_messages, list_waiting, show_conversation
from backend.services.desk_reading import ReadAttachment
from backend.services.documents import delete_orphans
from tests import factories
from tests.signing_in import mail_payloads

if TYPE_CHECKING:
    from backend.models.customers import Customer
    from tests.portal import Portal

SEND = """mutation ($input: SendSupportRequestInput!) { sendSupportRequest(input: $input) {
  __typename ... on SupportRequest { conversation { id subject institution { key }
    messages { nodes { text isFromViewer attachments { id fileName } } } }
    diagnostics { subject direction mediaType size sha256 downloadUrl institution { key } }
    receipt { kind sha256 subject } }
  ... on SupportUnavailable { message contact { phone } }
  ... on Refusal { message } ... on InvalidInput { fields { path } } } }"""
ASK = """{ portal { support { name } } viewer { diagnostics { deviceName network portalVersion
  checkedAt customerNumbers { number institution { key } } } } }"""
REPLY = """mutation ($input: SendMessageInput!) { sendMessage(input: $input) { __typename } }"""
DESK = "portal-support@musterland.example"
SAID = "Die Seite bleibt leer. CANARY-text"
# What a customer saw: blanks at the end, empty lines and all.
SEEN = "Verbindung\n  Netz: 203.0.113.0/24 \n\nGerät: CANARY-device\n\n"
TABLES = (
    *(Conversation, Message, MessageAttachment, Document, SupportRequest, Receipt),
    *(AnsweredRequest, OutboxMessage, AttemptCounter),
)


async def _anna(portal: Portal) -> tuple[str, Customer]:
    async with portal.transaction() as session:
        owner = await factories.customer(session)
        user = await factories.user_account(session, owner, email_address=f"{owner.id}@example.org")
    return await portal.sign_in(user), owner


async def _send(portal: Portal, token: str | None, **values: Any) -> Any:
    given = {"text": SAID, "diagnostics": SEEN, "idempotencyKey": str(uuid.uuid4())} | values
    return (await portal.execute(SEND, {"input": given}, token=token))["sendSupportRequest"]


async def _counts(portal: Portal) -> list[int]:
    async with portal.transaction() as session:
        return [await session.scalar(select(func.count()).select_from(one)) or 0 for one in TABLES]


async def _objects(portal: Portal) -> int:
    return len([one async for one in portal.house.objects.list("")])


async def _content(portal: Portal, token: str, document: Any) -> bytes:
    headers = {"Authorization": f"Bearer {token}"}
    response = await portal.client.get(document["downloadUrl"], headers=headers)
    assert response.headers["content-type"] == document["mediaType"]
    return response.content


def _without_support(portal: Portal) -> None:
    house = portal.house
    portal.app.state.house = replace(house, group=structs.replace(house.group, support=None))


async def test_F125_F126_what_the_portal_knows_is_shown_to_its_customer(portal: Portal) -> None:
    token, owner = await _anna(portal)
    async with portal.transaction() as session:
        for number, key in (("L-1", "leben"), ("B-1", "bank")):
            institution = await factories.institution(session, key)
            session.add(
                CustomerNumber(institution_id=institution.id, number=number, customer_id=owner.id)
            )
    firefox = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:143.0) Firefox/143.0 <b>"}
    found = await portal.execute(ASK, token=token, headers=firefox)
    assert found["portal"]["support"] == {"name": "Portal-Support Musterland"}
    shown = found["viewer"]["diagnostics"]
    assert shown["deviceName"] == "Firefox · Windows"
    assert shown["network"] == "127.0.0.0/24"
    assert shown["portalVersion"] == "0.1.0"
    numbers = {(one["institution"]["key"], one["number"]) for one in shown["customerNumbers"]}
    assert {("leben", "L-1"), ("bank", "B-1")} <= numbers
    other, _ = await _anna(portal)
    foreign = (await portal.execute(ASK, token=other))["viewer"]["diagnostics"]
    assert not {"L-1", "B-1"} & {one["number"] for one in foreign["customerNumbers"]}


async def test_F126_what_was_seen_is_stored_byte_for_byte_and_filed_under_gesendet(
    portal: Portal,
) -> None:
    token, _ = await _anna(portal)
    sent = await _send(portal, token)
    document = sent["diagnostics"]
    assert await _content(portal, token, document) == SEEN.encode()
    assert document["sha256"] == hashlib.sha256(SEEN.encode()).hexdigest()
    assert document["size"] == len(SEEN.encode())
    assert (document["direction"], document["institution"]) == ("OUTGOING", {"key": "leben"})
    assert document["subject"] == "Technische Daten"
    conversation = sent["conversation"]
    assert conversation["subject"] == "Nachricht an den Support"
    [message] = conversation["messages"]["nodes"]
    assert (message["text"], message["isFromViewer"]) == (SAID, True)
    assert [one["fileName"] for one in message["attachments"]] == ["technische-daten.txt"]


async def test_F127_nothing_goes_along_that_was_not_agreed_to(portal: Portal) -> None:
    token, _ = await _anna(portal)
    for values in ({"diagnostics": None}, {}):
        given = {"text": SAID, "idempotencyKey": str(uuid.uuid4())} | values
        answer = await portal.execute(SEND, {"input": given}, token=token)
        sent = answer["sendSupportRequest"]
        assert sent["diagnostics"] is None
        assert sent["conversation"]["messages"]["nodes"][0]["attachments"] == []
    assert await _objects(portal) == 0


async def test_M1_the_receipt_proves_message_and_data_without_a_word_of_them(
    portal: Portal,
) -> None:
    token, _ = await _anna(portal)
    sent = await _send(portal, token)
    assert sent["receipt"]["kind"] == "SUPPORT_REQUEST"
    async with portal.transaction() as session:
        [receipt] = (await session.scalars(select(Receipt))).all()
        rows = [
            (await session.execute(select(table.__table__))).all()
            for table in (Conversation, Message, Document, SupportRequest, Receipt)
        ]
    assert json.loads(receipt.content or "") == {
        "subject": "Nachricht an den Support",
        "textSha256": hashlib.sha256(SAID.encode()).hexdigest(),
        "diagnosticsSha256": hashlib.sha256(SEEN.encode()).hexdigest(),
    }
    assert receipt.sha256 == hashlib.sha256((receipt.content or "").encode()).hexdigest()
    assert "CANARY" not in repr(rows)


async def test_F125_the_desk_gets_a_mail_without_content_for_each_message(portal: Portal) -> None:
    token, owner = await _anna(portal)
    sent = await _send(portal, token)
    [mail] = await mail_payloads(portal)
    [waiting] = await _waiting(portal)
    assert (mail["email_address"], waiting.is_support_request) == (DESK, True)
    assert f"desk show {waiting.id} " in mail["text"]
    for secret in ("CANARY", "Anna", "Beispiel", f"{owner.id}@"):
        assert secret not in mail["text"] + mail["subject"]

    to = {"conversation": sent["conversation"]["id"]}
    given = {"to": to, "text": "Noch etwas", "idempotencyKey": "k"}
    await portal.execute(REPLY, {"input": given}, token=token)
    assert [one["email_address"] for one in await mail_payloads(portal)] == [DESK, DESK]


async def test_F125_the_desk_reads_it_and_the_institution_s_own_people_do_not(
    portal: Portal,
) -> None:
    token, _ = await _anna(portal)
    await _send(portal, token)
    assert await _waiting(portal, "leben") == []
    feeding = feed_messages(portal.house, institution_key="leben", after_id=0)
    assert [one async for one in feeding] == []
    [waiting] = await _waiting(portal)
    [shown] = await show_conversation(
        portal.house, conversation_id=waiting.id, case_handler="Petra Muster", reason="Support"
    )
    assert shown.text == SAID
    assert shown.attachments == (ReadAttachment("technische-daten.txt", SEEN),)


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"text": " \n"}, ["text"]),
        ({"text": "x" * 5001}, ["text"]),
        ({"text": "a\x07b"}, ["text"]),
        ({"diagnostics": "\n"}, ["diagnostics"]),
        ({"diagnostics": "x" * 8_001}, ["diagnostics"]),
        ({"diagnostics": "a\u202eb"}, ["diagnostics"]),
        ({"idempotencyKey": ""}, ["idempotencyKey"]),
        ({"idempotencyKey": "x" * 65}, ["idempotencyKey"]),
    ],
)
async def test_F125_what_can_not_be_sent_is_refused_at_its_field(
    portal: Portal, values: dict[str, str], path: list[str]
) -> None:
    token, _ = await _anna(portal)
    before = await _counts(portal)
    answer = await _send(portal, token, **values)
    assert answer["__typename"] == "InvalidInput"
    assert [field["path"] for field in answer["fields"]] == [path]
    assert (await _counts(portal), await _objects(portal)) == (before, 0)


async def test_F125_a_house_without_a_support_desk_names_its_customer_service(
    portal: Portal,
) -> None:
    token, _ = await _anna(portal)
    _without_support(portal)
    assert (await portal.execute(ASK, token=token))["portal"] == {"support": None}
    before = await _counts(portal)
    answer = await _send(portal, token)
    assert answer["__typename"] == "SupportUnavailable"
    assert answer["contact"]["phone"] in answer["message"]
    assert (await _counts(portal), await _objects(portal)) == (before, 0)


async def test_F125_whoever_is_not_signed_in_sends_nothing(portal: Portal) -> None:
    before = await _counts(portal)
    assert (await _send(portal, None))["__typename"] == "NotSignedIn"
    assert (await _counts(portal), await _objects(portal)) == (before, 0)


async def test_F125_the_same_key_sends_once_and_answers_the_same(portal: Portal) -> None:
    token, _ = await _anna(portal)
    key = str(uuid.uuid4())
    answers = await asyncio.gather(*[_send(portal, token, idempotencyKey=key) for _ in range(20)])
    assert all(answer == answers[0] for answer in answers)
    counts = await _counts(portal)
    assert counts[:7] == [1, 1, 1, 1, 1, 1, 1]
    for values in ({"text": "Etwas anderes"}, {"diagnostics": f"{SEEN} "}, {"diagnostics": None}):
        changed = await _send(portal, token, idempotencyKey=key, **values)
        assert changed["__typename"] == "Conflict"
    assert await _counts(portal) == counts
    # Those that lost the race left an object behind; the one that is filed stays.
    later = portal.clock.now() + timedelta(days=3650)
    await delete_orphans(portal.house.sessions, portal.house.objects, now=later)
    assert await _objects(portal) == 1
    other, _ = await _anna(portal)
    elsewhere = await _send(portal, other, idempotencyKey=key)
    assert elsewhere["conversation"]["id"] != answers[0]["conversation"]["id"]


async def test_F125_a_day_has_room_for_ten(portal: Portal) -> None:
    token, _ = await _anna(portal)
    for _ in range(10):
        assert (await _send(portal, token, diagnostics=None))["__typename"] == "SupportRequest"
    before = await _counts(portal)
    assert (await _send(portal, token))["__typename"] == "TooManyAttempts"
    assert await _counts(portal) == before


async def _waiting(portal: Portal, institution_key: str | None = None) -> Any:
    async with portal.transaction() as session:
        return await list_waiting(session, institution_key=institution_key)
