"""Errors a customer can cause; every other exception is a defect.

A domain error carries data, never a sentence: the schema words it in the customer's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class DomainError(Exception):
    """A rule of the business was not met; the transaction is rolled back."""


class NotSignedInError(DomainError):
    """Nobody is signed in, or the session has ended."""


class NotFoundError(DomainError):
    """The object does not exist for this viewer: foreign and absent answer alike."""


class InvalidPeriodError(DomainError):
    """A period starts after it ends (F35)."""


class SignInRefusedError(DomainError):
    """Signing in failed; which factor was wrong is never told."""


class TooManyAttemptsError(DomainError):
    """Tried too often; `retry_at` says when to come back."""

    def __init__(self, retry_at: datetime) -> None:
        super().__init__(retry_at.isoformat())
        self.retry_at = retry_at


class PasskeyRefusedError(DomainError):
    """The passkey could not be verified or is already known."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One wrong input: the path of the field and the key of the message that says what to do."""

    path: tuple[str, ...]
    message_key: str


class InvalidInputError(DomainError):
    """Input that a person can mend; nothing was changed."""

    def __init__(self, *problems: FieldProblem) -> None:
        super().__init__(", ".join(".".join(problem.path) for problem in problems))
        self.problems = problems


class InvalidCursorError(DomainError):
    """A page cursor that this portal never gave out."""
