"""POST /core/acknowledgements: the signed answer of a core system; and the portal's public key."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from backend import database
from backend.errors import ConflictError, NotFoundError
from backend.message_signatures import SignatureRefusedError, SignedMessage, verify_message
from backend.services.acknowledgements import acknowledge, take_nonce
from backend.signatures import key_id_of
from backend.web.refused import RequestRefusedError, refusal_response
from backend.web.request_guard import parse_json, read_body

if TYPE_CHECKING:
    from starlette.requests import Request

    from backend.feeds.acknowledgement_records import Acknowledgement
    from backend.house import House
    from backend.message_signatures import VerifiedSignature

PATH = "/core/acknowledgements"

_log = logging.getLogger(__name__)


async def receive_acknowledgement(request: Request) -> Response:
    """Apply an answer; 200 tells whether it changed anything, so that it may be sent again (M2).

    Signed by RFC 9421 with a key that the group's file lists for the institution, a moment ago,
    under a number used once.
    """
    house: House = request.app.state.house
    try:
        body = await read_body(request)
        signature = _verify(request, house, body)
        answer = _read(body)
        has_changed = await _apply(house, signature, answer)
    except RequestRefusedError as refusal:
        return refusal_response(refusal)
    return JSONResponse({"hasChanged": has_changed}, headers={"Cache-Control": "no-store"})


async def show_public_key(request: Request) -> Response:
    """Send the key with which the portal signs what it sends to core systems."""
    house: House = request.app.state.house
    key = (await house.core_signer.load()).public_key
    return JSONResponse(
        {"algorithm": "ed25519", "keyId": key_id_of(key), "publicKey": key.hex()},
        headers={"Cache-Control": "public, max-age=300"},
    )


CORE_ROUTES = (
    Route(PATH, receive_acknowledgement, methods=["POST"]),
    Route("/core/public-key.json", show_public_key, methods=["GET"]),
)


def _verify(request: Request, house: House, body: bytes) -> VerifiedSignature:
    keys = {
        key_id: bytes.fromhex(key)
        for one in house.group.institutions
        if one.core is not None
        for key_id, key in one.core.keys.items()
    }
    # A proxy may have ended TLS: what was signed is the address that everybody knows.
    message = SignedMessage(
        request.method, f"{house.settings.public_url}{PATH}", request.headers, body
    )
    try:
        return verify_message(message, keys, now=house.clock.now())
    except SignatureRefusedError as error:
        _log.warning("acknowledgement_refused", extra={"reason": error.reason})
        raise RequestRefusedError("SIGNATURE", error.reason, status=401) from error


def _read(body: bytes) -> Acknowledgement:
    # Readers of feeds take memory that a server without core systems need not spend.
    from backend.feeds.acknowledgements_jsonl import read_acknowledgement  # noqa: PLC0415

    problems: list[tuple[str, str]] = []
    answer = read_acknowledgement(parse_json(body), problems)
    if problems:
        told = "; ".join(f"{field or 'body'}: {reason}" for field, reason in problems)
        raise RequestRefusedError("SHAPE", told, status=422)
    return answer


async def _apply(house: House, signature: VerifiedSignature, answer: Acknowledgement) -> bool:
    institution_key = next(
        one.key
        for one in house.group.institutions
        if one.core is not None and signature.key_id in one.core.keys
    )
    try:
        async with database.writing(house.sessions) as session:
            is_new = await take_nonce(
                session,
                institution_key=institution_key,
                nonce=signature.nonce,
                now=house.clock.now(),
            )
            if not is_new:
                raise RequestRefusedError("REPLAY", "This nonce was used before.", status=409)
            return await acknowledge(session, house, institution_key=institution_key, answer=answer)
    except NotFoundError as error:
        raise RequestRefusedError("NOT_FOUND", "No such submission.", status=404) from error
    except ConflictError as error:
        message = "It was answered the other way before; nothing was changed."
        raise RequestRefusedError("CONFLICT", message, status=409) from error
