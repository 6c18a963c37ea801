"""Refusals of the support desk, and how domain errors become them."""

from typing import Any

import strawberry

from backend import errors
from backend.access import PUBLIC
from backend.context import Info
from backend.schema.fields import attribute
from backend.schema.institutions import ContactPoint
from backend.schema.refusals import Refusal
from backend.wording import word


@strawberry.type(description="This group has no support desk; customer service helps.")
class SupportUnavailable(Refusal):
    contact: ContactPoint = attribute(PUBLIC, "Whom to ask.")


class _SupportUnavailableHandler(
    strawberry.ExceptionHandler[errors.SupportUnavailableError, SupportUnavailable]
):
    def handle(
        self, exception: errors.SupportUnavailableError, *, info: Info, **_: Any
    ) -> SupportUnavailable:
        contact: Any = info.context.house.group.customer_service
        message = word("refusal.support_unavailable", info.context.locale, phone=contact.phone)
        return SupportUnavailable(message=message, contact=contact)


exception_handlers: list[strawberry.ExceptionHandler[Any, Any]] = [_SupportUnavailableHandler()]
