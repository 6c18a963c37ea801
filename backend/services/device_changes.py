"""Renaming, locking, unlocking and removing the viewer's devices (X4, X18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend import database
from backend.errors import ConflictError, NotFoundError
from backend.models.security_events import SecurityEventKind
from backend.models.user_accounts import UserAccount
from backend.services import devices, user_sessions
from backend.services.account_changes import change_account
from backend.services.approval_operations import Execution, Operation, OperationInput
from backend.services.approvals import load_account_version, open_approval
from backend.services.passkeys import checked_name
from backend.values import Value

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.approvals import Approval
    from backend.models.devices import Device
    from backend.models.user_accounts import Locale
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse


class NamedDevice(OperationInput, frozen=True, kw_only=True):
    """A device, and how the customer calls it."""

    device_id: int
    name: str


class DeviceUnlocked(Value):
    """The device may sign in again."""

    device: Device


class DeviceRemoved(Value):
    """The device is forgotten; its key signs in nowhere."""

    name: str


async def rename_device(
    session: AsyncSession, house: SignInHouse, *, viewer: Viewer, device_id: int, name: str
) -> Device:
    """Call a device something else (X18).

    Raises:
        NotFoundError: the viewer has no such device.
        InvalidInputError: the name is empty, too long or not printable.
    """
    device = await _find(session, viewer, device_id)
    device.name = checked_name(name)
    await _tell(session, house, SecurityEventKind.DEVICE_RENAMED, device)
    return device


async def lock_device(
    session: AsyncSession, house: SignInHouse, *, viewer: Viewer, device_id: int
) -> Device:
    """Lock a device at once and end its sessions; locking it twice changes nothing (X18).

    It needs no approval: what approves may be on the device that was lost.

    Raises:
        NotFoundError: the viewer has no such device.
    """
    await load_account_version(session, viewer.id)
    device = await _find(session, viewer, device_id)
    if device.is_locked:
        return device
    device.locked_at = house.clock.now()
    await session.flush()
    await user_sessions.end_sessions_of_device(
        session,
        user_account_id=viewer.id,
        device_id=device.id,
        clock=house.clock,
        policy=house.policy,
    )
    await _tell(session, house, SecurityEventKind.DEVICE_LOCKED, device)
    return device


async def request_device_unlock(
    house: SignInHouse, *, viewer: Viewer, device_id: int, locale: Locale
) -> Approval:
    """Ask for the approval to let a locked device sign in again (X18).

    Raises:
        NotFoundError: the viewer has no such device, or it is not locked.
        TooManyAttemptsError: too many approvals.
        ApprovalMethodUnavailableError: this session has no way to approve it.
    """
    async with database.reading(house.sessions) as session:
        device = await _find(session, viewer, device_id)
    if not device.is_locked:
        raise NotFoundError
    given = NamedDevice(device_id=device.id, name=device.name)
    return await open_approval(house, UNLOCK_DEVICE, given, viewer=viewer, locale=locale)


async def request_device_removal(
    house: SignInHouse, *, viewer: Viewer, device_id: int, locale: Locale
) -> Approval:
    """Ask for the approval to forget one of the viewer's devices (X18).

    Raises:
        NotFoundError: the viewer has no such device.
        TooManyAttemptsError: too many approvals.
        ApprovalMethodUnavailableError: this session has no way to approve it.
    """
    async with database.reading(house.sessions) as session:
        device = await _find(session, viewer, device_id)
    given = NamedDevice(device_id=device.id, name=device.name)
    return await open_approval(house, REMOVE_DEVICE, given, viewer=viewer, locale=locale)


async def remove_device(
    session: AsyncSession,
    house: SignInHouse,
    device: Device,
    *,
    viewer: Viewer,
    kind: SecurityEventKind = SecurityEventKind.DEVICE_REMOVED,
) -> None:
    """Forget a device and end its sessions, this one included if it is on that device."""
    device.removed_at = house.clock.now()
    await session.flush()
    await user_sessions.end_sessions_of_device(
        session,
        user_account_id=viewer.id,
        device_id=device.id,
        clock=house.clock,
        policy=house.policy,
    )
    await _tell(session, house, kind, device)


async def _unlock(session: AsyncSession, execution: Execution[NamedDevice]) -> DeviceUnlocked:
    house, viewer = execution.house, execution.viewer
    device = await _find_approved(session, execution)
    if not device.is_locked:
        raise ConflictError
    device.locked_at = None
    await change_account(session, viewer.id)
    await _tell(session, house, SecurityEventKind.DEVICE_UNLOCKED, device)
    return DeviceUnlocked(device)


async def _remove(session: AsyncSession, execution: Execution[NamedDevice]) -> DeviceRemoved:
    device = await _find_approved(session, execution)
    await change_account(session, execution.viewer.id)
    await remove_device(session, execution.house, device, viewer=execution.viewer)
    return DeviceRemoved(device.name)


async def _find_approved(session: AsyncSession, execution: Execution[NamedDevice]) -> Device:
    """Return the device of an approval, if it still is what the customer was shown."""
    given = execution.input
    device = await devices.find_device(
        session, user_account_id=execution.viewer.id, device_id=given.device_id
    )
    if device is None or device.name != given.name:
        raise ConflictError
    return device


async def _find(session: AsyncSession, viewer: Viewer, device_id: int) -> Device:
    device = await devices.find_device(session, user_account_id=viewer.id, device_id=device_id)
    if device is None:
        raise NotFoundError
    return device


async def _tell(
    session: AsyncSession, house: SignInHouse, kind: SecurityEventKind, device: Device
) -> None:
    account = await session.get_one(UserAccount, device.user_account_id)
    await devices.tell_about_device(session, house, kind, device, account)


UNLOCK_DEVICE = Operation(
    name="unlock_device",
    input_type=NamedDevice,
    summary_values=lambda given: {"name": given.name},
    load_version=load_account_version,
    execute=_unlock,
)
REMOVE_DEVICE = Operation(
    name="remove_device",
    input_type=NamedDevice,
    summary_values=lambda given: {"name": given.name},
    load_version=load_account_version,
    execute=_remove,
)
