"""The last step of registering: the TAN is right, the user account opens, a session begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from backend import database
from backend.clock import berlin_today
from backend.errors import RegistrationRefusedError, WrongTanError
from backend.models.devices import DeviceOrigin
from backend.models.registrations import Registration
from backend.services import devices
from backend.services.passwords import queued
from backend.services.registration_tans import count_registration_guess
from backend.services.sign_in import begin_session
from backend.services.user_agreements import conclude

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.devices import NewDevice
    from backend.services.sessions import Viewer
    from backend.services.sign_in import SignedIn
    from backend.services.sign_in_house import SignInHouse


@queued
async def complete_registration(
    house: SignInHouse,
    *,
    registration: str,
    tan: str,
    new_device: NewDevice | None = None,
    replaced: Viewer | None = None,
) -> SignedIn:
    """Compare the TAN, open the user account and sign in, all in one transaction (F1, F2).

    However many ask at once, one account comes of it. `new_device` is remembered with it (F103).
    `replaced` is who the request came from so far: that session ends.

    Raises:
        DeviceRefusedError: the new device did not prove its key; no attempt was counted.
        WrongTanError: with how many attempts are left.
        RegistrationRefusedError: unknown, finished, too old, tried too often, or somebody else
            has confirmed the address meanwhile.
        TooManyAttemptsError: too many guesses for this number.
        HashingBusyError: too many are hashed at once.
    """
    checked = devices.check_new_device(house, new_device, challenge=registration)
    waiting = await count_registration_guess(house, registration)
    if not await house.password_hasher.verify(waiting.tan_hash, tan.strip()):
        allowed = house.policy.sign_in.tan_attempts.on(berlin_today(house.clock))
        raise WrongTanError(allowed - waiting.tan_attempts)
    async with database.writing(house.sessions) as session:
        if not await _take(session, waiting):
            raise RegistrationRefusedError
        account = await conclude(session, house, waiting)
        device = await devices.add_device(
            session,
            house,
            checked,
            user_account_id=account.id,
            origin=DeviceOrigin.REGISTRATION_TAN,
        )
        return await begin_session(
            session,
            house,
            user_account_id=account.id,
            replaced=replaced,
            factor=device,
            may_add_first_passkey=True,
        )


async def _take(session: AsyncSession, waiting: Registration) -> bool:
    """Delete a registration and all others of its address; False if another was faster.

    The TAN must still be the one that was compared: a newer one has not been guessed.
    """
    # All of them in one order: two who finish at once would each hold what the other waits for.
    await session.execute(
        select(Registration.id)
        .where(Registration.email_address == waiting.email_address)
        .order_by(Registration.id)
        .with_for_update()
    )
    gone = await session.scalar(
        delete(Registration)
        .where(Registration.id == waiting.id, Registration.tan_hash == waiting.tan_hash)
        .returning(Registration.id)
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        delete(Registration)
        .where(Registration.email_address == waiting.email_address)
        .execution_options(synchronize_session=False)
    )
    return gone is not None
