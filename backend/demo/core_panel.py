"""The sandbox's core systems: where they listen, how they misbehave, what came to them."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from backend.demo.core_system import CoreFault, DemoCore, key_id_of
from backend.group import SHIPPED
from backend.signatures import SigningKey, new_private_key
from backend.signatures import key_id_of as name_of_key
from backend.web.refused import RequestRefusedError
from backend.web.request_guard import check_origin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.requests import Request

    from backend.clock import Clock

EVENTS = "/sandbox/core/events"
_SHOWN = 20
_INSTITUTION = re.compile(r'(\[\[institutions\]\]\nkey = "(\w+)"\n)')


def write_group_file(folder: Path, url: str, public_key: bytes) -> Path:
    """Write the shipped group with a core system for each institution; return the file."""

    def connected(found: re.Match[str]) -> str:
        keys = f'{{ "{key_id_of(found[2])}" = "{public_key.hex()}" }}'
        return f'{found[1]}core = {{ channel = "http", url = "{url}{EVENTS}", keys = {keys} }}\n'

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "group.toml"
    shipped = SHIPPED.read_text(encoding="utf-8")
    path.write_text(_INSTITUTION.sub(connected, shipped), encoding="utf-8")
    return path


class CorePanel:
    """The core systems with their own part of the sandbox's API."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.key = SigningKey(new_private_key())
        self._portal_keys: dict[str, bytes] = {}
        self.core = DemoCore(
            key=self.key,
            answer_url=url,
            portal_url=url,
            clock=clock,
            load_portal_keys=self._load_portal_keys,
            events_url=url + EVENTS,
        )

    def routes(self) -> list[Route]:
        """Return the routes of core systems and panel."""
        return [
            Route(EVENTS, self._receive, methods=["POST"]),
            Route("/sandbox/api/core", self._show, methods=["GET"]),
            Route("/sandbox/api/core", self._misbehave, methods=["POST"]),
        ]

    async def _receive(self, request: Request) -> Response:
        # Both live in one process, so that the key need not be carried from one to the other.
        key = (await request.app.state.house.core_signer.load()).public_key
        self._portal_keys = {name_of_key(key): key}
        return await self.core.receive(request)

    async def _load_portal_keys(self) -> Mapping[str, bytes]:
        return self._portal_keys

    async def _show(self, _request: Request) -> Response:
        newest = islice(reversed(self.core.events.values()), _SHOWN)
        events = [event | {"count": self.core.counts[event["id"]]} for event in newest]
        return JSONResponse({"fault": self.core.fault.value, "events": events})

    async def _misbehave(self, request: Request) -> Response:
        """Choose a fault: `{"fault": "SLOW"}`."""
        try:
            check_origin(request, request.app.state.house.settings)
            self.core.fault = CoreFault((await request.json())["fault"])
        except RequestRefusedError as refusal:
            return JSONResponse({"error": refusal.message}, status_code=refusal.status)
        except (ValueError, TypeError, KeyError):
            names = ", ".join(fault.value for fault in CoreFault)
            return JSONResponse({"error": f'Send {{"fault": one of {names}}}.'}, status_code=400)
        return JSONResponse({"fault": self.core.fault.value})
