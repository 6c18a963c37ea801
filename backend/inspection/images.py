"""Images: their size known before they are decoded, then made anew without all that came along."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from backend.inspection.refusals import FileRefusedError, UploadRefusal
from backend.inspection.rules import HEIC, JPEG, PNG

if TYPE_CHECKING:
    from PIL.Image import Image

    from backend.inspection.rules import InspectionRules

_FORMATS = {JPEG: ["JPEG", "MPO"], PNG: ["PNG"], HEIC: ["HEIF"]}
_JPEG_QUALITY = 90


def load_image_libraries(kind: str) -> None:
    """Load what decodes a kind, while files can still be opened."""
    from PIL import Image, ImageOps, MpoImagePlugin  # noqa: PLC0415

    del ImageOps, MpoImagePlugin
    Image.preinit()
    if kind == HEIC:
        import pillow_heif  # noqa: PLC0415

        # One thread: more would each reserve address space, which is limited.
        pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)


def remake_image(content: bytes, kind: str, rules: InspectionRules) -> tuple[str, bytes]:
    """Return media type and bytes of an image that shows the same and carries nothing else.

    It stands upright; EXIF with its GPS, XMP, comments, colour profiles, further frames and what
    was appended are gone. HEIC becomes JPEG, which every browser shows.

    Raises:
        FileRefusedError: damaged, or more pixels than allowed.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415  # loaded in the inspecting process only

    Image.MAX_IMAGE_PIXELS = None  # ours holds, and refuses before anything is decoded
    with Image.open(io.BytesIO(content), formats=_FORMATS[kind]) as image:
        if image.width * image.height > rules.most_pixels:
            raise FileRefusedError(UploadRefusal.TOO_MANY_PIXELS)
        image.load()
        plain = _without_surroundings(ImageOps.exif_transpose(image), is_png=kind == PNG)
    made = io.BytesIO()
    if kind == PNG:
        plain.save(made, "PNG")
        return PNG, made.getvalue()
    plain.save(made, "JPEG", quality=_JPEG_QUALITY)
    return JPEG, made.getvalue()


def _without_surroundings(image: Image, *, is_png: bool) -> Image:
    mode = "RGB"
    if image.mode in ("1", "L") or (is_png and image.mode == "P"):
        mode = image.mode
    if is_png and (image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info):
        mode = "RGBA"
    plain = image if image.mode == mode else image.convert(mode)
    # Pillow writes comments, texts and profiles back from here.
    plain.info.clear()
    return plain
