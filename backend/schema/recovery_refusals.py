"""Refusals of a recovery, and how its domain errors become them."""

from typing import Any

import strawberry

from backend import errors
from backend.context import Info
from backend.schema.refusals import Refusal
from backend.wording import word


@strawberry.type(description="A step of a recovery is not possible (any more): start anew.")
class RecoveryRefused(Refusal):
    pass


@strawberry.type(description="This user account has no such way back.")
class RecoveryWayUnavailable(Refusal):
    pass


@strawberry.type(
    description="Code and birth date don't belong to the account. Which is wrong is never told."
)
class RecoveryProofRefused(Refusal):
    pass


class _RecoveryRefusedHandler(
    strawberry.ExceptionHandler[errors.RecoveryRefusedError, RecoveryRefused]
):
    def handle(
        self, exception: errors.RecoveryRefusedError, *, info: Info, **_: Any
    ) -> RecoveryRefused:
        return RecoveryRefused(message=word("refusal.recovery", info.context.locale))


class _RecoveryWayUnavailableHandler(
    strawberry.ExceptionHandler[errors.RecoveryWayUnavailableError, RecoveryWayUnavailable]
):
    def handle(
        self, exception: errors.RecoveryWayUnavailableError, *, info: Info, **_: Any
    ) -> RecoveryWayUnavailable:
        return RecoveryWayUnavailable(message=word("refusal.recovery_way", info.context.locale))


class _RecoveryProofRefusedHandler(
    strawberry.ExceptionHandler[errors.RecoveryProofRefusedError, RecoveryProofRefused]
):
    def handle(
        self, exception: errors.RecoveryProofRefusedError, *, info: Info, **_: Any
    ) -> RecoveryProofRefused:
        return RecoveryProofRefused(message=word("refusal.recovery_proof", info.context.locale))


exception_handlers: list[strawberry.ExceptionHandler[Any, Any]] = [
    _RecoveryRefusedHandler(),
    _RecoveryWayUnavailableHandler(),
    _RecoveryProofRefusedHandler(),
]
