"""Every operation that a customer approves before it is executed, by its stored name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.services.account_changes import CHANGE_PASSWORD, REMOVE_PASSKEY
from backend.services.contact_changes import CHANGE_EMAIL_ADDRESS, CHANGE_PHONE_NUMBER
from backend.services.self_service_deletion import DELETE_USER_ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend.services.approval_operations import AnyOperation

_ALL: tuple[AnyOperation, ...] = (
    CHANGE_PASSWORD,
    REMOVE_PASSKEY,
    CHANGE_EMAIL_ADDRESS,
    CHANGE_PHONE_NUMBER,
    DELETE_USER_ACCOUNT,
)

# A name never changes: what was approved under it is evidence.
OPERATIONS: Mapping[str, AnyOperation] = {operation.name: operation for operation in _ALL}
