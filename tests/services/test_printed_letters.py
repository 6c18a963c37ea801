"""The sandbox reads letters as the printers get them: from the PDFs of a job, code included."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from backend.demo.printed_letters import ReadLetter, read_job, watched_printers
from tests.recovering import (
    CODE,
    code_in,
    open_recovery,
    request_letter,
    somebody,
    watch_letters,
)

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.portal import Portal


async def _print_one(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[str]]:
    letters = watch_letters(monkeypatch)
    await somebody(portal)
    await request_letter(portal, await open_recovery(portal))
    return portal.house.settings.data_dir / "print", letters


async def test_a_letter_is_read_back_with_its_code(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, letters = await _print_one(portal, monkeypatch)
    (job,) = folder.glob("[!.]*")
    (letter,) = read_job(job)
    assert letter.sender == "Musterland Sachversicherung AG"
    assert letter.recipient == "Anna Beispiel, Lindenweg 7, Stuttgart"
    assert letter.subject == "Ihr Code, um wieder Zugang zum Kundenportal Musterland zu bekommen"
    found = CODE.search(letter.text)
    assert found is not None, letter.text
    assert found[1] == code_in(letters)
    assert "Zugang verloren?" in letter.text
    assert "\u00ad" not in letter.text


async def test_jobs_are_caught_once_when_they_are_complete(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = await _print_one(portal, monkeypatch)
    (folder / ".unfinished.part").mkdir()
    loop, caught = asyncio.get_running_loop(), asyncio.Queue[ReadLetter]()

    def catch(letter: ReadLetter) -> None:
        loop.call_soon_threadsafe(caught.put_nowait, letter)

    with watched_printers(folder, catch):
        letter = await asyncio.wait_for(caught.get(), 30)
        # Long enough to look twice more.
        await asyncio.sleep(1.2)
    assert letter.recipient == "Anna Beispiel, Lindenweg 7, Stuttgart"
    assert caught.empty()
