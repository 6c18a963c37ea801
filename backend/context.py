"""What a resolver may use during one operation."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from strawberry.dataloader import DataLoader
from strawberry.types import Info as StrawberryInfo

from backend import database
from backend.clock import berlin_today
from backend.errors import NotSignedInError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Mapping
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.database import SharedReading
    from backend.house import House
    from backend.models.user_accounts import Locale
    from backend.services.sessions import Viewer

    BatchFunction: TypeAlias = Callable[..., Awaitable[Mapping[Any, object]]]


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
