"""Passkeys of user accounts: adding one, listing them, finding whose one is."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError

from backend import database
from backend.clock import berlin_today
from backend.errors import FieldProblem, InvalidInputError, PasskeyRefusedError
from backend.models.customers import Customer
from backend.models.security_events import SecurityEventKind
from backend.models.sign_in import ChallengeKind
from backend.models.user_accounts import Passkey, UserAccount
from backend.services import challenges, outbox
from backend.services.passkey_ceremonies import (
    KnownCredential,
    creation_options,
    user_handle_of,
    verify_attestation,
)
from backend.services.security_events import record_event
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse

NONCE_BYTES = 32
_LONGEST_NAME = 60
_MOST_PASSKEYS = 20


class PasskeyChallenge(Value):
    """The options for the browser as JSON; `challenge` is handed back with its answer."""

    challenge: str
    options: str


async def open_ceremony(
    session: AsyncSession, house: SignInHouse, *, viewer: Viewer
) -> PasskeyChallenge:
    """Ask for a new passkey of the viewer; authenticators that hold one already say no.

    What was asked for before can't be answered any more: one approval, one passkey.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    lifetime = lifetime_of_challenges(house)
    await challenges.close_challenges_of(
        session, ChallengeKind.ADD_PASSKEY, user_account_id=viewer.id, clock=house.clock
    )
    present = await list_passkeys(session, user_account_id=viewer.id)
    opened = await challenges.open_challenge(
        session,
        ChallengeKind.ADD_PASSKEY,
        lifetime=lifetime,
        clock=house.clock,
        user_account_id=viewer.id,
        nonce=nonce,
    )
    options = creation_options(
        house.settings,
        group_name=house.group.name,
        viewer=viewer,
        nonce=nonce,
        lifetime=lifetime,
        present=[passkey.credential_id for passkey in present],
    )
    return PasskeyChallenge(opened.secret, options)


async def add_passkey(
    house: SignInHouse, *, viewer: Viewer, challenge: str, credential: str, name: str
) -> Passkey:
    """Add a passkey to the viewer's account and tell them by mail (X4).

    Raises:
        InvalidInputError: the name is empty, too long or not printable; the challenge stays good.
        PasskeyRefusedError: it could not be verified, or is known already.
    """
    name = checked_name(name)
    nonce = await use_challenge(
        house, ChallengeKind.ADD_PASSKEY, challenge, user_account_id=viewer.id
    )
    if nonce is None:
        raise PasskeyRefusedError
    new = verify_attestation(house.settings, credential=credential, nonce=nonce)
    if new is None:
        raise PasskeyRefusedError
    passkey = Passkey(
        user_account_id=viewer.id,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        is_synced=new.is_synced,
        name=name,
        created_at=house.clock.now(),
        last_used_at=None,
    )
    async with database.writing(house.sessions) as session:
        await _store(session, passkey)
        record_event(
            session,
            SecurityEventKind.PASSKEY_ADDED,
            user_account_id=viewer.id,
            clock=house.clock,
            detail=name,
        )
        await outbox.enqueue_worded_mail(
            session,
            house.outbox,
            "passkey_added",
            email_address=viewer.email_address,
            locale=viewer.locale,
        )
    return passkey


async def list_passkeys(session: AsyncSession, *, user_account_id: int) -> Sequence[Passkey]:
    """Return the passkeys of a user account in the order they were added."""
    return (
        await session.scalars(
            select(Passkey).where(Passkey.user_account_id == user_account_id).order_by(Passkey.id)
        )
    ).all()


async def find_passkey(
    session: AsyncSession, *, user_account_id: int, passkey_id: int
) -> Passkey | None:
    """Return a passkey by id if it is this account's; else None."""
    return (
        await session.scalars(
            select(Passkey).where(
                Passkey.id == passkey_id, Passkey.user_account_id == user_account_id
            )
        )
    ).one_or_none()


async def use_challenge(
    house: SignInHouse, kind: ChallengeKind, secret: str, *, user_account_id: int | None = None
) -> bytes | None:
    """Use a challenge up in a transaction of its own: it outlives the refusal that may follow."""
    async with database.writing(house.sessions) as session:
        return await challenges.use_challenge(
            session, kind, secret=secret, user_account_id=user_account_id, clock=house.clock
        )


async def find_credential(
    session: AsyncSession, credential_id: bytes | None
) -> tuple[Passkey, KnownCredential] | None:
    """Return a passkey of anybody's by its credential id, with what verifying it needs."""
    if credential_id is None:
        return None
    row = (
        await session.execute(
            select(Passkey, Customer.uid)
            .join(UserAccount, UserAccount.id == Passkey.user_account_id)
            .join(Customer, Customer.id == UserAccount.customer_id)
            .where(Passkey.credential_id == credential_id)
        )
    ).one_or_none()
    if row is None:
        return None
    passkey: Passkey = row[0]
    return passkey, KnownCredential(
        public_key=passkey.public_key,
        is_synced=passkey.is_synced,
        user_handle=user_handle_of(row[1]),
    )


async def record_use(
    session: AsyncSession, passkey: Passkey, sign_count: int, house: SignInHouse
) -> bool:
    """Write counter and time of use; False if a device-bound key's counter did not grow.

    Copies of a synced key count apart, so theirs says nothing. The comparison is part of the
    statement: a cloned key can't win a race against its original.
    """
    used = await session.scalar(
        update(Passkey)
        .where(
            Passkey.id == passkey.id,
            or_(
                Passkey.is_synced,
                Passkey.sign_count < sign_count,
                (Passkey.sign_count == 0) & (sign_count == 0),
            ),
        )
        .values(sign_count=sign_count, last_used_at=house.clock.now())
        .returning(Passkey.id)
        .execution_options(synchronize_session=False)
    )
    return used is not None


async def _store(session: AsyncSession, passkey: Passkey) -> None:
    count = await session.scalar(
        select(func.count())
        .select_from(Passkey)
        .where(Passkey.user_account_id == passkey.user_account_id)
    )
    if (count or 0) >= _MOST_PASSKEYS:
        raise PasskeyRefusedError
    session.add(passkey)
    try:
        await session.flush()
    except IntegrityError as error:
        raise PasskeyRefusedError from error


def checked_name(name: str) -> str:
    """Return what a customer calls a passkey or a device, trimmed.

    Raises:
        InvalidInputError: it is empty, too long or not printable.
    """
    stripped = name.strip()
    problem = None
    if not stripped:
        problem = "field.required"
    elif len(stripped) > _LONGEST_NAME:
        problem = "field.too_long"
    elif not stripped.isprintable():
        problem = "field.not_printable"
    if problem is not None:
        raise InvalidInputError(FieldProblem(("name",), problem))
    return stripped


def lifetime_of_challenges(house: SignInHouse) -> timedelta:
    """Return how long a browser may take to answer."""
    return timedelta(minutes=house.policy.sign_in.passkey_minutes.on(berlin_today(house.clock)))
