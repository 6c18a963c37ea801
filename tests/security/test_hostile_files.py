"""No hostile file comes further than quarantine; each is refused for its reason."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pikepdf
import pytest
from PIL import Image

from backend.adapters.inspector_process import InspectorProcess
from backend.file_ports import InspectionError
from backend.inspection.refusals import UploadRefusal
from backend.inspection.rules import HEIC, JPEG, PDF, PNG, InspectionRules
from tests.adapters.chunks import chunked, collect
from tests.security.hostile_files import HOSTILE, located_photo, photo
from tests.security.hostile_pdfs import pdf

if TYPE_CHECKING:
    from pathlib import Path

# What each real sample is taken for; None: accepted.
SAMPLES: dict[str, UploadRefusal | None] = {
    "images/arrow.heic": None,
    "images/baiona_color.jpg": None,
    "images/corrupted.heic": UploadRefusal.DAMAGED,
    "images/empty.heic": UploadRefusal.EMPTY,
    "images/linn.png": None,
    "images/typewriter.png": None,
    "images/xmp.jpeg": None,
    "pdf/acroform.pdf": None,
    "pdf/docinfo_latin1_key.pdf": None,
    "pdf/enormous.pdf": None,
    "pdf/facturx_invoice_EN16931.pdf": UploadRefusal.EMBEDDED_FILE,
    "pdf/invalid.pdf": UploadRefusal.DAMAGED,
    "pdf/linn.pdf": None,
    "pdf/livecycle.pdf": UploadRefusal.ACTIVE_CONTENT,
    "pdf/masks.pdf": None,
    "pdf/missing_docinfo.pdf": None,
    "pdf/multipage.pdf": None,
    "pdf/skew.pdf": None,
    "pdf/tagged.pdf": None,
    "pdf/trivial.pdf": None,
}
PYTHON = (sys.executable, "-P", "-c")


def rules(declared: str = "", **limits: int) -> InspectionRules:
    return InspectionRules(
        declared=declared,
        accepted=(JPEG, PNG, HEIC, PDF),
        most_bytes=limits.get("most_bytes", 20_000_000),
        most_pixels=limits.get("most_pixels", 50_000_000),
        most_pdf_pixels=limits.get("most_pdf_pixels", 150_000_000),
        most_pages=limits.get("most_pages", 200),
        most_objects=limits.get("most_objects", 50_000),
        most_decoded_bytes=limits.get("most_decoded_bytes", 500_000_000),
        is_of_photos=bool(limits.get("is_of_photos", 0)),
    )


async def inspect(
    content: bytes, declared: str = "", inspector: InspectorProcess | None = None, **limits: int
) -> tuple[UploadRefusal | None, str, bytes]:
    """Return refusal, media type and what was made of a file."""
    inspector = inspector or InspectorProcess()
    async with inspector.inspect(chunked(content), rules(declared, **limits)) as inspected:
        return inspected.refusal, inspected.media_type, await collect(inspected.content)


async def test_no_hostile_file_is_accepted_and_each_is_refused_for_its_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    inspector = InspectorProcess()

    async def judged(name: str) -> tuple[str, UploadRefusal | None]:
        declared, content, _ = HOSTILE[name]
        refusal, _, made = await inspect(content, declared, inspector)
        assert made == b""
        return name, refusal

    found = dict(await asyncio.gather(*map(judged, HOSTILE)))
    assert found == {name: refusal for name, (_, _, refusal) in HOSTILE.items()}
    counts = Counter(refusal.name for refusal in found.values() if refusal)
    with capsys.disabled():
        print(f"\n{len(found)} hostile files, 0 accepted: {dict(counts)}")  # noqa: T201
    assert len(found) >= 60
    # What is no photo is refused of claims only: tests/graphql/test_claims.py; what is no
    # statement, of bank files only: test_hostile_bank_files.py.
    elsewhere = {"TOO_LARGE", "CHECK_FAILED", "NOT_OF_PHOTOS"}
    elsewhere |= {"NO_BANK_FILE", "UNUSABLE_STATEMENT", "NO_ENTRIES", "TOO_MANY_ENTRIES"}
    assert set(counts) == set(UploadRefusal.__members__) - elsewhere


async def test_a_photo_comes_out_upright_and_says_nothing_about_where_it_was_taken() -> None:
    content = located_photo()
    assert b"CANARY" in content
    refusal, media_type, made = await inspect(content, JPEG)
    assert (refusal, media_type) == (None, JPEG)
    with Image.open(io.BytesIO(made)) as image:
        assert image.size == (48, 64)
        assert dict(image.getexif()) == {}
        assert not {"comment", "xmp", "exif", "icc_profile"} & image.info.keys()
        upper, lower = image.getpixel((24, 8)), image.getpixel((24, 56))
    assert (upper[0] > 200, lower[2] > 200) == (True, True)  # type: ignore[index]
    assert b"CANARY" not in made


async def test_what_phones_append_to_a_photo_is_cut_off() -> None:
    preview = photo(size=(8, 6))
    refusal, _, made = await inspect(photo() + preview + bytes(200) + b"SEFT", JPEG)
    assert refusal is None
    assert made.count(b"\xff\xd9") == 1


async def test_a_see_through_png_stays_see_through_without_its_texts() -> None:
    content = io.BytesIO()
    Image.new("RGBA", (9, 9), (1, 2, 3, 4)).save(content, "PNG", dpi=(72, 72))
    _, media_type, made = await inspect(content.getvalue())
    assert media_type == PNG
    with Image.open(io.BytesIO(made)) as image:
        assert (image.mode, image.getpixel((4, 4)), dict(image.info)) == ("RGBA", (1, 2, 3, 4), {})


async def test_a_pdf_keeps_links_and_pages_and_loses_what_it_says_about_its_author() -> None:
    link = "/Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://a.example) >>"
    plain = io.BytesIO()
    source = pdf("/OpenAction [3 0 R /Fit]", "/Annots [4 0 R]", f"<< {link} >>", pages=2)
    with pikepdf.open(io.BytesIO(source)) as opened:
        opened.docinfo["/Author"] = "CANARY"
        with opened.open_metadata() as metadata:
            metadata["dc:creator"] = ["CANARY"]
        opened.save(plain)
    refusal, media_type, made = await inspect(plain.getvalue(), PDF)
    assert (refusal, media_type) == (None, PDF)
    with pikepdf.open(io.BytesIO(made)) as remade:
        assert len(remade.pages) == 2
        assert "/Metadata" not in remade.Root
        assert "/Info" not in remade.trailer
        annotations = remade.pages[0].obj["/Annots"]
        assert str(annotations[0]["/A"]["/URI"]) == "https://a.example"


@pytest.mark.parametrize("name", SAMPLES)
async def test_real_files_are_accepted_or_refused_for_a_reason(samples: Path, name: str) -> None:
    content = (samples / name).read_bytes()
    refusal, media_type, made = await inspect(content)
    assert refusal is SAMPLES[name]
    if refusal is None:
        assert media_type in (JPEG, PNG, PDF)
        again = await inspect(made, media_type)
        assert again[:2] == (None, media_type)


@pytest.mark.parametrize("format_name", ["JPEG", "PNG"])
async def test_the_largest_photo_that_is_allowed_fits_into_the_limits(format_name: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 8
    content = photo(format_name, size=(8160, 6120), exif=exif)
    refusal, _, made = await inspect(content, most_bytes=len(content))
    assert refusal is None
    with Image.open(io.BytesIO(made)) as image:
        assert image.size == (6120, 8160)


async def test_limits_are_those_of_the_policy() -> None:
    size = len(photo())
    assert (await inspect(photo(), most_bytes=size))[0] is None
    assert (await inspect(photo(), most_bytes=size - 1))[0] is UploadRefusal.TOO_LARGE
    assert (await inspect(photo(), most_pixels=64 * 48))[0] is None
    too_many = await inspect(photo(), most_pixels=64 * 48 - 1)
    assert too_many[0] is UploadRefusal.TOO_MANY_PIXELS
    assert (await inspect(pdf(pages=3), most_pages=2))[0] is UploadRefusal.TOO_COMPLEX


@pytest.mark.parametrize(
    "program",
    [
        "import time; time.sleep(60)",
        "while True: pass",
        "import sys; sys.stdin.buffer.read(); sys.exit(3)",
        "import os; os.abort()",
        "import ctypes; ctypes.string_at(1)",
        "print('{')",
        "print('[]')",
        'print(\'{"refusal": "NONSENSE"}\')',
        "import sys; sys.stdout.buffer.write(bytes(1 << 20))",
        'print(\'{"media_type": "image/jpeg", "size": 999}\'); print("short")',
    ],
)
async def test_an_inspector_that_hangs_dies_or_lies_gives_no_verdict(program: str) -> None:
    inspector = InspectorProcess(command=(*PYTHON, program), timeout_seconds=2.0)
    with pytest.raises(InspectionError):
        await inspect(photo(), JPEG, inspector)


async def test_the_event_loop_goes_on_while_an_inspector_hangs() -> None:
    inspector = InspectorProcess(command=(*PYTHON, "while True: pass"), timeout_seconds=1.0)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.005)
            ticks += 1

    ticking = asyncio.create_task(tick())
    with pytest.raises(InspectionError):
        await inspect(bytes(5_000_000), "", inspector)
    ticking.cancel()
    assert ticks >= 10


CONFINED = """
import json, sys
from backend.inspection.confinement import limit_resources, refuse_surroundings
sys.stdin.buffer.read()
import errno, os, socket, subprocess
limit_resources()
refuse_surroundings()
def attempt(act):
    try:
        act()
    except MemoryError:
        return "memory"
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"
found = [
    attempt(lambda: socket.socket()),
    attempt(lambda: socket.socket(socket.AF_UNIX)),
    attempt(lambda: open("/etc/hostname")),
    attempt(lambda: open("/tmp/x", "w")),
    attempt(lambda: os.pipe()),
    attempt(lambda: subprocess.run(["true"])),
    attempt(lambda: bytearray(2 << 30)),
]
print(json.dumps({"media_type": " ".join(found), "size": 0}))
"""


async def test_the_inspector_can_open_nothing_and_has_little_memory() -> None:
    inspector = InspectorProcess(command=(*PYTHON, CONFINED))
    _, found, _ = await inspect(b"", "", inspector)
    assert found == "EMFILE EMFILE EMFILE EMFILE EMFILE EMFILE memory"


async def test_nothing_of_the_servers_environment_reaches_the_inspector(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KUNDENPORTAL_SMTP_PASSWORD", "CANARY")
    program = (
        "import json, os, sys; sys.stdin.buffer.read(); "
        'print(json.dumps({"media_type": " ".join(sorted(os.environ)), "size": 0}))'
    )
    _, found, _ = await inspect(b"", "", InspectorProcess(command=(*PYTHON, program)))
    assert set(found.split()) <= {"LANG", "LC_CTYPE", "PYTHONPATH"}


def test_the_server_never_loads_what_decodes_files() -> None:
    program = (
        "import sys, backend.app, backend.worker, backend.schema; "
        "print(sorted({'PIL', 'pillow_heif', 'pikepdf'} & sys.modules.keys()))"
    )
    shown = subprocess.run([*PYTHON[:1], "-c", program], capture_output=True, check=True, text=True)
    assert shown.stdout == "[]\n"
