"""What a GraphQL request must look like before anything is parsed or executed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backend.web.operations import RequestRefusedError

if TYPE_CHECKING:
    from starlette.requests import Request

    from backend.settings import Settings

LARGEST_BODY = 64 * 1024


@dataclass(frozen=True, slots=True)
class OperationRequest:
    """The parts of a request's body."""

    query: str | None
    document_id: str | None
    variables: dict[str, Any] | None
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
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise RequestRefusedError("TOO_LARGE", "A request has at most 64 KB.", status=413)
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RequestRefusedError("JSON", "The body is not valid JSON.") from error
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


def _text(content: dict[str, Any], key: str) -> str | None:
    value = content.get(key)
    if value is not None and not isinstance(value, str):
        raise RequestRefusedError("SHAPE", f"`{key}` is a text.")
    return value


def _variables(content: dict[str, Any]) -> dict[str, Any] | None:
    value = content.get("variables")
    if value is not None and not isinstance(value, dict):
        raise RequestRefusedError("SHAPE", "`variables` is an object.")
    return value
