"""The process that reads text out of PDFs: one after the other on stdin, its text on stdout.

Each is preceded by its length, 8 bytes.
"""

from __future__ import annotations

import codecs
import io
import logging
import sys
from typing import TYPE_CHECKING

from backend.inspection.confinement import limit_resources, refuse_surroundings

if TYPE_CHECKING:
    from typing import BinaryIO

LENGTH_BYTES = 8
MOST_PAGES = 300
MOST_CHARACTERS = 500_000
# In which fonts say what their signs mean.
_CODECS = ("ascii", "charmap", "cp1252", "latin-1", "mac-roman", "utf-16", "utf-16-be", "utf-16-le")


def main() -> None:
    """Answer one PDF after the other, until there are no more."""
    limit_resources()
    logging.disable(logging.CRITICAL)
    load_text_library()
    refuse_surroundings()
    _serve(sys.stdin.buffer, sys.stdout.buffer)


def load_text_library() -> None:
    """Load it while files can still be opened, with what it loads only at work."""
    import pypdf  # noqa: PLC0415

    for codec in _CODECS:
        codecs.lookup(codec)
    blank = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(72, 72)
    writer.write(blank)
    read_text(blank.getvalue())


def read_text(pdf: bytes) -> str:
    """Return the text of a PDF as far as it can be read; empty for a picture."""
    import pypdf  # noqa: PLC0415  # loaded in the reading process only

    parts: list[str] = []
    left = MOST_CHARACTERS
    try:
        for page in pypdf.PdfReader(io.BytesIO(pdf)).pages[:MOST_PAGES]:
            parts.append(page.extract_text()[:left])
            left -= len(parts[-1])
            if left <= 0:
                break
    except Exception:  # noqa: BLE001  # decoders of hostile data raise whatever comes to them
        return "\n".join(parts)
    return "\n".join(parts)


def _serve(given: BinaryIO, taken: BinaryIO) -> None:
    while length := given.read(LENGTH_BYTES):
        text = read_text(given.read(int.from_bytes(length, "big"))).encode(errors="ignore")
        taken.write(len(text).to_bytes(LENGTH_BYTES, "big") + text)
        taken.flush()


if __name__ == "__main__":
    main()
