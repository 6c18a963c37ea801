"""Handing in a claim in the browser, and what arrives at the claims department."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import signal
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw
from playwright.sync_api import Error, expect

from tests.e2e.browsing import FLAGS, add_session, chromium, settle
from tests.e2e.newcomer import customer_number, health_contract_number
from tests.e2e.sandbox import wait_for
from tests.e2e.wording import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, FilePayload, Page

    from backend.demo.personas import Persona
    from tests.e2e.sandbox import Sandbox

NO_NETWORK = "ERR_INTERNET_DISCONNECTED|Failed to fetch|ERR_CONNECTION|ERR_INCOMPLETE_CHUNKED"
KEPT_RECORDS = """() => new Promise((done) => {
  const opening = indexedDB.open("kundenportal-claims");
  opening.onsuccess = () => {
    const store = opening.result.transaction("records").objectStore("records");
    const counting = store.count();
    counting.onsuccess = () => { opening.result.close(); done(counting.result); };
  };
})"""
_COUNT = "{ viewer { claims { totalCount } } }"
_ARRIVES_WITHIN = timedelta(seconds=90)
# The JPEG of every page that the app makes, in order.
_KEEP_JPEGS = """(() => {
  window.madeJpegs = [];
  const convert = OffscreenCanvas.prototype.convertToBlob;
  OffscreenCanvas.prototype.convertToBlob = async function (options) {
    const blob = await convert.call(this, options);
    window.madeJpegs.push(blob);
    return blob;
  };
})()"""
_MADE_JPEGS = """async () => Promise.all(window.madeJpegs.map(async (blob) =>
  Array.from(new Uint8Array(await blob.arrayBuffer()))))"""


def sheet(*, size: tuple[int, int] = (1500, 2000), noise: bool = False) -> bytes:
    """Return a photo of a written sheet on a dark table; with noise it is some megabytes large."""
    width, height = size
    picture = Image.new("RGB", size, (70, 60, 50))
    if noise:
        grain = Image.frombytes("L", size, random.Random(1).randbytes(width * height))  # noqa: S311
        picture = Image.merge("RGB", (grain, grain, grain))
    draw = ImageDraw.Draw(picture)
    if not noise:
        draw.rectangle((width // 10, height // 10, width * 9 // 10, height * 9 // 10), "#f5f4f0")
        for y in range(height // 6, height * 5 // 6, 60):
            draw.text((width // 6, y), "Dr. Beispiel 123,45 EUR " * 4, "#141414")
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=90)
    return made.getvalue()


def picture(name: str, content: bytes, media_type: str = "image/jpeg") -> FilePayload:
    """Return a file as the browser's dialog for files gives it."""
    return {"name": name, "mimeType": media_type, "buffer": content}


def keep_jpegs(page: Page) -> None:
    """Remember from now on what the app makes of photos."""
    page.add_init_script(_KEEP_JPEGS)


def made_jpegs(page: Page) -> list[bytes]:
    """Return the JPEGs that the app made in this page."""
    return [bytes(one) for one in page.evaluate(_MADE_JPEGS)]


