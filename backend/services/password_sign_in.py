"""Signing in by password and then a remembered device's key or a TAN (F103).

Each step that must outlive a refusal commits on its own, and no transaction is open while a
password or a TAN is hashed: SQLite has one writer.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from backend import database
from backend.clock import berlin_today
from backend.errors import FieldProblem, InvalidInputError, SignInRefusedError
from backend.models.devices import DeviceOrigin
from backend.models.sign_in import ChallengeKind
from backend.models.user_accounts import UserAccount
from backend.services import challenges, devices, tans
from backend.services.attempts import count_first
from backend.services.passwords import queued
from backend.services.sign_in import begin_session, hold_unlocked, password_limits, record_failure
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.devices import NewDevice
    from backend.services.sessions import Viewer
    from backend.services.sign_in import SignedIn
    from backend.services.sign_in_house import SignInHouse

# Longer than any address (RFC 5321) and any password that registration takes.
_LONGEST_ADDRESS = 254
_LONGEST_PASSWORD = 256


class TanRequired(Value):
    """The password was right: the challenge to hand back with the TAN that was sent."""

    challenge: str
    masked_phone_number: str
    expires_at: datetime


class DeviceProofRequired(Value):
    """The challenge for a device's key to sign."""

    challenge: str
    expires_at: datetime


@queued
async def ask_for_second_factor(
    house: SignInHouse,
    *,
    email_address: str,
    password: str,
    client_address: str,
    device_id: int | None = None,
) -> TanRequired | DeviceProofRequired:
    """Check a password and ask a remembered device to sign, or send a TAN to the phone (F103).

    Unknown address and wrong password answer alike after the same work (SECURITY.md), and so does
    a locked user account (F72). The attempt is counted per address, per client and for all before
    the password is hashed. A device that is locked, removed, foreign or unknown counts as none.

    Raises:
        InvalidInputError: a field is empty or too long.
        TooManyAttemptsError: too many attempts, or too many TANs to this number.
        SignInRefusedError: no account with this address and password.
        HashingBusyError: too many sign-ins at once.
    """
    _require_filled(email_address, password)
    address = email_address.strip().lower()
    await count_first(
        house.sessions, *password_limits(house, address, client_address), clock=house.clock
    )
    async with database.reading(house.sessions) as session:
        account = await _find_account(session, address)
    password_hash = account.password_hash if account else None
    is_right = await house.password_hasher.verify(password_hash, password)
    if not is_right or account is None or account.locked_at is not None:
        # For an unknown address too: both answers must cost the same work.
        await record_failure(house, user_account_id=account.id if account else None)
        raise SignInRefusedError
    asked = None if device_id is None else await _ask_device(house, account, device_id)
    return asked or await _send_tan(house, account)


@queued
async def confirm(
    house: SignInHouse,
    *,
    challenge: str,
    tan: str,
    new_device: NewDevice | None = None,
    replaced: Viewer | None = None,
) -> SignedIn:
    """Compare a TAN and start a session; at most five attempts per challenge (F22, F103).

    `new_device` is remembered with it. `replaced` is who the request came from so far: that
    session ends.

    Raises:
        DeviceRefusedError: the new device did not prove its key; no attempt was counted.
        TooManyAttemptsError: the account's limits per hour and day.
        SignInRefusedError: anything else; what was wrong is never told.
        HashingBusyError: too many sign-ins at once.
    """
    checked = devices.check_new_device(house, new_device, challenge=challenge)
    guess = await _count_guess(house, challenge)
    if not await house.password_hasher.verify(guess.tan_hash, tan.strip()):
        await record_failure(house, user_account_id=guess.user_account_id)
        raise SignInRefusedError
    async with database.writing(house.sessions) as session:
        await hold_unlocked(session, guess.user_account_id)
        is_first = await challenges.close_challenge(
            session, challenge_id=guess.challenge_id, clock=house.clock
        )
        if not is_first:
            raise SignInRefusedError
        device = await devices.add_device(
            session,
            house,
            checked,
            user_account_id=guess.user_account_id,
            origin=DeviceOrigin.SIGN_IN_TAN,
        )
        return await begin_session(
            session,
            house,
            user_account_id=guess.user_account_id,
            replaced=replaced,
            factor=device,
        )


async def _count_guess(house: SignInHouse, secret: str) -> challenges.Guess:
    """Count an attempt in a transaction of its own: it outlives the refusal that may follow."""
    attempts = house.policy.sign_in.tan_attempts.on(berlin_today(house.clock))
    async with database.writing(house.sessions) as session:
        guess = await challenges.count_guess(
            session,
            ChallengeKind.SIGN_IN_TAN,
            secret=secret,
            attempts=attempts,
            clock=house.clock,
        )
        if guess is None:
            raise SignInRefusedError
        await tans.count_tan_guess(session, house, user_account_id=guess.user_account_id)
    return guess


async def _send_tan(house: SignInHouse, account: UserAccount) -> TanRequired:
    tan = await tans.make_tan(house.password_hasher)
    minutes = house.policy.sign_in.tan_minutes.on(berlin_today(house.clock))
    async with database.writing(house.sessions) as session:
        opened = await challenges.open_challenge(
            session,
            ChallengeKind.SIGN_IN_TAN,
            lifetime=timedelta(minutes=minutes),
            clock=house.clock,
            user_account_id=account.id,
            tan_hash=tan.hash,
        )
        await tans.send_tan(
            session,
            house,
            user_account_id=account.id,
            phone_number=account.phone_number,
            text=word(
                "sms.sign_in_tan",
                account.locale,
                tan=tan.digits,
                group=house.group.name,
                minutes=minutes,
            ),
            expires_at=opened.expires_at,
        )
    return TanRequired(opened.secret, account.masked_phone_number, opened.expires_at)


async def _ask_device(
    house: SignInHouse, account: UserAccount, device_id: int
) -> DeviceProofRequired | None:
    async with database.writing(house.sessions) as session:
        device = await devices.lock_active_device(
            session, user_account_id=account.id, device_id=device_id
        )
        if device is None:
            return None
        opened = await challenges.open_challenge(
            session,
            ChallengeKind.SIGN_IN_DEVICE,
            lifetime=devices.lifetime_of_proofs(house),
            clock=house.clock,
            user_account_id=account.id,
            device_id=device.id,
        )
    return DeviceProofRequired(opened.secret, opened.expires_at)


async def _find_account(session: AsyncSession, address: str) -> UserAccount | None:
    return (
        await session.scalars(select(UserAccount).where(UserAccount.email_address == address))
    ).one_or_none()


def _require_filled(email_address: str, password: str) -> None:
    problems = []
    if not email_address.strip():
        problems.append(FieldProblem(("emailAddress",), "field.required"))
    elif len(email_address) > _LONGEST_ADDRESS:
        problems.append(FieldProblem(("emailAddress",), "field.too_long"))
    if not password:
        problems.append(FieldProblem(("password",), "field.required"))
    elif len(password) > _LONGEST_PASSWORD:
        problems.append(FieldProblem(("password",), "field.too_long"))
    if problems:
        raise InvalidInputError(*problems)
