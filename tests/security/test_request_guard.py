"""What a request may look like before its document is looked at."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest

from backend.web import request_guard
from backend.web.refused import RequestRefusedError
from tests.sqlite_only import database_url  # noqa: F401

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.portal import Portal

QUERY = "{ portal { isSandbox } }"


async def _send(portal: Portal, body: bytes, **headers: str) -> tuple[int, str]:
    response = await portal.client.post(
        "/graphql", content=body, headers={"Content-Type": "application/json"} | headers
    )
    errors = response.json().get("errors")
    return response.status_code, errors[0]["extensions"]["code"] if errors else ""


def _code_of(body: str) -> str:
    try:
        request_guard.parse_json(body.encode())
    except RequestRefusedError as refusal:
        return refusal.code
    return ""


async def test_an_ordinary_request_is_answered(portal: Portal) -> None:
    assert await _send(portal, json.dumps({"query": QUERY}).encode()) == (200, "")
    with_null: dict[str, Any] = {
        "query": QUERY,
        "variables": None,
        "operationName": None,
        "extensions": {},
    }
    assert await _send(portal, json.dumps(with_null).encode()) == (200, "")


async def test_a_body_of_more_than_64_kilobytes_is_refused(portal: Portal) -> None:
    body = json.dumps({"query": QUERY, "extensions": ""}).encode()
    filled = body[:-2] + b"a" * (64 * 1024 - len(body)) + body[-2:]
    assert len(filled) == 64 * 1024
    assert await _send(portal, filled) == (200, "")
    assert await _send(portal, filled[:-1] + b" }") == (413, "TOO_LARGE")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"nonsense", "JSON"),
        (b"\xff\xfe{}", "JSON"),
        (b'{"query": "\xed\xa0\x80"}', "JSON"),
        (b'{"query": NaN}', "JSON"),
        (b'{"query": Infinity}', "JSON"),
        (b'{"variables": {"n": ' + b"9" * 5000 + b"}}", "JSON"),
        (b"[]", "SHAPE"),
        (b'[{"query": "{ portal { today } }"}]', "SHAPE"),
        (b'"text"', "SHAPE"),
        (b"null", "SHAPE"),
        (b'{"query": 1}', "SHAPE"),
        (b'{"query": ["{ portal { today } }"]}', "SHAPE"),
        (b'{"query": "{ portal { today } }", "variables": []}', "SHAPE"),
        (b'{"query": "{ portal { today } }", "operationName": {}}', "SHAPE"),
        (b'{"documentId": 7}', "SHAPE"),
        (b"{}", "NO_DOCUMENT"),
        (b'{"documentId": "0000"}', "UNKNOWN_DOCUMENT"),
        (b'{"documentId": "sha256:0000"}', "UNKNOWN_DOCUMENT"),
        (b'{"query": "\\ud83d"}', "TEXT"),
        (b'{"query": "{ portal { today } }", "variables": {"a": "\\udc00"}}', "TEXT"),
        (b'{"query": "{ portal { today } }", "variables": {"a": ["x\\u0000"]}}', "TEXT"),
        (b'{"query": "{ portal { today } }", "variables": {"\\u0000": 1}}', "TEXT"),
        (b'{"query": "{ portal { today } }", "operationName": "x"}', "UNKNOWN_OPERATION"),
        (b'{"query": "query a { __typename } query b { __typename }"}', "UNKNOWN_OPERATION"),
    ],
)
async def test_a_body_of_another_shape_is_refused(portal: Portal, body: bytes, code: str) -> None:
    assert await _send(portal, body) == (400, code)


@pytest.mark.parametrize(
    "media_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a"],
)
async def test_only_json_is_read(portal: Portal, media_type: str) -> None:
    body = json.dumps({"query": QUERY}).encode()
    assert await _send(portal, body, **{"Content-Type": media_type}) == (415, "MEDIA_TYPE")


async def test_json_with_a_charset_is_read(portal: Portal) -> None:
    body = json.dumps({"query": QUERY}).encode()
    content_type = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert await _send(portal, body, **content_type) == (200, "")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_only_post_reaches_the_schema(portal: Portal, method: str) -> None:
    response = await portal.client.request(method, "/graphql", params={"query": QUERY})
    assert response.status_code in (404, 405)
    assert "isSandbox" not in response.text


def test_json_of_32_levels_is_read_and_of_33_is_not() -> None:
    assert _code_of("[" * 32 + "]" * 32) == ""
    assert _code_of("[" * 33 + "]" * 33) == "JSON"
    assert _code_of('{"a":' * 33 + "1" + "}" * 33) == "JSON"
    assert _code_of("[" * 60_000) == "JSON"


def test_brackets_within_texts_are_no_levels() -> None:
    assert _code_of(json.dumps(["[" * 1000, '\\"' * 50 + "{" * 100])) == ""


def test_two_thousand_values_are_read_and_more_are_not() -> None:
    assert _code_of(json.dumps([1] * 2000)) == ""
    assert _code_of(json.dumps([1] * 2002)) == "JSON"


@pytest.mark.parametrize(
    "hostile",
    ['"' + '\\"' * 30_000, '"' * 60_001, '"' + "\\" * 60_000, '["' + '",["' * 15_000],
)
def test_the_scan_of_json_looks_at_each_byte_once(hostile: str) -> None:
    """An expression that backtracks would look at these quadratically often."""
    consumed = [mark.span() for mark in request_guard._JSON_MARKS.finditer(hostile)]
    assert sum(end - start for start, end in consumed) <= len(hostile)
    assert all(earlier[1] <= later[0] for earlier, later in itertools.pairwise(consumed))
    assert len(consumed) <= len(hostile)


def test_a_text_has_at_most_10000_characters() -> None:
    request_guard._check_texts({"a": ["ä" * 10_000]})
    with pytest.raises(RequestRefusedError, match="at most 10000 characters"):
        request_guard._check_texts({"a": ["ä" * 10_001]})


async def test_a_body_that_never_ends_is_given_up(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def half() -> AsyncIterator[bytes]:
        yield b'{"query": '
        await asyncio.Event().wait()

    monkeypatch.setattr(request_guard, "BODY_SECONDS", 0.01)
    response = await portal.client.post(
        "/graphql", content=half(), headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 408
    assert response.json()["errors"][0]["extensions"] == {"code": "TOO_SLOW"}


async def test_an_operation_that_takes_too_long_is_given_up(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.web.graphql.DEADLINE_SECONDS", 0.0)
    body = json.dumps({"query": "{ institutions { key } }"}).encode()
    assert await _send(portal, body) == (503, "TOO_SLOW")


async def test_a_defect_is_masked_and_logged_under_its_id(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("backend.services.institutions.list_institutions", fail)
    response = await portal.post("{ institutions { key } }")
    error = response.json()["errors"][0]
    assert error["message"] == "Something went wrong on our side."
    assert error["extensions"]["code"] == "INTERNAL"
    assert "secret detail" not in response.text
    (entry,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert (entry["event"], entry["request_id"]) == (
        "graphql_defect",
        error["extensions"]["requestId"],
    )


async def test_a_defect_outside_of_the_schema_is_masked_too(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("backend.services.sessions.authenticate", fail)
    response = await portal.post(QUERY, token="any")
    assert response.status_code == 500
    assert response.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "secret detail" not in response.text
