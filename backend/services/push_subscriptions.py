"""Which browsers show a customer's notices: asked for by the browser, ended with its session."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import joinedload

from backend.errors import FieldProblem, InvalidInputError
from backend.models.push_subscriptions import PushSubscription
from backend.models.sign_in import UserSession
from backend.models.user_accounts import UserAccount
from backend.push_port import PushTarget
from backend.services.sealed_texts import seal_text, unseal_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.ports import DocumentCipher, KeyStore
    from backend.push_port import PushSender
    from backend.services.sessions import Viewer

# Nobody has more browsers at hand; the one that asked longest ago makes room.
MOST = 10
_IS_ALIVE = exists().where(
    UserSession.id == PushSubscription.user_session_id, UserSession.ended_at.is_(None)
)


class PushHouse(Protocol):
    """What subscribing needs of the portal's wiring."""

    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def keys(self) -> KeyStore: ...  # noqa: D102
    @property
    def cipher(self) -> DocumentCipher: ...  # noqa: D102
    @property
    def push(self) -> PushSender: ...  # noqa: D102


async def subscribe(
    session: AsyncSession,
    house: PushHouse,
    *,
    viewer: Viewer,
    endpoint: str,
    p256dh: str,
    auth: str,
) -> PushSubscription:
    """Show notices in the browser of this session, too (X3); asking again changes nothing else.

    `endpoint`, `p256dh` and `auth` are what the browser's PushSubscription says. The present
    session takes over what an earlier one of the same browser asked for.

    Raises:
        InvalidInputError: no allowed push service's address, or no keys.
        KeyStoreUnavailableError: it could not be sealed.
    """
    target = _target(endpoint, p256dh, auth)
    if target is None or not house.push.accepts(target):
        raise InvalidInputError(FieldProblem(("endpoint",), "field.push_service"))
    await house.keys.create(viewer.customer_uid)
    # Held, so that two requests at once do not write the same row twice.
    account = await session.get_one(UserAccount, viewer.id, with_for_update=True)
    endpoint_hash = hashlib.sha256(endpoint.encode()).hexdigest()
    found = await session.scalar(
        select(PushSubscription).where(
            PushSubscription.user_account_id == account.id,
            PushSubscription.endpoint_hash == endpoint_hash,
        )
    )
    subscription = found or PushSubscription(
        uid=uuid.uuid4().hex,
        user_account_id=account.id,
        endpoint_hash=endpoint_hash,
        created_at=house.clock.now(),
    )
    subscription.user_session_id = viewer.session_id
    subscription.key_owner = viewer.customer_uid
    subscription.sealed = await seal_text(
        house.cipher,
        owner=viewer.customer_uid,
        place=_place(subscription.uid),
        text=json.dumps({"endpoint": endpoint, "p256dh": p256dh, "auth": auth}),
    )
    session.add(subscription)
    await session.flush()
    subscriptions = await list_subscriptions(session, user_account_id=account.id)
    for one in subscriptions[MOST:]:
        await session.delete(one)
    return next(one for one in subscriptions if one.id == subscription.id)


async def unsubscribe(session: AsyncSession, *, viewer: Viewer, subscription_id: int) -> None:
    """End the notices in one of the viewer's browsers; one that gets none is no error."""
    await session.execute(
        delete(PushSubscription).where(
            PushSubscription.id == subscription_id, PushSubscription.user_account_id == viewer.id
        )
    )


async def list_subscriptions(
    session: AsyncSession, *, user_account_id: int
) -> Sequence[PushSubscription]:
    """Return the browsers that show notices, the one that asked last first."""
    statement = (
        select(PushSubscription)
        .where(PushSubscription.user_account_id == user_account_id, _IS_ALIVE)
        .order_by(PushSubscription.user_session_id.desc(), PushSubscription.id.desc())
        .options(joinedload(PushSubscription.user_session))
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).all()


async def find_subscription(session: AsyncSession, uid: str) -> PushSubscription | None:
    """Return a subscription if nobody has ended it or its session."""
    return (
        await session.scalars(
            select(PushSubscription).where(PushSubscription.uid == uid, _IS_ALIVE)
        )
    ).one_or_none()


async def open_target(cipher: DocumentCipher, subscription: PushSubscription) -> PushTarget:
    """Unseal where a browser is reached.

    Raises:
        CipherError: the row is damaged, or another customer's.
        KeyStoreUnavailableError: not now.
    """
    text = await unseal_text(
        cipher,
        owner=subscription.key_owner,
        place=_place(subscription.uid),
        sealed=subscription.sealed,
    )
    target = _target(**json.loads(text))
    if target is None:
        raise ValueError("a subscription without keys")
    return target


async def forget_subscription(session: AsyncSession, uid: str) -> None:
    """Delete the subscription of a browser that takes nothing any more."""
    await session.execute(delete(PushSubscription).where(PushSubscription.uid == uid))


async def forget_ended_subscriptions(session: AsyncSession) -> None:
    """Delete what belongs to sessions that were ended; nothing was sent there since."""
    await session.execute(
        delete(PushSubscription).where(~_IS_ALIVE).execution_options(synchronize_session=False)
    )


def _target(endpoint: str, p256dh: str, auth: str) -> PushTarget | None:
    try:
        return PushTarget(endpoint, _from_base64url(p256dh), _from_base64url(auth))
    except ValueError:
        return None


def _from_base64url(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _place(uid: str) -> str:
    return f"push:{uid}"
