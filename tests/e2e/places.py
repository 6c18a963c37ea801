"""Every page and state worth looking at: its address, who opens it, and what is unfolded there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from backend.demo.personas import ANNA, BERTA, HEDWIG, JONAS, KLAUS, PASSWORD, PAUL, PIA
from tests.claiming import UBL
from tests.e2e.browsing import settle
from tests.e2e.claiming import picture, sheet
from tests.e2e.newcomer import HANNA, NORA, OLGA, PAULA, WANDA
from tests.e2e.registering import fill_registration
from tests.receipt_vectors import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import FilePayload, Page

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


def _read_letter(page: Page) -> None:
    """Open what is unread and come back: a picture of the letter may have come first, or not."""
    unread = page.get_by_role("link", name="Neue Bedingungen Ihrer Haftpflicht")
    if unread.count():
        start = page.url
        unread.click()
        _wait_for_sheet(page)
        page.locator("main dl").first.wait_for()
        page.goto(start)
        unread.wait_for(state="detached")


def _open_own(page: Page) -> None:
    """Open the contract of another company, whose row speaks the page's language."""
    page.locator("main ul > li a[href*='/eigene/']").last.click()
    page.locator("main dl").wait_for()


def _send_no_statement(page: Page) -> None:
    """Send a file that no bank gave out, and wait until it was read."""
    with page.expect_file_chooser() as chooser:
        page.locator("#statements").click()
    letter: FilePayload = {"name": "umsaetze.csv", "mimeType": "text/csv", "buffer": b"a;b\n1;2\n"}
    chooser.value.set_files(letter)
    page.get_by_role("alert").wait_for()


def _submit(page: Page) -> None:
    page.locator("main form button[type=submit]").click()


def _submit_empty(page: Page) -> None:
    _submit(page)
    page.get_by_role("alert").wait_for()


def _ask_for_tan(page: Page) -> None:
    page.locator("#emailAddress").fill(KLAUS.email)
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.locator("#tan").wait_for()


def _ask_for_approval(page: Page) -> None:
    page.locator("#emailAddress").fill("paula@neu.example")
    page.locator("main form button[type=submit]").click()
    page.get_by_role("dialog").wait_for()


def _ask_for_approval_tan(page: Page) -> None:
    _ask_for_approval(page)
    page.get_by_role("dialog").get_by_role("button").first.click()
    page.locator("#approvalTan").fill("12")
    page.keyboard.press("Enter")
    page.locator("#approvalTan-error").wait_for()


def _send_registration(page: Page) -> None:
    fill_registration(page, NELE)
    _submit(page)
    page.get_by_role("alert").wait_for()
    page.locator("main form").wait_for(state="detached")


def _go_on_registering(page: Page) -> None:
    """Come back to the tab in which the address was confirmed."""
    kept = '{"registration": "not-a-secret", "maskedPhoneNumber": "+49 ••• 096"}'
    page.evaluate("kept => sessionStorage.setItem('kundenportal.registration', kept)", kept)
    page.reload()
    page.get_by_role("status").wait_for()


def _follow_old_link(page: Page) -> None:
    page.locator("main button").click()
    page.get_by_role("alert").wait_for()


def _choose_receipt(page: Page) -> None:
    """Choose a receipt of another house."""
    file = json.dumps(read()["receipts"][0], ensure_ascii=False).encode()
    page.locator("#receipt-file").set_input_files(
        {"name": "quittung-0.json", "mimeType": "application/json", "buffer": file}
    )
    page.get_by_role("alert").wait_for()


def _send_link(page: Page) -> None:
    page.locator("#emailAddress").fill(NELE.email)
    _submit(page)
    page.locator("main form").wait_for(state="detached")


def _go_on_recovering(page: Page) -> None:
    """Come back to the tab in which the link was followed, with a letter that has come."""
    kept = """{"recovery": "not-a-secret", "ways": ["PASSKEY", "LETTER"], "letter": {
      "requestedAt": "2026-11-18T09:00:00Z", "expiresAt": "2026-12-18T09:00:00Z"}}"""
    page.evaluate("kept => sessionStorage.setItem('kundenportal.recovery', kept)", kept)
    page.reload()
    page.locator("main section").nth(1).wait_for()


def _enter_code(page: Page) -> None:
    _go_on_recovering(page)
    page.locator("main section button").last.click()
    page.locator("#activationCode").fill("12")
    _submit_empty(page)


