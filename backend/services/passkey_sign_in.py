"""Signing in with a passkey: user verification makes it both factors in one (F103)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from backend import database
from backend.clock import berlin_today
from backend.errors import SignInRefusedError
from backend.models.sign_in import ChallengeKind
from backend.services import challenges, passkeys, sign_in
from backend.services.attempts import Limit, count_first, subject_of_client
from backend.services.passkey_ceremonies import (
    credential_id_of,
    request_options,
    verify_assertion,
)

if TYPE_CHECKING:
    from backend.services.sessions import Viewer
    from backend.services.sign_in import SignedIn
    from backend.services.sign_in_house import SignInHouse


async def start_sign_in(house: SignInHouse, *, client_address: str) -> passkeys.PasskeyChallenge:
    """Ask any passkey of this site to sign in (discoverable: nobody says who they are).

    Raises:
        TooManyAttemptsError: this client asked too often.
    """
    await _count_client(house, "passkey_start", client_address)
    nonce = secrets.token_bytes(passkeys.NONCE_BYTES)
    lifetime = passkeys.lifetime_of_challenges(house)
    async with database.writing(house.sessions) as session:
        opened = await challenges.open_challenge(
            session,
            ChallengeKind.SIGN_IN_PASSKEY,
            lifetime=lifetime,
            clock=house.clock,
            nonce=nonce,
        )
    return passkeys.PasskeyChallenge(
        opened.secret, request_options(house.settings, nonce=nonce, lifetime=lifetime)
    )


async def finish_sign_in(
    house: SignInHouse,
    *,
    challenge: str,
    credential: str,
    client_address: str,
    replaced: Viewer | None = None,
) -> SignedIn:
    """Verify a passkey with user verification, both factors in one (F103), and start a session.

    The challenge is used up before anything is verified, whatever comes of it.

    Raises:
        TooManyAttemptsError: this client tried too often.
        SignInRefusedError: anything else; what was wrong is never told.
    """
    await _count_client(house, "passkey", client_address)
    nonce = await passkeys.use_challenge(house, ChallengeKind.SIGN_IN_PASSKEY, challenge)
    async with database.reading(house.sessions) as session:
        found = await passkeys.find_credential(session, credential_id_of(credential))
    if nonce is None or found is None:
        raise SignInRefusedError
    passkey, known = found
    sign_count = verify_assertion(house.settings, known, credential=credential, nonce=nonce)
    if sign_count is None:
        await sign_in.record_failure(house, user_account_id=passkey.user_account_id)
        raise SignInRefusedError
    async with database.writing(house.sessions) as session:
        await sign_in.hold_unlocked(session, passkey.user_account_id)
        if not await passkeys.record_use(session, passkey, sign_count, house):
            raise SignInRefusedError
        return await sign_in.begin_session(
            session,
            house,
            user_account_id=passkey.user_account_id,
            replaced=replaced,
            factor=passkey,
        )


async def _count_client(house: SignInHouse, name: str, client_address: str) -> None:
    rule = house.policy.sign_in.passkey_attempts_per_client_per_quarter_hour
    attempts = rule.on(berlin_today(house.clock))
    subject = subject_of_client(client_address)
    limit = Limit(name, subject, attempts, timedelta(minutes=15))
    await count_first(house.sessions, limit, clock=house.clock)
