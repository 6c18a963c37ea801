"""Refusals a client can show to the customer, and how domain errors become them."""

from datetime import date, datetime
from typing import Any

import strawberry

from backend import errors
from backend.access import PUBLIC
from backend.context import Info
from backend.schema.fields import attribute
from backend.services.letters import written_day
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


@strawberry.type(description="What it is about has changed meanwhile; nothing was done.")
class Conflict(Refusal):
    pass


@strawberry.type(description="The approval was not given in time.")
class ApprovalExpired(Refusal):
    pass


@strawberry.type(description="The approval was given already, or was tried too often.")
class ApprovalUsedUp(Refusal):
    pass


@strawberry.type(description="This can't be approved this way, or not from this session.")
class ApprovalMethodUnavailable(Refusal):
    pass


@strawberry.type(description="The TAN is wrong.")
class WrongTan(Refusal):
    attempts_left: int = attribute(PUBLIC, "How often it may still be tried.")


@strawberry.type(
    description="A link or TAN that proves an address or number is not good (any more)."
)
class ConfirmationRefused(Refusal):
    pass


@strawberry.type(description="A step of a registration is not possible (any more): start anew.")
class RegistrationRefused(Refusal):
    pass


@strawberry.type(
    description="Number, birth date and code don't belong together. Which is wrong is never told."
)
class CustomerNumberRefused(Refusal):
    pass


@strawberry.type(description="The user agreement can't be withdrawn any more; it can be ended.")
class WithdrawalPeriodOver(Refusal):
    last_date: date = attribute(PUBLIC, "The last day on which it could be.")


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
                FieldError(
                    path=list(problem.path),
                    message=word(problem.message_key, locale, **problem.values),
                )
                for problem in exception.problems
            ],
        )


class _ConflictHandler(strawberry.ExceptionHandler[errors.ConflictError, Conflict]):
    def handle(self, exception: errors.ConflictError, *, info: Info, **_: Any) -> Conflict:
        return Conflict(message=word("refusal.conflict", info.context.locale))


class _ApprovalExpiredHandler(
    strawberry.ExceptionHandler[errors.ApprovalExpiredError, ApprovalExpired]
):
    def handle(
        self, exception: errors.ApprovalExpiredError, *, info: Info, **_: Any
    ) -> ApprovalExpired:
        return ApprovalExpired(message=word("refusal.approval_expired", info.context.locale))


class _ApprovalUsedUpHandler(
    strawberry.ExceptionHandler[errors.ApprovalUsedUpError, ApprovalUsedUp]
):
    def handle(
        self, exception: errors.ApprovalUsedUpError, *, info: Info, **_: Any
    ) -> ApprovalUsedUp:
        return ApprovalUsedUp(message=word("refusal.approval_used_up", info.context.locale))


class _ApprovalMethodUnavailableHandler(
    strawberry.ExceptionHandler[errors.ApprovalMethodUnavailableError, ApprovalMethodUnavailable]
):
    def handle(
        self, exception: errors.ApprovalMethodUnavailableError, *, info: Info, **_: Any
    ) -> ApprovalMethodUnavailable:
        return ApprovalMethodUnavailable(
            message=word("refusal.approval_method", info.context.locale)
        )


class _ConfirmationRefusedHandler(
    strawberry.ExceptionHandler[errors.ConfirmationRefusedError, ConfirmationRefused]
):
    def handle(
        self, exception: errors.ConfirmationRefusedError, *, info: Info, **_: Any
    ) -> ConfirmationRefused:
        return ConfirmationRefused(message=word("refusal.confirmation", info.context.locale))


class _RegistrationRefusedHandler(
    strawberry.ExceptionHandler[errors.RegistrationRefusedError, RegistrationRefused]
):
    def handle(
        self, exception: errors.RegistrationRefusedError, *, info: Info, **_: Any
    ) -> RegistrationRefused:
        return RegistrationRefused(message=word("refusal.registration", info.context.locale))


class _CustomerNumberRefusedHandler(
    strawberry.ExceptionHandler[errors.CustomerNumberRefusedError, CustomerNumberRefused]
):
    def handle(
        self, exception: errors.CustomerNumberRefusedError, *, info: Info, **_: Any
    ) -> CustomerNumberRefused:
        return CustomerNumberRefused(message=word("refusal.customer_number", info.context.locale))


class _WithdrawalPeriodOverHandler(
    strawberry.ExceptionHandler[errors.WithdrawalPeriodOverError, WithdrawalPeriodOver]
):
    def handle(
        self, exception: errors.WithdrawalPeriodOverError, *, info: Info, **_: Any
    ) -> WithdrawalPeriodOver:
        locale = info.context.locale
        last_day = written_day(exception.last_day, locale)
        return WithdrawalPeriodOver(
            message=word("refusal.withdrawal_period_over", locale, last_day=last_day),
            last_date=exception.last_day,
        )


class _WrongTanHandler(strawberry.ExceptionHandler[errors.WrongTanError, WrongTan]):
    def handle(self, exception: errors.WrongTanError, *, info: Info, **_: Any) -> WrongTan:
        left = exception.attempts_left
        key = {0: "wrong_tan_last", 1: "wrong_tan_one_left"}.get(left, "wrong_tan")
        message = word(f"refusal.{key}", info.context.locale, attempts_left=left)
        return WrongTan(message=message, attempts_left=left)


exception_handlers: list[strawberry.ExceptionHandler[Any, Any]] = [
    _SignInRefusedHandler(),
    _TooManyAttemptsHandler(),
    _PasskeyRefusedHandler(),
    _NotFoundHandler(),
    _NotSignedInHandler(),
    _InvalidPeriodHandler(),
    _InvalidInputHandler(),
    _ConflictHandler(),
    _ApprovalExpiredHandler(),
    _ApprovalUsedUpHandler(),
    _ApprovalMethodUnavailableHandler(),
    _ConfirmationRefusedHandler(),
    _RegistrationRefusedHandler(),
    _CustomerNumberRefusedHandler(),
    _WithdrawalPeriodOverHandler(),
    _WrongTanHandler(),
]
