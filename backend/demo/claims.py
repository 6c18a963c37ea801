"""What Pia handed in before the demo world begins: paid, decided, in review, refused, just sent."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import select

from backend import database
from backend.claim_envelope import ClaimBinding, seal_file
from backend.clock import BERLIN, StoppedClock
from backend.demo.claim_files import broken_heic, photographed
from backend.demo.insurance import PIAS_CONTRACT
from backend.demo.letters import Letter, letter_id, write_letters
from backend.demo.personas import PIA
from backend.demo.signed_in import signed_in
from backend.ids import encode_id
from backend.models.claims import ClaimFormat, ClaimKind
from backend.models.contracts import Contract
from backend.services.claim_documents import PART_SIZE, append_part, start_claim_document
from backend.services.claim_opening import open_claims
from backend.services.claim_submission import ClaimDraft, submit_claim
from backend.services.claims_keys import find_current_key, tend_claims_keys
from backend.services.imports import import_file
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from backend.house import House
    from backend.services.imports import FileReport
    from backend.services.sessions import Viewer

_KEY = "kranken"
_OPENED_AFTER = timedelta(minutes=4)
# Behind those of all other letters.
_FIRST_NUMBER = 951
_STATEMENT = Letter(
    _KEY, PIA, date(2026, 10, 14), "BENEFIT_STATEMENT", "Leistungsabrechnung Kranken Voll",
    "wir haben Ihre Rechnung vom 1. Oktober 2026 über 412,60 Euro geprüft.\n"
    "Wir erstatten 371,34 Euro auf Ihr Konto.",
    PIAS_CONTRACT,
)  # fmt: skip


class Decided(Value):
    """A line of `claims.jsonl`: since when a claim stands where, and what else it says."""

    status: str
    on: date
    more: Mapping[str, str]


class HandedIn(Value):
    """One claim, and what its department says of it afterwards."""

    at: datetime
    kind: ClaimKind
    format: ClaimFormat
    content: bytes
    decided: tuple[Decided, ...] = ()
    failed_before: bool = False


def _told(status: str, day: int, month: int, **more: str) -> Decided:
    return Decided(status, date(2026, month, day), more)


def _handed_in() -> Iterator[HandedIn]:
    def at(day: int, month: int, hour: int) -> datetime:
        return datetime(2026, month, day, hour, 12, tzinfo=BERLIN)

    invoice = photographed("Rechnung", "Dr. med. Beispiel, 1. Oktober 2026", "412,60 EUR", pages=3)
    yield HandedIn(
        at(5, 10, 18), ClaimKind.MEDICAL_INVOICE, ClaimFormat.PHOTOS, invoice,
        (
            _told("IN_REVIEW", 7, 10, amount_claimed="412.60", currency="EUR"),
            _told("DECIDED", 14, 10, amount_reimbursed="371.34", currency="EUR",
                  statement=letter_id(_STATEMENT, _FIRST_NUMBER)),
            _told("PAID", 16, 10),
        ),
    )  # fmt: skip
    yield HandedIn(
        at(9, 11, 9), ClaimKind.PRESCRIPTION, ClaimFormat.PHOTOS,
        photographed("Rezept", "Apotheke am Belegweg", "38,90 EUR"),
        (
            _told("IN_REVIEW", 11, 11, amount_claimed="38.90", currency="EUR"),
            _told("DECIDED", 20, 11, amount_reimbursed="33.90", currency="EUR"),
        ),
    )  # fmt: skip
    yield HandedIn(
        at(16, 11, 20), ClaimKind.TREATMENT_PLAN, ClaimFormat.PHOTOS,
        photographed("Heil- und Kostenplan", "Zahnarztpraxis Muster", "1.840,00 EUR"),
        (_told("IN_REVIEW", 18, 11),),
    )  # fmt: skip
    yield HandedIn(
        at(19, 11, 7), ClaimKind.THERAPY_OR_AID, ClaimFormat.IMAGE, broken_heic()
    )  # fmt: skip
    yield HandedIn(
        at(20, 11, 19), ClaimKind.THERAPY_OR_AID, ClaimFormat.PHOTOS,
        photographed("Physiotherapie", "Praxis Beweglich, 10 Termine", "254,00 EUR"),
        failed_before=True,
    )  # fmt: skip


async def hand_in_for_pia(house: House) -> list[FileReport]:
    """Seal, send and submit Pia's claims, each at its time, and import what was decided.

    What her insurer decides comes as files: `claims.jsonl`, and the benefit statement.
    """
    folder = house.settings.data_dir / "feeds" / _KEY / "claims"
    lines = []
    for claim in _handed_in():
        uid = await _hand_in(replace(house, clock=StoppedClock(claim.at)), claim)
        lines += [_line(uid, decided) for decided in claim.decided]
        await open_claims(replace(house, clock=StoppedClock(claim.at + _OPENED_AFTER)))
    write_letters(folder, _KEY, [_STATEMENT], first_number=_FIRST_NUMBER)
    feed = folder / "claims.jsonl"
    feed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [
        await import_file(house, path, institution_key=_KEY)
        for path in (folder / "manifest.json", feed)
    ]


async def _hand_in(house: House, handed_in: HandedIn) -> str:
    """Hand in a claim as her phone does; return the reference that her insurer knows it by."""
    await tend_claims_keys(house)
    async with signed_in(house, PIA) as viewer:
        draft, sealed = await _seal(house, handed_in)
        if handed_in.failed_before:
            # The network went away after the announcement; "Senden" began again.
            await start_claim_document(house, viewer=viewer, size=len(sealed), sha256=_hash(sealed))
        document_id = await _send(house, viewer, sealed)
        claim = await submit_claim(
            house, viewer=viewer, draft=replace(draft, document_id=document_id)
        )
        return claim.uid


async def _seal(house: House, handed_in: HandedIn) -> tuple[ClaimDraft, bytes]:
    async with database.reading(house.sessions) as session:
        key = await find_current_key(session, now=house.clock.now())
        contract_id = await session.scalar(
            select(Contract.id).where(Contract.number == PIAS_CONTRACT)
        )
    if key is None or contract_id is None:
        raise LookupError("no claims key, or no contract of Pia")
    draft = ClaimDraft(0, handed_in.kind, contract_id, handed_in.format, key.id, uuid.uuid4())
    binding = ClaimBinding(
        key=encode_id("ClaimsKey", key.id),
        contract=encode_id("Contract", contract_id),
        kind=handed_in.kind.name,
        format=handed_in.format.name,
        idempotency_key=str(draft.idempotency_key),
        algorithm=key.algorithm,
    )
    return draft, seal_file(handed_in.content, public_key=key.public_key, binding=binding)


async def _send(house: House, viewer: Viewer, sealed: bytes) -> int:
    document = await start_claim_document(
        house, viewer=viewer, size=len(sealed), sha256=_hash(sealed)
    )
    at = 0
    while at < len(sealed):
        part = sealed[at : at + PART_SIZE]
        at = await append_part(
            house, viewer=viewer, document_id=document.id, offset=at, content=_chunks(part)
        )
    return document.id


async def _chunks(part: bytes) -> AsyncIterator[bytes]:
    yield part


def _hash(sealed: bytes) -> str:
    return hashlib.sha256(sealed).hexdigest()


def _line(uid: str, decided: Decided) -> str:
    said_at = datetime.combine(decided.on, datetime.min.time(), BERLIN) + timedelta(hours=6)
    return json.dumps(
        {
            "claim": uid,
            "status": decided.status,
            "on": decided.on.isoformat(),
            **decided.more,
            "updated_at": said_at.isoformat(),
        }
    )
