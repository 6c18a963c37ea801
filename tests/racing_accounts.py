"""Many at once who change one bank account: each in a transaction of its own, as approvals do."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from backend import database
from backend.errors import ConflictError
from backend.models.user_accounts import Locale
from backend.services import sessions
from backend.services.approval_operations import Execution
from backend.services.bank_account_changes import (
    CHANGE_BANK_ACCOUNT,
    ChangedContract,
    NewBankAccount,
)

if TYPE_CHECKING:
    from backend.services.sessions import Viewer
    from tests.changing_accounts import Insured
    from tests.portal import Portal

AT_ONCE = 50


async def viewer_of(portal: Portal, who: Insured) -> Viewer:
    """Return who is signed in."""
    async with portal.transaction() as session:
        viewer = await sessions.authenticate(
            session, token=who.token, clock=portal.clock, policy=portal.house.policy
        )
    assert viewer is not None
    return viewer


def stored_change(who: Insured, iban: str, *, version: int, key: str) -> NewBankAccount:
    """Return a change as it is stored until it is approved."""
    [contract] = who.contracts
    return NewBankAccount(
        contracts=[
            ChangedContract(contract_id=contract.id, number=contract.number, version=version)
        ],
        institution="Musterland Sachversicherung AG",
        iban=iban,
        holder="Anna Beispiel",
        effective_from="2026-11-21",
        mandate_text=None,
        key=key,
        asked="the same",
    )


async def race(portal: Portal, viewer: Viewer, changes: list[NewBankAccount]) -> Counter[str]:
    """Execute all changes, many at once, and count how they ended."""
    house = portal.house
    outcomes: Counter[str] = Counter()
    turn = asyncio.Semaphore(AT_ONCE)

    async def execute(given: NewBankAccount) -> None:
        execution = Execution(house, viewer, Locale.DE, given, None, None)
        async with turn:
            try:
                async with database.writing(house.sessions) as session:
                    changed = await CHANGE_BANK_ACCOUNT.execute(session, replace(execution))
                outcomes[type(changed).__name__] += 1
            except ConflictError:
                outcomes["Conflict"] += 1

    await asyncio.gather(*(execute(one) for one in changes))
    return outcomes
