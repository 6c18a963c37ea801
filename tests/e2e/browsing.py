"""Chromium, and pages that report whatever a customer's browser would complain about."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.sync_api import expect, sync_playwright

from tests.e2e.sandbox import COOKIE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

    from backend.demo.personas import Persona
    from tests.e2e.sandbox import Sandbox

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
NARROW: ViewportSize = {"width": 320, "height": 640}

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A camera that shows a moving picture, and nobody who has to allow it.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    # Date fields show their parts in the browser's own language.
    "--lang=de-DE",
]
_PATIENCE_MS = 20_000
# A browser without a screen has refused all notifications; one with a screen asks first.
_NEVER_ASKED = """if ("Notification" in window) Object.defineProperty(
  Notification, "permission", { configurable: true, get: () => "default" });"""
expect.set_options(timeout=_PATIENCE_MS)


def chromium() -> str:
    """Return where the machine's Chromium is."""
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None:
        raise RuntimeError("the browser tests need Debian's package 'chromium-headless-shell'")
    return path


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Start the machine's Chromium."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visits:
    """Opens pages as a persona; collects complaints until the test is over.

    Complaints are requests to other hosts, console errors (violations of the content security
    policy among them) and uncaught errors. `expected` holds patterns of those a test provokes.
    """

    browser: Browser
    sandbox: Sandbox
    expected: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)
    _complaints: list[str] = field(default_factory=list)

    def __call__(
        self,
        persona: Persona | None = None,
        path: str = "/",
        *,
        token: str | None = None,
        language: str = "de",
        theme: str = "light",
        size: ViewportSize = DESKTOP,
        **options: Any,
    ) -> Page:
        """Open a page, signed in as `persona` (or with the session `token`)."""
        context = self.new_context(language=language, theme=theme, size=size, **options)
        if token is None and persona is not None:
            token = self.sandbox.token_of(persona)
        if token is not None:
            add_session(context, self.sandbox, token)
        page = context.new_page()
        page.goto(self.sandbox.url + path)
        settle(page)
        return page

    def new_context(
        self,
        *,
        language: str = "de",
        theme: str = "light",
        size: ViewportSize = DESKTOP,
        **options: Any,
    ) -> BrowserContext:
        """Open a fresh browser profile that chose a language and a theme."""
        chosen = {"kundenportal.locale": language, "kundenportal.theme": theme}
        storage: Any = {
            "cookies": [],
            "origins": [
                {
                    "origin": self.sandbox.url,
                    "localStorage": [{"name": n, "value": v} for n, v in chosen.items()],
                }
            ],
        }
        usual = {
            "locale": {"de": "de-DE", "en": "en-GB"}[language],
            "timezone_id": "Europe/Berlin",
            "service_workers": "block",
            "reduced_motion": "reduce",
        }
        options = usual | options
        context = self.browser.new_context(viewport=size, storage_state=storage, **options)
        context.set_default_timeout(_PATIENCE_MS)
        context.add_init_script(_NEVER_ASKED)
        context.on("request", lambda request: self._note_request(request.url))
        context.on("console", lambda said: self._note_console(said.type, said.text))
        context.on("weberror", lambda error: self._complaints.append(f"uncaught: {error.error}"))
        self._contexts.append(context)
        return context

    def close(self) -> list[str]:
        """Close everything and return the complaints nobody expected."""
        for context in self._contexts:
            context.close()
        return [
            complaint
            for complaint in self._complaints
            if not any(re.search(pattern, complaint) for pattern in self.expected)
        ]

    def _note_request(self, url: str) -> None:
        parts = urlsplit(url)
        is_ours = f"{parts.scheme}://{parts.netloc}" == self.sandbox.url
        if not is_ours and parts.scheme not in {"data", "blob"}:
            self._complaints.append(f"request to another host: {url}")

    def _note_console(self, kind: str, text: str) -> None:
        if kind == "error":
            self._complaints.append(f"console: {text}")


def add_session(context: BrowserContext, sandbox: Sandbox, token: str) -> None:
    """Put a session's cookie into a browser profile."""
    context.add_cookies(
        [
            {
                "name": COOKIE,
                "value": token,
                "domain": "localhost",
                "path": "/",
                "secure": True,
                "httpOnly": True,
                "sameSite": "Strict",
            }
        ]
    )


def wait_for_shell(page: Page) -> None:
    """Wait until the service worker has all it keeps: only then pages open without network."""
    page.evaluate(
        """() => navigator.serviceWorker.ready.then(() =>
          navigator.serviceWorker.controller
          ?? new Promise((done) => { navigator.serviceWorker.oncontrollerchange = done; })
        ).then(() => true)"""
    )


def settle(page: Page) -> None:
    """Wait until the page shows its content in its own fonts, and nothing is loading."""
    page.locator("h1").first.wait_for()
    page.wait_for_function(
        """() => document.fonts.status === "loaded"
          && document.getAnimations().length === 0
          && !document.querySelector('[aria-busy="true"], main [class*="skeleton"]')"""
    )
