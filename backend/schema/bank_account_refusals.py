"""Refusals of what the portal can't change, and how domain errors become them."""

from typing import Any

import strawberry

from backend import errors
from backend.access import PUBLIC
from backend.context import Info
from backend.schema.fields import attribute
from backend.schema.institutions import ContactPoint
from backend.schema.refusals import Refusal
from backend.wording import word


@strawberry.type(description="Payouts go to accounts in the customer's own name only.")
class PayoutAccountNotOwn(Refusal):
    pass


@strawberry.type(description="The portal can't change this; customer service can.")
class NotChangeableHere(Refusal):
    contact: ContactPoint = attribute(PUBLIC, "Whom to ask.")


class _PayoutAccountNotOwnHandler(
    strawberry.ExceptionHandler[errors.PayoutAccountNotOwnError, PayoutAccountNotOwn]
):
    def handle(
        self, exception: errors.PayoutAccountNotOwnError, *, info: Info, **_: Any
    ) -> PayoutAccountNotOwn:
        return PayoutAccountNotOwn(
            message=word("refusal.payout_account_not_own", info.context.locale)
        )


class _NotChangeableHereHandler(
    strawberry.ExceptionHandler[errors.NotChangeableHereError, NotChangeableHere]
):
    def handle(
        self, exception: errors.NotChangeableHereError, *, info: Info, **_: Any
    ) -> NotChangeableHere:
        contact: Any = info.context.house.group.contact_of(exception.institution_key)
        message = word(f"refusal.{exception.reason}", info.context.locale)
        return NotChangeableHere(message=message, contact=contact)


exception_handlers: list[strawberry.ExceptionHandler[Any, Any]] = [
    _PayoutAccountNotOwnHandler(),
    _NotChangeableHereHandler(),
]
