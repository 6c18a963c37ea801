"""A core system for sandbox and attacks: takes signed events, answers signed, misbehaves."""

from __future__ import annotations

import asyncio
import enum
import json
import logging
import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
from starlette.responses import JSONResponse, Response

from backend.message_signatures import (
    SignatureRefusedError,
    SignedMessage,
    sign_message,
    verify_message,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request

    from backend.clock import Clock
    from backend.signatures import SigningKey

ACKNOWLEDGEMENTS = "/core/acknowledgements"
# Longer than the portal waits.
SLOW_SECONDS = 3.0
_ATTEMPTS = 20
_NONCE_BYTES = 16

_log = logging.getLogger(__name__)


class CoreFault(enum.StrEnum):
    """How the core system misbehaves."""

    NONE = "NONE"
    DOWN = "DOWN"
    SLOW = "SLOW"
    BROKEN = "BROKEN"
    SILENT = "SILENT"
    TWICE = "TWICE"
    REFUSES = "REFUSES"
    OUT_OF_ORDER = "OUT_OF_ORDER"
    EARLY = "EARLY"


# What is said of an event, in this order.
_ANSWERS: Mapping[CoreFault, tuple[str, ...]] = {
    CoreFault.TWICE: ("CONFIRMED", "CONFIRMED"),
    CoreFault.REFUSES: ("REFUSED",),
    CoreFault.OUT_OF_ORDER: ("CONFIRMED", "RECEIVED"),
    CoreFault.SILENT: (),
}
_REASON = "Das Bestandssystem der Sandbox lehnt gerade alles ab."


def key_id_of(institution_key: str) -> str:
    """Return the name of the key with which the core system of an institution signs."""
    return f"demo-{institution_key}"


@dataclass
class DemoCore:
    """The core systems of all institutions in one; `counts` says how often each event came.

    `answer_url` is where it reaches the portal, `portal_url` the address that it signs.
    """

    key: SigningKey
    answer_url: str
    portal_url: str
    clock: Clock
    load_portal_keys: Callable[[], Awaitable[Mapping[str, bytes]]]
    events_url: str
    delay_seconds: float = 2.0
    fault: CoreFault = CoreFault.NONE
    counts: Counter[str] = field(default_factory=Counter)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    when_taken: Callable[[dict[str, Any]], None] = lambda _event: None
    when_saying: Callable[[str, str], None] = lambda _id, _outcome: None
    when_answered: Callable[[str], None] = lambda _id: None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def receive(self, request: Request) -> Response:
        """Take an event as a real core system would, or misbehave."""
        fault, body = self.fault, await request.body()
        match fault:
            case CoreFault.DOWN:
                return Response(status_code=503)
            case CoreFault.BROKEN:
                return Response(status_code=500)
            case CoreFault.SLOW:
                await asyncio.sleep(SLOW_SECONDS)
        message = SignedMessage(request.method, self.events_url, request.headers, body)
        try:
            verify_message(message, await self.load_portal_keys(), now=self.clock.now())
        except SignatureRefusedError as error:
            return JSONResponse({"reason": error.reason}, status_code=401)
        event: dict[str, Any] = json.loads(body)
        self.take(event)
        if fault is CoreFault.EARLY:
            await self.answer(event, fault)
        else:
            self.answer_later(event, fault)
        return Response(status_code=202)

    def take(self, event: dict[str, Any]) -> None:
        """Store an event; a repetition is counted."""
        self.counts[event["id"]] += 1
        if event["id"] not in self.events:
            self.events[event["id"]] = event
            self.when_taken(event)

    async def answer(self, event: Mapping[str, Any], fault: CoreFault) -> None:
        """Answer an event; while the portal does not listen, again and again."""
        for outcome in _ANSWERS.get(fault, ("CONFIRMED",)):
            self.when_saying(event["id"], outcome)
            for attempt in range(_ATTEMPTS):
                if await self._say(event, outcome):
                    break
                await asyncio.sleep(min(2.0, 0.2 * (attempt + 1)))
            else:
                _log.error("acknowledgement_not_taken", extra={"submission": event["id"]})
                return
        self.when_answered(event["id"])

    def answer_later(self, event: Mapping[str, Any], fault: CoreFault) -> None:
        """Answer an event after the usual delay."""

        async def wait() -> None:
            await asyncio.sleep(self.delay_seconds)
            await self.answer(event, fault)

        task = asyncio.create_task(wait())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _say(self, event: Mapping[str, Any], outcome: str) -> bool:
        """Send one answer and tell whether it was taken, or never will be."""
        content = {"submission": event["id"], "outcome": outcome}
        if outcome == "REFUSED":
            content["reason"] = _REASON
        body = json.dumps(content).encode()
        headers = {"Content-Type": "application/json"}
        sign_message(
            SignedMessage("POST", self.portal_url + ACKNOWLEDGEMENTS, headers, body),
            self.key,
            key_id=key_id_of(event["institution"]),
            now=self.clock.now(),
            nonce=secrets.token_urlsafe(_NONCE_BYTES),
        )
        headers["Host"] = self.portal_url.partition("://")[2]
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
                answer = await client.post(
                    self.answer_url + ACKNOWLEDGEMENTS, content=body, headers=headers
                )
        except httpx.HTTPError:
            return False
        # 404: the customer has left; 409: it was settled otherwise. Neither will change.
        return answer.is_success or answer.status_code in (404, 409)
