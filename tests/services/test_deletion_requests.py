"""Deletion through customer service on the command line: two employees, or nothing (F6)."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from backend import database
from backend.app import open_house
from backend.cli import main
from backend.errors import NotFoundError
from backend.models.audit import AuditEntry
from backend.models.customers import CustomerNumber
from backend.models.deletions import DeletionRequest
from backend.models.outbox import OutboxMessage
from backend.models.user_accounts import UserAccount
from backend.services import deletion_requests
from backend.services.outbox import open_payload
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from backend.settings import Settings
    from tests.portal import Portal

NUMBER = "S100001"


@pytest.fixture
def operate(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Run `kundenportal` as an employee; return exit code and what it said."""
    monkeypatch.setenv("KUNDENPORTAL_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("KUNDENPORTAL_DATABASE_URL", settings.database)
    monkeypatch.setenv("KUNDENPORTAL_LOG_LEVEL", "ERROR")

    def run(who: str, *arguments: str) -> tuple[int, str]:
        monkeypatch.setenv("LOGNAME", who)
        exit_code = main(arguments)
        told = capsys.readouterr()
        return exit_code, told.out + told.err

    return run


@pytest.fixture
def account(settings: Settings) -> UserAccount:
    """Anna, whom an institution knows by a number."""

    async def write() -> UserAccount:
        async with (
            open_house(settings) as house,
            database.writing(house.sessions) as session,
        ):
            owner = await factories.customer(session)
            sender = await factories.institution(session)
            session.add(
                CustomerNumber(institution_id=sender.id, number=NUMBER, customer_id=owner.id)
            )
            return await factories.user_account(session, owner, email_address="anna@example.org")

    return asyncio.run(write())


def _look(settings: Settings) -> tuple[int, int, list[tuple[str, str]]]:
    """Return how many accounts and requests there are, and who did what."""

    async def look() -> tuple[int, int, list[tuple[str, str]]]:
        async with open_house(settings) as house, house.sessions() as session:
            entries = await session.scalars(select(AuditEntry).order_by(AuditEntry.sequence))
            return (
                await session.scalar(select(func.count()).select_from(UserAccount)) or 0,
                await session.scalar(select(func.count()).select_from(DeletionRequest)) or 0,
                [(entry.actor, entry.action) for entry in entries],
            )

    return asyncio.run(look())


def _mails(settings: Settings) -> list[dict[str, Any]]:
    async def read() -> list[dict[str, Any]]:
        async with open_house(settings) as house, house.sessions() as session:
            rows = await session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
            return [
                await open_payload(house.sealer, message_id=row.message_id, payload=row.payload)
                for row in rows
            ]

    return asyncio.run(read())


def _ask(operate: Callable[..., tuple[int, str]], who: str = "erika") -> tuple[int, str]:
    return operate(who, "deletion", "request", "--institution", "sach", "--customer-number", NUMBER)


def test_F6_a_second_employee_confirms_and_everything_is_audited_and_told(
    settings: Settings, account: UserAccount, operate: Callable[..., tuple[int, str]]
) -> None:
    exit_code, told = _ask(operate)
    assert exit_code == 0
    assert told.startswith("request 1: somebody else confirms it until ")
    assert _look(settings)[:2] == (1, 1)
    assert operate("otto", "deletion", "list")[1].startswith("request 1  customer ")
    exit_code, told = operate("otto", "deletion", "confirm", "1")
    assert (exit_code, told) == (0, "deleted; the certificate leaves with the next mails\n")
    accounts, requests, done = _look(settings)
    assert (accounts, requests) == (0, 0)
    assert done == [
        ("operator:erika", "user_account.deletion_requested"),
        ("operator:otto", "user_account.deletion_confirmed"),
        ("operator:otto", "user_account.deletion_begun"),
        ("operator:otto", "user_account.deleted"),
    ]
    (certificate,) = _mails(settings)
    assert certificate["email_address"] == account.email_address
    assert certificate["subject"] == "Ihr Benutzerkonto ist gelöscht"
    assert operate("otto", "deletion", "list") == (0, "")


def test_F6_who_asked_does_not_confirm(
    settings: Settings, account: UserAccount, operate: Callable[..., tuple[int, str]]
) -> None:
    _ask(operate)
    (told_customer,) = _mails(settings)
    assert told_customer["email_address"] == account.email_address
    assert told_customer["subject"] == "Ihr Benutzerkonto soll gelöscht werden"
    before = _look(settings)
    exit_code, told = operate("erika", "deletion", "confirm", "1")
    assert exit_code == 1
    assert "you made this request: somebody else has to confirm it" in told
    assert _look(settings) == before


def test_F6_nobody_is_asked_for_twice_and_strangers_not_at_all(
    settings: Settings, account: UserAccount, operate: Callable[..., tuple[int, str]]
) -> None:
    del account
    _ask(operate)
    before = _look(settings)
    exit_code, told = _ask(operate, "otto")
    assert (exit_code, "request 1 waits already" in told) == (1, True)
    arguments = ("deletion", "request", "--institution", "sach", "--customer-number", "S9")
    exit_code, told = operate("otto", *arguments)
    assert (exit_code, "nobody with this number has a user account" in told) == (1, True)
    exit_code, told = operate("otto", "deletion", "confirm", "7")
    assert (exit_code, "there is no such request" in told) == (1, True)
    assert _look(settings) == before


@pytest.mark.parametrize("arguments", [("request",), ("confirm",)])
def test_wrong_usage_ends_with_2(
    account: UserAccount, operate: Callable[..., tuple[int, str]], arguments: tuple[str, ...]
) -> None:
    del account
    assert operate("erika", "deletion", *arguments)[0] == 2


async def test_F6_a_request_that_nobody_confirmed_is_too_old_after_two_weeks(
    portal: Portal,
) -> None:
    async with portal.transaction() as session:
        owner = await factories.customer(session)
        account = await factories.user_account(session, owner)
        sender = await factories.institution(session)
        session.add(CustomerNumber(institution_id=sender.id, number=NUMBER, customer_id=owner.id))
    async with portal.transaction() as session:
        request = await deletion_requests.request_deletion(
            session, portal.house, institution_key="sach", number=NUMBER
        )
    portal.clock.travel_to(portal.clock.now() + timedelta(days=14))

    async def confirm() -> None:
        async with portal.transaction() as session:
            await deletion_requests.confirm_deletion(session, portal.house, request_id=request.id)

    with pytest.raises(NotFoundError):
        await confirm()
    async with portal.transaction() as session:
        assert await session.get(UserAccount, account.id) is not None


def test_F6_reapply_and_wipe_say_what_they_did(
    settings: Settings, account: UserAccount, operate: Callable[..., tuple[int, str]]
) -> None:
    del account
    assert operate("erika", "deletion", "reapply") == (0, "deleted again: 0\n")
    exit_code, told = operate("erika", "deletion", "wipe")
    assert exit_code == 0
    assert "rewritten" in told
    assert "not done" not in told
    assert json.dumps(_look(settings)[0]) == "1"
