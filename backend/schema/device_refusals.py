"""Refusals about devices, and how domain errors become them."""

from typing import Any

import strawberry

from backend import errors
from backend.context import Info
from backend.schema.refusals import Refusal
from backend.wording import word


@strawberry.type(
    description="The device's key or signature could not be verified, or there are too many."
)
class DeviceRefused(Refusal):
    pass


@strawberry.type(description="This session did not prove a device; only such a one can do this.")
class DeviceNeeded(Refusal):
    pass


@strawberry.type(description="The house asks for an identity verification on a new device instead.")
class DeviceReplacementOff(Refusal):
    pass


@strawberry.type(description="The code is not good (any more), or not on this device.")
class DeviceReplacementRefused(Refusal):
    pass


class _DeviceRefusedHandler(strawberry.ExceptionHandler[errors.DeviceRefusedError, DeviceRefused]):
    def handle(
        self, exception: errors.DeviceRefusedError, *, info: Info, **_: Any
    ) -> DeviceRefused:
        return DeviceRefused(message=word("refusal.device", info.context.locale))


class _DeviceNeededHandler(strawberry.ExceptionHandler[errors.DeviceNeededError, DeviceNeeded]):
    def handle(self, exception: errors.DeviceNeededError, *, info: Info, **_: Any) -> DeviceNeeded:
        return DeviceNeeded(message=word("refusal.device_needed", info.context.locale))


class _DeviceReplacementOffHandler(
    strawberry.ExceptionHandler[errors.DeviceReplacementOffError, DeviceReplacementOff]
):
    def handle(
        self, exception: errors.DeviceReplacementOffError, *, info: Info, **_: Any
    ) -> DeviceReplacementOff:
        return DeviceReplacementOff(
            message=word("refusal.device_replacement_off", info.context.locale)
        )


class _DeviceReplacementRefusedHandler(
    strawberry.ExceptionHandler[errors.DeviceReplacementRefusedError, DeviceReplacementRefused]
):
    def handle(
        self, exception: errors.DeviceReplacementRefusedError, *, info: Info, **_: Any
    ) -> DeviceReplacementRefused:
        return DeviceReplacementRefused(
            message=word("refusal.device_replacement", info.context.locale)
        )


exception_handlers: list[strawberry.ExceptionHandler[Any, Any]] = [
    _DeviceRefusedHandler(),
    _DeviceNeededHandler(),
    _DeviceReplacementOffHandler(),
    _DeviceReplacementRefusedHandler(),
]
