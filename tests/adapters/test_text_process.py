"""Reading text out of PDFs in a process that hangs, dies, lies or is harmless (X2)."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from backend.adapters.text_process import TextProcess
from backend.file_ports import InspectionError
from backend.models.user_accounts import Locale
from backend.services.letters import PrintableLetter, typeset
from tests.security.hostile_pdfs import _zeros, pdf, stream

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    for begin in range(0, len(content), 1000):
        yield content[begin : begin + 1000]


async def _letter(body: str) -> bytes:
    return await typeset(
        PrintableLetter("Musterland", ("Anna",), date(2026, 11, 21), "Betreff", body, Locale.DE)
    )


async def test_texts_are_read_one_after_the_other() -> None:
    async with TextProcess().reading() as read:
        for body in ("Ihre Kündigung", "Größe und Maß"):
            letter = await _letter(body)
            assert body in await read(_chunks(letter), len(letter))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        bytes(10_000),
        pdf("", "/Contents 4 0 R", stream(_zeros(1500), "/Filter /FlateDecode")),
        pdf("", "/Contents 4 0 R", stream(b"(" * 100_000)),
        pdf("/Pages 1 0 R", ""),
    ],
    ids=["empty", "head", "zeros", "bomb", "nesting", "loop"],
)
async def test_what_has_no_text_gives_none_and_the_next_one_is_read(content: bytes) -> None:
    letter = await _letter("Ihre Kündigung")
    async with TextProcess().reading() as read:
        assert await read(_chunks(content), len(content)) == ""
        assert "Kündigung" in await read(_chunks(letter), len(letter))


@pytest.mark.parametrize(
    "program",
    [
        "import time; time.sleep(600)",
        "raise SystemExit",
        "import sys; sys.stdout.write('x' * 7)",
        "import sys; sys.stdout.buffer.write(b'\\xff' * 8); sys.stdout.flush()",
        "import sys; sys.stdout.buffer.write(bytes(7) + b'\\x01\\xff'); sys.stdout.flush()",
    ],
    ids=["hangs", "ends", "stops", "too long", "no text"],
)
async def test_a_process_that_misbehaves_is_ended(program: str) -> None:
    process = TextProcess(command=(sys.executable, "-c", program), timeout_seconds=2)
    async with process.reading() as read:
        with pytest.raises(InspectionError):
            await read(_chunks(b"%PDF-1.7"), 8)


async def test_a_content_of_another_size_is_an_error() -> None:
    async with TextProcess(timeout_seconds=5).reading() as read:
        with pytest.raises(InspectionError):
            await read(_chunks(b"%PDF-1.7"), 9)
