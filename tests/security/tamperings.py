"""Ways to change an approval between asking and approving, each in what is stored of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, update

from backend.models.approvals import Approval
from backend.services.approval_operations import canonical_json

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.portal import Portal

    Tampering = Callable[[Approval, random.Random], dict[str, Any]]


def _other_address(row: Approval, chance: random.Random) -> dict[str, Any]:
    address = list(json.loads(row.input)["email_address"])
    place = chance.randrange(address.index("@"))
    address[place] = chance.choice([one for one in "abcxyz0189" if one != address[place]])
    return {"input": canonical_json({"email_address": "".join(address)})}


def _other_input(row: Approval, chance: random.Random) -> dict[str, Any]:
    more = {f"more{chance.randrange(10**6)}": chance.random()}
    return {"input": canonical_json(json.loads(row.input) | more)}


def _other_operation(_row: Approval, chance: random.Random) -> dict[str, Any]:
    return {
        "operation": chance.choice(["change_phone_number", "change_password", "remove_passkey"]),
        "input": canonical_json({"phone_number": f"+4915{chance.randrange(10**9):09}"}),
    }


def _other_summary(row: Approval, chance: random.Random) -> dict[str, Any]:
    return {"summary": row.summary.replace("gut", f"gut{chance.randrange(10**6)}")}


def _other_version(row: Approval, chance: random.Random) -> dict[str, Any]:
    return {"expected_version": row.expected_version + chance.randrange(1, 10**6)}


def _other_expiry(row: Approval, chance: random.Random) -> dict[str, Any]:
    return {"expires_at": row.expires_at + timedelta(seconds=chance.randrange(1, 10**6))}


def _other_nonce(_row: Approval, chance: random.Random) -> dict[str, Any]:
    return {"nonce": chance.randbytes(32)}


OF_THE_OPERATION: tuple[Tampering, ...] = (
    _other_address,
    _other_input,
    _other_operation,
    _other_summary,
    _other_version,
    _other_expiry,
)
# What a passkey signs besides; a TAN knows no nonce.
TAMPERINGS = (*OF_THE_OPERATION, _other_nonce)


def as_stored(row: Approval) -> dict[str, Any]:
    """Return all of a row's values but its id."""
    columns = [column.key for column in inspect(Approval).column_attrs if column.key != "id"]
    return {name: getattr(row, name) for name in columns}


async def overwrite(portal: Portal, row: Approval, values: dict[str, Any]) -> None:
    """Write into an approval as nobody but an intruder in the database does."""
    async with portal.transaction() as session:
        await session.execute(update(Approval).where(Approval.id == row.id).values(values))
