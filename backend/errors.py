"""Errors a customer can cause; every other exception is a defect.

A domain error carries data, never a sentence: the schema words it in the customer's language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import field

from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from enum import Enum

    from backend.inspection.refusals import UploadRefusal


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


class ConflictError(DomainError):
    """What it is about has changed since the customer saw it; nothing was changed."""


class ApprovalExpiredError(DomainError):
    """The approval was not given in time."""


class ApprovalUsedUpError(DomainError):
    """The approval was given already, or was tried too often."""


class ApprovalMethodUnavailableError(DomainError):
    """This operation can't be approved this way, or not from this session."""


class DeviceRefusedError(DomainError):
    """A device's key or its signature could not be verified, or the account has too many."""


class DeviceNeededError(DomainError):
    """This session did not prove a device."""


class DeviceReplacementOffError(DomainError):
    """The policy allows no approval of a new device by an old one."""


class DeviceReplacementRefusedError(DomainError):
    """A code that replaces a device is unknown, another's, used, too old, or not for this one."""


class WrongTanError(DomainError):
    """The TAN is wrong; `attempts_left` says how often it may still be tried."""

    def __init__(self, attempts_left: int) -> None:
        super().__init__(f"{attempts_left} left")
        self.attempts_left = attempts_left


class ConfirmationRefusedError(DomainError):
    """A link or TAN that should prove an address or number is unknown, used or too old."""


class RegistrationRefusedError(DomainError):
    """A link, secret or TAN of a registration is unknown, used or too old."""


class RecoveryRefusedError(DomainError):
    """A link, secret or TAN of a recovery is unknown, used or too old."""


class RecoveryProofRefusedError(DomainError):
    """Code and birth date don't belong to this user account; which is wrong is never told."""


class RecoveryWayUnavailableError(DomainError):
    """This user account has no such way back: no passkey, or no address for a letter."""


class CustomerNumberRefusedError(DomainError):
    """Number, birth date and code don't belong together; which is wrong is never told."""


class SupportUnavailableError(DomainError):
    """This group has no support desk to which a message could go."""


class UploadRefusedError(DomainError):
    """A file does not even come into quarantine; `refusal` says why."""

    def __init__(self, refusal: UploadRefusal) -> None:
        super().__init__(refusal.name)
        self.refusal = refusal


class WrongOffsetError(DomainError):
    """Another part of a sealed file is the next one: the one that begins at `offset`."""

    def __init__(self, offset: int) -> None:
        super().__init__(str(offset))
        self.offset = offset


class WrongPartSizeError(DomainError):
    """A part of a sealed file has another size than `size`, which it should have here."""

    def __init__(self, size: int) -> None:
        super().__init__(str(size))
        self.size = size


class WrongHashError(DomainError):
    """A sealed file is not the one that was announced; nothing of it was kept."""


class ContractNotEligibleError(DomainError):
    """Nothing of this kind can be handed in on this contract; absent and foreign ones alike."""


class FormatNotAcceptedError(DomainError):
    """The institution takes only these `formats`, named as their enum names them."""

    def __init__(self, formats: tuple[Enum, ...]) -> None:
        super().__init__(", ".join(one.name for one in formats))
        self.formats = formats


class DesktopNotAcceptedError(DomainError):
    """An institution takes claims from phones and tablets only."""

    def __init__(self, institution: str) -> None:
        super().__init__()
        self.institution = institution


class ClaimsKeyExpiredError(DomainError):
    """A file is sealed to a key that is not used any more: seal it again."""


class WithdrawalPeriodOverError(DomainError):
    """The user agreement can't be withdrawn any more; `last_day` was the last."""

    def __init__(self, last_day: date) -> None:
        super().__init__(last_day.isoformat())
        self.last_day = last_day


class PayoutAccountNotOwnError(DomainError):
    """The policy pays out to accounts in the customer's own name only (F67)."""


class NotChangeableHereError(DomainError):
    """The portal can't change this (F38); `institution_key` says whose customer service can.

    `reason` is the key of the sentence that says why, under `[refusal]`.
    """

    def __init__(self, institution_key: str, reason: str = "not_changeable_here") -> None:
        super().__init__(institution_key, reason)
        self.institution_key = institution_key
        self.reason = reason


class FieldProblem(Value):
    """One wrong input: the path of the field and the key of the message that says what to do.

    `values` fill the placeholders of the message.
    """

    path: tuple[str, ...]
    message_key: str
    values: Mapping[str, object] = field(default_factory=dict)


class SelfAddedLimitError(DomainError):
    """A customer added as much as the policy allows; `what` is contracts, documents or such."""

    def __init__(self, what: str, most: int) -> None:
        super().__init__(f"{what}: {most}")
        self.what = what
        self.most = most


class HouseAccountError(DomainError):
    """The file is about an account that the house keeps for this customer; `iban` names it."""

    def __init__(self, iban: str) -> None:
        super().__init__("an account of the house")
        self.iban = iban


class InvalidInputError(DomainError):
    """Input that a person can mend; nothing was changed."""

    def __init__(self, *problems: FieldProblem) -> None:
        super().__init__(", ".join(".".join(problem.path) for problem in problems))
        self.problems = problems


class InvalidCursorError(DomainError):
    """A page cursor that this portal never gave out."""
