"""POST /graphql: check the request, execute one operation, mask what is a defect."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from graphql import ExecutionResult, GraphQLError, execute
from starlette.responses import JSONResponse, Response

from backend.context import Context
from backend.errors import DomainError, InvalidCursorError, NotSignedInError
from backend.models.user_accounts import Locale
from backend.services.passwords import HashingBusyError
from backend.web import request_guard, session_cookie
from backend.web.operations import RequestRefusedError, is_mutation

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from graphql import GraphQLSchema
    from starlette.requests import Request

    from backend.context import House
    from backend.web.operations import Operations

DEADLINE_SECONDS = 2.0

_log = structlog.get_logger(__name__)

# Faults of the client that are no members of a result union; all else is a defect.
_CLIENT_FAULTS = {NotSignedInError: "NOT_SIGNED_IN", InvalidCursorError: "INVALID_CURSOR"}


@dataclass(frozen=True, slots=True)
class GraphQLEndpoint:
    """The endpoint of one schema."""

    schema: GraphQLSchema
    operations: Operations

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        house: House = request.app.state.house
        try:
            body = await request_guard.read_operation(request, house.settings)
            return await self._execute(request, house, body)
        except RequestRefusedError as refusal:
            return _refused(refusal.code, refusal.message, refusal.status)
        except HashingBusyError:
            response = _refused("BUSY", "Too many sign-ins at once; try again soon.", 503)
            response.headers["Retry-After"] = "2"
            return response

    async def _execute(
        self, request: Request, house: House, body: request_guard.OperationRequest
    ) -> Response:
        prepared = self.operations.find(document_id=body.document_id, text=body.query)
        operation = prepared.operation(body.operation_name)
        viewer = await session_cookie.authenticate(request, house)
        context = Context(
            house=house,
            viewer=viewer,
            locale=_locale_of(request),
            is_mutation=is_mutation(operation),
            client_address=request.client.host if request.client else "",
        )
        outcome = execute(
            self.schema,
            prepared.document,
            context_value=context,
            variable_values=body.variables,
            operation_name=body.operation_name,
        )
        result = outcome if isinstance(outcome, ExecutionResult) else await _within(outcome)
        return self._respond(result, context)

    def _respond(self, result: ExecutionResult, context: Context) -> Response:
        content: dict[str, Any] = {"data": result.data}
        if result.errors:
            content["errors"] = [_show(error) for error in result.errors]
            if any(isinstance(error.original_error, HashingBusyError) for error in result.errors):
                raise HashingBusyError
        response = Response(
            json.dumps(content, separators=(",", ":"), ensure_ascii=False),
            media_type="application/json",
            headers={"Cache-Control": "no-store"},
        )
        change = context.session_change
        if change.issued_token is not None:
            session_cookie.set_cookie(response, change.issued_token)
        elif change.is_ended:
            session_cookie.clear_cookie(response)
        return response


async def _within(outcome: Awaitable[ExecutionResult]) -> ExecutionResult:
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            return await outcome
    except TimeoutError as error:
        raise RequestRefusedError(
            "TOO_SLOW", "This took too long; ask for less at once.", status=503
        ) from error


def _show(error: GraphQLError) -> dict[str, Any]:
    """Show a client's fault; anything else is logged with an id and masked."""
    original = error.original_error
    shown: dict[str, Any] = {"path": error.path}
    if original is None:
        return shown | {"message": error.message, "extensions": {"code": "BAD_REQUEST"}}
    if isinstance(original, DomainError) and type(original) in _CLIENT_FAULTS:
        code = _CLIENT_FAULTS[type(original)]
        return shown | {"message": code.replace("_", " ").lower(), "extensions": {"code": code}}
    request_id = secrets.token_hex(8)
    _log.error("graphql_defect", request_id=request_id, path=error.path, exc_info=original)
    return shown | {
        "message": "Something went wrong on our side.",
        "extensions": {"code": "INTERNAL", "requestId": request_id},
    }


def _refused(code: str, message: str, status: int) -> Response:
    return JSONResponse(
        {"errors": [{"message": message, "extensions": {"code": code}}]},
        status_code=status,
        headers={"Cache-Control": "no-store"},
    )


def _locale_of(request: Request) -> Locale:
    """The first language that the client prefers and the portal speaks; else German."""
    for part in request.headers.get("accept-language", "").split(","):
        match part.partition(";")[0].strip().lower()[:2]:
            case "de":
                return Locale.DE
            case "en":
                return Locale.EN
    return Locale.DE