def _review(page: Page) -> None:
    """Look at what will happen, after the code of the letter."""
    kept = '{"recovery": "not-a-secret", "maskedPhoneNumber": "+49 ••• 096"}'
    page.evaluate("kept => sessionStorage.setItem('kundenportal.recovery', kept)", kept)
    page.reload()
    page.locator("#newPassword").fill("Vier Störche auf dem Dach")
    _submit(page)
    page.locator("main dl").wait_for()


def _choose_pages(page: Page) -> None:
    """Begin a claim: two photos, and a file that is none, with a name as scanners give it."""
    page.locator("#kind").check()
    _submit(page)
    page.locator("#contract").check()
    _submit(page)
    scan = "Scan_2026-11-02_Rechnung_Zahnarztpraxis_Schwarzenberger_und_Partner.jpg"
    files = [picture("1.jpg", sheet()), picture("2.jpg", sheet()), picture(scan, b"")]
    page.locator("#pictures").set_input_files(files)
    page.get_by_role("alert").wait_for()
    page.locator("main ol canvas").nth(1).wait_for()


def _edit_page(page: Page) -> None:
    _choose_pages(page)
    page.locator("main ol button").first.click()
    page.locator("main canvas").wait_for()
    # The hint where the sheet lies, taken.
    page.locator("main section p button").click()


def _review_claim(page: Page) -> None:
    _choose_pages(page)
    page.locator("main > div > div > div:last-child > button").click()
    page.locator("main dl").wait_for()


def _review_invoice(page: Page) -> None:
    """Begin a claim with an e-invoice."""
    page.locator("#kind").check()
    _submit(page)
    page.locator("#contract").check()
    _submit(page)
    page.locator("#pictures").set_input_files([picture("rechnung.xml", UBL, "text/xml")])
    page.locator("main dl").wait_for()
    page.locator("main > div > div > div:last-child > button").click()
    page.locator("main dl").nth(1).wait_for()


def _send_claim(page: Page) -> None:
    _review_claim(page)
    page.locator("main button").first.click()
    page.locator("main li[aria-current=step]").wait_for()


def _open_paid_claim(page: Page) -> None:
    """Open the oldest claim: every step is done, the benefit statement is there."""
    page.locator("main li a").last.click()
    page.locator("main ol").wait_for()


def _list_claims(page: Page) -> None:
    """See one that is sent, and one that is not."""
    _send_claim(page)
    page.goto(_join(page.url, "/rechnungen/neu"))
    settle(page)
    _choose_pages(page)
    page.goto(_join(page.url, "/rechnungen"))
    settle(page)
    page.locator("main ul").nth(1).wait_for()


def _park(page: Page, title: str, amount: str, day: str) -> None:
    """Keep an invoice of one page for later."""
    page.goto(_join(page.url, "/rechnungen/neu?sammeln=1"))
    settle(page)
    page.locator("#kind").check()
    _submit(page)
    page.locator("#contract").check()
    _submit(page)
    page.locator("#pictures").set_input_files([picture("1.jpg", sheet())])
    page.locator("main ol canvas").wait_for()
    page.locator("main > div > div > div:last-child > button").click()
    page.locator("#title").fill(title)
    page.locator("#amount").fill(amount)
    page.locator("#issuedOn").fill(day)


def _list_parked(page: Page) -> None:
    """Keep three invoices, tick one, and set a limit that is not reached yet."""
    for title, amount, day in (
        ("Zahnarzt Mai", "84,60", "2026-05-12"),
        ("Labor Dr. Beispiel", "130,80", "2026-06-03"),
        ("Brille", "", "2026-09-21"),
    ):
        _park(page, title, amount, day)
        _submit(page)
        page.get_by_role("checkbox").first.wait_for()
    page.locator("main section button").first.click()
    page.locator("#threshold").fill("300")
    page.locator("dialog button[type=submit]").click()
    page.locator("dialog").wait_for(state="detached")
    page.get_by_role("checkbox").first.check()


def _review_parked(page: Page) -> None:
    _list_parked(page)
    page.locator("main form button").first.click()
    page.locator("main ol canvas").wait_for()


def _refuse_to_park(page: Page) -> None:
    _park(page, "Zahnarzt Mai", "viel", "2026-05-12")
    _submit_empty(page)


