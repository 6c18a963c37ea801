"""Letters for the printers: PDFs and a manifest that names each one's addressee."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from backend.services import job_folders
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Addressee(Value):
    """To whom a letter goes, as the institution has it."""

    customer_number: str
    name: str
    street: str
    postal_code: str
    city: str
    country: str


class PrintedLetter(Value):
    """A letter ready for the printers."""

    addressee: Addressee
    content: bytes


def write_part(folder: Path, job: str, kind: str, letters: Sequence[PrintedLetter]) -> None:
    """Write letters and their manifest where the printers don't look yet."""
    files, entries = {}, []
    for number, letter in enumerate(letters, start=1):
        name = f"{number:06}.pdf"
        files[name] = letter.content
        entries.append(
            {
                "file": name,
                "sha256": hashlib.sha256(letter.content).hexdigest(),
                **asdict(letter.addressee),
            }
        )
    manifest = {"job": job, "kind": kind, "letters": entries}
    files["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    job_folders.write_part(folder, job, files)
