"""Photographed invoices as the browser makes them, a PDF of pictures; and a photo that is none."""

from __future__ import annotations

import io

import typst
from PIL import Image

_PAGE = """
#set page(width: 148mm, height: 210mm, margin: 18mm, fill: rgb("#f7f5ef"))
#set text(lang: "de", size: 12pt, font: "Libertinus Serif")
= #sys.inputs.title
#sys.inputs.sender
#v(12mm)
#sys.inputs.amount
#v(1fr)
#sys.inputs.page
"""
_PIXELS_PER_INCH = 110


def photographed(title: str, sender: str, amount: str, *, pages: int = 1) -> bytes:
    """Return a PDF whose pages are pictures of an invoice and nothing else."""
    pictures = [
        Image.open(
            io.BytesIO(
                typst.compile(
                    _PAGE.encode(),
                    format="png",
                    ppi=_PIXELS_PER_INCH,
                    sys_inputs={
                        "title": title,
                        "sender": sender,
                        "amount": amount if number == pages else "",
                        "page": f"Seite {number} von {pages}",
                    },
                )
            )
        ).convert("RGB")
        for number in range(1, pages + 1)
    ]
    made = io.BytesIO()
    pictures[0].save(
        made, "PDF", save_all=True, append_images=pictures[1:], resolution=_PIXELS_PER_INCH
    )
    return made.getvalue()


def broken_heic() -> bytes:
    """Return a photo that a phone broke off writing: it begins as HEIC and holds no picture."""
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(4000)