def begin_claim(page: Page, sandbox: Sandbox, *, title: str = "", language: str = "de") -> None:
    """Choose kind and contract; the next step is the pages."""
    say = words(language)
    page.goto(f"{sandbox.url}/rechnungen/neu")
    page.get_by_label(say["claims_kind_medical_invoice"]).check()
    page.locator("#title").fill(title)
    page.get_by_role("button", name=say["claims_next"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say["claims_contract_title"])
    page.get_by_label("Kranken Voll").check()
    page.get_by_role("button", name=say["claims_next"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say["claims_pages_title"])


def choose(page: Page, *files: FilePayload) -> None:
    """Choose files as pages and wait until each has become one or was refused."""
    page.locator("#pictures").set_input_files(list(files))
    page.locator("[role=status]").wait_for(state="detached")


def review(page: Page, language: str = "de") -> None:
    """Go on from the pages to the last step."""
    say = words(language)
    page.get_by_role("button", name=say["claims_next"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say["claims_review_title"])
    send_button(page, language).wait_for()
    settle(page)


def send_button(page: Page, language: str = "de") -> Any:
    """Return the button that sends."""
    return page.get_by_role("button", name=words(language)["claims_send"])


def expect_sent(page: Page, language: str = "de") -> None:
    """Wait for the page of the claim."""
    expect(page.get_by_role("alert")).to_contain_text(words(language)["claims_sent_title"])


def package_of(sandbox: Sandbox, persona: Persona) -> tuple[bytes, dict[str, Any]]:
    """Wait until the claim of a new insured lies at the claims department; its file and manifest.

    Told by the contract: claims of the demo world arrive there at the same time.
    """
    number = health_contract_number(persona)

    def look() -> tuple[Path, dict[str, Any]] | None:
        for file in (sandbox.data_dir / "claims-out").glob("*/manifest.json"):
            manifest = json.loads(file.read_text())
            if manifest["contractNumber"] == number:
                return file.parent, manifest
        return None

    package, manifest = wait_for(look, "a package at the claims department", _ARRIVES_WITHIN)
    [file] = [one for one in package.iterdir() if one.suffix == ".pdf"]
    return file.read_bytes(), manifest


def count_claims(sandbox: Sandbox, token: str) -> int:
    """Return how many claims the signed-in customer has."""
    counted: int = sandbox.execute(_COUNT, token=token)["viewer"]["claims"]["totalCount"]
    return counted


def decide(sandbox: Sandbox, claim: str, persona: Persona) -> None:
    """Decide a claim as its department does: a statement with its manifest, and the decision."""
    folder = sandbox.data_dir / "inbox" / "kranken"
    folder.mkdir(parents=True, exist_ok=True)
    letter = next((sandbox.data_dir / "feeds" / "kranken" / "documents").glob("*.pdf")).read_bytes()
    letter += f"\n% {claim}\n".encode()
    (folder / f"{claim}.pdf").write_bytes(letter)
    statement = {
        "id": f"LB-{claim}",
        "customer_number": customer_number(persona),
        "contract_number": None,
        "kind": "BENEFIT_STATEMENT",
        "date": "2026-11-21",
        "sha256": hashlib.sha256(letter).hexdigest(),
        "subject": "Leistungsabrechnung 4711",
        "official_decision": False,
        "file": f"{claim}.pdf",
        "sender": "Musterland Krankenversicherung AG",
        "direction": "INCOMING",
    }
    decision = {
        "claim": claim,
        "status": "PAID",
        "on": "2026-11-21",
        "amount_claimed": "123.45",
        "amount_reimbursed": "98.70",
        "currency": "EUR",
        "statement": statement["id"],
        "updated_at": "2026-11-21T08:00:00+01:00",
    }
    _appear(folder / "manifest.json", json.dumps([statement]))
    _appear(folder / "claims.jsonl", json.dumps(decision))


def _appear(path: Path, text: str) -> None:
    """Write a file that is there whole or not at all."""
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.rename(path)


@contextmanager
def browser_with_profile(
    browser: Browser, sandbox: Sandbox, profile: Path, token: str
) -> Iterator[BrowserContext]:
    """Start a browser of its own that keeps its storage in a folder, in English and signed in."""
    context = browser.browser_type.launch_persistent_context(
        profile, executable_path=chromium(), args=FLAGS, service_workers="block"
    )
    context.add_init_script("localStorage.setItem('kundenportal.locale', 'en')")
    add_session(context, sandbox, token)
    try:
        yield context
    finally:
        # It may have been killed.
        with suppress(Error):
            context.close()


def kill_browser(profile: Path) -> None:
    """End the browser with this profile at once, without letting it write anything."""
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (entry / "cmdline").read_bytes().split(b"\0")
            is_main = not any(one.startswith(b"--type=") for one in command)
            if is_main and f"--user-data-dir={profile}".encode() in command:
                os.kill(int(entry.name), signal.SIGKILL)
