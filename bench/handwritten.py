"""What a person would write by hand for the same bytes: one token check, minimal SQL, json.dumps.

It stands for the best that this database and this interpreter can do; the portal is measured as
a share of it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy.engine import make_url

from backend.ids import encode_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

_POOL = 8
_SESSION = (
    "SELECT s.expires_at, s.last_seen_at, s.ended_at, a.customer_id, c.given_name, c.family_name "
    "FROM user_session s JOIN user_account a ON a.id = s.user_account_id "
    "JOIN customer c ON c.id = a.customer_id WHERE s.token_hash = ?"
)
_CONTRACTS = (
    "SELECT c.id, c.kind, c.number, c.product_name, c.status, c.start_date, c.end_date, "
    "c.institution_id, i.name, c.line_of_business, c.payment_frequency, c.main_due_date, "
    "c.premium_amount, c.premium_currency, c.iban, c.balance, c.balance_on, c.interest_rate, "
    "c.currency, p.given_name, p.family_name FROM partner p "
    "JOIN contract c ON c.id = p.contract_id JOIN institution i ON i.id = c.institution_id "
    "WHERE p.customer_id = ? AND p.role IN ('POLICYHOLDER', 'ACCOUNT_HOLDER') "
    "AND p.salutation IN ('MR', 'MS', 'OTHER_PERSON') AND c.start_date <= ? "
    "AND c.origin <> 'OCCUPATIONAL_PENSION' ORDER BY c.institution_id, c.id LIMIT 100"
)
_DOCUMENTS = (
    "SELECT d.id, d.subject, d.sender, d.received_at, d.document_date, d.first_opened_at, d.kind, "
    "d.direction, d.is_official_decision, d.media_type, d.size, d.sha256, d.file_name, "
    "d.institution_id, i.name FROM document d JOIN institution i ON i.id = d.institution_id "
    "WHERE d.customer_id = ? ORDER BY d.received_at DESC, d.id DESC LIMIT 20"
)
_DOCUMENT_COUNTS = (
    "SELECT count(*), count(CASE WHEN first_opened_at IS NULL AND direction = 'INCOMING' "
    "THEN 1 END) FROM document WHERE customer_id = ?"
)
_TRANSACTIONS = (
    "SELECT id, value_date, booking_date, amount, currency, counterparty_name, "
    "remittance_information FROM account_transaction WHERE contract_id = ? "
    "ORDER BY value_date DESC, booking_date DESC, sequence DESC, id DESC LIMIT 100"
)
_COUNT = "SELECT count(*) FROM account_transaction WHERE contract_id = ?"

Fetch = Any


class Handwritten:
    """An ASGI application with one route per measured document."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._fetchers: asyncio.Queue[Fetch] = asyncio.Queue()
        self._answers: dict[str, Callable[[Fetch, Any], Awaitable[dict[str, Any]]]] = {
            "/handwritten/dashboard": _dashboard,
            "/handwritten/transactions": _transactions,
            "/handwritten/name": _name,
        }

    async def open(self) -> None:
        """Open the connections."""
        connect = _connect_sqlite if self._url.startswith("sqlite") else _connect_postgresql
        for _ in range(_POOL):
            self._fetchers.put_nowait(await connect(self._url))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        while (await receive()).get("more_body"):
            pass
        headers = dict(scope["headers"])
        token = headers[b"authorization"].removeprefix(b"Bearer ")
        fetch = await self._fetchers.get()
        try:
            rows = await fetch(_SESSION, (hashlib.sha256(token).hexdigest(),))
            viewer = _checked(rows)
            data = await self._answers[scope["path"]](fetch, viewer)
        finally:
            self._fetchers.put_nowait(fetch)
        body = json.dumps({"data": data}, separators=(",", ":"), ensure_ascii=False).encode()
        headers_out = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers_out})
        await send({"type": "http.response.body", "body": body})


def _checked(rows: Sequence[Any]) -> Any:
    ((expires_at, last_seen_at, ended_at, *viewer),) = rows
    now = datetime.now(UTC)
    idle = _instant(last_seen_at) + timedelta(minutes=15)
    if ended_at is not None or now >= min(_instant(expires_at), idle):
        raise PermissionError
    return viewer


async def _name(_fetch: Fetch, viewer: Any) -> dict[str, Any]:
    return {"viewer": {"displayName": f"{viewer[1]} {viewer[2]}"}}


