"""Exports a postbox of many documents and prints speed and memory, in a process of its own.

The documents lie encrypted on local disk; the ZIP is checked while it is made, not kept::

    python -m bench.export [DOCUMENTS] [KIBIBYTES]
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from backend import database
from backend.app import open_house
from backend.migrate import upgrade_database
from backend.models.customers import Customer
from backend.models.documents import DocumentDirection, DocumentKind
from backend.models.user_accounts import Locale, UserAccount
from backend.services import sessions
from backend.services.documents import NewDocument, store_document
from backend.services.exports import begin_export
from backend.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from backend.house import House
    from backend.services.sessions import Viewer

MIB = 1 << 20
# Half of a letter is pictures that don't shrink, half is text.
LETTER = os.urandom(MIB // 2) + b"Sehr geehrte Frau Beispiel, " * (MIB // 56)


def main() -> None:
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    kibibytes = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), documents, kibibytes))


async def measure(folder: Path, documents: int, kibibytes: int) -> None:
    settings = Settings(data_dir=folder, worker_in_process=False)
    engine = database.create_engine(settings.database)
    await upgrade_database(engine)
    await engine.dispose()
    async with open_house(settings) as house:
        viewer = await register(house)
        await fill(house, viewer, range(documents // 10), kibibytes)
        await take(house, viewer)
        tenth = peak_mebibytes()
        await fill(house, viewer, range(documents // 10, documents), kibibytes)
        lag = asyncio.create_task(longest_lag())
        started = time.perf_counter()
        largest, total = await take(house, viewer)
        seconds = time.perf_counter() - started
        lag.cancel()
        print(f"{documents:,} documents of {kibibytes} KiB: {total / MIB:,.0f} MiB of ZIP")
        print(f"  {documents / seconds:7.0f} documents/s, {total / MIB / seconds:.0f} MiB/s")
        print(f"  {largest / MIB:7.2f} MiB largest piece")
        print(f"  {peak_mebibytes():7.0f} MiB peak memory, with a tenth of them {tenth:.0f}")
        print(f"  {await lag * 1000:7.0f} ms longest lag of the event loop")


async def take(house: House, viewer: Viewer) -> tuple[int, int]:
    """Make the ZIP and return the size of its largest piece and of all."""
    largest = total = 0
    async for piece in await begin_export(house, viewer=viewer, locale=Locale.DE):
        largest = max(largest, len(piece))
        total += len(piece)
    return largest, total


async def register(house: House) -> Viewer:
    now = house.clock.now()
    async with database.writing(house.sessions) as session:
        customer = Customer(uid="bench", given_name="Anna", family_name="Beispiel", created_at=now)
        session.add(customer)
        await session.flush()
        account = UserAccount(
            customer_id=customer.id,
            email_address="anna@example.org",
            password_hash="-",  # noqa: S106  # nobody signs in
            phone_number="+491713920001",
            locale=Locale.DE,
            created_at=now,
        )
        session.add(account)
        await session.flush()
        token = await sessions.start_session(
            session, user_account_id=account.id, clock=house.clock, policy=house.policy
        )
        viewer = await sessions.authenticate(
            session, token=token, clock=house.clock, policy=house.policy
        )
    assert viewer is not None
    return viewer


async def fill(house: House, viewer: Viewer, numbers: range, kibibytes: int) -> None:
    for number in numbers:
        async with database.writing(house.sessions) as session:
            await store_document(
                session, house, new=letter(viewer, number), content=content(kibibytes)
            )


def letter(viewer: Viewer, number: int) -> NewDocument:
    day = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number % 8_000)
    return NewDocument(
        institution_id=1,
        customer_id=viewer.customer_id,
        customer_uid=viewer.customer_uid,
        contract_id=None,
        external_id=str(number),
        direction=DocumentDirection.INCOMING,
        kind=DocumentKind.LETTER,
        subject=f"Ihr Beitrag {number % 50}",
        sender="Musterland",
        document_date=day.date(),
        received_at=day,
        is_official_decision=False,
        media_type="application/pdf",
        file_name="Brief.pdf",
    )


async def content(kibibytes: int) -> AsyncIterator[bytes]:
    left = kibibytes * 1024
    while left > 0:
        yield LETTER[:left]
        left -= len(LETTER)


async def longest_lag() -> float:
    """Return how late the event loop ever was, once cancelled."""
    longest = 0.0
    try:
        while True:
            started = time.perf_counter()
            await asyncio.sleep(0.005)
            longest = max(longest, time.perf_counter() - started - 0.005)
    except asyncio.CancelledError:
        return longest


def peak_mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
