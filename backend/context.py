"""What a resolver may use during one operation."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from strawberry.dataloader import DataLoader
from strawberry.types import Info as StrawberryInfo

from backend import database
from backend.clock import berlin_today
from backend.errors import NotSignedInError
from backend.services.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Mapping
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.database import Sessions, SharedReading
    from backend.group import Group
    from backend.models.user_accounts import Locale
    from backend.policy import Policy
    from backend.ports import DocumentCipher, KeyStore, MailSender, ObjectStore, Sealer, SmsSender
    from backend.services.passwords import PasswordHasher
    from backend.services.sessions import Viewer
    from backend.settings import Settings

    BatchFunction: TypeAlias = Callable[..., Awaitable[Mapping[Any, object]]]


@dataclass(frozen=True, slots=True)
class House:
    """What all requests share: the portal's wiring, made once by `open_house`."""

    settings: Settings
    sessions: Sessions
    clock: Clock
    policy: Policy
    group: Group
    password_hasher: PasswordHasher
    objects: ObjectStore
    keys: KeyStore
    cipher: DocumentCipher
    sealer: Sealer
    mail: MailSender | None
    sms: SmsSender | None
    # Set after something was put into the outbox, so that an in-process worker need not poll.
    work_waits: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def outbox(self) -> Outbox:
        """What putting a mail or short message into the outbox needs."""
        return Outbox(
            sealer=self.sealer,
            clock=self.clock,
            group=self.group,
            public_url=self.settings.public_url,
            work_waits=self.work_waits,
        )


@dataclass(slots=True)
class SessionChange:
    """What an operation means for the session; the web layer carries it out.

    Queries write nothing: that payment-account data was opened is recorded after the answer.
    """

    issued_token: str | None = None
    is_ended: bool = False
    has_opened_bank_data: bool = False


@dataclass(slots=True)
class Context:
    """Everything bound to one GraphQL operation; `viewer` changes when it signs in or out."""

    house: House
    viewer: Viewer | None
    locale: Locale
    is_mutation: bool
    client_address: str
    reading: SharedReading
    session_change: SessionChange = field(default_factory=SessionChange)
    loaders: dict[Hashable, DataLoader[Any, Any]] = field(default_factory=dict)

    @property
    def signed_in(self) -> Viewer:
        """The viewer of a field that needs one.

        Raises:
            NotSignedInError: nobody is signed in.
        """
        if self.viewer is None:
            raise NotSignedInError
        return self.viewer

    @property
    def today(self) -> date:
        """Today's civil date in Europe/Berlin."""
        return berlin_today(self.house.clock)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncSession]:
        """Open one transaction: committed on success, rolled back on any exception.

        All fields of a query share one that only reads; each mutation field has its own.
        """
        begin = database.writing(self.house.sessions) if self.is_mutation else self.reading.use()
        async with begin as session:
            yield session

    def load(
        self,
        batch: BatchFunction,
        key: Hashable,
        *,
        default: Callable[[], object] = lambda: None,
        **scope: object,
    ) -> Awaitable[Any]:
        """Load the value of a key; all keys asked for in one tick go to `batch` together.

        `default` makes what stands for nothing found. `scope` is handed on to `batch`: what is
        the same throughout the operation, such as whose it is and what day it is.
        """
        loader = self.loaders.get(batch)
        if loader is None:

            async def load_all(keys: list[Any]) -> list[Any]:
                async with self.transaction() as session:
                    found = await batch(session, keys, **scope)
                return [found[key] if key in found else default() for key in keys]

            loader = self.loaders[batch] = DataLoader(load_fn=load_all)
        return loader.load(key)


Info = StrawberryInfo["Context", None]