def _review_bank_account(page: Page) -> None:
    """Look at what a new account would change."""
    page.get_by_role("checkbox").first.check()
    _submit(page)
    page.locator("#iban").fill("AT61 1904 3002 3457 3201")
    _submit(page)
    page.locator("main dl").wait_for()


def _review_support_request(page: Page) -> None:
    """Look at what would be sent: two groups of technical data."""
    page.locator("#text").fill("Die Umsätze bleiben leer, seit gestern Abend.")
    page.locator("#along-numbers").check()
    page.locator("#along-connection").check()
    _submit(page)
    page.locator("main pre").nth(1).wait_for()


CONFIRM = "/confirm-email-address"
RECOVERING = "/zugang-wiederherstellen"
REGISTERING = "/confirm-registration"
NELE = replace(NORA, key="nele", given_name="Nele", phone="+491713920096")
ACCOUNTS = "/vertraege?art=konten"

PLACES = (
    Place("sign-in", "/anmelden", None),
    Place("sign-in-refused", "/anmelden", None, unfold=_submit_empty),
    Place("sign-in-tan", "/anmelden", None, unfold=_ask_for_tan),
    Place("register", "/registrieren", None, is_main=True),
    Place("register-refused", "/registrieren", None, unfold=_submit_empty),
    Place("register-sent", "/registrieren", None, unfold=_send_registration),
    Place("terms-portal", "/terms/portal", None),
    Place("terms-postbox", "/terms/postbox", None),
    Place("confirm-registration", f"{REGISTERING}#not-a-secret", None),
    Place("confirm-registration-refused", f"{REGISTERING}#not-a-secret", None,
          unfold=_follow_old_link),
    Place("confirm-registration-phone", REGISTERING, None, unfold=_go_on_registering),
    Place("lost-access", "/zugang-verloren", None),
    Place("lost-access-sent", "/zugang-verloren", None, unfold=_send_link),
    Place("recover-ways", RECOVERING, None, unfold=_go_on_recovering),
    Place("recover-code-refused", RECOVERING, None, unfold=_enter_code),
    Place("recover-review", RECOVERING, None, unfold=_review, is_main=True),
    Place("recover-refused", f"{RECOVERING}#not-a-secret", None, unfold=_follow_old_link),
    Place("overview", "/", is_main=True),
    Place("overview-empty", "/", NORA),
    Place("overview-unreachable", "/", HEDWIG, unfold=_read_letter),
    Place("contracts", "/vertraege", is_main=True),
    Place("contracts-empty", "/vertraege", NORA),
    Place("contracts-no-match", "/vertraege?suche=Flugzeug"),
    Place("add-contracts", "/kundennummer", NORA),
    Place("add-contracts-refused", "/kundennummer", NORA, unfold=_submit_empty),
    Place("contract-life", "/vertraege", via="Kapitalleben Klassik"),
    Place("contract-health", "/vertraege", via="Zahn Plus"),
    Place("contract-motor", "/vertraege", via="Kfz Komfort", is_main=True),
    Place("contract-household", "/vertraege", via="Hausrat Komfort"),
    Place("contract-liability", "/vertraege", via="Haftpflicht Familie"),
    Place("contract-absent", "/vertraege/nichts"),
    Place("self-added", "/vertraege", OLGA, unfold=_open_own),
    Place("self-added-refused", "/vertraege/eigene/neu", OLGA, unfold=_submit_empty),
    Place("self-added-list", "/vertraege", OLGA),
    Place("self-added-account", "/vertraege", OLGA, via="Deutsche Kreditbank Berlin"),
    Place("add-account-refused", "/konten/eigene/neu", OLGA, unfold=_send_no_statement),
    Place("delete-data", "/profil/einstellungen/daten-loeschen", OLGA),
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
    Place("letter-decision", "/postfach", BERTA, via="Ihre Befreiung von Zuzahlungen",
          unfold=_wait_for_sheet),
    Place("letter-on-paper", "/postfach", HEDWIG, via="Neue Bedingungen Ihrer Haftpflicht",
          unfold=_wait_for_sheet),
    Place("messages-empty", "/postfach/nachrichten", NORA),
    Place("messages", "/postfach/nachrichten", BERTA),
    Place("conversation", "/postfach/nachrichten", BERTA, via="Zulagenantrag 2025", is_main=True),
    Place("message-new", "/postfach/nachrichten/neu", is_main=True),
    Place("message-refused", "/postfach/nachrichten/neu", unfold=_submit_empty),
    Place("services", "/services"),
    Place("personal-details", "/services/persoenliche-daten", is_main=True),
    Place("address", "/services/persoenliche-daten/adresse", unfold=_submit_empty, is_main=True),
    Place("name", "/services/persoenliche-daten/name"),
    Place("submissions", "/services/auftraege", BERTA, is_main=True),
    Place("submission-refused", "/services/auftraege", BERTA, via="Neue Adresse"),
    Place("submissions-empty", "/services/auftraege", NORA),
    Place("bank-account", "/services/bankverbindung"),
    Place("bank-account-review", "/services/bankverbindung", unfold=_review_bank_account,
          is_main=True),
    Place("bank-accounts", "/services/bankverbindung/verlauf", is_main=True),
    Place("claims", "/rechnungen/neu", HANNA, unfold=_list_claims),
    Place("claims-empty", "/rechnungen"),
    Place("claim-new", "/rechnungen/neu", is_main=True),
    Place("claim-new-nothing-to-pick", "/rechnungen/neu", JONAS),
    Place("claim-pages", "/rechnungen/neu", unfold=_choose_pages, is_main=True),
    Place("claim-edit", "/rechnungen/neu", unfold=_edit_page),
    Place("claim-review", "/rechnungen/neu", unfold=_review_claim),
    Place("parked-invoices", "/rechnungen/gesammelt", HANNA, unfold=_list_parked, is_main=True),
    Place("parked-invoices-empty", "/rechnungen/gesammelt"),
    Place("parked-invoice-refused", "/rechnungen/neu", unfold=_refuse_to_park),
    Place("parked-invoices-review", "/rechnungen/gesammelt", HANNA, unfold=_review_parked),
    Place("claim-e-invoice", "/rechnungen/neu", BERTA, unfold=_review_invoice),
    Place("claim", "/rechnungen", PIA, unfold=_open_paid_claim, is_main=True),
    Place("forms", "/services/formulare", is_main=True),
    Place("forms-no-match", "/services/formulare?suche=Raumfahrt"),
    Place("profile", "/profil"),
    Place("settings", "/profil/einstellungen", KLAUS),
    Place("change-email", "/profil/einstellungen/e-mail", PAULA),
    Place("change-password", "/profil/einstellungen/passwort", PAULA),
    Place("change-password-refused", "/profil/einstellungen/passwort", PAULA,
          unfold=_submit_empty),
    Place("change-phone", "/profil/einstellungen/mobilnummer", PAULA),
    Place("approval", "/profil/einstellungen/e-mail", PAULA, unfold=_ask_for_approval,
          is_main=True),
    Place("approval-tan", "/profil/einstellungen/e-mail", PAULA, unfold=_ask_for_approval_tan),
    Place("confirm-email", f"{CONFIRM}#not-a-secret", None),
    Place("confirm-email-refused", f"{CONFIRM}#not-a-secret", None, unfold=_follow_old_link),
    Place("consents", "/profil/einstellungen/einwilligungen", KLAUS),
    Place("delivery", "/profil/einstellungen/versandweg"),
    Place("settings-history", "/profil/einstellungen/verlauf", KLAUS),
    Place("confirm-consent", "/confirm-consent#not-a-secret", None),
    Place("take-data", "/profil/daten"),
    Place("delete-account", "/profil/einstellungen/benutzerkonto-loeschen", KLAUS),
    Place("withdraw", "/profil/einstellungen/widerruf", WANDA),
    Place("farewell", "/auf-wiedersehen", None),
    Place("security", "/profil/sicherheit", PAUL),
    Place("device", "/profil/sicherheit", PAUL, via="Altes Telefon"),
    Place("new-device", "/profil/sicherheit/neues-geraet", PAULA),
    Place("approve-device", "/geraet-freigeben#not-a-secret", PAULA),
    Place("lock-account", "/profil/sicherheit/sperren", PAULA),
    Place("security-log", "/profil/sicherheit/protokoll", PAULA),
    Place("diagnostics", "/profil/technische-daten"),
    Place("support-request", "/profil/technische-daten/support", is_main=True),
    Place("support-request-review", "/profil/technische-daten/support",
          unfold=_review_support_request),
    Place("receipts-empty", "/profil/quittungen", NORA),
    Place("verify-receipt", "/quittung-pruefen", None),
    Place("verify-receipt-refused", "/quittung-pruefen", None, unfold=_choose_receipt),
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
