"""Staff may begin a recovery; no way of theirs sets what signs in or where messages go (F29)."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import grimp
import pytest
from sqlalchemy import delete, select, update
from strawberry.types.base import StrawberryObjectDefinition

from backend.access import PUBLIC, SIGNED_IN
from backend.cli import build_parser
from backend.errors import NotFoundError, RecoveryWayUnavailableError
from backend.models.audit import AuditEntry
from backend.models.contracts import Partner
from backend.models.customers import Customer
from backend.models.recoveries import RecoveryLetter
from backend.schema import schema
from backend.schema.fields import ACCESS_KEY
from backend.services.outbox_delivery import send_recovery_links, write_recovery_letters
from backend.services.recovery_by_staff import begin_recovery
from tests.recovering import (
    ADDRESS,
    follow,
    last_link,
    open_recovery,
    recoveries,
    request_letter,
    sent_letters,
    somebody,
    watch_letters,
    what_signs_in,
)
from tests.signing_in import mail_payloads

if TYPE_CHECKING:
    from backend.services.recovery_by_staff import RecoveryBegun
    from tests.portal import Portal

ROOT = Path(__file__).parents[2]
# Serving answers customers, the worker does what they began, the demo world invents some, and the
# schema is only printed.
_NOT_STAFF = ("backend.app", "backend.worker", "backend.demo", "backend.schema")
_CREDENTIALS = ("UserAccount", "Passkey")
_COLUMNS = ("password_hash", "phone_number", "email_address")
# Takes every way to sign in away, and gives none; two employees decide it (F6).
_DELETING = "backend.services.user_account_deletion"
_SETTING = ("password", "phone", "email", "address", "mail", "passkey", "device", "tan")


async def _begin(portal: Portal, **values: bool) -> RecoveryBegun:
    wishes = {"sends_link": False, "sends_letter": False} | values
    return await begin_recovery(portal.house, institution_key="sach", number="S1", **wishes)


async def test_X19_staff_send_link_and_letter_and_the_account_stays_as_it_was(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = watch_letters(monkeypatch)
    anna = await somebody(portal)
    before = await what_signs_in(portal, anna)
    begun = await _begin(portal, sends_link=True, sends_letter=True)
    assert begun.link_expires_at is not None
    assert begun.code_expires_at is not None
    await send_recovery_links(portal.house)
    await write_recovery_letters(portal.house)
    assert await what_signs_in(portal, anna) == before
    assert (await mail_payloads(portal))[-1]["email_address"] == ADDRESS
    confirmed = await follow(portal, await last_link(portal))
    assert confirmed["letter"] is not None
    assert len(letters) == 1


async def test_X19_the_audit_log_keeps_who_began_it(portal: Portal) -> None:
    await somebody(portal)
    await _begin(portal, sends_link=True)
    async with portal.transaction() as session:
        entry = (await session.scalars(select(AuditEntry))).one()
        uid = await session.scalar(select(Customer.uid))
    assert (entry.actor, entry.action, entry.subject) == ("worker", "recovery.begun", uid)
    assert json.loads(entry.detail) == {"institution": "sach", "letter": False, "link": True}


async def test_X19_staff_may_send_another_letter_when_the_customer_had_three(
    portal: Portal,
) -> None:
    await somebody(portal)
    for _ in range(3):
        await request_letter(portal, await open_recovery(portal))
        async with portal.transaction() as session:
            await session.execute(update(RecoveryLetter).values(attempts=5))
    refused = await request_letter(portal, await open_recovery(portal))
    assert refused["__typename"] == "TooManyAttempts"
    await _begin(portal, sends_letter=True)
    assert len(await sent_letters(portal)) == 4


async def test_X19_a_number_that_nobody_signs_in_with_begins_nothing(portal: Portal) -> None:
    await somebody(portal)
    with pytest.raises(NotFoundError):
        await begin_recovery(
            portal.house,
            institution_key="sach",
            number="S2",
            sends_link=True,
            sends_letter=False,
        )
    assert await recoveries(portal) == []


async def test_X19_what_cannot_be_sent_begins_nothing(portal: Portal) -> None:
    await somebody(portal)
    async with portal.transaction() as session:
        await session.execute(delete(Partner))
    with pytest.raises(RecoveryWayUnavailableError):
        await _begin(portal, sends_link=True, sends_letter=True)
    assert await recoveries(portal) == []
    async with portal.transaction() as session:
        assert (await session.scalars(select(AuditEntry))).all() == []


@cache
def _imports() -> grimp.ImportGraph:
    graph = grimp.build_graph("backend", exclude_type_checking_imports=True, cache_dir=None)
    for module in _NOT_STAFF:
        graph.squash_module(module)
        graph.remove_module(module)
    return graph


def _sets_credentials(path: Path) -> bool:
    """Tell whether a module writes user accounts or passkeys."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if node.attr in _COLUMNS:
                return True
            continue
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        is_written = node.func.id in {"update", "insert_into"} and any(
            isinstance(argument, ast.Name) and argument.id in _CREDENTIALS for argument in node.args
        )
        if is_written or node.func.id in {*_CREDENTIALS, "change_account"}:
            return True
    return False


def _setting_modules() -> set[str]:
    services = (ROOT / "backend" / "services").rglob("*.py")
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in services
        if _sets_credentials(path)
    }


def test_F29_no_command_reaches_code_that_sets_credentials() -> None:
    graph, setting = _imports(), _setting_modules()
    known = {"backend.services.account_changes", "backend.services.recovery_completion", _DELETING}
    assert known <= setting
    commands = graph.find_children("backend.commands")
    assert "backend.commands.recovery" in commands
    # That it would be seen: what customers do reaches it.
    assert graph.find_shortest_chain(
        importer="backend.services.recovery_tans",
        imported="backend.services.recovery_completion",
    )
    chains = [
        chain
        for command in sorted(commands)
        for module in sorted(setting - {_DELETING})
        if (chain := graph.find_shortest_chain(importer=command, imported=module))
    ]
    assert chains == []


def test_F29_no_command_takes_what_signs_in_or_where_messages_go() -> None:
    (commands,) = (
        action for action in build_parser()._actions if action.dest == "command" or action.choices
    )
    assert isinstance(commands.choices, dict)
    offered = {
        f"{name} {option}"
        for name, parser in commands.choices.items()
        for action in parser._actions
        for option in (action.option_strings or [action.dest])
    }
    assert "recovery --customer-number" in offered
    assert [
        option
        for option in sorted(offered)
        if any(word in option.rpartition(" ")[2] for word in _SETTING)
    ] == []


def test_F29_every_mutation_is_the_customers_own() -> None:
    mutation = schema.schema_converter.type_map["Mutation"].definition
    assert isinstance(mutation, StrawberryObjectDefinition)
    levels = {field.python_name: field.metadata[ACCESS_KEY] for field in mutation.fields}
    assert len(levels) > 20
    assert {name for name, level in levels.items() if level not in {PUBLIC, SIGNED_IN}} == set()
