"""Claims in the browser: captured without network, sealed, sent once; nothing is lost."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pikepdf
import pillow_heif
import pytest
from PIL import Image
from playwright.sync_api import expect

from backend.demo.load import STARTS_AT
from backend.demo.personas import JONAS, PIA
from tests.e2e.browsing import DESKTOP, PHONE, Visits, add_session, settle, wait_for_shell
from tests.e2e.claiming import (
    KEPT_RECORDS,
    NO_NETWORK,
    begin_claim,
    browser_with_profile,
    choose,
    count_claims,
    decide,
    expect_sent,
    keep_jpegs,
    kill_browser,
    made_jpegs,
    package_of,
    picture,
    review,
    send_button,
    sheet,
)
from tests.e2e.newcomer import new_insured
from tests.e2e.pages import section, sign_in
from tests.e2e.pdf_readers import assert_shows, pictures_in
from tests.e2e.sandbox import running_sandbox, wait_for
from tests.security.hostile_files import located_photo, photo
from tests.security.hostile_pdfs import pdf

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Route

    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

# Without a screen Chromium has no background sync of its own; its tools can cause one.
_NOTE_TAGS = """window.tags = [];
  SyncManager.prototype.register = async (tag) => { window.tags.push(tag); };"""
_NO_CAMERA = """navigator.mediaDevices.getUserMedia = async () => {
  throw new DOMException("Denied", "NotAllowedError"); };"""
# As Firefox does while its question is open.
_OPEN_QUESTION = "navigator.storage.persist = () => new Promise(() => undefined);"
_NO_ROOM = """() => { IDBObjectStore.prototype.put = () => {
  throw new DOMException("Full", "QuotaExceededError"); }; }"""
SIGN_OUT = "mutation { signOut { isSignedOut } }"
_FORGETS_WITHIN = timedelta(seconds=10)


def _photograph(page: Page, times: int) -> None:
    page.get_by_role("button", name="Seite fotografieren").click()
    for number in range(1, times + 1):
        page.get_by_role("button", name="Aufnehmen").click()
        expect(page.get_by_role("dialog")).to_contain_text(
            "Eine Seite ist" if number == 1 else f"{number} Seiten sind"
        )
    page.get_by_role("button", name="Fertig").click()


def test_F56_F58_F62_M5_three_pages_captured_without_network_are_sent_when_it_is_back(
    visit: Visits, sandbox: Sandbox
) -> None:
    visit.expected.append(NO_NETWORK)
    carla = new_insured(sandbox)
    token = sandbox.sign_in(carla)
    page = visit(path="/services", token=token, size=PHONE, service_workers="allow")
    wait_for_shell(page)
    said: list[bytes] = []
    page.context.on("request", lambda one: said.append(one.url.encode() + _body(one)))
    keep_jpegs(page)
    begin_claim(page, sandbox, title="Zahnarzt streng geheim")
    page.context.set_offline(True)
    _photograph(page, 3)
    page.get_by_role("button", name="Nach vorn (Seite 3)").press("Enter")
    expect(page.locator("main li").nth(1)).to_be_focused()
    review(page)
    send_button(page).click()
    expect(page.get_by_role("alert")).to_contain_text("Ihr Gerät erreicht uns gerade nicht")
    assert count_claims(sandbox, token) == 0

    page.context.set_offline(False)
    expect_sent(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Zahnarzt streng geheim")
    expect(section(page, "Stand")).to_contain_text("Bei uns angekommen")
    expect(page.locator("main")).to_contain_text("Ihre Quittung")
    document, manifest = package_of(sandbox, carla)
    first, second, third = made_jpegs(page)
    assert_shows(document, [first, third, second])
    assert manifest["kind"] == "MEDICAL_INVOICE"
    assert count_claims(sandbox, token) == 1
    assert len(said) > 10
    assert not [one for one in said if b"geheim" in one]
    assert not [one for one in said if first[:400] in one]

    page.goto(f"{sandbox.url}/rechnungen")
    settle(page)
    expect(page.locator("main")).not_to_contain_text("Noch nicht gesendet")
    expect(page.locator("main")).to_contain_text("Zahnarzt streng geheim")


def _body(request: object) -> bytes:
    return getattr(request, "post_data_buffer", None) or b""


def _note(parts: list[str], route: Route) -> None:
    """Let a part pass and remember where it begins."""
    if route.request.method == "PATCH":
        parts.append(route.request.headers["upload-offset"])
    route.continue_()


def test_F59_F60_F63_a_transfer_that_breaks_goes_on_after_the_browser_was_killed(
    browser: Browser, sandbox: Sandbox, tmp_path: Path
) -> None:
    carla = new_insured(sandbox)
    token = sandbox.sign_in(carla)
    parts: list[str] = []

    def lose_the_second(route: Route) -> None:
        offset = route.request.headers.get("upload-offset", "")
        if route.request.method == "PATCH" and offset != "0":
            route.abort("connectionreset")
            return
        _note(parts, route)

    with browser_with_profile(browser, sandbox, tmp_path, token) as context:
        context.route("**/claim-documents/**", lose_the_second)
        page = context.new_page()
        begin_claim(page, sandbox, language="en")
        choose(page, picture("large.jpg", sheet(size=(2200, 1700), noise=True)))
        review(page, "en")
        send_button(page, "en").click()
        expect(page.get_by_role("alert")).to_contain_text("Your device can't reach us")
        assert parts == ["0"]
        kill_browser(tmp_path)

    with browser_with_profile(browser, sandbox, tmp_path, token) as context:
        context.route("**/claim-documents/**", lambda route: _note(parts, route))
        page = context.new_page()
        page.goto(f"{sandbox.url}/rechnungen")
        # What waited goes on by itself.
        expect(section(page, "Sent")).to_contain_text("Medical invoice")
        page.goto(f"{sandbox.url}/")
        settle(page)
        expect(page.locator("main")).not_to_contain_text("Your saved PDF")
    document, _ = package_of(sandbox, carla)
    assert len(pictures_in(document)) == 1
    # Nothing that had arrived came a second time.
    offsets = [int(one) for one in parts]
    assert offsets == sorted(set(offsets))
    assert len(offsets) >= 2
    assert count_claims(sandbox, token) == 1


def test_F60_a_session_that_ended_is_renewed_and_the_draft_is_still_there(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_insured(sandbox)
    token = sandbox.sign_in(carla)
    page = visit(path="/", token=token, size=PHONE)
    begin_claim(page, sandbox)
    choose(page, picture("rechnung.jpg", sheet()), picture("quer.jpg", located_photo()))
    page.get_by_role("button", name="Bearbeiten (Seite 1)").click()
    page.get_by_role("button", name="Nach rechts drehen").click()
    # The phone's own way back gives up the edits, not the step.
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Seiten aufnehmen")
    expect(page.locator("main ol > li")).to_have_count(2)
    page.get_by_role("button", name="Bearbeiten (Seite 1)").click()
    page.get_by_role("button", name="Am Rand zuschneiden").click()
    expect(page.get_by_label("Oben")).to_have_value("10")
    page.get_by_role("button", name="Nach rechts drehen").click()
    page.get_by_role("button", name="Übernehmen").click()
    review(page)
    sandbox.execute(SIGN_OUT, token=token)
    send_button(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden")
    sign_in(page, sandbox, carla)
    expect(page.get_by_role("heading", level=1)).to_have_text("Prüfen und senden")
    send_button(page).click()
    expect_sent(page)
    document, _ = package_of(sandbox, carla)
    edited, upright = (Image.open(io.BytesIO(jpeg)) for jpeg in pictures_in(document))
    # Turned by a quarter, and what lay around the sheet is cut off.
    assert edited.width == pytest.approx(1600, abs=4)
    assert edited.height == pytest.approx(1200, abs=4)
    # As the camera held it, and nothing of what the camera wrote.
    assert upright.size == (48, 64)
    assert b"CANARY" not in document


def test_X1_files_that_become_no_page_are_told_apart_and_the_draft_is_kept(
    visit: Visits, sandbox: Sandbox
) -> None:
    token = sandbox.sign_in(new_insured(sandbox))
    page = visit(path="/", token=token, size=DESKTOP)
    begin_claim(page, sandbox)
    choose(
        page,
        picture("gut.png", sheet()),
        picture("leer.jpg", b""),
        picture("kaputt.jpg", sheet()[:3000]),
        picture("foto.heic", _heic(), "image/heic"),
        picture("riesig.png", _large_png(), "image/png"),
        picture("programm.jpg", b"MZ" + bytes(100)),
        picture("brief.pdf", pdf(), "application/pdf"),
    )
    told = page.get_by_role("alert").get_by_role("listitem").all_inner_texts()
    assert [one.split(".")[0] for one in told] == [
        "leer",
        "kaputt",
        "foto",
        "riesig",
        "programm",
        "brief",
    ]
    assert "ist leer" in told[0]
    assert "ist beschädigt" in told[1]
    assert "HEIC-Fotos nicht öffnen" in told[2]
    assert "zu groß" in told[3]
    assert "Auswählen können Sie Fotos (JPEG, PNG, WebP, HEIC)." in told[4]
    assert "Fotografieren Sie die Seiten" in told[5]
    expect(page.locator("main ol > li")).to_have_count(1)
    page.evaluate(_NO_ROOM)
    choose(page, picture("zuviel.jpg", sheet()))
    expect(page.get_by_role("alert")).to_contain_text("ist kein Platz mehr")
    expect(page.locator("main ol > li")).to_have_count(1)
    page.get_by_role("button", name="Bearbeiten").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Nach rechts drehen").click()
    page.get_by_role("button", name="Übernehmen").click()
    expect(page.get_by_role("alert")).to_contain_text("Nicht gespeichert")
    page.reload()
    page.get_by_role("button", name="Abbrechen").click()
    expect(page.locator("main ol > li")).to_have_count(1)
    assert count_claims(sandbox, token) == 0


def test_F53_F54_X1_a_decided_claim_leads_to_its_statement(visit: Visits, sandbox: Sandbox) -> None:
    carla = new_insured(sandbox)
    page = visit(path="/", token=sandbox.sign_in(carla), language="en")
    begin_claim(page, sandbox, language="en")
    choose(page, picture("invoice.jpg", sheet()))
    review(page, "en")
    send_button(page, "en").click()
    expect_sent(page, "en")
    expect(page.locator("main")).to_contain_text("There is nothing for you to do.")
    claim = page.url.partition("?")[0]
    _, manifest = package_of(sandbox, carla)

    mails = sandbox.newest_id("MAIL", carla.email)
    decide(sandbox, manifest["claim"], carla)
    told = sandbox.message_after(mails, "MAIL", carla.email)
    assert "98" not in told["text"]
    statement = page.get_by_role("link", name="Open the benefit statement")
    for _ in range(60):
        page.goto(claim)
        settle(page)
        if statement.count():
            break
        page.wait_for_timeout(500)
    expect(page.locator("main li[aria-current=step]")).to_contain_text("Paid")
    expect(section(page, "Details")).to_contain_text("€98.70")
    statement.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Leistungsabrechnung 4711")
    page.locator("main section[aria-label] canvas").first.wait_for()


def test_F57_a_fund_takes_a_pdf_as_it_is(visit: Visits, sandbox: Sandbox) -> None:
    carla = new_insured(sandbox, "bkk")
    page = visit(path="/", token=sandbox.sign_in(carla))
    begin_claim(page, sandbox)
    # What is sent as it is stands alone: nothing replaces it unasked.
    choose(
        page,
        picture("rechnung.pdf", pdf(pages=2), "application/pdf"),
        picture("noch-eine.pdf", pdf(pages=3), "application/pdf"),
        picture("foto.jpg", sheet()),
    )
    told = page.get_by_role("alert").get_by_role("listitem").all_inner_texts()
    assert [one.split(":")[0] for one in told] == ["noch-eine.pdf", "foto.jpg"]
    assert all("Es ist schon eine Datei ausgewählt" in one for one in told)
    expect(page.locator("main")).to_contain_text("Eine PDF-Datei")
    expect(page.locator("main ol > li")).to_have_count(0)
    review(page)
    send_button(page).click()
    expect_sent(page)
    document, _ = package_of(sandbox, carla)
    assert len(pikepdf.open(io.BytesIO(document)).pages) == 2


def test_F47_a_browser_that_grants_neither_camera_nor_room_leaves_the_photos_of_the_device(
    visit: Visits, sandbox: Sandbox
) -> None:
    page = visit(path="/", token=sandbox.sign_in(new_insured(sandbox)), size=PHONE)
    page.add_init_script(_NO_CAMERA + _OPEN_QUESTION)
    begin_claim(page, sandbox)
    page.get_by_role("button", name="Seite fotografieren").click()
    expect(page.get_by_role("alert")).to_contain_text("Ihr Browser darf die Kamera nicht benutzen")
    page.get_by_role("button", name="Schließen").click()
    choose(page, picture("rechnung.jpg", sheet()))
    expect(page.locator("main ol > li")).to_have_count(1)


def _heic() -> bytes:
    pillow_heif.register_heif_opener()
    return photo("HEIF")


def _large_png() -> bytes:
    made = io.BytesIO()
    Image.new("1", (4, 4)).save(made, "PNG")
    content = bytearray(made.getvalue())
    content[16:24] = (60_000).to_bytes(4) * 2
    return bytes(content)


def test_F12_F47_F63_a_draft_is_warned_of_before_signing_out_and_hidden_from_others(
    visit: Visits, sandbox: Sandbox
) -> None:
    token = sandbox.sign_in(new_insured(sandbox))
    page = visit(path="/", token=token, size=PHONE)
    begin_claim(page, sandbox, title="Nur für Carla")
    choose(page, picture("rechnung.jpg", sheet()))
    draft = page.url
    page.goto(f"{sandbox.url}/profil")
    expect(page.locator("main")).to_contain_text("noch etwas, das nicht gesendet ist")
    page.goto(f"{sandbox.url}/rechnungen")
    expect(section(page, "Noch nicht gesendet")).to_contain_text("Nur für Carla")

    add_session(page.context, sandbox, sandbox.sign_in(new_insured(sandbox)))
    page.goto(f"{sandbox.url}/rechnungen")
    settle(page)
    expect(page.locator("main")).to_contain_text("Noch nichts eingereicht")
    expect(page.locator("main")).not_to_contain_text("Carla")
    page.goto(draft)
    expect(page.get_by_role("alert")).to_contain_text("Diesen Entwurf gibt es hier nicht")

    add_session(page.context, sandbox, token)
    page.goto(draft)
    expect(page.locator("main ol > li")).to_have_count(1)


def test_F5_F12_with_the_account_goes_what_this_device_holds_of_it(
    visit: Visits, sandbox: Sandbox
) -> None:
    token = sandbox.sign_in(new_insured(sandbox, created_at=STARTS_AT))
    page = visit(path="/", token=token)
    begin_claim(page, sandbox)
    choose(page, picture("rechnung.jpg", sheet()))
    # The draft, its photo, and what the server told.
    assert page.evaluate(KEPT_RECORDS) == 3
    page.goto(f"{sandbox.url}/profil/einstellungen/widerruf")
    expect(page.locator("main")).to_contain_text("Mit dem Benutzerkonto wird sie gelöscht")
    assert page.evaluate(KEPT_RECORDS) == 3
    page.get_by_role("button", name="Widerruf bestätigen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Widerruf ist angekommen")
    wait_for(lambda: page.evaluate(KEPT_RECORDS) == 0 or None, "an empty store", _FORGETS_WITHIN)


def test_F52_a_co_insured_person_finds_no_contract_and_reads_why(visit: Visits) -> None:
    page = visit(JONAS, "/rechnungen/neu")
    expect(page.locator("main")).to_contain_text("Sie haben keinen Vertrag, zu dem Sie hier")
    expect(page.locator("main")).to_contain_text("mitversichert")


def test_X1_the_demo_world_shows_claims_at_every_stage(visit: Visits) -> None:
    page = visit(PIA, "/rechnungen")
    rows = page.locator("main li")
    expect(rows).to_have_count(5)
    for number, status in enumerate(
        ("An die Leistungsabteilung übergeben", "Nicht angenommen", "In Prüfung", "Entschieden")
    ):
        expect(rows.nth(number)).to_contain_text(status)
    rows.last.get_by_role("link").click()
    expect(page.locator("main ol > li")).to_have_count(5)
    expect(section(page, "Stand")).to_contain_text("16. Oktober 2026")
    expect(section(page, "Angaben")).to_contain_text("371,34")
    page.get_by_role("link", name="Leistungsabrechnung ansehen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Leistungsabrechnung Kranken Voll")


def test_F48_without_a_place_to_keep_secrets_the_function_refuses(
    visit: Visits, sandbox: Sandbox
) -> None:
    page = visit(path="/", token=sandbox.sign_in(new_insured(sandbox)))
    page.add_init_script("delete Window.prototype.indexedDB; delete window.indexedDB;")
    page.goto(f"{sandbox.url}/rechnungen/neu")
    expect(page.get_by_role("alert")).to_contain_text("Rechnungen speichern wir nur verschlüsselt")
    expect(page.locator("main form")).to_have_count(0)


def test_F59_F60_a_server_that_dies_in_between_gets_the_rest_once_it_is_back(
    browser: Browser, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    with running_sandbox(folder) as sandbox:
        visits = Visits(browser, sandbox, [NO_NETWORK])
        carla = new_insured(sandbox)
        token = sandbox.sign_in(carla)
        page = visits(path="/", token=token, size=DESKTOP)
        begin_claim(page, sandbox)
        choose(page, picture("gross.jpg", sheet(size=(2200, 1700), noise=True)))
        review(page)

        def die(route: Route) -> None:
            if route.request.headers.get("upload-offset", "0") != "0":
                sandbox.process.kill()
                sandbox.process.wait()
            route.continue_()

        page.route("**/claim-documents/**", die)
        send_button(page).click()
        expect(page.get_by_role("alert")).to_contain_text("Ihr Gerät erreicht uns gerade nicht")
        page.unroute("**/claim-documents/**")
    port = int(sandbox.url.rpartition(":")[2])
    with running_sandbox(folder, port) as again:
        send_button(page).click()
        expect_sent(page)
        assert count_claims(again, token) == 1
        document, _ = package_of(again, carla)
        assert len(pictures_in(document)) == 1
        assert visits.close() == []


def test_F60_background_sync_sends_what_waits_with_no_page_open(
    visit: Visits, sandbox: Sandbox
) -> None:
    visit.expected.append(NO_NETWORK)
    token = sandbox.sign_in(new_insured(sandbox))
    page = visit(path="/", token=token, size=PHONE, service_workers="allow")
    wait_for_shell(page)
    page.add_init_script(_NOTE_TAGS)
    begin_claim(page, sandbox)
    choose(page, picture("rechnung.jpg", sheet()))
    review(page)
    page.context.set_offline(True)
    send_button(page).click()
    expect(page.get_by_role("alert")).to_contain_text("Ihr Gerät erreicht uns gerade nicht")
    assert page.evaluate("window.tags") == ["kundenportal-claims"]
    # A page that never asks: what is sent from now on the service worker sends.
    page.goto("about:blank")
    page.context.set_offline(False)
    waiter = page.context.new_page()
    waiter.goto(f"{sandbox.url}/health")
    devtools = waiter.context.new_cdp_session(waiter)
    registrations: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(one["registrationId"] for one in told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    for _ in range(100):
        waiter.wait_for_timeout(0 if registrations else 100)
    devtools.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": sandbox.url,
            "registrationId": registrations[-1],
            "tag": "kundenportal-claims",
            "lastChance": False,
        },
    )
    wait_for(lambda: count_claims(sandbox, token) or None, "the claim", timedelta(seconds=30))
    assert count_claims(sandbox, token) == 1
