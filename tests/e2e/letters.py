"""Letters that come in while a browser is open."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.demo.personas import Persona
    from tests.e2e.sandbox import Sandbox


def drop_letter(sandbox: Sandbox, persona: Persona, subject: str) -> None:
    """Hand a letter over as an institution does: files first, the manifest last and at once."""
    folder = sandbox.data_dir / "inbox" / "sach"
    letters = (sandbox.data_dir / "feeds" / "sach" / "documents").glob("*.pdf")
    # Another end makes it another file: a letter already known would change nothing.
    content = next(letters).read_bytes() + f"\n% handed over: {subject}\n".encode()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "handed-over.pdf").write_bytes(content)
    entry = {
        "id": f"SACH-2026-{hashlib.sha256(content).hexdigest()[:6]}",
        "customer_number": persona.numbers["sach"],
        "contract_number": None,
        "kind": "LETTER",
        "date": "2026-11-21",
        "sha256": hashlib.sha256(content).hexdigest(),
        "subject": subject,
        "official_decision": True,
        "file": "handed-over.pdf",
        "sender": "Musterland Sachversicherung AG",
        "direction": "INCOMING",
    }
    unfinished = folder / "manifest.json.part"
    unfinished.write_text(json.dumps([entry]), encoding="utf-8")
    unfinished.rename(folder / "manifest.json")
