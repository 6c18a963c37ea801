"""Decisions about claims, one JSON object per line; docs/core-systems.md is the format."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, BinaryIO

from backend.feeds.json_fields import FieldReader
from backend.feeds.json_lines import read_json_lines
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from backend.feeds.findings import Finding

_UID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_AMOUNT = re.compile(r"\d{1,9}(\.\d{1,2})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


class DecidedStatus(StrEnum):
    """What the claims department says of a claim."""

    IN_REVIEW = "IN_REVIEW"
    DECIDED = "DECIDED"
    PAID = "PAID"


class ClaimDecision(Value):
    """How far a claim has come at its department."""

    line: int
    claim: str
    status: DecidedStatus
    on: date
    amount_claimed: Decimal | None
    amount_reimbursed: Decimal | None
    currency: str | None
    statement: str | None
    updated_at: datetime


def read_claim_decisions(stream: BinaryIO) -> Iterator[ClaimDecision | Finding]:
    """Yield the decisions; a line with any wrong field becomes one Finding per field instead.

    FeedError if lines are there and not one is usable.
    """
    yield from read_json_lines(stream, _read_decision, called="claim")


def _read_decision(value: Any, problems: list[tuple[str, str]], line: int) -> ClaimDecision:
    fields = FieldReader(value, "", problems)
    status = fields.choice("status", [member.value for member in DecidedStatus])
    decision = ClaimDecision(
        line=line,
        claim=fields.matching("claim", _UID, "the reference of a claim"),
        status=DecidedStatus(status or DecidedStatus.IN_REVIEW),
        on=fields.day("on"),
        amount_claimed=_amount(fields, "amount_claimed"),
        amount_reimbursed=_amount(fields, "amount_reimbursed"),
        currency=fields.optional_text("currency"),
        statement=fields.optional_text("statement", max_length=200),
        updated_at=fields.instant("updated_at"),
    )
    has_amount = (decision.amount_claimed, decision.amount_reimbursed) != (None, None)
    if has_amount or decision.currency is not None:
        fields.matching("currency", _CURRENCY, "a currency of three letters")
    return decision


def _amount(fields: FieldReader, name: str) -> Decimal | None:
    text = fields.optional_text(name)
    if text is None:
        return None
    if not _AMOUNT.fullmatch(text):
        fields.note(name, "not an amount such as 123.45, as text")
        return None
    return Decimal(text)
