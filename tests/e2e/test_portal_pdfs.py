"""PDFs that the portal writes itself, as a reader takes them that shares no code with it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from backend.adapters.key_database import KeyDatabase
from backend.adapters.key_store import Keyring
from backend.adapters.keys_file import open_root_key
from backend.adapters.pdf_signer import PadesSigner
from backend.models.user_accounts import Locale
from backend.services.letters import PrintableLetter, typeset
from tests.e2e.newcomer import run_apart
from tests.e2e.pdf_readers import poppler

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e

_HOUSE = "Müsterland Versicherung AG"
# Of every tagged PDF in which nothing is suspect; older versions of Poppler take that for wrong.
_MISTAKEN = "Syntax Error: Suspects object is wrong type (boolean)\n"
_VALID = "Signature Validation: Signature is Valid."


async def _write_signed(file: Path, locale: Locale) -> None:
    letter = PrintableLetter(
        sender=_HOUSE,
        recipient=("Anna Größer", "Straße 1"),
        day=date(2026, 11, 21),
        subject="Ihr Benutzerkonto ist gelöscht",
        body="Verträge und Konten: 1\n" * 90,
        locale=locale,
    )
    async with KeyDatabase(f"sqlite:///{file.with_name('keys.db')}") as keys:
        root_key = await open_root_key(file.with_name("root.key"), may_create=True)
        signer = PadesSigner(Keyring(keys, root_key, tenant="house"), name=_HOUSE)
        file.write_bytes(await signer.sign(await typeset(letter)))


@pytest.mark.parametrize(
    ("locale", "day"), [(Locale.DE, "21. November 2026"), (Locale.EN, "21 November 2026")]
)
def test_M6_a_signed_letter_is_sound_readable_and_signed_for_poppler(
    tmp_path: Path, locale: Locale, day: str
) -> None:
    file = tmp_path / "brief.pdf"
    run_apart(_write_signed(file, locale))
    facts = poppler("pdfinfo", file, tolerating=_MISTAKEN).splitlines()
    for fact in ("Title: Ihr Benutzerkonto ist gelöscht", "Tagged: yes", "Pages: 3"):
        assert fact in [" ".join(line.split()) for line in facts]
    text = poppler("pdftotext", file, "-")
    assert text.count("Verträge und Konten: 1") == 90
    assert text.index("Anna Größer") < text.index(day) < text.index("Verträge und Konten")
    signed = poppler("pdfsig", file)
    assert f"Signer Certificate Common Name: {_HOUSE}" in signed
    assert "Total document signed" in signed
    assert _VALID in signed

    content = bytearray(file.read_bytes())
    content[content.index(b"stream") + 40] ^= 1
    file.write_bytes(content)
    assert _VALID not in poppler("pdfsig", file)
