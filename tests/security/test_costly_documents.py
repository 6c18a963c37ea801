"""Costly documents are refused before they cost; the work to find out is counted, not timed."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pytest
from graphql import GraphQLSyntaxError, Lexer, OperationDefinitionNode, Source, TokenKind, parse

from backend.schema import schema
from backend.web import cost, document_shape, operations
from backend.web.cost import CostAnalysis
from backend.web.operations import Operations
from backend.web.refused import RequestRefusedError
from tests.security.abusive_documents import DOCUMENTS, OK, OPEN_DOCUMENTS
from tests.sqlite_only import database_url  # noqa: F401

if TYPE_CHECKING:
    import httpx
    from graphql import DocumentNode

    from tests.portal import Portal

SCHEMA = schema._schema
FIRST = "query ($n: Int! = 20) { viewer { contracts(first: $n) { nodes { %s } } } }"
RICH = " ".join(
    f"i{number}: institution {{ contact {{ name phone email street city }} }}"
    for number in range(20)
)


def _operations(*, is_open: bool = False) -> Operations:
    return Operations(SCHEMA, persisted={}, persisted_only=False, is_open=is_open)


def _code_of(text: str, *, is_open: bool = False) -> str:
    try:
        prepared = _operations(is_open=is_open).find(document_id=None, text=text)
    except RequestRefusedError as refusal:
        return refusal.code
    return (
        OK if all(one.cost_at_most <= cost.BUDGET for one in prepared.operations.values()) else "?"
    )


@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_abusive_document_is_refused_or_within_the_budget(name: str) -> None:
    text, code = DOCUMENTS[name]
    assert _code_of(text) == code


@pytest.mark.parametrize("name", OPEN_DOCUMENTS)
def test_where_introspection_is_on_it_has_a_budget_too(name: str) -> None:
    text, code = OPEN_DOCUMENTS[name]
    assert _code_of(text, is_open=True) == code


def test_there_are_sixty_abusive_documents_and_most_are_refused() -> None:
    refused = [name for name, (_, code) in DOCUMENTS.items() if code != OK]
    assert len(DOCUMENTS) >= 60
    assert len(refused) >= 60


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_analysis_looks_at_each_written_part_at_most_once(name: str) -> None:
    """2**14 spreads or one: the work is what was written, never what it expands to."""
    text, _ = DOCUMENTS[name]
    try:
        document = parse(text, max_tokens=document_shape.MOST_TOKENS, no_location=True)
        written = document_shape.check_shape(document)
    except (GraphQLSyntaxError, RequestRefusedError):
        assert _code_of(text) in {"SYNTAX", "TOO_COMPLEX", "TEXT", "TOO_LARGE"}
        return
    assert _tokens(text) <= document_shape.MOST_TOKENS
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            analysis = CostAnalysis(SCHEMA, document)
            try:
                analysis.cost_of(definition)
            except RequestRefusedError:
                assert _code_of(text) != OK
            selections = sum(
                written.kinds[kind] for kind in ("field", "fragment_spread", "inline_fragment")
            )
            assert analysis.visited <= selections


def test_a_document_spread_exponentially_costs_what_it_would_answer() -> None:
    document = parse(
        "{ viewer { ...f0 } }"
        + "".join(f"fragment f{n} on Viewer {{ ...f{n + 1} ...f{n + 1} }}" for n in range(10))
        + "fragment f10 on Viewer { id }"
    )
    analysis = CostAnalysis(SCHEMA, document)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    assert analysis.cost_of(operation) == 1 + 2**10
    assert analysis.visited == 1 + 1 + 20 + 1


def _tokens(text: str) -> int:
    lexer = Lexer(Source(text))
    count = 0
    while lexer.advance().kind is not TokenKind.EOF:
        count += 1
    return count


async def _answer(portal: Portal, text: str, variables: dict[str, object]) -> tuple[int, str]:
    response = await portal.post(text, variables)
    answer = response.json()
    return response.status_code, answer.get("errors", [{}])[0].get("extensions", {}).get("code", OK)


async def test_variables_that_ask_for_too_many_rows_are_refused(portal: Portal) -> None:
    poor, rich = FIRST % "id", FIRST % RICH
    assert await _answer(portal, poor, {"n": 100}) == (200, OK)
    assert await _answer(portal, poor, {"n": 101}) == (400, "INVALID_PAGE_SIZE")
    assert await _answer(portal, poor, {"n": 0}) == (400, "INVALID_PAGE_SIZE")
    assert await _answer(portal, poor, {"n": -5}) == (400, "INVALID_PAGE_SIZE")
    assert await _answer(portal, poor, {"n": True}) == (200, "BAD_REQUEST")
    assert await _answer(portal, poor, {"n": None}) == (200, "BAD_REQUEST")
    assert await _answer(portal, rich, {"n": 50}) == (200, OK)
    assert await _answer(portal, rich, {}) == (200, OK)
    assert await _answer(portal, rich, {"n": 100}) == (400, "TOO_COSTLY")
    ids = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert await _answer(portal, ids, {"ids": ["x"] * 100}) == (200, OK)
    assert await _answer(portal, ids, {"ids": ["x"] * 101}) == (400, "INVALID_PAGE_SIZE")
    assert await _answer(portal, ids, {"ids": []}) == (200, OK)


async def test_abusive_documents_over_http_never_end_in_a_defect(portal: Portal) -> None:
    for name, (text, code) in DOCUMENTS.items():
        response = await portal.post(text)
        errors = response.json().get("errors", [])
        found = errors[0]["extensions"]["code"] if errors else OK
        expected = code or OK
        assert (name, found) == (name, expected)
        assert response.status_code == (200 if code == OK else 413 if code == "TOO_LARGE" else 400)


def test_a_refused_document_is_remembered_as_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def counting_parse(text: str) -> DocumentNode:
        parsed.append(text)
        return real_parse(text)

    real_parse = operations._parse
    monkeypatch.setattr(operations, "_parse", counting_parse)
    guard = _operations()
    for _ in range(3):
        with pytest.raises(RequestRefusedError, match="Cannot query field 'nothing'"):
            guard.find(document_id=None, text="{ nothing }")
    assert parsed == ["{ nothing }"]


def test_the_cache_of_documents_forgets_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "LARGEST_CACHE", 3)
    # Without what all tests keep of documents (tests/sharing.py).
    monkeypatch.setattr(Operations, "_prepare", inspect.unwrap(Operations._prepare))
    guard = _operations()
    texts = [f"{{ a{number}: portal {{ today }} }}" for number in range(5)]
    first = guard.find(document_id=None, text=texts[0])
    assert guard.find(document_id=None, text=texts[0]) is first
    for text in texts[1:]:
        guard.find(document_id=None, text=text)
    assert len(guard._cache) == 3
    assert guard.find(document_id=None, text=texts[0]) is not first


def test_errors_name_no_fields_that_exist_unless_developers_look_around() -> None:
    with pytest.raises(RequestRefusedError) as closed:
        _operations().find(document_id=None, text="{ viewr { id } }")
    assert closed.value.message == "Cannot query field 'viewr' on type 'Query'."
    with pytest.raises(RequestRefusedError, match="Did you mean 'viewer'"):
        _operations(is_open=True).find(document_id=None, text="{ viewr { id } }")


async def test_wrong_variables_are_told_without_the_values_that_exist(portal: Portal) -> None:
    query = "query ($f: ContractFilter) { viewer { contracts(filter: $f) { totalCount } } }"
    response: httpx.Response = await portal.post(query, {"f": {"kinds": ["INSURANC"]}})
    error = response.json()["errors"][0]
    assert error["extensions"] == {"code": "BAD_REQUEST"}
    assert "Did you mean" not in error["message"]


def test_where_only_persisted_documents_are_answered_nobody_looks_around() -> None:
    guard = Operations(SCHEMA, persisted={}, persisted_only=True, is_open=True)
    assert guard.hides_suggestions
    with pytest.raises(RequestRefusedError) as refused:
        guard.find(document_id=None, text="{ portal { today } }")
    assert refused.value.code == "PERSISTED_ONLY"
