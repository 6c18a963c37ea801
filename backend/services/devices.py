"""Devices of a user account: remembering one, finding it, and how much it proves (F103)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select, update

from backend.client_device import current_device, network_of_client
from backend.clock import berlin_today
from backend.errors import DeviceRefusedError
from backend.models.devices import Device
from backend.models.security_events import SecurityEventKind
from backend.models.sign_in import AssuranceLevel
from backend.models.user_accounts import Passkey, UserAccount
from backend.services import outbox
from backend.services.approvals import load_account_version
from backend.services.device_keys import DevicePurpose, is_signed, read_public_key, signed_message
from backend.services.security_events import record_event
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.models.devices import DeviceOrigin
    from backend.services.sign_in_house import SignInHouse


class NewDevice(Value):
    """A device to remember: its key, and the signature that proves it holds the other half."""

    public_key: str
    signature: str
    client_address: str


class CheckedDevice(Value):
    """A new device whose signature was right."""

    public_key: bytes
    network: str | None


def is_device_factor(factor: Device | Passkey) -> bool:
    """Whether something proves the device it is on, and not just the person (F103, SECURITY.md).

    A device's own key does. A passkey does if it can't be on several devices.
    """
    return isinstance(factor, Device) or not factor.is_synced


def level_of(*factors: Device | Passkey) -> AssuranceLevel:
    """Return the level of a session that proved these factors (F81, F104).

    Levels above BASIC belong to a device: whatever proves none leaves BASIC.
    """
    levels = [factor.assurance_level for factor in factors if is_device_factor(factor)]
    return max(levels, key=lambda level: level.value, default=AssuranceLevel.BASIC)


def check_new_device(
    house: SignInHouse, new: NewDevice | None, *, challenge: str
) -> CheckedDevice | None:
    """Verify that a new device holds its key; asked before any attempt is counted.

    Raises:
        DeviceRefusedError: no P-256 key, or not its signature over this challenge.
    """
    if new is None:
        return None
    public_key = read_public_key(new.public_key)
    message = signed_message(DevicePurpose.ADD, origin=house.settings.origin, challenge=challenge)
    if public_key is None or not is_signed(public_key, message=message, signature=new.signature):
        raise DeviceRefusedError
    return CheckedDevice(public_key, network_of_client(new.client_address))


async def add_device(
    session: AsyncSession,
    house: SignInHouse,
    new: CheckedDevice | None,
    *,
    user_account_id: int,
    origin: DeviceOrigin,
) -> Device | None:
    """Remember a device, if one was given, at level BASIC (F104); tell the customer by mail (X4).

    Raises:
        DeviceRefusedError: the account has as many as it may have.
    """
    if new is None:
        return None
    account = await session.get_one(UserAccount, user_account_id)
    most = house.policy.devices.most_per_account.on(berlin_today(house.clock))
    if await _count_devices(session, user_account_id) >= most:
        raise DeviceRefusedError
    now = house.clock.now()
    device = Device(
        user_account_id=user_account_id,
        name=current_device() or word("device.unnamed", account.locale),
        public_key=new.public_key,
        assurance_level=AssuranceLevel.BASIC,
        origin=origin,
        added_network=new.network,
        created_at=now,
        last_used_at=now,
    )
    session.add(device)
    await session.flush()
    await tell_about_device(session, house, SecurityEventKind.DEVICE_ADDED, device, account)
    return device


async def tell_about_device(
    session: AsyncSession,
    house: SignInHouse,
    kind: SecurityEventKind,
    device: Device,
    account: UserAccount,
) -> None:
    """Write what happened to a device into the security log and tell it by mail (X4)."""
    record_event(session, kind, user_account_id=account.id, clock=house.clock, detail=device.name)
    await outbox.enqueue_worded_mail(
        session,
        house.outbox,
        kind.value,
        email_address=account.email_address,
        locale=account.locale,
        name=device.name,
    )


async def list_devices(session: AsyncSession, *, user_account_id: int) -> Sequence[Device]:
    """Return the devices that are remembered, locked ones too, the last used first (X18)."""
    return (
        await session.scalars(
            select(Device)
            .where(Device.user_account_id == user_account_id, Device.removed_at.is_(None))
            .order_by(Device.last_used_at.desc(), Device.id.desc())
        )
    ).all()


async def find_device(
    session: AsyncSession, *, user_account_id: int, device_id: int
) -> Device | None:
    """Return a device that is remembered if it is this account's; else None."""
    return (
        await session.scalars(
            select(Device).where(
                Device.id == device_id,
                Device.user_account_id == user_account_id,
                Device.removed_at.is_(None),
            )
        )
    ).one_or_none()


async def lock_active_device(
    session: AsyncSession, *, user_account_id: int, device_id: int
) -> Device | None:
    """Return a device that may sign in, its account held until the transaction ends; else None.

    Whoever locks or removes it waits, and then finds the session that has begun meanwhile.
    """
    await load_account_version(session, user_account_id)
    return (
        await session.scalars(
            select(Device).where(
                Device.id == device_id,
                Device.user_account_id == user_account_id,
                Device.locked_at.is_(None),
                Device.removed_at.is_(None),
            )
        )
    ).one_or_none()


async def has_active_device(session: AsyncSession, *, user_account_id: int) -> bool:
    """Tell whether an account has a device that may sign in."""
    statement = select(
        exists().where(
            Device.user_account_id == user_account_id,
            Device.locked_at.is_(None),
            Device.removed_at.is_(None),
        )
    )
    return bool(await session.scalar(statement))


async def lock_every_device(session: AsyncSession, *, user_account_id: int, clock: Clock) -> None:
    """Lock all devices of an account whose credentials are worth nothing any more (F72, X19)."""
    await session.execute(
        update(Device)
        .where(Device.user_account_id == user_account_id, Device.locked_at.is_(None))
        .values(locked_at=clock.now())
    )


def lifetime_of_proofs(house: SignInHouse) -> timedelta:
    """Return how long a device may take to sign."""
    return timedelta(minutes=house.policy.devices.proof_minutes.on(berlin_today(house.clock)))


async def _count_devices(session: AsyncSession, user_account_id: int) -> int:
    count = select(func.count(Device.id)).where(
        Device.user_account_id == user_account_id, Device.removed_at.is_(None)
    )
    return await session.scalar(count) or 0
