"""The certificate of a deletion: what it says, and a signature that anybody can verify (M6)."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import TYPE_CHECKING

import pikepdf
import pytest
from asn1crypto import pem, x509
from msgspec import structs
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from backend.models.customers import Customer
from backend.models.user_accounts import Locale
from backend.services.letters import PrintableLetter, typeset
from backend.services.outbox import letter_in
from tests import factories
from tests.leaving import delete_account, deliver
from tests.signing_in import CaughtMail, mail_payloads, person

if TYPE_CHECKING:
    from pyhanko.sign.validation.status import PdfSignatureStatus

    from tests.portal import Portal


async def _delete(portal: Portal, locale: Locale) -> None:
    account = await person(portal, locale=locale)
    async with portal.transaction() as session:
        owner = await session.get_one(Customer, account.customer_id)
        bank = await factories.savings_account(session, owner)
        await factories.transaction(session, bank, "1.00", date(2026, 5, 4))
    await delete_account(portal, account)


async def _certified(portal: Portal, locale: Locale = Locale.DE) -> bytes:
    """Delete Anna's account and return the PDF that her mail carries."""
    await _delete(portal, locale)
    (mail,) = await deliver(structs.replace(portal.house, mail=CaughtMail()))
    (attached,) = mail.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    assert (
        attached.get_filename()
        == {
            Locale.DE: "Löschbestätigung.pdf",
            Locale.EN: "Certificate of deletion.pdf",
        }[locale]
    )
    content: bytes = attached.get_content()
    return content


async def _verify(portal: Portal, pdf: bytes) -> PdfSignatureStatus:
    response = await portal.client.get("/signing-certificate.pem")
    assert response.status_code == 200
    _, _, der = pem.unarmor(response.content)
    trusted = ValidationContext(trust_roots=[x509.Certificate.load(der)])
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return await async_validate_pdf_signature(signature, trusted)


async def _letter(portal: Portal, locale: Locale = Locale.DE) -> PrintableLetter:
    """Return what the certificate of Anna's deletion says."""
    await _delete(portal, locale)
    letter = letter_in((await mail_payloads(portal))[-1])
    assert letter is not None
    return letter


async def test_M6_the_certificate_says_what_went_when_and_what_is_locked(portal: Portal) -> None:
    letter = await _letter(portal)
    text = letter.body
    assert letter.subject == "Ihr Benutzerkonto im Kundenportal Musterland ist gelöscht"
    assert letter.recipient == ("Anna Beispiel",)
    assert "Ihr Benutzerkonto anna@example.org im Kundenportal Musterland" in text
    assert "\nVerträge und Konten: 1\nUmsätze: 1\nWeitere Einträge" in text
    assert "wurde am 21. November 2026 um 12:00 Uhr vernichtet" in text
    assert "Nummer im Löschjournal: 1" in text
    assert (
        "Buchungsbelege (Kontoauszüge und Umsätze), Musterland Bank AG: gesperrt bis 31. Dezember "
        "2036" in text
    )
    assert "https://portal.test/signing-certificate.pem" in text


async def test_M6_X17_the_certificate_speaks_english(portal: Portal) -> None:
    text = (await _letter(portal, Locale.EN)).body
    assert "was destroyed on 21 November 2026 at 12:00 (Berlin time)" in text
    assert "Musterland Bank AG: locked until 31 December 2036" in text


async def test_M6_the_signature_verifies_and_covers_the_whole_file(portal: Portal) -> None:
    status = await _verify(portal, await _certified(portal))
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.signing_cert.subject.native == {
        "common_name": portal.house.group.operating_institution.name
    }


async def test_M6_the_certificate_stays_pdf_a_and_pdf_ua(portal: Portal) -> None:
    with pikepdf.open(io.BytesIO(await _certified(portal))) as pdf, pdf.open_metadata() as about:
        assert about["pdfaid:part"] == "2"
        assert about["pdfuaid:part"] == "1"
        (field,) = pdf.Root.AcroForm.Fields
        # Invisible, yet printable as PDF/A asks, and outside of the page as PDF/UA allows.
        assert int(field.F) & 4
        assert float(field.Rect[2]) <= 0


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7])
async def test_M6_a_changed_byte_is_found(portal: Portal, share: float) -> None:
    pdf = bytearray(await _certified(portal))
    starts = [found.end() for found in re.finditer(rb"stream\r?\n", pdf)]
    pdf[starts[int(len(starts) * share)] + 20] ^= 1
    try:
        status = await _verify(portal, bytes(pdf))
    except Exception:  # noqa: BLE001  # it can't even be read any more
        return
    assert not status.bottom_line


async def test_M6_two_houses_have_different_keys_and_one_house_keeps_its_own(
    portal: Portal,
) -> None:
    letter = PrintableLetter("Haus", ("Anna",), date(2026, 1, 1), "Betreff", "Text", Locale.DE)
    first = await portal.house.document_signer.certificate()
    assert await portal.house.document_signer.certificate() == first
    assert (
        await _verify(portal, await portal.house.document_signer.sign(await typeset(letter)))
    ).valid
    assert b"PRIVATE KEY" not in first
