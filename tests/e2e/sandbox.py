"""The sandbox as a process of its own, and what a test may ask of it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from backend.demo.personas import PASSWORD
from tests.signing_in import CONFIRM_SIGN_IN, SIGN_IN_WITH_PASSWORD, WHO_AM_I

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backend.demo.personas import Persona

Found = TypeVar("Found")

SPA = Path(__file__).parents[2] / "backend" / "web" / "spa" / "index.html"
COOKIE = "__Host-session"
_STATES = "{ viewer { submissions(first: 1) { nodes { state } } } }"
_STARTS_WITHIN = timedelta(minutes=3)
_ARRIVES_WITHIN = timedelta(seconds=60)
_STOPS_WITHIN_SECONDS = 30


class SandboxError(RuntimeError):
    """The sandbox did not start, or did not do what the demo world promises."""


@dataclass
class Sandbox:
    """A running sandbox: its address, its folder, its phones and mailboxes, its clock."""

    url: str
    data_dir: Path
    client: httpx.Client
    process: subprocess.Popen[bytes]
    _tokens: dict[str, str] = field(default_factory=dict)

    def messages(self, channel: str, recipient: str) -> list[dict[str, Any]]:
        """Return what a phone (SMS) or mailbox (MAIL) received, newest first."""
        caught = self.client.get("/sandbox/api/messages").raise_for_status().json()["messages"]
        return [
            message
            for message in caught
            if message["channel"] == channel and message["recipient"] == recipient
        ]

    def newest_id(self, channel: str, recipient: str) -> int:
        """Return the number of the newest message, 0 if there is none."""
        return max((found["id"] for found in self.messages(channel, recipient)), default=0)

    def message_after(
        self, number: int, channel: str, recipient: str, subject: str | None = None
    ) -> dict[str, Any]:
        """Wait for a message newer than `number`; with `subject`, for the one that has it."""

        def look() -> dict[str, Any] | None:
            newer = [
                message
                for message in self.messages(channel, recipient)
                if message["id"] > number and subject in {None, message.get("subject")}
            ]
            return newer[0] if newer else None

        what = f"a new message ({channel}) to {recipient}"
        return wait_for(look, what if subject is None else f"{what}: {subject}", _ARRIVES_WITHIN)

    def path_in(self, message: dict[str, Any]) -> str:
        """Return the path of the link with a secret that a message has."""
        found = re.search(rf"{re.escape(self.url)}(/\S+#\S+)", message["text"])
        if found is None:
            raise SandboxError(f"no link in the message: {message['text']}")
        return found.group(1)

    def tan_after(self, number: int, phone: str) -> str:
        """Wait for the text message that follows `number` and return its TAN."""
        text = self.message_after(number, "SMS", phone)["text"]
        found = re.search(r"\b\d{6}\b", text)
        if found is None:
            raise SandboxError(f"no TAN in the message: {text}")
        return found.group()

    def now(self) -> datetime:
        """Return the time in the sandbox."""
        told = self.client.get("/sandbox/api/clock").raise_for_status().json()
        return datetime.fromisoformat(told["now"])

    def travel(self, instant: datetime) -> None:
        """Set the sandbox's clock."""
        self.client.post(
            "/sandbox/api/clock", json={"instant": instant.isoformat()}
        ).raise_for_status()

    @contextmanager
    def travelling(self) -> Iterator[None]:
        """Bring the clock back afterwards, so that no test lives in another one's time."""
        offset = self.now() - datetime.now(UTC)
        try:
            yield
        finally:
            self.travel(datetime.now(UTC) + offset)

    @contextmanager
    def misbehaving_core(self, fault: str) -> Iterator[None]:
        """Let the core systems misbehave meanwhile."""
        for now in (fault, "NONE"):
            self.client.post("/sandbox/api/core", json={"fault": now}).raise_for_status()
            if now == fault:
                yield

    def wait_for_answer(self, token: str, state: str) -> None:
        """Wait until the newest thing that a customer submitted has this state."""

        def look() -> bool | None:
            nodes = self.execute(_STATES, token=token)["viewer"]["submissions"]["nodes"]
            return nodes[0]["state"] == state or None

        wait_for(look, "the core system's answer", _ARRIVES_WITHIN)

    def token_of(self, persona: Persona) -> str:
        """Return a session of a persona, shared by all tests that are not about signing in."""
        token = self._tokens.get(persona.key)
        if token is None or not self._is_alive(token):
            token = self._tokens[persona.key] = self.sign_in(persona)
        return token

    def sign_in(self, persona: Persona) -> str:
        """Sign a persona in by password and TAN, without a browser; return the session's token."""
        before = self.newest_id("SMS", persona.phone)
        first = self.execute(
            SIGN_IN_WITH_PASSWORD,
            {"input": {"emailAddress": persona.email, "password": PASSWORD}},
        )["signInWithPassword"]
        if first["__typename"] != "TanRequired":
            raise SandboxError(f"{persona.key} was not asked for a TAN: {first}")
        second = self.execute(
            CONFIRM_SIGN_IN,
            {
                "input": {
                    "challenge": first["challenge"],
                    "tan": self.tan_after(before, persona.phone),
                    "transport": "BEARER",
                }
            },
        )["confirmSignIn"]
        if second["__typename"] != "SignedIn":
            raise SandboxError(f"{persona.key} could not sign in: {second}")
        token: str = second["bearerToken"]
        return token

    def execute(
        self, query: str, variables: dict[str, Any] | None = None, token: str | None = None
    ) -> dict[str, Any]:
        """Send one GraphQL operation that must succeed and return its data."""
        response = self.client.post(
            "/graphql",
            json={"query": query, "variables": variables or {}},
            headers={"Authorization": f"Bearer {token}"} if token else {},
        )
        answer: dict[str, Any] = response.json()
        if "errors" in answer:
            raise SandboxError(str(answer["errors"]))
        data: dict[str, Any] = answer["data"]
        return data

    def _is_alive(self, token: str) -> bool:
        return self.execute(WHO_AM_I, token=token)["viewer"] is not None


