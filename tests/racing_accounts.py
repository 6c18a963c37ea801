"""Many at once who change one bank account: each in a transaction of its own, as approvals do."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from backend import database
from backend.clock import berlin_today
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
    from backend.house import House
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


def stored_change(
    portal: Portal, who: Insured, iban: str, *, version: int, key: str
) -> NewBankAccount:
    """Return a change as it is stored until it is approved."""
    [contract] = who.contracts
    return NewBankAccount(
        contracts=[
            ChangedContract(contract_id=contract.id, number=contract.number, version=version)
        ],
        institution="Musterland Sachversicherung AG",
        iban=iban,
        holder="Anna Beispiel",
        effective_from=berlin_today(portal.clock).isoformat(),
        mandate_text=None,
        key=key,
        asked="the same",
    )


async def execute(house: House, viewer: Viewer, change: NewBankAccount) -> str:
    """Execute a stored change in a transaction of its own and tell how it ended."""
    execution = Execution(house, viewer, Locale.DE, change, None, None)
    try:
        async with database.writing(house.sessions) as session:
            changed = await CHANGE_BANK_ACCOUNT.execute(session, execution)
    except ConflictError:
        return "Conflict"
    return type(changed).__name__


async def race(portal: Portal, viewer: Viewer, changes: list[NewBankAccount]) -> Counter[str]:
    """Execute all changes, many at once, and count how they ended."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def run(change: NewBankAccount) -> str:
        async with turn:
            return await execute(portal.house, viewer, change)

    return Counter(await asyncio.gather(*(run(one) for one in changes)))
