"""Every page and state worth looking at: its address, who opens it, and what is unfolded there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backend.demo.personas import ANNA, KLAUS, PASSWORD
from tests.e2e.browsing import settle
from tests.e2e.newcomer import NORA

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from backend.demo.personas import Persona
    from tests.e2e.browsing import Visits


@dataclass(frozen=True)
class Place:
    """A page: opened at `path`, or by the row called `via` of that page, then unfolded."""

    name: str
    path: str
    persona: Persona | None = ANNA
    via: str | None = None
    suffix: str = ""
    unfold: Callable[[Page], None] | None = None
    is_main: bool = False


def _unfold_all(page: Page) -> None:
    """Open everything that folds."""
    for button in page.locator("main button[aria-expanded]").all():
        if button.is_visible() and button.get_attribute("aria-expanded") == "false":
            button.click()


def _wait_for_sheet(page: Page) -> None:
    page.locator("main section[aria-label] canvas").first.wait_for()
    # The words of the letter lie over its picture when both are there.
    page.locator("main section[aria-label] span").first.wait_for(state="attached")


def _wait_for_plot(page: Page) -> None:
    page.locator("[role=img] canvas").wait_for()
    page.locator("main section button").first.click()
    page.locator("main table").wait_for()


def _submit_empty(page: Page) -> None:
    page.locator("main form button[type=submit]").click()
    page.get_by_role("alert").wait_for()


def _ask_for_tan(page: Page) -> None:
    page.locator("#emailAddress").fill(KLAUS.email)
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.locator("#tan").wait_for()


ACCOUNTS = "/vertraege?art=konten"

PLACES = (
    Place("sign-in", "/anmelden", None),
    Place("sign-in-refused", "/anmelden", None, unfold=_submit_empty),
    Place("sign-in-tan", "/anmelden", None, unfold=_ask_for_tan),
    Place("overview", "/", is_main=True),
    Place("overview-empty", "/", NORA),
    Place("contracts", "/vertraege", is_main=True),
    Place("contracts-empty", "/vertraege", NORA),
    Place("contracts-no-match", "/vertraege?suche=Flugzeug"),
    Place("contract-life", "/vertraege", via="Kapitalleben Klassik"),
    Place("contract-health", "/vertraege", via="Zahn Plus"),
    Place("contract-motor", "/vertraege", via="Kfz Komfort", is_main=True),
    Place("contract-household", "/vertraege", via="Hausrat Komfort"),
    Place("contract-liability", "/vertraege", via="Haftpflicht Familie"),
    Place("contract-absent", "/vertraege/nichts"),
    Place("transactions", ACCOUNTS, via="Tagesgeld Plus", is_main=True),
    Place("transactions-plot", ACCOUNTS, via="Tagesgeld Plus", suffix="?verlauf=1",
          unfold=_wait_for_plot),
    Place("transactions-filter", ACCOUNTS, via="Tagesgeld Plus", suffix="?suche=Garten",
          unfold=_unfold_all),
    Place("account-details", ACCOUNTS, via="Tagesgeld Plus",
          suffix="/../vertragsdetails?menue=lastschrifteinzug"),
    Place("postbox", "/postfach", is_main=True),
    Place("postbox-sent", "/postfach?ordner=gesendet"),
    Place("postbox-empty", "/postfach", NORA),
    Place("postbox-refused", "/postfach?von=2026-11-21&bis=2026-11-01"),
    Place("letter", "/postfach?ordner=gesendet", via="Ihre Frage zur Fahrradklausel",
          unfold=_wait_for_sheet, is_main=True),
    Place("services", "/services"),
    Place("profile", "/profil"),
    Place("settings", "/profil/einstellungen", KLAUS),
    Place("security", "/profil/sicherheit"),
    Place("help", "/hilfe", None, unfold=_unfold_all),
    Place("not-found", "/gibt-es-nicht"),
    Place("sandbox", "/sandbox", None),
)  # fmt: skip


def open_place(visit: Visits, place: Place, **options: Any) -> Page:
    """Open a page in the state described."""
    page = visit(place.persona, place.path, **options)
    if place.via:
        link = page.locator("main ul > li a").filter(has_text=place.via).first
        page.goto(_join(page.url, link.get_attribute("href") or "") + place.suffix)
        settle(page)
    unfold(page, place)
    return page


def unfold(page: Page, place: Place) -> None:
    """Bring a loaded page into the state described."""
    if place.unfold:
        place.unfold(page)
        settle(page)


def _join(url: str, path: str) -> str:
    return "/".join(url.split("/", 3)[:3]) + path
