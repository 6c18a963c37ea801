"""PDFs as other programs read them: qpdf, Poppler and PDFium, none of which may complain."""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
from PIL import Image, ImageChops, ImageStat

if TYPE_CHECKING:
    from collections.abc import Sequence

_PAGE_SIZE = re.compile(r"^Page +\d+ size: +([\d.]+) x ([\d.]+) pts", re.MULTILINE)
# Poppler gives a picture that ends at the edge of a pixel one more; pages are rounded up.
_LESS_THAN_A_PIXEL = 0.1
# PDFium fits the picture into whole pixels of its own.
_MOST_SHADES = 3


def pictures_in(document: bytes) -> list[bytes]:
    """Return the JPEGs of a PDF in the order of its pages, as qpdf finds them."""
    with pikepdf.open(io.BytesIO(document)) as opened:
        assert opened.check_pdf_syntax() == []
        return [page.Resources.XObject["/P"].read_raw_bytes() for page in opened.pages]


def poppler(program: str, *arguments: object, tolerating: str = "") -> str:
    """Return what one of Poppler's programs prints about a PDF that it has no complaint about."""
    ran = subprocess.run(
        [program, *map(str, arguments)], capture_output=True, check=True, text=True
    )
    assert ran.stderr in {"", tolerating}
    return ran.stdout


def assert_shows(document: bytes, jpegs: Sequence[bytes]) -> None:
    """Assert that every reader finds the captured pages in a PDF, and nothing else."""
    assert pictures_in(document) == jpegs
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "beleg.pdf"
        file.write_bytes(document)
        _assert_poppler_shows(file, jpegs)
    _assert_pdfium_shows(document, jpegs)


def _assert_poppler_shows(file: Path, jpegs: Sequence[bytes]) -> None:
    """Byte for byte what lies in it; pixel for pixel what is drawn at the pictures' own size."""
    poppler("pdfimages", "-all", file, file.with_name("picture"))
    taken = sorted(file.parent.glob("picture-*"))
    assert [one.suffix for one in taken] == [".jpg"] * len(jpegs)
    assert [one.read_bytes() for one in taken] == jpegs
    for number, (size, jpeg) in enumerate(zip(_page_sizes(file), jpegs, strict=True), 1):
        captured = Image.open(io.BytesIO(jpeg)).convert("RGB")
        drawn = _draw(file, number, size, captured.size)
        assert drawn.size == captured.size
        assert ImageChops.difference(drawn, captured).getbbox() is None


def _page_sizes(file: Path) -> list[tuple[float, float]]:
    """Return width and height of every page in points."""
    facts = poppler("pdfinfo", "-f", 1, "-l", -1, file)
    return [(float(width), float(height)) for width, height in _PAGE_SIZE.findall(facts)]


def _draw(
    file: Path, number: int, size: tuple[float, float], pixels: tuple[int, int]
) -> Image.Image:
    """Draw a page as large as its picture."""
    across, up = (
        72 * (most - _LESS_THAN_A_PIXEL) / points for most, points in zip(pixels, size, strict=True)
    )
    drawn = file.with_name("drawn")
    which = ("-f", number, "-l", number, "-singlefile")
    poppler("pdftoppm", *which, "-rx", across, "-ry", up, file, drawn)
    return Image.open(drawn.with_suffix(".ppm"))


def _assert_pdfium_shows(document: bytes, jpegs: Sequence[bytes]) -> None:
    for page, jpeg in zip(pypdfium2.PdfDocument(document), jpegs, strict=True):
        captured = Image.open(io.BytesIO(jpeg)).convert("RGB")
        drawn = page.render(scale=captured.width / page.get_width()).to_pil().convert("RGB")
        assert abs(drawn.height - captured.height) <= 1
        both = (0, 0, captured.width, min(drawn.height, captured.height))
        difference = ImageChops.difference(drawn.crop(both), captured.crop(both))
        assert max(ImageStat.Stat(difference).mean) < _MOST_SHADES
