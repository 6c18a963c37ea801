"""What a file must keep to, as the portal hands it to the inspecting process."""

from __future__ import annotations

import json

from msgspec.structs import asdict

from backend.values import Value

JPEG = "image/jpeg"
PNG = "image/png"
HEIC = "image/heic"
PDF = "application/pdf"
XML = "application/xml"
CSV = "text/csv"
TEXT = "text/plain"
ZIP = "application/zip"
# What the inspection makes of a bank's file.
BANK_RECORDS = "application/x-ndjson"
# Names under which clients announce the same thing.
_ALIASES = {
    "image/jpg": JPEG,
    "image/pjpeg": JPEG,
    "image/heif": HEIC,
    "application/x-pdf": PDF,
    "text/xml": XML,
    "application/csv": CSV,
    "text/comma-separated-values": CSV,
    # Where a spreadsheet is installed, browsers call every CSV so.
    "application/vnd.ms-excel": CSV,
    "application/x-zip-compressed": ZIP,
}
# What clients say when they don't know.
_UNDECLARED = {"", "application/octet-stream"}


class InspectionRules(Value):
    """Limits for one file; `declared` is the media type that its sender told, or "" for none.

    `most_entries`: it must be a bank's file, and lists no more movements than that.
    `is_of_photos`: a PDF must be pictures on pages and nothing else. `may_carry_invoice`: it may
    hold one file, the invoice itself in XML.
    """

    declared: str
    accepted: tuple[str, ...]
    most_bytes: int
    most_pixels: int
    most_pdf_pixels: int
    most_pages: int
    most_objects: int
    most_decoded_bytes: int
    is_of_photos: bool = False
    may_carry_invoice: bool = False
    most_entries: int | None = None

    def to_json(self) -> bytes:
        """Return the rules as one line."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_json(cls, line: bytes) -> InspectionRules:
        """Read the rules back."""
        values = json.loads(line)
        return cls(**values | {"accepted": tuple(values["accepted"])})


def known_media_type(declared: str) -> str:
    """Return a media type without parameters under its usual name; "" if nothing was declared."""
    name = declared.partition(";")[0].strip().lower()
    return "" if name in _UNDECLARED else _ALIASES.get(name, name)