async def _dashboard(fetch: Fetch, viewer: Any) -> dict[str, Any]:
    customer = viewer[0]
    contracts = await fetch(_CONTRACTS, (customer, datetime.now(UTC).date().isoformat()))
    documents = await fetch(_DOCUMENTS, (customer,))
    ((total, unread),) = await fetch(_DOCUMENT_COUNTS, (customer,))
    return {
        "viewer": {
            "displayName": f"{viewer[1]} {viewer[2]}",
            "contracts": {
                "totalCount": len(contracts),
                "nodes": [_contract(row) for row in contracts],
            },
            "savingsAccounts": [_account(row) for row in contracts if row[1] != "INSURANCE"],
            "postbox": {
                "unreadCount": unread,
                "documents": {
                    "totalCount": total,
                    "nodes": [_document(row) for row in documents],
                },
            },
        }
    }


def _contract(row: Any) -> dict[str, Any]:
    contract = {
        "id": encode_id("Contract", row[0]), "kind": row[1], "number": row[2],
        "productName": row[3], "status": row[4], "startDate": _text(row[5]),
        "endDate": _text(row[6]),
        "institution": {"id": encode_id("Institution", row[7]), "name": row[8]},
    }  # fmt: skip
    if row[1] == "INSURANCE":
        contract |= {
            "lineOfBusiness": row[9], "paymentFrequency": row[10], "nextDueDate": _text(row[11]),
            "premium": _money(row[12], row[13]),
        }  # fmt: skip
    return contract


def _account(row: Any) -> dict[str, Any]:
    return {
        "id": encode_id("Contract", row[0]), "number": row[2], "iban": row[14],
        "productName": row[3], "balanceOn": _text(row[16]), "interestRate": _amount(row[17]),
        "balance": _money(row[15], row[18]), "holders": [f"{row[19]} {row[20]}"],
    }  # fmt: skip


def _document(row: Any) -> dict[str, Any]:
    document_id = encode_id("Document", row[0])
    return {
        "id": document_id, "subject": row[1], "sender": row[2],
        "receivedAt": _instant(row[3]).isoformat(), "documentDate": _text(row[4]),
        "isUnread": row[5] is None and row[7] == "INCOMING", "kind": row[6],
        "direction": row[7], "isOfficialDecision": bool(row[8]), "mediaType": row[9],
        "size": row[10], "sha256": row[11], "fileName": row[12],
        "downloadUrl": f"/documents/{document_id}/{quote(row[12])}",
        "institution": {"id": encode_id("Institution", row[13]), "name": row[14]},
    }  # fmt: skip


async def _transactions(fetch: Fetch, viewer: Any) -> dict[str, Any]:
    today = datetime.now(UTC).date().isoformat()
    contracts = await fetch(_CONTRACTS, (viewer[0], today))
    account = next(row for row in contracts if row[1] != "INSURANCE")
    rows = await fetch(_TRANSACTIONS, (account[0],))
    ((total,),) = await fetch(_COUNT, (account[0],))
    balance = account[15]
    nodes = []
    for row in rows:
        nodes.append(_transaction(row, balance))
        balance -= row[3]
    transactions = {"totalCount": total, "nodes": nodes}
    return {"node": {"id": encode_id("Contract", account[0]), "transactions": transactions}}


def _transaction(row: Any, balance: int) -> dict[str, Any]:
    return {
        "id": encode_id("Transaction", row[0]), "valueDate": _text(row[1]),
        "bookingDate": _text(row[2]), "amount": _money(row[3], row[4]),
        "balanceAfter": _money(balance, row[4]), "counterpartyName": row[5],
        "remittanceInformation": row[6], "isPending": False,
    }  # fmt: skip


def _money(scaled: int | None, currency: str) -> dict[str, str] | None:
    return None if scaled is None else {"amount": _amount(scaled) or "", "currency": currency}


def _amount(scaled: int | None) -> str | None:
    return None if scaled is None else str(Decimal(scaled // 100).scaleb(-2))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _instant(value: Any) -> datetime:
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    instant: datetime = value
    return instant.astimezone(UTC)


async def _connect_sqlite(url: str) -> Fetch:
    import aiosqlite  # noqa: PLC0415  # only one of the two drivers is used

    connection = await aiosqlite.connect(make_url(url).database or "", isolation_level=None)

    async def fetch(sql: str, values: Sequence[Any]) -> Any:
        return await connection.execute_fetchall(sql, values)

    return fetch


async def _connect_postgresql(url: str) -> Fetch:
    import psycopg  # noqa: PLC0415  # as above

    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await psycopg.AsyncConnection.connect(plain, autocommit=True)

    async def fetch(sql: str, values: Sequence[Any]) -> Any:
        cursor = await connection.execute(sql.replace("?", "%s").encode(), values)
        return await cursor.fetchall()

    return fetch
