"""What a GraphQL request must look like before its document is looked at."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any, NoReturn

from starlette.requests import ClientDisconnect

from backend.values import Value
from backend.web.document_shape import check_text
from backend.web.refused import RequestRefusedError

if TYPE_CHECKING:
    from starlette.requests import Request

    from backend.settings import Settings

LARGEST_BODY = 64 * 1024
DEEPEST_JSON = 32
MOST_JSON_VALUES = 2000
BODY_SECONDS = 10.0

# One alternative for a whole text, closed or not: each byte is looked at once.
_JSON_MARKS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{},]', re.DOTALL)


class OperationRequest(Value):
    """The parts of a request's body."""

    query: str | None
    document_id: str | None
    variables: dict[str, Any]
    operation_name: str | None


async def read_operation(request: Request, settings: Settings) -> OperationRequest:
    """Read and check the body of a request.

    Raises:
        RequestRefusedError: wrong origin, media type, size or shape.
    """
    check_origin(request, settings)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise RequestRefusedError("MEDIA_TYPE", "Send application/json.", status=415)
    content = parse_json(await read_body(request))
    if not isinstance(content, dict):
        raise RequestRefusedError("SHAPE", "Send one JSON object; batches are not answered.")
    return OperationRequest(
        query=_text(content, "query"),
        document_id=_text(content, "documentId"),
        variables=_variables(content),
        operation_name=_text(content, "operationName"),
    )


def check_origin(request: Request, settings: Settings) -> None:
    """Refuse requests that another site made a browser send.

    Raises:
        RequestRefusedError: Origin or Sec-Fetch-Site tell of another site.
    """
    origin = request.headers.get("origin")
    fetch_site = request.headers.get("sec-fetch-site", "same-origin")
    if (origin is not None and origin != settings.origin) or fetch_site not in (
        "same-origin",
        "none",
    ):
        raise RequestRefusedError("ORIGIN", "This request came from another site.", status=403)


def parse_json(body: bytes) -> Any:
    """Return the value of a JSON text, after its depth and size were found bearable.

    Raises:
        RequestRefusedError: it is no JSON in UTF-8, too deep, or has too many values.
    """
    try:
        text = body.decode("utf-8")
        check_json_shape(text)
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise RequestRefusedError("JSON", "The body is not valid JSON in UTF-8.") from error


def check_json_shape(text: str) -> int:
    """Count brackets and commas outside of texts; return how many marks were looked at.

    Raises:
        RequestRefusedError: nested too deeply or too many values.
    """
    depth = values = visited = 0
    for mark in _JSON_MARKS.finditer(text):
        visited += 1
        match mark.group()[0]:
            case "[" | "{":
                depth += 1
                values += 1
            case "]" | "}":
                depth -= 1
            case ",":
                values += 1
        if depth > DEEPEST_JSON:
            raise RequestRefusedError("JSON", f"JSON has at most {DEEPEST_JSON} levels here.")
        if values > MOST_JSON_VALUES:
            raise RequestRefusedError("JSON", f"At most {MOST_JSON_VALUES} values at once.")
    return visited


async def read_body(request: Request) -> bytes:
    """Return a body of 64 KB at most.

    Raises:
        RequestRefusedError: too large, too slow, or the client is gone.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise RequestRefusedError(
                        "TOO_LARGE", "A request has at most 64 KB.", status=413
                    )
    except TimeoutError as error:
        raise RequestRefusedError("TOO_SLOW", "The body did not arrive.", status=408) from error
    except ClientDisconnect as error:
        raise RequestRefusedError("GONE", "The client hung up.") from error
    return bytes(body)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _text(content: dict[str, Any], key: str) -> str | None:
    value = content.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise RequestRefusedError("SHAPE", f"`{key}` is a text.")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise RequestRefusedError("TEXT", f"`{key}` holds half characters.") from error
    return value


def _variables(content: dict[str, Any]) -> dict[str, Any]:
    value = content.get("variables")
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RequestRefusedError("SHAPE", "`variables` is an object.")
    _check_texts(value)
    return value


def _check_texts(value: Any) -> None:
    """Check every text of a value; its depth is known to be small."""
    match value:
        case str():
            check_text(value)
        case dict():
            for key, one in value.items():
                check_text(key)
                _check_texts(one)
        case list():
            for one in value:
                _check_texts(one)
