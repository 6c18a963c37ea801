"""The ways in which an institution takes claims, as its customers read them in the browser."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pikepdf
import pytest
from playwright.sync_api import expect

from backend.demo.personas import PIA
from tests.claiming import CII, UBL, carrying
from tests.e2e.browsing import DESKTOP, PHONE
from tests.e2e.claiming import (
    begin_claim,
    choose,
    count_claims,
    expect_sent,
    package_of,
    picture,
    review,
    send_button,
    sheet,
)
from tests.e2e.newcomer import new_insured
from tests.e2e.pages import section
from tests.security.hostile_files import photo
from tests.security.hostile_pdfs import pdf

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page, Route

    from tests.e2e.browsing import Visits
    from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.e2e

_TOUCHED = """Object.defineProperty(navigator, "userAgent",
  { get: () => "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1" });"""

_TAKEN = "Auswählen können Sie Fotos (JPEG, PNG, WebP, HEIC), PDF-Dateien oder E-Rechnungen (XML)."


def _take_only(page: Page, told: str, instead: str) -> None:
    """Answer as a portal does whose policy takes less."""

    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace(told, instead))

    page.route("**/graphql", answer)


def test_F49_a_desktop_browser_is_led_to_the_phone_where_policy_says_so(visit: Visits) -> None:
    page = visit(PIA, "/rechnungen/neu", size=DESKTOP)
    expect(page.locator("main form")).to_have_count(1)
    _take_only(page, '"isOpenToDesktops":true', '"isOpenToDesktops":false')
    page.reload()
    refused = page.get_by_role("alert")
    expect(refused).to_contain_text("Nehmen Sie dafür Ihr Smartphone")
    expect(refused).to_contain_text("Musterland Krankenversicherung AG nimmt Rechnungen nur vom")
    expect(refused.get_by_role("img")).to_have_accessible_name(
        f"QR-Code mit der Adresse {page.url}"
    )
    expect(page.locator("main form")).to_have_count(0)
    page.add_init_script(_TOUCHED)
    page.reload()
    expect(page.locator("main form")).to_have_count(1)
    page.unroute_all(behavior="wait")


def test_X9_an_e_invoice_is_read_on_the_device_and_sent_as_it_is(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_insured(sandbox, "bkk")
    token = sandbox.sign_in(carla)
    page = visit(path="/", token=token, size=PHONE)
    begin_claim(page, sandbox)
    bomb = CII.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY x "x">]>', 1)
    for content in (b"<?xml version='1.0'?><rechnung/>", bomb):
        choose(page, picture("rechnung.xml", content, "text/xml"))
        expect(page.get_by_role("alert")).to_contain_text("keine E-Rechnung, die wir lesen können")
    choose(page, picture("rechnung.xml", UBL, "text/xml"))
    expect(page.locator("main")).to_contain_text("Praxis Beispiel")
    page.get_by_role("button", name="Datei entfernen").click()
    zugferd = carrying(("factur-x.xml", CII))
    choose(page, picture("rechnung.pdf", zugferd, "application/pdf"))
    expect(page.locator("main")).to_contain_text("Eine PDF-Datei mit E-Rechnung")
    review(page)
    for fact in ("Dr. Beispiel", "2. November 2026", "123,45"):
        expect(section(page, "Aus der E-Rechnung")).to_contain_text(fact)
    send_button(page).click()
    expect_sent(page)
    # The title that the device made of it stays there.
    expect(page.get_by_role("heading", level=1)).to_have_text("Praxis Beispiel")
    document, _ = package_of(sandbox, carla)
    with pikepdf.open(io.BytesIO(document)) as pdf:
        assert [one.get_file().read_bytes() for one in pdf.attachments.values()] == [CII]


def test_F56_F57_a_file_that_is_not_taken_any_more_is_told_before_it_is_sealed(
    visit: Visits, sandbox: Sandbox
) -> None:
    token = sandbox.sign_in(new_insured(sandbox, "bkk"))
    page = visit(path="/", token=token, size=PHONE)
    begin_claim(page, sandbox)
    choose(page, picture("rechnung.pdf", pdf(), "application/pdf"))
    _take_only(page, '"PHOTOS","PDF","IMAGE","E_INVOICE"', '"PHOTOS"')
    page.reload()
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("alert")).to_contain_text("entfernen Sie die Datei, und fotografieren")
    expect(send_button(page)).to_have_count(0)
    page.get_by_role("link", name="Zurück").click()
    page.get_by_role("button", name="Datei entfernen").click()
    choose(page, picture("foto.jpg", sheet()))
    page.unroute_all(behavior="wait")
    review(page)
    assert count_claims(sandbox, token) == 0


def _unusable() -> list[tuple[FilePayload, str]]:
    """Return files of every kind that are of no use in every way, and what is said of each."""
    good, png, paper = sheet(), photo("PNG"), pdf()
    huge = b"\x89PNG\r\n\x1a\n" + png[8:16] + (60_000).to_bytes(4) * 2 + png[24:]
    files = [
        ("leer.jpg", b"", "ist leer"),
        ("gekuerzt.jpg", good[:3000], "ist beschädigt"),
        ("kaputt.jpg", good[:4] + bytes(3000), "ist beschädigt"),
        ("gestoert.png", png[:60] + bytes(20) + png[80:], "ist beschädigt"),
        ("riesig.png", huge, "zu groß"),
        ("programm.jpg", b"MZ" + bytes(100), _TAKEN),
        ("leer.pdf", b"", "ist leer"),
        ("gekuerzt.pdf", paper[:-60], "ist beschädigt oder unvollständig"),
        ("kaputt.pdf", b"%PDF-1.7\n" + bytes(500) + paper[-60:], "ist beschädigt"),
        ("geschuetzt.pdf", _locked(), "mit einem Passwort geschützt"),
        ("riesig.pdf", paper[:15] + b"%" * 20_000_000 + paper[15:], "zu groß"),
        ("programm.pdf", b"MZ" + bytes(100), _TAKEN),
        (
            "mit-anlage.pdf",
            carrying(("factur-x.xml", CII), ("anlage.txt", b"x")),
            "weitere Dateien",
        ),
        ("mit-andrer.pdf", carrying(("anlage.txt", b"x")), "weitere Dateien"),
        ("leer.xml", b"", "ist leer"),
        ("gekuerzt.xml", CII[:-20], "keine E-Rechnung"),
        ("kaputt.xml", CII.replace(b"</ram:ID>", b"</ram:AD>"), "keine E-Rechnung"),
        ("riesig.xml", CII + b" " * 2_000_000, "zu groß"),
        ("andere.xml", b'<?xml version="1.0"?><rechnung/>', "keine E-Rechnung"),
        ("programm.xml", b"MZ" + bytes(100), _TAKEN),
    ]
    return [
        (picture(name, content, "application/octet-stream"), words)
        for name, content, words in files
    ]


def _locked() -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as plain:
        plain.save(made, encryption=pikepdf.Encryption(user="geheim", owner="geheim"))
    return made.getvalue()


def test_F48_X9_files_of_no_use_are_told_apart_and_the_draft_is_kept(
    visit: Visits, sandbox: Sandbox
) -> None:
    page = visit(path="/", token=sandbox.sign_in(new_insured(sandbox, "bkk")), size=PHONE)
    begin_claim(page, sandbox)
    choose(page, picture("gut.jpg", sheet()))
    unusable = _unusable()
    choose(page, *(file for file, _ in unusable))
    told = page.get_by_role("alert").get_by_role("listitem").all_inner_texts()
    assert len(told) == len(unusable)
    for (file, reason), text in zip(unusable, told, strict=True):
        assert text.startswith(f"{file['name']}: "), text
        assert reason in text, text
    expect(page.locator("main ol > li")).to_have_count(1)
    page.reload()
    expect(page.locator("main ol > li")).to_have_count(1)


def _make_hybrid_key(sandbox: Sandbox) -> None:
    """Make a claims key as an operator does who changed the setting."""
    variables = {"DATA_DIR": str(sandbox.data_dir), "CLAIMS_HPKE": "hybrid"}
    made = subprocess.run(
        [sys.executable, "-m", "backend.cli", "claims-keys", "--new"],
        env=os.environ | {f"KUNDENPORTAL_{name}": text for name, text in variables.items()},
        capture_output=True,
        check=True,
        text=True,
    )
    assert "MLKEM768_X25519" in made.stdout.splitlines()[-1]


def test_M5_a_claim_is_sealed_to_a_hybrid_key_once_there_is_one(
    visit: Visits, sandbox: Sandbox
) -> None:
    carla = new_insured(sandbox)
    page = visit(path="/", token=sandbox.sign_in(carla), size=PHONE)
    sent: list[bytes] = []
    page.on(
        "request",
        lambda one: sent.append(one.post_data_buffer or b"") if one.method == "PATCH" else None,
    )
    begin_claim(page, sandbox)
    choose(page, picture("beleg.jpg", sheet()))
    # The key is another one from here on; the page asks for it when it seals.
    _make_hybrid_key(sandbox)
    review(page)
    send_button(page).click()
    expect_sent(page)
    assert sent[0].startswith(b"KPCLAIM\x02")
    document, _ = package_of(sandbox, carla)
    assert document.startswith(b"%PDF")


def test_X9_an_insurer_that_takes_no_e_invoice_says_the_other_way(
    visit: Visits, sandbox: Sandbox
) -> None:
    page = visit(path="/", token=sandbox.sign_in(new_insured(sandbox)))
    begin_claim(page, sandbox)
    choose(page, picture("rechnung.xml", CII, "text/xml"))
    expect(page.get_by_role("alert")).to_contain_text("fotografieren Sie die Seiten")
    expect(page.locator("main ol > li")).to_have_count(0)
