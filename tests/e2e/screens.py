"""Pictures of the pages for docs/screens: few colours, and written only when something changed."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageChops

from tests.e2e.browsing import settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.places import Place

FOLDER = Path(__file__).parents[2] / "docs" / "screens"
LARGEST_BYTES = 120_000
_TALLEST = 1800
_COLOURS = 64
# Steps of grey that an eye tells apart, and the share of a page that a time of day takes.
_VISIBLE = 16
_TIME_OF_DAY = 0.002


def is_wanted(place: Place, screen: str, theme: str, language: str) -> bool:
    """Tell whether a page is pictured so: the main ones in all, others once on each screen."""
    if language == "en":
        return place.name == "overview" and theme == "light"
    return place.is_main or theme == "light"


def take_picture(page: Page, name: str) -> None:
    """Picture a whole page (its top, if it is very long)."""
    page.evaluate("() => { scrollTo(0, 0); document.activeElement?.blur() }")
    size = page.viewport_size or {"width": 0, "height": 0}
    height = page.evaluate("document.documentElement.scrollHeight")
    # A screen as tall as the page: what is fixed to its edges stays at the edges.
    page.set_viewport_size({"width": size["width"], "height": min(height, _TALLEST)})
    settle(page)
    taken = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    path = FOLDER / f"{name}.png"
    if path.exists() and _is_pictured(path, taken):
        return
    picture = taken.quantize(_COLOURS, dither=Image.Dither.NONE)
    # A picture of many colours is the same only with as few of them.
    if path.exists() and _is_pictured(path, picture):
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    picture.save(path, optimize=True)
    assert path.stat().st_size < LARGEST_BYTES, f"{path.name} is too large for the documentation"


def _is_pictured(path: Path, new: Image.Image) -> bool:
    """Tell whether nothing changed but a time of day, as some pages show it."""
    with Image.open(path) as old:
        if old.size != new.size:
            return False
        difference = ImageChops.difference(old.convert("L"), new.convert("L"))
    changed = sum(difference.histogram()[_VISIBLE:])
    return changed < _TIME_OF_DAY * new.width * new.height
