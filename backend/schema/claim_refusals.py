"""Refusals about claims, and how domain errors become them."""

from typing import Any

import strawberry

from backend import errors
from backend.access import PUBLIC
from backend.context import Info
from backend.models.claims import ClaimFormat
from backend.schema.fields import attribute
from backend.schema.refusals import Refusal
from backend.wording import word


@strawberry.type(description="Nothing of this kind can be handed in on this contract.")
class ContractNotEligible(Refusal):
    pass


@strawberry.type(description="The institution does not take this format.")
class FormatNotAccepted(Refusal):
    formats: list[ClaimFormat] = attribute(PUBLIC, "What it takes.")


@strawberry.type(description="The institution takes claims from phones and tablets only.")
class DesktopNotAccepted(Refusal):
    pass


@strawberry.type(description="The file is sealed to a key that is not used any more: seal again.")
class ClaimsKeyExpired(Refusal):
    pass


class _ContractNotEligibleHandler(
    strawberry.ExceptionHandler[errors.ContractNotEligibleError, ContractNotEligible]
):
    def handle(
        self, exception: errors.ContractNotEligibleError, *, info: Info, **_: Any
    ) -> ContractNotEligible:
        return ContractNotEligible(
            message=word("refusal.contract_not_eligible", info.context.locale)
        )


class _FormatNotAcceptedHandler(
    strawberry.ExceptionHandler[errors.FormatNotAcceptedError, FormatNotAccepted]
):
    def handle(
        self, exception: errors.FormatNotAcceptedError, *, info: Info, **_: Any
    ) -> FormatNotAccepted:
        locale = info.context.locale
        ways = ", ".join(word(f"claim_format.{one.value}", locale) for one in exception.formats)
        return FormatNotAccepted(
            message=word("refusal.format_not_accepted", locale, ways=ways),
            formats=[ClaimFormat[one.name] for one in exception.formats],
        )


class _DesktopNotAcceptedHandler(
    strawberry.ExceptionHandler[errors.DesktopNotAcceptedError, DesktopNotAccepted]
):
    def handle(
        self, exception: errors.DesktopNotAcceptedError, *, info: Info, **_: Any
    ) -> DesktopNotAccepted:
        return DesktopNotAccepted(
            message=word(
                "refusal.desktop_not_accepted",
                info.context.locale,
                institution=exception.institution,
            )
        )


class _ClaimsKeyExpiredHandler(
    strawberry.ExceptionHandler[errors.ClaimsKeyExpiredError, ClaimsKeyExpired]
):
    def handle(
        self, exception: errors.ClaimsKeyExpiredError, *, info: Info, **_: Any
    ) -> ClaimsKeyExpired:
        return ClaimsKeyExpired(message=word("refusal.claims_key_expired", info.context.locale))


exception_handlers: list[strawberry.ExceptionHandler[Any, Any]] = [
    _ContractNotEligibleHandler(),
    _FormatNotAcceptedHandler(),
    _DesktopNotAcceptedHandler(),
    _ClaimsKeyExpiredHandler(),
]
