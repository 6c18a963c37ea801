"""Names of exported files: whatever a subject is, the name is usable everywhere and unique."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.services.exports.file_names import FileNames

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("subject", "file_name", "expected"),
    [
        ("Ihre Rechnung", "R-1.pdf", "2026-11-20 Ihre Rechnung.pdf"),
        ("", "R-1.pdf", "2026-11-20.pdf"),
        ("  a\tb\n c ", "x.PDF", "2026-11-20 a b c.pdf"),
        ('x<>:"/\\|?*y', "x.pdf", "2026-11-20 x y.pdf"),
        ("Ende. . .", "x", "2026-11-20 Ende"),
        ("Ende", "x.", "2026-11-20 Ende"),
        ("Ende", "x.p/../df", "2026-11-20 Ende"),
        ("Ende", "x.eintausendelf", "2026-11-20 Ende"),
        ("gepj\u202efdp", "x.pdf", "2026-11-20 gepj fdp.pdf"),
        ("Gru\u0308n", "x.pdf", "2026-11-20 Grün.pdf"),
    ],
)
def test_a_name_is_what_the_letter_is_called(subject: str, file_name: str, expected: str) -> None:
    assert FileNames().name_for(DAY, subject, file_name) == expected


@given(
    st.lists(
        st.tuples(st.text(max_size=300), st.text(max_size=20)) | st.just(("Brief", "x.pdf")),
        max_size=20,
    )
)
def test_names_are_possible_everywhere_and_come_once(letters: list[tuple[str, str]]) -> None:
    names, again = FileNames(), FileNames()
    given_out = [names.name_for(DAY, *letter) for letter in letters]
    assert given_out == [again.name_for(DAY, *letter) for letter in letters]
    assert len({name.casefold() for name in given_out}) == len(given_out)
    for name in given_out:
        assert len(name.encode()) <= 255
        assert name.isprintable()
        assert name.startswith("2026-11-20")
        assert name[-1] not in ". "
        assert not re.search(r'[\\/:*?"<>|]', name)
