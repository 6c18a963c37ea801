"""Letters that the portal hands to the printers, read from their folders as a printer would."""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from pypdf import PdfReader

from backend.services.activation_codes import LOOKS_LIKE_CODE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_LOOKS_EVERY_SECONDS = 0.5
_SOFT_HYPHEN = "\u00ad"


class ReadLetter(NamedTuple):
    """What a person would read in a letter that came by post."""

    sender: str
    recipient: str
    subject: str
    text: str


def read_job(folder: Path) -> Iterator[ReadLetter]:
    """Read every letter of a print job from its PDF; a code gets a line of its own, marked `> `."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for entry in manifest["letters"]:
        pdf = PdfReader(folder / entry["file"])
        text = "\n".join(page.extract_text() for page in pdf.pages)
        # Typst breaks words at soft hyphens, and writes hyphens of ours the same way.
        text = text.replace(f"{_SOFT_HYPHEN}\n", "").replace(_SOFT_HYPHEN, "-")
        about = pdf.metadata
        yield ReadLetter(
            sender=(about and about.author) or "",
            recipient=f"{entry['name']}, {entry['street']}, {entry['city']}",
            subject=(about and about.title) or "",
            text=re.sub(rf"^({LOOKS_LIKE_CODE})$", r"> \1", text, flags=re.MULTILINE),
        )


@contextmanager
def watched_printers(folder: Path, catch: Callable[[ReadLetter], None]) -> Iterator[None]:
    """Hand on the letters of every job that lies in the print outbox or appears there."""
    stop = threading.Event()
    seen: set[str] = set()

    def watch() -> None:
        while not stop.wait(_LOOKS_EVERY_SECONDS):
            # Names that begin with a dot are not for the printers.
            for job in sorted(folder.glob("[!.]*")):
                if job.name not in seen:
                    seen.add(job.name)
                    for letter in read_job(job):
                        catch(letter)

    watcher = threading.Thread(target=watch, name="printers", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()
