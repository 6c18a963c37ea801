"""After a deletion the raw bytes of everything the portal keeps hold nothing of the customer."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from msgspec import structs
from sqlalchemy import select
from sqlalchemy.engine import make_url

from backend.clock import BERLIN
from backend.logs import configure_logs
from backend.models.bank_accounts import BankAccount, BankAccountPurpose
from backend.models.consents import ConsentDecision, ConsentPurpose, ConsentState
from backend.models.customers import Customer
from backend.models.deletions import AppliedDeletion
from backend.models.documents import DocumentDirection, DocumentKind
from backend.models.sign_in import UserSession
from backend.models.user_accounts import UserAccount
from backend.services.documents import NewDocument, store_document
from backend.services.nightly_wipe import wipe_at_night
from backend.services.user_account_deletion import finish_deletions
from tests import factories
from tests.leaving import decide, deliver, files_with
from tests.portal import open_portal
from tests.registering import register
from tests.signing_in import CaughtMail, CaughtSms

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from backend.clock import StoppedClock
    from backend.settings import Settings
    from tests.portal import Portal

pytestmark = pytest.mark.new_database


@pytest.fixture
def loud() -> Iterator[None]:
    """Log everything there is to log."""
    configure_logs("DEBUG")
    yield
    configure_logs("ERROR")


class Canaries:
    """Texts that stand nowhere else, by what they are."""

    def __init__(self) -> None:
        self._tag = uuid.uuid4().hex[:12]
        self.phone_number = "+4915112345697"

    def __getattr__(self, name: str) -> str:
        return f"{name}{self._tag}"

    @property
    def email_address(self) -> str:
        return f"wilma{self._tag}@example.org"

    def all(self) -> list[str]:
        """Return what nothing may hold; the tag stands in every text but the phone number."""
        return [self._tag, self.phone_number]


async def _plant(portal: Portal, canary: Canaries) -> UserAccount:
    """Register as customers do, and give them a row of everything with a canary in it."""
    house = structs.replace(portal.house, mail=CaughtMail(), sms=CaughtSms())
    await register(
        portal,
        emailAddress=canary.email_address,
        phoneNumber=canary.phone_number,
        givenName=canary.given,
        familyName=canary.family,
    )
    await deliver(house)
    async with portal.transaction() as session:
        account = (await session.scalars(select(UserAccount))).one()
        owner = await session.get_one(Customer, account.customer_id)
        insurance = await factories.insurance_contract(
            session, owner, number=canary.contract, product_name=canary.product
        )
        session.add(
            BankAccount(
                contract_id=insurance.id,
                purpose=BankAccountPurpose.PREMIUM,
                iban=canary.iban,
                holder=canary.holder,
                is_valid=False,
                valid_from=date(2026, 1, 1),
            )
        )
        savings = await factories.savings_account(session, owner)
        for day in range(1, 28):
            await factories.transaction(
                session,
                savings,
                "1.00",
                date(2026, 3, day),
                remittance_information=canary.remittance,
                counterparty_name=canary.counterparty,
            )
        for purpose in ConsentPurpose:
            session.add(
                ConsentDecision(
                    customer_id=owner.id,
                    purpose=purpose,
                    state=ConsentState.GRANTED,
                    text_version=canary.consent,
                    decided_at=portal.clock.now(),
                )
            )
        for row in await session.scalars(select(UserSession)):
            row.device_name = canary.device
    await _store(portal, owner, canary, DocumentKind.LETTER)
    await _store(portal, owner, canary, DocumentKind.ACCOUNT_STATEMENT)
    return account


async def _store(portal: Portal, owner: Customer, canary: Canaries, kind: DocumentKind) -> None:
    async def content() -> AsyncIterator[bytes]:
        yield f"%PDF-1.7 {canary.content}".encode()

    async with portal.transaction() as session:
        bank = await factories.institution(session, "bank")
        await store_document(
            session,
            portal.house,
            new=NewDocument(
                institution_id=bank.id,
                customer_id=owner.id,
                customer_uid=owner.uid,
                contract_id=None,
                external_id=uuid.uuid4().hex,
                direction=DocumentDirection.INCOMING,
                kind=kind,
                subject=canary.subject,
                sender=canary.sender,
                is_official_decision=False,
                document_date=date(2026, 3, 1),
                received_at=portal.clock.now(),
                media_type="application/pdf",
                file_name=f"{canary.file}.pdf",
            ),
            content=content(),
        )


async def _leave(portal: Portal, account: UserAccount) -> None:
    await decide(portal, account)
    house = structs.replace(portal.house, mail=CaughtMail())
    assert await finish_deletions(house) == 1
    assert [mail["Subject"] for mail in await deliver(house)] == ["Ihr Benutzerkonto ist gelöscht"]


async def _pass_the_night(portal: Portal, clock: StoppedClock) -> None:
    """Let the worker do what it does in the night after a deletion."""
    evening = clock.now()
    clock.travel_to(evening.astimezone(BERLIN).replace(hour=3, minute=10) + timedelta(days=1))
    await wipe_at_night(portal.house)
    clock.travel_to(evening)
    async with portal.transaction() as session:
        applied = (await session.scalars(select(AppliedDeletion))).one()
    if not _is_sqlite(portal.house.settings):
        assert applied.wiped_number == applied.number > 0


def _is_sqlite(settings: Settings) -> bool:
    return make_url(settings.database).get_backend_name() == "sqlite"


def _files_of(settings: Settings) -> list[Path]:
    """Return where the portal keeps anything: data folder, and database with all its logs."""
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite":
        database = Path(url.database or "")
        return [settings.data_dir, *database.parent.glob(f"{database.name}*")]
    with _connect(settings) as server:
        server.execute("CHECKPOINT")
        (folder,) = server.execute("SHOW data_directory").fetchone() or ("",)
        (number,) = server.execute(
            "SELECT oid FROM pg_database WHERE datname = current_database()"
        ).fetchone() or (0,)
    return [
        settings.data_dir,
        Path(str(folder)) / "base" / str(number),
        Path(str(folder)) / "pg_wal",
    ]


def _connect(settings: Settings, name: str | None = None) -> psycopg.Connection[tuple[object, ...]]:
    url = make_url(settings.database).set(drivername="postgresql")
    url = url if name is None else url.set(database=name)
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


@pytest.fixture
def no_recycling(settings: Settings) -> None:
    """Set PostgreSQL up as operations.md asks: old segments of its log are deleted."""
    if not _is_sqlite(settings):
        with _connect(settings) as server:
            server.execute("ALTER SYSTEM SET wal_recycle = off")
            server.execute("SELECT pg_reload_conf()")


def _back_up(settings: Settings, to: Path) -> Settings:
    """Copy main database and objects as an operator would; return settings of the restored house.

    The key database is not restored: it is the one place that must not go back.
    """
    shutil.copytree(settings.data_dir / "objects", to / "objects")
    url = make_url(settings.database)
    if _is_sqlite(settings):
        restored = url.set(database=str(to / "portal.db"))
        with (
            sqlite3.connect(url.database or "") as live,
            sqlite3.connect(to / "portal.db") as copy,
        ):
            live.backup(copy)
        live.close()
        copy.close()
    else:
        restored = url.set(database=f"{url.database}_restored")
        with _connect(settings, "postgres") as server:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                (url.database,),
            )
            server.execute(
                f'CREATE DATABASE "{restored.database}" TEMPLATE "{url.database}"'.encode()
            )
    return structs.replace(
        settings,
        data_dir=to,
        database_url=restored.render_as_string(hide_password=False),
        keys_url=settings.keys,
        root_key_file=settings.root_key,
    )


async def test_M6_nothing_is_left_in_database_log_keys_objects_and_logs(
    settings: Settings,
    clock: StoppedClock,
    no_recycling: None,
    loud: None,
    capfd: pytest.CaptureFixture[str],
) -> None:
    canary = Canaries()
    async with open_portal(settings, clock) as portal:
        account = await _plant(portal, canary)
        # The search finds what is there: without this it might look in the wrong place.
        assert files_with(canary.all(), *_files_of(settings))
        await _leave(portal, account)
        if _is_sqlite(settings):
            # Nothing more is needed, also while the portal runs on.
            assert files_with(canary.all(), *_files_of(settings)) == {}
        await _pass_the_night(portal, clock)
        assert files_with(canary.all(), *_files_of(settings)) == {}
    assert files_with(canary.all(), *_files_of(settings)) == {}
    told = capfd.readouterr()
    assert not [text for text in canary.all() if text in told.out + told.err]


async def test_M6_a_restored_backup_forgets_again_at_the_start(
    settings: Settings, clock: StoppedClock, no_recycling: None, tmp_path: Path
) -> None:
    canary = Canaries()
    async with open_portal(settings, clock) as portal:
        account = await _plant(portal, canary)
    restored = _back_up(settings, tmp_path / "restored")
    async with open_portal(settings, clock) as portal:
        await _leave(portal, account)
    assert files_with(canary.all(), *_files_of(restored))
    async with open_portal(restored, clock) as portal:
        async with portal.transaction() as session:
            assert (await session.scalars(select(UserAccount))).all() == []
        assert [info async for info in portal.house.objects.list()] == []
        house = structs.replace(portal.house, mail=CaughtMail())
        # It was certified before: nobody gets a second certificate.
        assert await deliver(house) == []
        await _pass_the_night(portal, clock)
    assert files_with(canary.all(), *_files_of(restored)) == {}
