"""GET /savings-accounts/{id}/transactions.csv, and self-added-accounts: transactions as a file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from backend import database
from backend.clock import berlin_today
from backend.errors import NotFoundError
from backend.ids import decode_id
from backend.models.contracts import SavingsProduct
from backend.services.contracts import find_contract
from backend.services.self_added_accounts import find_self_added_account
from backend.services.transaction_export import export_transactions
from backend.services.transaction_filter import TransactionFilter
from backend.web import session_cookie
from backend.web.downloads import SAFE_HEADERS, attachment, refuse
from backend.web.language import locale_of
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from backend.house import House
    from backend.services.sessions import Viewer
    from backend.services.transaction_queries import MoneyAccount

    Finder = Callable[[House, Viewer, str], Awaitable[MoneyAccount | None]]


async def download_transactions(request: Request) -> Response:
    """Send the transactions that `from`, `to` (half-open) and `search` ask for.

    Foreign and absent accounts answer alike. Opening them shortens the session's idle limit.
    """
    return await _send(request, _find)


async def download_self_added_transactions(request: Request) -> Response:
    """Send those of an account that the viewer added, in the same way (F9)."""
    return await _send(request, _find_self_added)


async def _send(request: Request, find: Finder) -> Response:
    house: House = request.app.state.house
    viewer = await session_cookie.authenticate(request, house)
    if viewer is None:
        return refuse(request, 401, "refusal.not_signed_in")
    account = await find(house, viewer, request.path_params["id"])
    if account is None:
        return refuse(request, 404, "refusal.not_found")
    try:
        wanted = TransactionFilter(
            from_date=_day(request, "from"),
            to_date=_day(request, "to"),
            search=request.query_params.get("search"),
        )
    except ValueError:
        return refuse(request, 400, "refusal.invalid_date")
    locale = locale_of(request)
    today = berlin_today(house.clock).isoformat()
    name = f"{word('csv.file_name', locale)}-{account.shown_iban[-4:]}-{today}.csv"
    headers = SAFE_HEADERS | attachment(name)
    if request.method == "HEAD":
        return Response(headers=headers, media_type="text/csv")
    return StreamingResponse(
        export_transactions(house.sessions, account=account, wanted=wanted, locale=locale),
        headers=headers,
        media_type="text/csv",
        background=session_cookie.recording_use(house, viewer, opened_bank_data=True),
    )


async def _find(house: House, viewer: Viewer, text: str) -> SavingsProduct | None:
    try:
        contract_id = decode_id(text, "Contract")
    except NotFoundError:
        return None
    async with database.reading(house.sessions) as session:
        contract = await find_contract(
            session,
            customer_id=viewer.customer_id,
            contract_id=contract_id,
            today=berlin_today(house.clock),
            policy=house.policy,
        )
    return contract if isinstance(contract, SavingsProduct) else None


async def _find_self_added(house: House, viewer: Viewer, text: str) -> MoneyAccount | None:
    try:
        account_id = decode_id(text, "SelfAddedAccount")
    except NotFoundError:
        return None
    async with database.reading(house.sessions) as session:
        return await find_self_added_account(
            session, customer_id=viewer.customer_id, account_id=account_id
        )


def _day(request: Request, name: str) -> date | None:
    text = request.query_params.get(name)
    return date.fromisoformat(text) if text else None


TRANSACTION_ROUTES = [
    Route("/savings-accounts/{id}/transactions.csv", download_transactions, methods=["GET"]),
    Route(
        "/self-added-accounts/{id}/transactions.csv",
        download_self_added_transactions,
        methods=["GET"],
    ),
]
