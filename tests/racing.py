"""Many at once who change the same thing: each in a transaction of its own, as approvals do."""

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
from backend.services.personal_details_changes import CHANGE_ADDRESS
from backend.services.personal_details_operations import AskedInstitution, NewAddress
from tests.changing_details import OLD_LINE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backend.house import House
    from backend.services.approval_operations import AnyOperation, OperationInput
    from backend.services.sessions import Viewer
    from tests.changing_accounts import Insured
    from tests.changing_details import Resident
    from tests.portal import Portal

AT_ONCE = 50
OPERATIONS: Mapping[str, AnyOperation] = {
    one.name: one for one in (CHANGE_BANK_ACCOUNT, CHANGE_ADDRESS)
}


async def viewer_of(portal: Portal, who: Insured | Resident) -> Viewer:
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


def stored_address(
    portal: Portal, who: Resident, address: Mapping[str, str], *, version: int, key: str
) -> NewAddress:
    """Return a change of address as it is stored, while no change before was confirmed."""
    return NewAddress(
        institutions=[
            AskedInstitution(
                institution_id=contract.institution_id,
                name="Musterland",
                version=version,
                before=OLD_LINE,
            )
            for contract in who.contracts
        ],
        effective_from=berlin_today(portal.clock).isoformat(),
        evidence=[],
        key=key,
        asked="the same",
        street=address["street"],
        postal_code=address["postalCode"],
        city=address["city"],
        country=address["country"],
    )


async def execute(
    house: House, viewer: Viewer, operation: AnyOperation, change: OperationInput
) -> str:
    """Execute a stored change in a transaction of its own and tell how it ended."""
    execution = Execution(house, viewer, Locale.DE, change, None, None)
    try:
        async with database.writing(house.sessions) as session:
            changed = await operation.execute(session, execution)
    except ConflictError:
        return "Conflict"
    return type(changed).__name__


def operation_of(change: OperationInput) -> AnyOperation:
    """Return what executes a change."""
    [operation] = [one for one in OPERATIONS.values() if one.input_type is type(change)]
    return operation


async def race(portal: Portal, viewer: Viewer, changes: Sequence[OperationInput]) -> Counter[str]:
    """Execute all changes, many at once, and count how they ended."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def run(change: OperationInput) -> str:
        async with turn:
            return await execute(portal.house, viewer, operation_of(change), change)

    return Counter(await asyncio.gather(*(run(one) for one in changes)))
