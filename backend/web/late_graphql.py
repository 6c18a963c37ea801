"""POST /graphql, whose schema is still being built while the server answers everything else."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from backend.settings import Settings
    from backend.web.graphql import GraphQLEndpoint

    # Called with what went wrong, or None.
    WhenLoaded = Callable[[Exception | None], None]


class LateGraphQL:
    """Builds the GraphQL endpoint in a thread; requests that come before it is ready wait for it.

    Loading GraphQL and building the schema takes a third of the start. Health, the app's shell and
    documents need none of it, and a browser asks for its first operation only after the shell.
    """

    _building: asyncio.Task[GraphQLEndpoint]

    def __init__(
        self,
        settings: Settings,
        persisted: Path,
        when_loaded: WhenLoaded | None = None,
        when_built: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self._persisted = persisted
        self._when_loaded = when_loaded
        self._when_built = when_built

    @property
    def state(self) -> str:
        """`starting`, `up`, or `down` if the schema could not be built."""
        if not self._building.done():
            return "starting"
        return "down" if self._building.exception() else "up"

    @asynccontextmanager
    async def getting_ready(self) -> AsyncGenerator[None]:
        """Build while the server runs.

        What can't be built (an app whose documents are not of this schema) fails every operation;
        `when_loaded` is told, so that a server may end.
        """
        self._building = asyncio.create_task(self._build())
        try:
            yield
        finally:
            await asyncio.gather(self._building, return_exceptions=True)

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        endpoint = await asyncio.shield(self._building)
        return await endpoint(request)

    async def _build(self) -> GraphQLEndpoint:
        failure = None
        try:
            return await asyncio.to_thread(self._load)
        except Exception as error:
            failure = error
            raise
        finally:
            if self._when_loaded is not None:
                self._when_loaded(failure)

    def _load(self) -> GraphQLEndpoint:
        from backend.schema import schema  # noqa: PLC0415  # the point of this class
        from backend.web.graphql import GraphQLEndpoint  # noqa: PLC0415  # as above
        from backend.web.operations import Operations, load_persisted  # noqa: PLC0415  # as above

        self._when_built()
        graphql_schema = schema._schema  # noqa: SLF001  # Strawberry offers no public name for it
        operations = Operations(
            graphql_schema,
            persisted=load_persisted(self._persisted),
            persisted_only=self._settings.persisted_only,
            is_open=self._settings.sandbox,
        )
        return GraphQLEndpoint(schema=graphql_schema, operations=operations)
