"""POST /graphql: check the request, execute one operation, mask what is a defect."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from typing import TYPE_CHECKING, Any

from graphql import ExecutionResult, GraphQLError, execute
from starlette.responses import Response

from backend.client_device import remember_device
from backend.context import Context
from backend.database import SharedReading
from backend.errors import (
    DomainError,
    InvalidCursorError,
    NotSignedInError,
    TooManyAttemptsError,
)
from backend.schema.fast_fields import is_promised
from backend.services.passwords import HashingBusyError
from backend.values import Value
from backend.web import request_guard, session_cookie
from backend.web.language import locale_of
from backend.web.refused import RequestRefusedError, refusal_response

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from graphql import GraphQLSchema
    from starlette.requests import Request

    from backend.house import House
    from backend.web.operations import Operations, Prepared

DEADLINE_SECONDS = 2.0

_log = logging.getLogger(__name__)

# Faults of the client that are no members of a result union; all else is a defect.
_CLIENT_FAULTS = {
    NotSignedInError: ("NOT_SIGNED_IN", "Sign in first."),
    InvalidCursorError: ("INVALID_CURSOR", "This cursor is not one of this list."),
    TooManyAttemptsError: ("TOO_MANY_ATTEMPTS", "Wait a while and try again."),
}


class GraphQLEndpoint(Value):
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
            return refusal_response(refusal)
        except HashingBusyError:
            busy = RequestRefusedError(
                "BUSY", "Too many sign-ins at once; try again soon.", status=503
            )
            return refusal_response(busy)

    async def _execute(
        self, request: Request, house: House, body: request_guard.OperationRequest
    ) -> Response:
        prepared = self.operations.find(document_id=body.document_id, text=body.query)
        operation = prepared.operation(body.operation_name)
        operation.check_cost(body.variables)
        remember_device(request.headers.get("user-agent", ""))
        reading = SharedReading(house.sessions)
        try:
            viewer = await session_cookie.authenticate(request, house, reading)
            if operation.is_mutation:
                await reading.close()  # its fields write, each in a transaction of its own
            context = Context(
                house=house,
                viewer=viewer,
                locale=locale_of(request),
                is_mutation=operation.is_mutation,
                client_address=request.client.host if request.client else "",
                reading=reading,
            )
            return self._respond(await self._run(prepared, body, context), context)
        finally:
            await reading.close()

    async def _run(
        self, prepared: Prepared, body: request_guard.OperationRequest, context: Context
    ) -> ExecutionResult:
        outcome = execute(
            self.schema,
            prepared.document,
            context_value=context,
            variable_values=body.variables,
            operation_name=body.operation_name,
            max_coercion_errors=5,
            is_awaitable=is_promised,
            hide_suggestions=self.operations.hides_suggestions,
        )
        return outcome if isinstance(outcome, ExecutionResult) else await _within(outcome)

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
        if context.viewer is not None:
            response.background = session_cookie.recording_use(
                context.house, context.viewer, opened_bank_data=change.has_opened_bank_data
            )
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
    if isinstance(original, HashingBusyError):
        return {"message": "busy", "extensions": {"code": "BUSY"}}
    if isinstance(original, DomainError) and type(original) in _CLIENT_FAULTS:
        code, message = _CLIENT_FAULTS[type(original)]
        return _fault(error, code, message)
    # Without a path nothing was executed: the variables are wrong.
    if original is None or error.path is None or _is_about_the_document(original):
        return _fault(error, "BAD_REQUEST", error.message)
    request_id = secrets.token_hex(8)
    _log.error(
        "graphql_defect", extra={"request_id": request_id, "path": error.path}, exc_info=original
    )
    shown = _fault(error, "INTERNAL", "Something went wrong on our side.")
    shown["extensions"]["requestId"] = request_id
    return shown


def _is_about_the_document(original: Exception) -> bool:
    """Tell wrong arguments, which name their place in the document, from values of ours."""
    return isinstance(original, GraphQLError) and bool(original.nodes)


def _fault(error: GraphQLError, code: str, message: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"message": message[:500], "extensions": {"code": code}}
    return shown if error.path is None else {"path": error.path, **shown}
