"""A forgotten password: a new one, signed by a passkey or device of the account (X19, M3)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from backend import database
from backend.clock import berlin_today
from backend.errors import (
    PasskeyRefusedError,
    RecoveryRefusedError,
    RecoveryWayUnavailableError,
)
from backend.models.recoveries import Recovery
from backend.services import passkeys
from backend.services.approval_operations import canonical_json
from backend.services.attempts import Limit, count_first
from backend.services.customers import load_customer
from backend.services.devices import lock_active_device
from backend.services.new_passwords import check_new_password, words_of
from backend.services.passkey_ceremonies import (
    credential_id_of,
    request_options,
    verify_assertion,
)
from backend.services.passwords import queued
from backend.services.recovery import count_client, find_recovery, update_recovery
from backend.services.recovery_completion import Regained, record_refusal, regain_access
from backend.services.recovery_ways import device_is_proof, has_passkey
from backend.values import Value

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.user_accounts import UserAccount
    from backend.services.recovery import OpenRecovery
    from backend.services.sessions import Viewer
    from backend.services.sign_in import SignedIn
    from backend.services.sign_in_house import SignInHouse


class RecoveryPasskeyRequired(Value):
    """The new password waits: what a passkey has to sign (JSON), and until when."""

    options: str
    expires_at: datetime


class RecoveryDeviceRequired(Value):
    """The new password waits: what the remembered device has to sign, and until when."""

    challenge: str
    expires_at: datetime


@queued
async def choose_recovery_password(
    house: SignInHouse,
    *,
    recovery: str,
    new_password: str,
    device_id: int | None = None,
    client_address: str,
) -> RecoveryPasskeyRequired | RecoveryDeviceRequired:
    """Keep the new password's hash and ask for a signature over it (X19).

    With `device_id` that remembered device signs, else any passkey of the account.

    Raises:
        InvalidInputError: the password will not do.
        RecoveryRefusedError: unknown or too old.
        RecoveryWayUnavailableError: the account has no passkey, or no such device that may sign.
        TooManyAttemptsError: this client or for this account too often.
        HashingBusyError: too many are hashed at once.
    """
    await count_client(house, client_address)
    async with database.reading(house.sessions) as session:
        row, account = await find_recovery(session, house, recovery)
        if not await _can_sign(session, house, account, device_id):
            raise RecoveryWayUnavailableError
        own_words = await load_own_words(session, house, account)
        allowed = await passkeys.list_passkeys(session, user_account_id=account.id)
    check_new_password(
        new_password,
        path=("newPassword",),
        policy=house.policy,
        today=berlin_today(house.clock),
        own_words=own_words,
    )
    password_hash = await hash_counted(house, account, new_password)
    nonce = secrets.token_bytes(passkeys.NONCE_BYTES)
    async with database.writing(house.sessions) as session:
        await update_recovery(
            session, house, row, password_hash=password_hash, nonce=nonce, tan_hash=None
        )
    row.password_hash, row.nonce = password_hash, nonce
    if device_id is not None:
        return RecoveryDeviceRequired(challenge_of(row).hex(), row.expires_at)
    options = request_options(
        house.settings,
        nonce=challenge_of(row),
        lifetime=passkeys.lifetime_of_challenges(house),
        allowed=[passkey.credential_id for passkey in allowed],
    )
    return RecoveryPasskeyRequired(options, row.expires_at)


async def recover_with_passkey(
    house: SignInHouse,
    *,
    recovery: str,
    credential: str,
    client_address: str,
    replaced: Viewer | None = None,
) -> SignedIn:
    """Verify the signature, set the password that it is about and sign in, in one transaction.

    Two factors were shown, the mailbox apart: what the passkey is and the user verification of
    it. The nonce is used up before anything is verified, whatever comes of it. Passkeys stay.

    Raises:
        RecoveryRefusedError: unknown or too old.
        PasskeyRefusedError: the assertion is wrong, another's, used or was not asked for.
        TooManyAttemptsError: this client tried too often.
    """
    await count_client(house, client_address)
    found = await use_nonce(house, recovery)
    if found is None:
        raise PasskeyRefusedError
    async with database.reading(house.sessions) as session:
        known = await passkeys.find_credential(session, credential_id_of(credential))
    sign_count = None
    if known is not None and known[0].user_account_id == found.account.id:
        sign_count = verify_assertion(
            house.settings,
            known[1],
            credential=credential,
            nonce=challenge_of(found.row),
            is_identified=True,
        )
    if known is None or sign_count is None:
        await record_refusal(house, found.account)
        raise PasskeyRefusedError
    async with database.writing(house.sessions) as session:
        if not await passkeys.record_use(session, known[0], sign_count, house):
            raise PasskeyRefusedError
        return await regain_access(
            session,
            house,
            found,
            Regained(is_password_only=True),
            replaced=replaced,
            factor=known[0],
        )


def challenge_of(row: Recovery) -> bytes:
    """Return what is signed: SHA-256 over recovery, account, new password and a nonce.

    Another password, account or recovery gives another challenge; so does asking once more.
    """
    if row.password_hash is None or row.nonce is None:
        raise ValueError("no password waits for a signature")
    return hashlib.sha256(
        canonical_json(
            {
                "accountVersion": row.account_version,
                "nonce": base64.b64encode(row.nonce).decode(),
                "operation": "recover_password",
                "passwordSha256": hashlib.sha256(row.password_hash.encode()).hexdigest(),
                "recovery": row.id,
                "userAccount": row.user_account_id,
            }
        ).encode()
    ).digest()


async def load_own_words(
    session: AsyncSession, house: SignInHouse, account: UserAccount
) -> list[str]:
    """Return what the account's new password must not be made of."""
    customer = await load_customer(session, account.customer_id)
    return words_of(
        given_name=customer.given_name,
        family_name=customer.family_name,
        email_address=account.email_address,
        group_name=house.group.name,
    )


async def hash_counted(house: SignInHouse, account: UserAccount, password: str) -> str:
    """Hash a new password, at most so many an hour for one account.

    Raises:
        TooManyAttemptsError: too many.
        HashingBusyError: too many are hashed at once.
    """
    rule = house.policy.recovery.passwords_per_account_per_hour
    limit = Limit(
        "recovery_password",
        str(account.id),
        rule.on(berlin_today(house.clock)),
        timedelta(hours=1),
    )
    await count_first(house.sessions, limit, clock=house.clock)
    return await house.password_hasher.hash(password)


async def _can_sign(
    session: AsyncSession, house: SignInHouse, account: UserAccount, device_id: int | None
) -> bool:
    if device_id is None:
        return await has_passkey(session, account)
    device = await lock_active_device(session, user_account_id=account.id, device_id=device_id)
    return device is not None and device_is_proof(house)


async def use_nonce(house: SignInHouse, recovery: str) -> OpenRecovery | None:
    """Use the nonce up in a transaction of its own: it outlives the refusal that may follow.

    None if no password waits for a signature (any more).
    """
    async with database.writing(house.sessions) as session:
        found = await find_recovery(session, house, recovery)
        if found.row.nonce is None:
            return None
        used = await session.scalar(
            update(Recovery)
            .where(Recovery.id == found.row.id, Recovery.nonce == found.row.nonce)
            .values(nonce=None)
            .returning(Recovery.id)
            .execution_options(synchronize_session=False)
        )
        if used is None:
            raise RecoveryRefusedError
    return found
