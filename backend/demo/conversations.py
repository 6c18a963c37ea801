"""What Berta and her insurers wrote to each other before the demo world begins."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import select

from backend import database
from backend.clock import BERLIN, StoppedClock
from backend.demo.claim_files import photographed
from backend.demo.personas import BERTA
from backend.demo.signed_in import signed_in
from backend.models.institutions import Institution
from backend.models.uploads import UploadPurpose
from backend.services.conversations import mark_conversation_read
from backend.services.desk import answer_conversation, show_conversation
from backend.services.messages import Addressee, Draft, send_message
from backend.services.upload_inspection import inspect_uploads
from backend.services.uploads import SentFile, receive_upload
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from backend.house import House
    from backend.services.sessions import Viewer

_CASE_HANDLER = "Petra Muster"
_READ_AFTER = timedelta(minutes=20)


class _Written(Value):
    """One message of Berta, and what came back; `file` is the title of what she attached."""

    at: datetime
    text: str
    file: str | None = None
    answered_at: datetime | None = None
    answer: str = ""


def _at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


_CONVERSATIONS: tuple[tuple[str, str, tuple[_Written, ...]], ...] = (
    (
        "bkk",
        "Termin für ein Gespräch",
        (_Written(_at(12, 16, 20), "Guten Tag,\n\nkann ich Sie am Donnerstag anrufen?"),),
    ),
    (
        "leben",
        "Zulagenantrag 2025",
        (
            _Written(
                _at(16, 10, 5),
                "Guten Tag,\n\nanbei der Bescheid über das Kindergeld. Reicht er als Nachweis für"
                " die Kinderzulage?\n\nFreundliche Grüße\nBerta Altersvor",
                file="Bescheid über Kindergeld",
                answered_at=_at(17, 9, 40),
                answer="Guten Tag Frau Altersvor,\n\nvielen Dank, der Bescheid reicht. Wir haben"
                " die Kinderzulage für 2025 beantragt. Sobald die Zulagenstelle entschieden hat,"
                " bekommen Sie einen Brief in Ihr Postfach.",
            ),
            _Written(_at(18, 19, 30), "Danke für die schnelle Antwort!"),
        ),
    ),
)


async def write_for_berta(house: House) -> None:
    """Write Berta's conversations, each message at its time; she has read what came back."""
    for key, subject, messages in _CONVERSATIONS:
        async with database.reading(house.sessions) as session:
            institution_id = await session.scalar(
                select(Institution.id).where(Institution.key == key)
            )
        to = Addressee(institution_id=institution_id, subject=subject)
        for number, written in enumerate(messages):
            conversation_id = await _write(
                replace(house, clock=StoppedClock(written.at)),
                written,
                to=to,
                institution_id=institution_id or 0,
                key=f"{key}-{number}",
            )
            to = Addressee(conversation_id=conversation_id)
            if written.answered_at is not None:
                answered = replace(house, clock=StoppedClock(written.answered_at))
                await _answer(answered, conversation_id, written.answer)


async def _write(
    house: House, written: _Written, *, to: Addressee, institution_id: int, key: str
) -> int:
    async with signed_in(house, BERTA) as viewer:
        uploads = []
        if written.file is not None:
            uploads.append(await _hand_over(house, viewer, institution_id, written.file))
        draft = Draft(to=to, text=written.text, upload_ids=tuple(uploads), key=key)
        return (await send_message(house, viewer=viewer, draft=draft)).conversation_id


async def _hand_over(house: House, viewer: Viewer, institution_id: int, title: str) -> int:
    content = photographed(title, "Familienkasse Musterland", "255,00 EUR im Monat")
    upload = await receive_upload(
        house,
        viewer=viewer,
        sent=SentFile(
            UploadPurpose.MESSAGE,
            institution_id,
            f"{title}.pdf",
            "application/pdf",
            _once(content),
        ),
    )
    await inspect_uploads(house)
    return upload.id


async def _answer(house: House, conversation_id: int, text: str) -> None:
    await show_conversation(
        house,
        conversation_id=conversation_id,
        case_handler=_CASE_HANDLER,
        reason="Nachricht beantworten",
    )
    answer = await answer_conversation(
        house, conversation_id=conversation_id, case_handler=_CASE_HANDLER, text=text
    )
    async with database.writing(house.sessions) as session:
        await mark_conversation_read(
            session,
            customer_id=answer.customer_id,
            conversation_id=conversation_id,
            now=house.clock.now() + _READ_AFTER,
        )


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
