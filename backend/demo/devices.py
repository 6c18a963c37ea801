"""Paul's old phone: known to the demo world, its key for the sandbox's page (F106, M8)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from backend.demo.personas import PAUL
from backend.ids import encode_id
from backend.models.devices import Device, DeviceOrigin
from backend.models.sign_in import AssuranceLevel
from backend.models.user_accounts import UserAccount

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

_ADDED_AT = datetime(2026, 3, 2, 17, 20, tzinfo=UTC)
# Everybody may read the key: it opens nothing but the sandbox.
_PUBLIC_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEY7j3zMeT9HaoRDO4YRc1jit6DwoQkQP_gSK-ZvcZzp8V"
    "r7UrvDEDl_f5oiz5SorFYIslVHvuuI_lgn8Lx4NBOg"
)
_PRIVATE_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "Y7j3zMeT9HaoRDO4YRc1jit6DwoQkQP_gSK-ZvcZzp8",
    "y": "Fa-1K7wxA5f3-aIs-UqKxWCLJVR77riP5YJ_C8eDQTo",
    "d": "FGthp0vZLmH4-p6Nf7gG4vBYD9BPSmiS_mNsurGvrqg",
}


async def remember_old_phone(session: AsyncSession) -> None:
    """Give Paul a phone that was identified once and has not been used for a while."""
    paul = (
        await session.scalars(select(UserAccount).where(UserAccount.email_address == PAUL.email))
    ).one()
    session.add(
        Device(
            user_account_id=paul.id,
            name="Altes Telefon",
            public_key=base64.urlsafe_b64decode(_PUBLIC_KEY + "=" * (-len(_PUBLIC_KEY) % 4)),
            assurance_level=AssuranceLevel.SMART,
            origin=DeviceOrigin.SIGN_IN_TAN,
            added_network="192.0.2.0/24",
            created_at=_ADDED_AT,
            last_used_at=datetime(2026, 11, 14, 6, 45, tzinfo=UTC),
        )
    )


async def old_phone(session: AsyncSession) -> dict[str, object]:
    """Return what the sandbox's page needs to turn a browser into Paul's old phone."""
    device_id = await session.scalar(
        select(Device.id)
        .join(UserAccount, UserAccount.id == Device.user_account_id)
        .where(UserAccount.email_address == PAUL.email)
        .order_by(Device.id)
        .limit(1)
    )
    if device_id is None:
        raise LookupError("the demo world was loaded by an older version: remove its folder")
    return {"id": encode_id("Device", device_id), "privateKey": _PRIVATE_KEY}
