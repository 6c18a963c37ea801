"""Proving a device by the signature of its key: at the sign-in, or later in a session (F103)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend import database
from backend.clock import berlin_today
from backend.errors import DeviceRefusedError, NotFoundError, NotSignedInError, SignInRefusedError
from backend.models.sign_in import ChallengeKind
from backend.services import challenges, devices, sessions, tans
from backend.services.device_keys import DevicePurpose, is_signed, signed_message
from backend.services.sign_in import begin_session, hold_unlocked, record_failure
from backend.values import Value

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.devices import Device
    from backend.services.challenges import DeviceGuess
    from backend.services.sessions import Viewer
    from backend.services.sign_in import SignedIn
    from backend.services.sign_in_house import SignInHouse


class DeviceProved(Value):
    """The session has its device's level, and a new token."""

    device: Device
    viewer: Viewer
    token: str


async def confirm_with_device(
    house: SignInHouse, *, challenge: str, signature: str, replaced: Viewer | None = None
) -> SignedIn:
    """Verify a device's signature and start a session at its level (F103, F104).

    Attempts are counted first, as for TANs: five per challenge, and the account's limits. A device
    that was locked or removed since the password signs nothing any more.

    Raises:
        TooManyAttemptsError: the account's limits per hour and day.
        SignInRefusedError: anything else; what was wrong is never told.
    """
    guess = await _count_guess(house, ChallengeKind.SIGN_IN_DEVICE, challenge)
    if guess is None:
        raise SignInRefusedError
    async with database.writing(house.sessions) as session:
        await hold_unlocked(session, guess.user_account_id)
        device = await _use(session, house, guess, DevicePurpose.SIGN_IN, challenge, signature)
        if device is not None:
            return await begin_session(
                session,
                house,
                user_account_id=guess.user_account_id,
                replaced=replaced,
                factor=device,
            )
    await record_failure(house, user_account_id=guess.user_account_id)
    raise SignInRefusedError


async def start_device_proof(
    house: SignInHouse, *, viewer: Viewer, device_id: int
) -> tuple[str, datetime]:
    """Ask one of the viewer's devices to prove itself in this session; return challenge and end.

    Raises:
        NotFoundError: the viewer has no such device that may sign in.
    """
    async with database.writing(house.sessions) as session:
        device = await devices.lock_active_device(
            session, user_account_id=viewer.id, device_id=device_id
        )
        if device is None:
            raise NotFoundError
        opened = await challenges.open_challenge(
            session,
            ChallengeKind.PROVE_DEVICE,
            lifetime=devices.lifetime_of_proofs(house),
            clock=house.clock,
            user_account_id=viewer.id,
            device_id=device.id,
        )
    return opened.secret, opened.expires_at


async def prove_device(
    house: SignInHouse, *, viewer: Viewer, challenge: str, signature: str
) -> DeviceProved:
    """Verify a device's signature; the session rises to its level under a new token (F104).

    Whoever holds an old token must not rise with it (SECURITY.md, session theft).

    Raises:
        TooManyAttemptsError: the account's limits per hour and day.
        DeviceRefusedError: wrong, another's, used, too old, or the device is locked.
    """
    guess = await _count_guess(house, ChallengeKind.PROVE_DEVICE, challenge)
    if guess is None or guess.user_account_id != viewer.id:
        raise DeviceRefusedError
    async with database.writing(house.sessions) as session:
        device = await _use(session, house, guess, DevicePurpose.SESSION, challenge, signature)
        if device is None:
            raise DeviceRefusedError
        await sessions.raise_session(
            session,
            session_id=viewer.session_id,
            device_id=device.id,
            assurance_level=max(
                devices.level_of(device), viewer.assurance_level, key=lambda level: level.value
            ),
        )
        token = await sessions.renew_token(session, session_id=viewer.session_id)
        if token is None:
            raise NotSignedInError
        raised = await sessions.authenticate(
            session, token=token, clock=house.clock, policy=house.policy
        )
        if raised is None:
            raise NotSignedInError
        return DeviceProved(device, raised, token)


async def _count_guess(house: SignInHouse, kind: ChallengeKind, secret: str) -> DeviceGuess | None:
    attempts = house.policy.sign_in.tan_attempts.on(berlin_today(house.clock))
    async with database.writing(house.sessions) as session:
        guess = await challenges.count_device_guess(
            session, kind, secret=secret, attempts=attempts, clock=house.clock
        )
        if guess is not None:
            await tans.count_tan_guess(session, house, user_account_id=guess.user_account_id)
    return guess


async def _use(
    session: AsyncSession,
    house: SignInHouse,
    guess: DeviceGuess,
    purpose: DevicePurpose,
    challenge: str,
    signature: str,
) -> Device | None:
    """Return the device if it may sign in and signed; the challenge is then used up."""
    device = await devices.lock_active_device(
        session, user_account_id=guess.user_account_id, device_id=guess.device_id
    )
    message = signed_message(purpose, origin=house.settings.origin, challenge=challenge)
    if device is None or not is_signed(device.public_key, message=message, signature=signature):
        return None
    is_first = await challenges.close_challenge(
        session, challenge_id=guess.challenge_id, clock=house.clock
    )
    if not is_first:
        return None
    device.last_used_at = house.clock.now()
    return device
