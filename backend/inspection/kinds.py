"""What a file is by its first bytes, where it ends, and what hides in it beside that."""

from __future__ import annotations

import re

from backend.inspection.refusals import FileRefusedError, UploadRefusal
from backend.inspection.rules import HEIC, JPEG, PDF, PNG, XML, InspectionRules, known_media_type

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_UTF8_MARK = b"\xef\xbb\xbf"
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# The test file that every malware scanner knows; in two parts, so that none finds it here.
_EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
# Readers of PDF accept its header in the first kilobyte of anything.
_PDF_HEADER_WITHIN = 1024
# Long enough that chance does not write them into compressed data.
_MARKUP = re.compile(rb"<script|<!doctype|<html[\s>]|<\?php", re.IGNORECASE)
# Only looked for behind the end of an image, where chance has no data to write them into.
_APPENDED = re.compile(
    rb"PK\x03\x04|PK\x05\x06|Rar!|7z\xbc\xaf|%PDF-|\x7fELF|^MZ|^#!|<svg|<iframe", re.IGNORECASE
)
_ZIP_DIRECTORY = b"PK\x05\x06"
# Readers of ZIP look for its directory this far from the end.
_ZIP_WITHIN = 65_557


def require_accepted_kind(content: bytes, rules: InspectionRules) -> str:
    """Return the media type of a file that is what it says and may come in.

    Raises:
        FileRefusedError: empty, malware, another kind than declared, or one kind inside another.
    """
    refuse_empty_and_malware(content)
    kind = _media_type_of(content)
    if kind != PDF and b"%PDF-" in content[:_PDF_HEADER_WITHIN]:
        raise FileRefusedError(UploadRefusal.HIDDEN_CONTENT)
    if kind is None or kind not in rules.accepted:
        raise FileRefusedError(UploadRefusal.TYPE_NOT_ALLOWED)
    if known_media_type(rules.declared) not in ("", kind):
        raise FileRefusedError(UploadRefusal.TYPE_MISMATCH)
    _refuse_hidden(content, kind)
    return kind


def refuse_empty_and_malware(content: bytes) -> None:
    """Refuse a file with nothing in it, and the one that every scanner knows.

    Raises:
        FileRefusedError: it is one of them.
    """
    if not content.strip(b"\0\t\r\n "):
        raise FileRefusedError(UploadRefusal.EMPTY)
    if _EICAR in content:
        raise FileRefusedError(UploadRefusal.MALWARE)


def _media_type_of(content: bytes) -> str | None:
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(_PNG_SIGNATURE):
        return PNG
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return HEIC
    if content.removeprefix(_UTF8_MARK).startswith(b"<?xml"):
        return XML
    return PDF if content.startswith(b"%PDF-") else None


def _refuse_hidden(content: bytes, kind: str) -> None:
    if _ZIP_DIRECTORY in content[-_ZIP_WITHIN:]:
        raise FileRefusedError(UploadRefusal.HIDDEN_CONTENT)
    if kind == PDF:
        _refuse_after_pdf(content)
        return
    if kind == XML:  # its parser takes nothing behind its end
        return
    end = {JPEG: _end_of_jpeg, PNG: _end_of_png, HEIC: _end_of_heif}[kind](content)
    if end is None:
        raise FileRefusedError(UploadRefusal.DAMAGED)
    # Phones append previews and films to their photos: those go when the image is made anew.
    if _MARKUP.search(content) or _APPENDED.search(content, end):
        raise FileRefusedError(UploadRefusal.HIDDEN_CONTENT)


def _refuse_after_pdf(content: bytes) -> None:
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise FileRefusedError(UploadRefusal.DAMAGED)
    if content[end + 5 :].strip(b"\0\t\r\n\x1a "):
        raise FileRefusedError(UploadRefusal.HIDDEN_CONTENT)


def _end_of_jpeg(content: bytes) -> int | None:
    """Return where the first image ends: behind its marker EOI."""
    place = 2
    while 0 <= place < len(content) - 1:
        if content[place] != 0xFF:  # noqa: PLR2004  # every marker begins so
            return None
        match content[place + 1]:
            case 0xD9:
                return place + 2
            case 0xFF:
                place += 1
            case marker:
                place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
                if marker == 0xDA:  # noqa: PLR2004  # SOS: data follows, up to the next marker
                    place = _end_of_scan(content, place)
    return None


def _end_of_scan(content: bytes, place: int) -> int:
    """Skip compressed data, in which FF is followed by 00 or a restart marker."""
    while (place := content.find(b"\xff", place)) >= 0:
        if content[place + 1 : place + 2] not in _IN_SCAN:
            return place
        place += 2
    return -1


_IN_SCAN = {b"\0", *(bytes([0xD0 + number]) for number in range(8))}


def _end_of_png(content: bytes) -> int | None:
    """Return where the chunk IEND ends."""
    place = len(_PNG_SIGNATURE)
    while place + 12 <= len(content):
        name = content[place + 4 : place + 8]
        place += 12 + int.from_bytes(content[place : place + 4], "big")
        if name == b"IEND":
            return place if place <= len(content) else None
    return None


def _end_of_heif(content: bytes) -> int | None:
    """Return where the last box ends that fits; a box that leads out of the file is cut off."""
    place = 0
    while place + 8 <= len(content):
        size = int.from_bytes(content[place : place + 4], "big")
        if size == 1:
            size = int.from_bytes(content[place + 8 : place + 16], "big")
        if size == 0:  # "to the end"
            return len(content)
        if not content[place + 4 : place + 8].isalnum():
            return place or None
        if size < 8 or place + size > len(content):  # noqa: PLR2004  # a box's own head
            return None
        place += size
    return place
