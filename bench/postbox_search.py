"""Searches a postbox of 100 and one of 10,000 documents, whole requests, and prints the ratio.

Texts of 200 words out of 5,000 are indexed without a PDF around them. In either postbox ten
documents have the rare word, and every one has the common one::

    python -m bench.postbox_search [DOCUMENTS]
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from sqlalchemy import insert, select

from backend import database
from backend.app import create_app
from backend.migrate import upgrade_database
from backend.models.customers import Customer
from backend.models.documents import Document, DocumentDirection, DocumentKind, DocumentWord
from backend.models.institutions import Institution
from backend.models.user_accounts import Locale, UserAccount
from backend.services import sessions
from backend.services.search_words import hash_document, search_key
from backend.settings import Settings

if TYPE_CHECKING:
    from backend.house import House

SMALL = 100
ROUNDS = 200
SEARCH = """query ($search: String!) { viewer { postbox { documents(filter: {search: $search}) {
  ... on DocumentConnection { totalCount nodes { subject } } } } } }"""
WORDS = [f"wort{number}" for number in range(5_000)]
WANTED = ("selten", "selten rechnung", "rechnung")


def main() -> None:
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), documents))


async def measure(folder: Path, documents: int) -> None:
    settings = Settings(data_dir=folder, worker_in_process=False)
    engine = database.create_engine(settings.database)
    await upgrade_database(engine)
    await engine.dispose()
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url=settings.public_url
        ) as client,
    ):
        house: House = app.state.house
        tokens = {count: await fill(house, count) for count in (SMALL, documents)}
        for wanted in WANTED:
            medians = {
                count: await median_ms(client, token, wanted) for count, token in tokens.items()
            }
            small, large = medians[SMALL], medians[documents]
            print(
                f"{wanted:16} p50 {small:6.2f} ms of {SMALL} documents, {large:6.2f} ms of "
                f"{documents:,}: {large / small:.2f} times"
            )


async def fill(house: House, count: int) -> str:
    """Write a customer with that many documents; return their token."""
    now = datetime.now(UTC)
    uid = uuid.uuid4().hex
    await house.keys.create(uid)
    key = search_key((await house.keys.load(uid)).keyset)
    chance = random.Random(count)
    async with database.writing(house.sessions) as session:
        sender = (await session.scalars(select(Institution).limit(1))).one()
        owner = Customer(uid=uid, given_name="A", family_name="B", created_at=now)
        session.add(owner)
        await session.flush()
        account = UserAccount(
            customer_id=owner.id,
            email_address=f"{uid}@example.org",
            password_hash="-",  # noqa: S106  # nobody signs in by it
            phone_number="+4915112345678",
            locale=Locale.DE,
            created_at=now,
        )
        session.add(account)
        await session.flush()
        rows = [row(owner, sender, number, count, now) for number in range(count)]
        written = await session.scalars(
            insert(Document).returning(Document.id, sort_by_parameter_order=True), rows
        )
        for number, document_id in enumerate(written.all()):
            rare = "selten " if number % (count // 10) == 0 else ""
            words = rare + " ".join(chance.choices(WORDS, k=200))
            tokens = hash_document(key, headings=(rows[number]["subject"],), text=words)
            found = [{"token": token, "document_id": document_id} for token in tokens]
            await session.execute(insert(DocumentWord), found)
        return await sessions.start_session(
            session, user_account_id=account.id, clock=house.clock, policy=house.policy
        )


def row(
    owner: Customer, sender: Institution, number: int, count: int, now: datetime
) -> dict[str, Any]:
    name = f"{owner.uid}-{number}"
    return {
        "institution_id": sender.id,
        "customer_id": owner.id,
        "external_id": name,
        "direction": DocumentDirection.INCOMING,
        "kind": DocumentKind.INVOICE,
        "subject": f"Rechnung {number}",
        "sender": sender.name,
        "document_date": now.date(),
        "received_at": now - timedelta(hours=count - number),
        "is_official_decision": False,
        "media_type": "application/pdf",
        "size": 1,
        "sha256": "0" * 64,
        "file_name": "r.pdf",
        "object_key": f"documents/{name}",
        "key_owner": owner.uid,
        "indexed_at": now,
    }


async def median_ms(client: httpx.AsyncClient, token: str, wanted: str) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        answer = await client.post(
            "/graphql",
            json={"query": SEARCH, "variables": {"search": wanted}},
            headers={"Authorization": f"Bearer {token}"},
        )
        times.append((time.perf_counter() - begun) * 1000)
        assert answer.json()["data"]["viewer"]["postbox"]["documents"]["totalCount"] > 0
    return statistics.median(times)


if __name__ == "__main__":
    main()
