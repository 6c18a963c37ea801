"""Files that customers must not get in, made by code, each with the reason for the refusal."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image, PngImagePlugin

from backend.inspection.refusals import UploadRefusal as R
from tests.security.hostile_pdfs import PDFS, Files, pdf

JPEG = "image/jpeg"
PNG = "image/png"
HEIC = "image/heic"
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
_EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def photo(format_name: str = "JPEG", size: tuple[int, int] = (64, 48), **saved: object) -> bytes:
    """Return a photo, left half red and right half blue, so that turning it shows."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    made = io.BytesIO()
    image.save(made, format_name, **saved)
    return made.getvalue()


def located_photo() -> bytes:
    """Return a photo that says where, when and with what it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "CanaryCam", "Model CANARY", 6
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 46.0, 30.0), 3: "E", 4: (9.0, 10.0, 48.0)})
    return photo(exif=exif, comment=b"CANARY comment", xmp=b"<x:xmpmeta>CANARY</x:xmpmeta>")


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


def _png(width: int, height: int, data: bytes, *more: bytes) -> bytes:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    end = _chunk(b"IDAT", data) + _chunk(b"IEND", b"")
    return _SIGNATURE + head + b"".join(more) + end


def _claiming(width: int, height: int) -> bytes:
    """Return a JPEG whose head claims another size than it has."""
    content = bytearray(photo())
    place = content.index(b"\xff\xc0") + 5
    content[place : place + 4] = struct.pack(">HH", height, width)
    return bytes(content)


def _zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", "a")
    return made.getvalue()


def _heif_box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def _texts() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "<script>alert(1)</script>")
    return photo("PNG", pnginfo=info)


_FTYP = _heif_box(b"ftyp", b"heic\0\0\0\0mif1heic")
_BOMB = zlib.compress(bytes(30_000 * 30_000 // 64), 9)

OTHERS: Files = {
    "nothing": (JPEG, b"", R.EMPTY),
    "zeros": (JPEG, bytes(5000), R.EMPTY),
    "blanks": ("application/pdf", b" \r\n" * 99, R.EMPTY),
    "EICAR": ("application/octet-stream", _EICAR, R.MALWARE),
    "EICAR in a photo": (JPEG, photo(comment=_EICAR), R.MALWARE),
    "EICAR behind a photo": (JPEG, photo() + _EICAR, R.MALWARE),
    "EICAR in a PDF": ("application/pdf", pdf() + _EICAR, R.MALWARE),
    "web page as a photo": (JPEG, b"<html><script>alert(1)</script>", R.TYPE_NOT_ALLOWED),
    "SVG as a photo": (PNG, _SVG, R.TYPE_NOT_ALLOWED),
    "program": ("application/octet-stream", b"MZ" + bytes(500), R.TYPE_NOT_ALLOWED),
    "program as a PDF": ("application/pdf", b"\x7fELF" + bytes(500), R.TYPE_NOT_ALLOWED),
    "script": ("", b"#!/bin/sh\nrm -rf /\n", R.TYPE_NOT_ALLOWED),
    "archive": ("", _zip(), R.TYPE_NOT_ALLOWED),
    "GIF": (JPEG, photo("GIF"), R.TYPE_NOT_ALLOWED),
    "TIFF": (JPEG, photo("TIFF"), R.TYPE_NOT_ALLOWED),
    "WebP": (JPEG, photo("WEBP"), R.TYPE_NOT_ALLOWED),
    "BMP": (JPEG, photo("BMP"), R.TYPE_NOT_ALLOWED),
    "EPS": (JPEG, photo("EPS"), R.TYPE_NOT_ALLOWED),
    "AVIF": (HEIC, _heif_box(b"ftyp", b"avif\0\0\0\0mif1avif"), R.TYPE_NOT_ALLOWED),
    "film": (HEIC, _heif_box(b"ftyp", b"isom\0\0\0\0mp41"), R.TYPE_NOT_ALLOWED),
    "photo as a PDF": ("application/pdf", photo(), R.TYPE_MISMATCH),
    "PDF as a photo": (JPEG, pdf(), R.TYPE_MISMATCH),
    "PNG as a JPEG": (JPEG, photo("PNG"), R.TYPE_MISMATCH),
    "JPEG as a PNG": (PNG, photo(), R.TYPE_MISMATCH),
    "photo as a web page": ("text/html", photo(), R.TYPE_MISMATCH),
    "photo as an SVG": ("image/svg+xml", photo(), R.TYPE_MISMATCH),
    "JPEG cut off": (JPEG, photo()[:-60], R.DAMAGED),
    "JPEG without an end": (JPEG, photo()[:-2], R.DAMAGED),
    "JPEG of three bytes": (JPEG, b"\xff\xd8\xff", R.DAMAGED),
    "JPEG of nonsense": (JPEG, b"\xff\xd8\xff\xe0" + b"nonsense" * 50, R.DAMAGED),
    "JPEG without a picture": (JPEG, b"\xff\xd8\xff\xd9", R.DAMAGED),
    "PNG cut off": (PNG, photo("PNG")[:-30], R.DAMAGED),
    "PNG with a wrong checksum": (PNG, photo("PNG").replace(b"IHDR\0", b"IHDR\1"), R.DAMAGED),
    "PNG of a signature": (PNG, _SIGNATURE, R.DAMAGED),
    "PNG without data": (PNG, _png(64, 64, b""), R.DAMAGED),
    "PNG of nonsense": (PNG, _png(64, 64, b"nonsense"), R.DAMAGED),
    "HEIC of a head": (HEIC, _FTYP, R.DAMAGED),
    "HEIC cut off": (HEIC, _FTYP + struct.pack(">I", 9999) + b"meta", R.DAMAGED),
    "HEIC of nonsense": (HEIC, _FTYP + _heif_box(b"meta", b"nonsense" * 20), R.DAMAGED),
    "JPEG of billions of pixels": (JPEG, _claiming(65_500, 65_500), R.TOO_MANY_PIXELS),
    "PNG of billions of pixels": (PNG, _png(2**31 - 1, 2**31 - 1, b""), R.TOO_MANY_PIXELS),
    "PNG bomb": (PNG, _png(30_000, 30_000, _BOMB), R.TOO_MANY_PIXELS),
    "PNG with a bomb for a text": (
        PNG,
        _png(1, 1, b"", _chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(100 << 20), 9))),
        R.DAMAGED,
    ),
    "archive behind a JPEG": (JPEG, photo() + _zip(), R.HIDDEN_CONTENT),
    "archive behind a PNG": (PNG, photo("PNG") + _zip(), R.HIDDEN_CONTENT),
    "archive without a directory": (
        JPEG,
        photo() + b"PK\x03\x04" + bytes(70_000),
        R.HIDDEN_CONTENT,
    ),
    "web page behind a JPEG": (JPEG, photo() + b"<HTML >hi", R.HIDDEN_CONTENT),
    "SVG behind a PNG": (PNG, photo("PNG") + _SVG, R.HIDDEN_CONTENT),
    "program behind a JPEG": (JPEG, photo() + b"\x7fELF" + bytes(99), R.HIDDEN_CONTENT),
    "PDF behind a JPEG": (JPEG, photo() + bytes(999) + pdf(), R.HIDDEN_CONTENT),
    "PDF in a JPEG": (JPEG, photo(comment=pdf()), R.HIDDEN_CONTENT),
    "script in a comment": (JPEG, photo(comment=b"<ScRiPt>alert(1)"), R.HIDDEN_CONTENT),
    "PHP in a comment": (JPEG, photo(comment=b"<?php system('id')"), R.HIDDEN_CONTENT),
    "script in a text of a PNG": (PNG, _texts(), R.HIDDEN_CONTENT),
}

HOSTILE: Files = OTHERS | PDFS
