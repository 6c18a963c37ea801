"""The sandbox's own API: personas, caught messages and the clock; never routed in production."""

from __future__ import annotations

import base64
import hmac
import itertools
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from backend.clock import BERLIN, TravellingClock, berlin_today
from backend.values import Value
from backend.web.refused import RequestRefusedError
from backend.web.request_guard import check_origin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from backend.settings import Settings
    from backend.web.spa import BuiltSpa

PAGE = "sandbox.html"
_MOST_MESSAGES = 500


class CaughtMessage(Value):
    """A mail or text message that left the portal by its real protocol and was caught."""

    id: int
    channel: str
    sender: str
    recipient: str
    subject: str
    text: str
    sent_at: str


@dataclass
class Sandbox:
    """What the sandbox adds to the portal."""

    personas: Sequence[Mapping[str, object]]
    password: str
    clock: TravellingClock
    sms_token: str
    more_routes: Sequence[Route] = ()
    messages: deque[CaughtMessage] = field(default_factory=lambda: deque(maxlen=_MOST_MESSAGES))
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def catch(self, channel: str, sender: str, recipient: str, subject: str, text: str) -> None:
        """Keep a message for the page that shows them, newest first."""
        self.messages.appendleft(
            CaughtMessage(
                id=next(self._numbers),
                channel=channel,
                sender=sender,
                recipient=recipient,
                subject=subject,
                text=text,
                sent_at=self.clock.now().isoformat(),
            )
        )

    def routes(self, spa: BuiltSpa) -> list[Route]:
        """Return the routes under /sandbox."""

        async def show_page(request: Request) -> Response:
            return await spa.page(request, PAGE)

        return [
            Route("/sandbox", show_page, methods=["GET"]),
            Route("/sandbox/api/personas", self._show_personas, methods=["GET"]),
            Route("/sandbox/api/messages", self._show_messages, methods=["GET"]),
            Route("/sandbox/api/clock", self._show_clock, methods=["GET"]),
            Route("/sandbox/api/clock", self._travel, methods=["POST"]),
            Route("/sandbox/sms", self._take_sms, methods=["POST"]),
            Route("/sandbox/push/{browser}", self._take_push, methods=["POST"]),
            *self.more_routes,
        ]

    async def _show_personas(self, _request: Request) -> Response:
        return JSONResponse({"password": self.password, "personas": self.personas})

    async def _show_messages(self, _request: Request) -> Response:
        return JSONResponse({"messages": [asdict(message) for message in self.messages]})

    async def _show_clock(self, _request: Request) -> Response:
        return JSONResponse(self._time())

    async def _travel(self, request: Request) -> Response:
        """Set the clock: `{"instant": "2026-12-24T18:00:00+01:00"}` or `{"days": 1}`."""
        settings: Settings = request.app.state.house.settings
        try:
            check_origin(request, settings)
            wish = await request.json()
            self.clock.travel_to(_instant_of(wish, self.clock.now()))
        except RequestRefusedError as refusal:
            return JSONResponse({"error": refusal.message}, status_code=refusal.status)
        except (ValueError, TypeError, KeyError, OverflowError):
            return JSONResponse(
                {"error": 'Send {"instant": "<ISO 8601 with zone>"} or {"days": <number>}.'},
                status_code=400,
            )
        return JSONResponse(self._time())

    async def _take_sms(self, request: Request) -> Response:
        """Play the SMS gateway: take a message by HTTP as a real one would."""
        offered = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(offered.encode(), self.sms_token.encode()):
            return Response(status_code=401)
        message = await request.json()
        self.catch("SMS", "Kundenportal", message["to"], "", message["text"])
        return Response(status_code=202)

    async def _take_push(self, request: Request) -> Response:
        """Play the push service of a browser: only the browser could read what it takes."""
        message = base64.b64encode(await request.body()).decode()
        self.catch("PUSH", "Kundenportal", request.path_params["browser"], "", message)
        return Response(status_code=201)

    def _time(self) -> dict[str, str]:
        return {
            "now": self.clock.now().astimezone(BERLIN).isoformat(),
            "today": berlin_today(self.clock).isoformat(),
        }


def _instant_of(wish: Any, now: datetime) -> datetime:
    if "days" in wish:
        return now + timedelta(days=int(wish["days"]))
    instant = datetime.fromisoformat(wish["instant"])
    if instant.tzinfo is None:
        raise ValueError("an instant has a time zone")
    return instant
