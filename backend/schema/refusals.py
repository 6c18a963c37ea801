"""Refusals a client can show to the customer, and how domain errors become them."""

from datetime import datetime
from typing import Any

import strawberry

from backend import errors
from backend.access import PUBLIC
from backend.context import Info
from backend.schema.fields import attribute
from backend.wording import word


@strawberry.interface(description="Why an operation was refused.")
class Refusal:
    message: str = attribute(PUBLIC, "A sentence for the customer: what, why and what to do.")


@strawberry.type(description="Signing in failed. Which factor was wrong is never told.")
class SignInRefused(Refusal):
    pass


@strawberry.type(description="Tried too often.")
class TooManyAttempts(Refusal):
    retry_at: datetime = attribute(PUBLIC, "When the next attempt is possible.")


@strawberry.type(description="The passkey could not be verified or is already known.")
class PasskeyRefused(Refusal):
    pass


@strawberry.type(description="No such object for this viewer.")
class NotFound(Refusal):
    pass


@strawberry.type(description="Nobody is signed in, or the session has ended.")
class NotSignedIn(Refusal):
    pass


@strawberry.type(description="The period starts after it ends.")
class InvalidPeriod(Refusal):
    pass


@strawberry.type(description="What is wrong with one field of the input.")
class FieldError:
    path: list[str] = attribute(PUBLIC, "Where it stands in the input.")
    message: str = attribute(PUBLIC, "What to do about it.")


@strawberry.type(description="Input that can be mended; nothing was changed.")
class InvalidInput(Refusal):
    fields: list[FieldError] = attribute(PUBLIC, "Every wrong field.")


class _SignInRefusedHandler(strawberry.ExceptionHandler[errors.SignInRefusedError, SignInRefused]):
    def handle(
        self, exception: errors.SignInRefusedError, *, info: Info, **_: Any
    ) -> SignInRefused:
        return SignInRefused(message=word("refusal.sign_in", info.context.locale))


class _TooManyAttemptsHandler(
    strawberry.ExceptionHandler[errors.TooManyAttemptsError, TooManyAttempts]
):
    def handle(
        self, exception: errors.TooManyAttemptsError, *, info: Info, **_: Any
    ) -> TooManyAttempts:
        return TooManyAttempts(
            message=word("refusal.too_many_attempts", info.context.locale),
            retry_at=exception.retry_at,
        )


class _PasskeyRefusedHandler(
    strawberry.ExceptionHandler[errors.PasskeyRefusedError, PasskeyRefused]
):
    def handle(
        self, exception: errors.PasskeyRefusedError, *, info: Info, **_: Any
    ) -> PasskeyRefused:
        return PasskeyRefused(message=word("refusal.passkey", info.context.locale))


class _NotFoundHandler(strawberry.ExceptionHandler[errors.NotFoundError, NotFound]):
    def handle(self, exception: errors.NotFoundError, *, info: Info, **_: Any) -> NotFound:
        return NotFound(message=word("refusal.not_found", info.context.locale))


class _NotSignedInHandler(strawberry.ExceptionHandler[errors.NotSignedInError, NotSignedIn]):
    def handle(self, exception: errors.NotSignedInError, *, info: Info, **_: Any) -> NotSignedIn:
        return NotSignedIn(message=word("refusal.not_signed_in", info.context.locale))


class _InvalidPeriodHandler(strawberry.ExceptionHandler[errors.InvalidPeriodError, InvalidPeriod]):
    def handle(
        self, exception: errors.InvalidPeriodError, *, info: Info, **_: Any
    ) -> InvalidPeriod:
        return InvalidPeriod(message=word("refusal.invalid_period", info.context.locale))


class _InvalidInputHandler(strawberry.ExceptionHandler[errors.InvalidInputError, InvalidInput]):
    def handle(self, exception: errors.InvalidInputError, *, info: Info, **_: Any) -> InvalidInput:
        locale = info.context.locale
        return InvalidInput(
            message=word("refusal.invalid_input", locale),
            fields=[
                FieldError(path=list(problem.path), message=word(problem.message_key, locale))
                for problem in exception.problems
            ],
        )


exception_handlers: list[strawberry.ExceptionHandler[Any, Any]] = [
    _SignInRefusedHandler(),
    _TooManyAttemptsHandler(),
    _PasskeyRefusedHandler(),
    _NotFoundHandler(),
    _NotSignedInHandler(),
    _InvalidPeriodHandler(),
    _InvalidInputHandler(),
]