def wait_for(look: Callable[[], Found | None], what: str, within: timedelta) -> Found:
    """Look again and again until something is there; say what was missing otherwise."""
    until = time.monotonic() + within.total_seconds()
    while (found := look()) is None:
        if time.monotonic() > until:
            raise SandboxError(f"waited in vain for {what}")
        time.sleep(0.1)
    return found


@contextmanager
def running_sandbox(data_dir: Path, port: int | None = None) -> Iterator[Sandbox]:
    """Run `kundenportal sandbox` with a fresh demo world on a free port."""
    if not SPA.exists():
        raise SandboxError(f"{SPA} is missing: build the app for the browser first (make setup)")
    port = port or _free_port()
    url = f"http://localhost:{port}"
    log = data_dir.with_suffix(".log")
    command = [sys.executable, "-m", "backend.cli", "sandbox"]
    command += ["--port", str(port), "--data-dir", str(data_dir)]
    foreign = {name for name in os.environ if name.startswith("KUNDENPORTAL_")}
    environment = {name: value for name, value in os.environ.items() if name not in foreign}
    with (
        log.open("wb") as output,
        subprocess.Popen(command, stdout=output, stderr=output, env=environment) as process,
        httpx.Client(base_url=url, headers={"Origin": url}, timeout=30) as client,
    ):
        try:
            wait_for(lambda: _answers(client, process, log), "the sandbox", _STARTS_WITHIN)
            yield Sandbox(url=url, data_dir=data_dir, client=client, process=process)
        finally:
            process.terminate()
            try:
                process.wait(_STOPS_WITHIN_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _answers(client: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> bool | None:
    if process.poll() is not None:
        raise SandboxError(f"the sandbox ended:\n{log.read_text(encoding='utf-8')}")
    try:
        client.get("/health").raise_for_status()
    except httpx.HTTPError:
        return None
    return True
