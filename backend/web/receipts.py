"""GET /receipts/…: a customer's receipt as a file, and what everybody may verify it with."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from backend import database
from backend.errors import NotFoundError
from backend.ids import decode_id
from backend.services.receipts import find_receipt, write_receipt_file
from backend.services.tree_heads import write_public_key, write_tree_heads
from backend.web import session_cookie
from backend.web.downloads import SAFE_HEADERS, attachment, refuse
from backend.web.language import locale_of
from backend.wording import word

if TYPE_CHECKING:
    from starlette.requests import Request

    from backend.house import House
    from backend.models.receipts import Receipt
    from backend.services.receipt_format import Part, ReceiptFile
    from backend.services.sessions import Viewer

# Anybody may verify from any page; nothing personal is in these.
_PUBLIC = {"Cache-Control": "public, max-age=300", "Cross-Origin-Resource-Policy": "cross-origin"}


async def download_receipt(request: Request) -> Response:
    """Send one of the viewer's receipts; foreign and absent ones answer alike (M1)."""
    house: House = request.app.state.house
    viewer = await session_cookie.authenticate(request, house)
    if viewer is None:
        return refuse(request, 401, "refusal.not_signed_in")
    found = await _find(house, viewer, request.path_params["id"])
    if found is None:
        return refuse(request, 404, "refusal.not_found")
    receipt, file = found
    name = word("receipt.file_name", locale_of(request), position=receipt.position)
    return Response(
        _written(file),
        headers=SAFE_HEADERS | attachment(name),
        media_type="application/json",
        background=session_cookie.recording_use(house, viewer),
    )


async def show_public_key(request: Request) -> Response:
    """Send the key that verifies receipts and tree heads."""
    file = await write_public_key(request.app.state.house)
    return Response(_written(file), headers=_PUBLIC, media_type="application/json")


async def show_tree_heads(request: Request) -> Response:
    """Send the newest tree heads, or those from the day `since` on."""
    house: House = request.app.state.house
    text = request.query_params.get("since")
    try:
        since = date.fromisoformat(text) if text else None
    except ValueError:
        return refuse(request, 400, "refusal.invalid_date")
    async with database.reading(house.sessions) as session:
        file = await write_tree_heads(session, house.signer, since=since)
    return Response(_written(file), headers=_PUBLIC, media_type="application/json")


async def _find(house: House, viewer: Viewer, text: str) -> tuple[Receipt, ReceiptFile] | None:
    try:
        receipt_id = decode_id(text, "Receipt")
    except NotFoundError:
        return None
    async with database.reading(house.sessions) as session:
        receipt = await find_receipt(session, customer_id=viewer.customer_id, receipt_id=receipt_id)
        return None if receipt is None else (receipt, await write_receipt_file(session, receipt))


def _written(file: Part) -> str:
    """Write a file so that people can read it, too."""
    return f"{msgspec.json.format(msgspec.json.encode(file), indent=2).decode()}\n"


RECEIPT_ROUTES = (
    Route("/receipts/public-key.json", show_public_key, methods=["GET"]),
    Route("/receipts/tree-heads.json", show_tree_heads, methods=["GET"]),
    Route("/receipts/{id}/{file_name:path}", download_receipt, methods=["GET"]),
)
