"""What an approvable operation is, and the canonical form in which it is stored and signed."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from backend.models.approvals import ApprovalMethod
from backend.services.letters import written_day
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.approvals import Approval
    from backend.models.user_accounts import Locale
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse
    from backend.services.tans import NewTan

EVERY_METHOD = frozenset(ApprovalMethod)


class OperationInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The normalised input of an operation: typed, immutable, nothing unknown in it."""


I = TypeVar("I", bound=OperationInput)  # noqa: E741  # I for input


class Execution(Value, Generic[I]):
    """What an operation gets when it is executed, all of it as it was stored.

    `tan` is a fresh TAN for operations that send one themselves.
    """

    house: SignInHouse
    viewer: Viewer
    locale: Locale
    input: I
    secret: str | None
    tan: NewTan | None


class Operation(Value, Generic[I]):
    """An operation that a customer approves before it is executed (DOMAIN.md, TAN and approvals).

    `summary_values` fill the sentence `approval.<name>` with the essential data. `load_version`
    locks what the operation is about and returns its version, so that nothing comes in between.
    `execute` runs in the transaction that marks the approval as used; it may end
    the very session that approved it.
    """

    name: str
    input_type: type[I]
    summary_values: Callable[[I], Mapping[str, object]]
    load_version: Callable[[AsyncSession, int], Awaitable[int]]
    execute: Callable[[AsyncSession, Execution[I]], Awaitable[object]]
    methods: frozenset[ApprovalMethod] = EVERY_METHOD
    sends_tan: bool = False

    def summarise(self, given: I, locale: Locale) -> str:
        """Say in the customer's language what is approved, with its essential data."""
        values = {
            name: written_day(value, locale) if isinstance(value, date) else value
            for name, value in self.summary_values(given).items()
        }
        return word(f"approval.{self.name}", locale, **values)


AnyOperation = Operation[Any]


def canonical_json(value: object) -> str:
    """Write JSON in the one form that equal values have."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical_input(given: OperationInput, secret: str | None) -> str:
    """Write an input as it is stored; of a secret only its SHA-256."""
    content: dict[str, object] = msgspec.to_builtins(given)
    if secret is not None:
        content["secretSha256"] = _digest(secret)
    return canonical_json(content)


def read_input(operation: Operation[I], stored: str, secret: str | None) -> I:
    """Return the stored input.

    Raises:
        ValueError: it is not what was stored, or the secret is not the one it was stored with.
    """
    content = json.loads(stored)
    digest = content.pop("secretSha256", None)
    if digest != (None if secret is None else _digest(secret)):
        raise ValueError(f"the secret of {operation.name} is another one")
    return msgspec.convert(content, operation.input_type)


def challenge_of(approval: Approval, nonce: bytes) -> bytes:
    """Return what a passkey signs: SHA-256 over the stored operation, all of it, and a nonce (M3).

    Another input, summary, account, session or version gives another challenge.
    """
    content = _content_of(approval) | {"nonce": base64.b64encode(nonce).decode()}
    return hashlib.sha256(canonical_json(content).encode()).digest()


def fingerprint_of(approval: Approval) -> str:
    """Return what a TAN is good for: SHA-256 over the stored operation, all of it (F22)."""
    return _digest(canonical_json(_content_of(approval)))


def _content_of(approval: Approval) -> dict[str, object]:
    return {
        "approval": approval.id,
        "expectedVersion": approval.expected_version,
        "expiresAt": approval.expires_at.isoformat(),
        "input": approval.input,
        "operation": approval.operation,
        "session": approval.user_session_id,
        "summary": approval.summary,
        "userAccount": approval.user_account_id,
    }


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
