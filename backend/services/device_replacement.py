"""A new device takes the place of the old one, which approves it by QR code and passkey (M8)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from backend import database
from backend.clock import BERLIN, berlin_today
from backend.errors import (
    ConflictError,
    DeviceNeededError,
    DeviceReplacementOffError,
    DeviceReplacementRefusedError,
)
from backend.models.approvals import ApprovalMethod
from backend.models.security_events import SecurityEventKind
from backend.models.sign_in import Challenge, ChallengeKind
from backend.models.user_accounts import UserAccount
from backend.services import challenges, devices
from backend.services.account_changes import change_account
from backend.services.approval_operations import Execution, Operation, OperationInput
from backend.services.approvals import load_account_version, open_approval
from backend.services.attempts import Limit, count_attempts
from backend.services.device_changes import remove_device
from backend.services.letters import written_day
from backend.services.sessions import hash_token
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.approvals import Approval
    from backend.models.devices import Device
    from backend.models.user_accounts import Locale
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse

LINK_PATH = "/geraet-freigeben"


class Replacement(OperationInput, frozen=True, kw_only=True):
    """Which device takes whose place, as the customer is shown it."""

    challenge_id: int
    new_device_id: int
    new_name: str
    added: str
    old_device_id: int
    old_name: str


class DeviceReplacementStarted(Value):
    """The link to open on the old device; its token exists nowhere else."""

    link: str
    expires_at: datetime


class DeviceReplaced(Value):
    """The new device has the old one's level; the old one is gone."""

    name: str


async def start_replacement(house: SignInHouse, *, viewer: Viewer) -> DeviceReplacementStarted:
    """Make the link by which an old device approves this one (M8); a newer one replaces it.

    Raises:
        DeviceReplacementOffError: the policy asks for an identity verification instead (F104).
        DeviceNeededError: this session did not prove a device.
        TooManyAttemptsError: asked for too often.
    """
    today = berlin_today(house.clock)
    rules = house.policy.devices
    _require_allowed(house)
    limit = Limit(
        "replace_device",
        str(viewer.id),
        rules.replacements_per_hour.on(today),
        timedelta(hours=1),
    )
    async with database.writing(house.sessions) as session:
        device = await _device_of(session, viewer)
        await count_attempts(session, limit, clock=house.clock)
        await challenges.close_challenges_of(
            session, ChallengeKind.REPLACE_DEVICE, user_account_id=viewer.id, clock=house.clock
        )
        opened = await challenges.open_challenge(
            session,
            ChallengeKind.REPLACE_DEVICE,
            lifetime=timedelta(minutes=rules.replace_minutes.on(today)),
            clock=house.clock,
            user_account_id=viewer.id,
            device_id=device.id,
        )
    link = f"{house.settings.public_url}{LINK_PATH}#{opened.secret}"
    return DeviceReplacementStarted(link, opened.expires_at)


async def request_replacement(
    house: SignInHouse, *, viewer: Viewer, token: str, locale: Locale
) -> Approval:
    """Ask the old device, through which the viewer is here, to approve the new one (M8).

    By passkey only: whoever holds a phone's number but not the device must not move a level.

    Raises:
        DeviceReplacementOffError: the policy asks for an identity verification instead (F104).
        DeviceNeededError: this session did not prove a device.
        DeviceReplacementRefusedError: the token is unknown, another's, used or too old, of this
            very device, or of one that stands higher.
        ApprovalMethodUnavailableError: the account has no passkey.
        TooManyAttemptsError: too many approvals.
    """
    _require_allowed(house)
    async with database.writing(house.sessions) as session:
        old = await _device_of(session, viewer)
        waiting = await session.scalar(
            select(Challenge).where(
                Challenge.secret_hash == hash_token(token),
                Challenge.kind == ChallengeKind.REPLACE_DEVICE,
                Challenge.user_account_id == viewer.id,
                Challenge.used_at.is_(None),
                Challenge.expires_at > house.clock.now(),
            )
        )
        if waiting is None or waiting.device_id is None or waiting.device_id == old.id:
            raise DeviceReplacementRefusedError
        new = await devices.lock_active_device(
            session, user_account_id=viewer.id, device_id=waiting.device_id
        )
        if new is None or _stands_higher(new, old):
            raise DeviceReplacementRefusedError
        given = Replacement(
            challenge_id=waiting.id,
            new_device_id=new.id,
            new_name=new.name,
            added=_added(new, locale),
            old_device_id=old.id,
            old_name=old.name,
        )
    return await open_approval(house, REPLACE_DEVICE, given, viewer=viewer, locale=locale)


def _require_allowed(house: SignInHouse) -> None:
    if not house.policy.devices.approval_from_old_device.on(berlin_today(house.clock)):
        raise DeviceReplacementOffError


async def _device_of(session: AsyncSession, viewer: Viewer) -> Device:
    device = (
        None
        if viewer.device_id is None
        else await devices.lock_active_device(
            session, user_account_id=viewer.id, device_id=viewer.device_id
        )
    )
    if device is None:
        raise DeviceNeededError
    return device


def _stands_higher(new: Device, old: Device) -> bool:
    return devices.level_of(new).value > devices.level_of(old).value


def _added(device: Device, locale: Locale) -> str:
    """Say when and where a device was added."""
    moment = device.created_at.astimezone(BERLIN)
    return word(
        "device.added",
        locale,
        day=written_day(moment.date(), locale),
        time=f"{moment:%H:%M}",
        network=device.added_network or word("device.unknown_network", locale),
    )


async def _replace(session: AsyncSession, execution: Execution[Replacement]) -> DeviceReplaced:
    """Hand the level over; the old device is removed and its sessions end, both are told."""
    house, viewer, given = execution.house, execution.viewer, execution.input
    old = await devices.lock_active_device(
        session, user_account_id=viewer.id, device_id=given.old_device_id
    )
    new = await devices.lock_active_device(
        session, user_account_id=viewer.id, device_id=given.new_device_id
    )
    used = await session.scalar(
        update(Challenge)
        .where(
            Challenge.id == given.challenge_id,
            Challenge.used_at.is_(None),
            Challenge.expires_at > house.clock.now(),
        )
        .values(used_at=house.clock.now())
        .returning(Challenge.id)
        .execution_options(synchronize_session=False)
    )
    is_current = old is not None and old.id == viewer.device_id
    if used is None or old is None or new is None or not is_current:
        raise ConflictError
    if new.name != given.new_name or _stands_higher(new, old):
        raise ConflictError
    new.assurance_level = old.assurance_level
    new.replaced_device_id, new.took_over_at = old.id, house.clock.now()
    await change_account(session, viewer.id)
    account = await session.get_one(UserAccount, viewer.id)
    await devices.tell_about_device(session, house, SecurityEventKind.DEVICE_REPLACED, new, account)
    await remove_device(session, house, old, viewer=viewer)
    return DeviceReplaced(new.name)


REPLACE_DEVICE = Operation(
    name="replace_device",
    input_type=Replacement,
    summary_values=lambda given: {
        "new": given.new_name,
        "added": given.added,
        "old": given.old_name,
    },
    load_version=load_account_version,
    execute=_replace,
    methods=frozenset({ApprovalMethod.PASSKEY}),
)
