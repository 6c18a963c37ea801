"""Whatever stands in a text begins one of its parts, in any case."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backend.folding import parts_of, search_term, span_of

LETTERS = st.characters(codec="utf-8", exclude_characters="\0")


@given(st.text(LETTERS, max_size=100), st.text(LETTERS, min_size=1), st.text(LETTERS, max_size=100))
def test_F34_any_part_of_a_subject_lies_in_its_span(before: str, part: str, behind: str) -> None:
    for typed in (part, part.lower()):
        term = search_term(typed)
        if term is not None:
            first, end = span_of(term)
            assert any(first <= one < end for one in parts_of(before + part + behind))


@given(st.text("aß ä", max_size=30), st.text("aß ä", min_size=1, max_size=8))
def test_F34_what_a_subject_does_not_have_lies_in_no_span(text: str, part: str) -> None:
    term = search_term(part)
    if term is not None:
        first, end = span_of(term)
        is_there = any(first <= one < end for one in parts_of(text))
        assert is_there is (term in text.replace("ß", "ss"))
