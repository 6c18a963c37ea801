"""Lists, filters and searches a postbox of 100 and one of 10,000 documents; prints the ratios.

Whole requests, taken in turn. Texts of 200 words out of 5,000 are indexed without a PDF around
them. In either postbox ten documents have the rare word, every fifth has another one, and every
one has the common one. Parts of subjects are had by as many as their case says, each in turn::

    python -m bench.postbox_search [DOCUMENTS] [sqlite|postgresql]
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from sqlalchemy import insert, select, text

from backend import database
from backend.app import create_app
from backend.migrate import upgrade_database
from backend.models.customers import Customer
from backend.models.documents import (
    Document,
    DocumentDirection,
    DocumentKind,
    DocumentWord,
    SubjectPart,
    rows_of_subject,
)
from backend.models.institutions import Institution
from backend.models.user_accounts import Locale, UserAccount
from backend.services import sessions
from backend.services.search_words import hash_document, search_key
from backend.settings import Settings
from tests.servers import postgres_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.ext.asyncio import AsyncEngine

    from backend.house import House

SMALL = 100
ROUNDS = 200
LIST = """query ($filter: DocumentFilter) { viewer { postbox { documents(filter: $filter) {
  ... on DocumentConnection { totalCount nodes { subject } } } } } }"""
WORDS = [f"wort{number}" for number in range(5_000)]
ASKED: dict[str, dict[str, Any]] = {
    "list": {},
    "inbox": {"direction": "INCOMING", "isArchived": False},
    "unread": {"isUnread": True},
    "period": {"from": "2020-01-01", "to": "2099-01-01"},
    "part, all": {"subject": "echnung"},
    "part, 5th": {"subject": "eitragsr"},
    "part, 20th": {"subject": "ückstä"},
    "part, 100th": {"subject": "echnung 77"},
    "part, single": {"subject": "sseler stra"},
    "part, none": {"subject": "rechnungs"},
    "letter, all": {"subject": "e"},
    "letter, single": {"subject": "y"},
    "letter, none": {"subject": "q"},
    "letters, all": {"subject": "ch"},
    "letters, none": {"subject": "zz"},
    "search, rare": {"search": "selten"},
    "search, both": {"search": "selten rechnung"},
    "search, some": {"search": "mittel"},
    "search, all": {"search": "rechnung"},
}


def main() -> None:
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    kinds = sys.argv[2:] or ["sqlite", "postgresql"]
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder, _database(kind) as url:
            print(kind)
            asyncio.run(measure(Path(folder), url, documents))


@contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        yield ""
    else:
        with postgres_server() as server:
            yield server.new_database()


async def measure(folder: Path, url: str, documents: int) -> None:
    settings = Settings(data_dir=folder, database_url=url, worker_in_process=False)
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
        await settle_statistics(house)
        for name, wanted in ASKED.items():
            times = await take_times(client, tokens, wanted, is_found=not name.endswith("none"))
            small, large = (statistics.median(times[count]) for count in (SMALL, documents))
            least = min(times[documents]) / min(times[SMALL])
            print(
                f"  {name:14} p50 {small:6.2f} ms of {SMALL} documents, {large:6.2f} ms of "
                f"{documents:,}: {large / small:.2f} times; the fastest {least:.2f} times"
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
            rare += "mittel " if number % 5 == 0 else ""
            words = rare + " ".join(chance.choices(WORDS, k=200))
            tokens = hash_document(key, headings=(rows[number]["subject"],), text=words)
            found = [{"token": token, "document_id": document_id} for token in tokens]
            await session.execute(insert(DocumentWord), found)
            parts = rows_of_subject(document_id, owner.id, rows[number]["subject"])
            await session.execute(insert(SubjectPart), parts)
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
        "subject": subject_of(number, count),
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


def subject_of(number: int, count: int) -> str:
    """Return a subject whose parts every document, some, one or none has, as `ASKED` says."""
    subject = f"Beitragsrechnung {number}" if number % 5 == 2 else f"Rechnung {number}"
    if number % 20 == 1:
        subject += ", Rückstände"
    return f"{subject}, Brüsseler Straße, Ypern" if number == count // 2 else subject


async def settle_statistics(house: House) -> None:
    """Let the planner know the tables, and which rows all see, as any house that runs for a day."""
    engine: AsyncEngine = house.sessions.kw["bind"]
    if engine.dialect.name == "sqlite":
        async with engine.begin() as connection:
            await connection.execute(text("ANALYZE"))
    else:
        async with engine.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await alone.execute(text("VACUUM (ANALYZE)"))


async def take_times(
    client: httpx.AsyncClient,
    tokens: Mapping[int, str],
    wanted: dict[str, Any],
    *,
    is_found: bool,
) -> dict[int, list[float]]:
    """Ask in turn, so that a busy moment of the machine meets both; return milliseconds."""
    times: dict[int, list[float]] = {count: [] for count in tokens}
    for _ in range(ROUNDS):
        for count, token in tokens.items():
            begun = time.perf_counter()
            answer = await client.post(
                "/graphql",
                json={"query": LIST, "variables": {"filter": wanted}},
                headers={"Authorization": f"Bearer {token}"},
            )
            times[count].append((time.perf_counter() - begun) * 1000)
            total = answer.json()["data"]["viewer"]["postbox"]["documents"]["totalCount"]
            assert (total > 0) is is_found, (wanted, total)
    return times


if __name__ == "__main__":
    main()
