"""A forgotten password, signed by a device that is remembered (X19, F103)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend import database
from backend.errors import DeviceRefusedError
from backend.models.sign_in import AssuranceLevel
from backend.services.device_keys import DevicePurpose, is_signed, signed_message
from backend.services.devices import lock_active_device
from backend.services.recovery import count_client
from backend.services.recovery_completion import Regained, record_refusal, regain_access
from backend.services.recovery_passwords import challenge_of, use_nonce
from backend.services.recovery_ways import device_is_proof

if TYPE_CHECKING:
    from backend.services.sessions import Viewer
    from backend.services.sign_in import SignedIn
    from backend.services.sign_in_house import SignInHouse


async def recover_with_device(
    house: SignInHouse,
    *,
    recovery: str,
    device_id: int,
    signature: str,
    client_address: str,
    replaced: Viewer | None = None,
) -> SignedIn:
    """Verify a remembered device's signature, set the password that it is about and sign in.

    The device stands beside the mailbox as it stands beside the password (F103). It may be the
    phone that holds the mailbox, too: so it falls back to BASIC until its owner is identified
    again, as a new one does (decision 0013). The nonce is used up before anything is verified.

    Raises:
        RecoveryRefusedError: unknown or too old.
        DeviceRefusedError: the signature is wrong, another's, used or was not asked for.
        TooManyAttemptsError: this client tried too often.
    """
    await count_client(house, client_address)
    found = await use_nonce(house, recovery)
    if found is None:
        raise DeviceRefusedError
    message = signed_message(
        DevicePurpose.RECOVERY,
        origin=house.settings.origin,
        challenge=challenge_of(found.row).hex(),
    )
    async with database.writing(house.sessions) as session:
        device = await lock_active_device(
            session, user_account_id=found.account.id, device_id=device_id
        )
        if (
            device is not None
            and device_is_proof(house)
            and is_signed(device.public_key, message=message, signature=signature)
        ):
            device.last_used_at = house.clock.now()
            device.assurance_level = AssuranceLevel.BASIC
            return await regain_access(
                session,
                house,
                found,
                Regained(is_password_only=True),
                replaced=replaced,
                factor=device,
            )
    await record_refusal(house, found.account)
    raise DeviceRefusedError
