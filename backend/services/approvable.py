"""Every operation that a customer approves before it is executed, by its stored name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.services.account_changes import CHANGE_PASSWORD, REMOVE_PASSKEY
from backend.services.adding_passkeys import ADD_PASSKEY
from backend.services.bank_account_changes import CHANGE_BANK_ACCOUNT
from backend.services.bank_account_disclosure import SHOW_BANK_ACCOUNTS
from backend.services.contact_changes import CHANGE_EMAIL_ADDRESS, CHANGE_PHONE_NUMBER
from backend.services.device_changes import REMOVE_DEVICE, UNLOCK_DEVICE
from backend.services.device_replacement import REPLACE_DEVICE
from backend.services.personal_details_changes import CHANGE_ADDRESS, CHANGE_NAME
from backend.services.self_service_deletion import DELETE_USER_ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend.services.approval_operations import AnyOperation

_ALL: tuple[AnyOperation, ...] = (
    CHANGE_PASSWORD,
    REMOVE_PASSKEY,
    ADD_PASSKEY,
    UNLOCK_DEVICE,
    REMOVE_DEVICE,
    REPLACE_DEVICE,
    CHANGE_EMAIL_ADDRESS,
    CHANGE_PHONE_NUMBER,
    DELETE_USER_ACCOUNT,
    CHANGE_BANK_ACCOUNT,
    SHOW_BANK_ACCOUNTS,
    CHANGE_ADDRESS,
    CHANGE_NAME,
)

# A name never changes: what was approved under it is evidence.
OPERATIONS: Mapping[str, AnyOperation] = {operation.name: operation for operation in _ALL}
