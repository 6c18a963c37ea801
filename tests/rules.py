"""Rules of the policy other than those that ship, for one test."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import force_setattr

from backend.dated import Dated, Version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend.dated import Rules

ALWAYS = date(2025, 1, 1)


def dated(value: object, later: Mapping[str, object] | None = None) -> Dated[object]:
    """Return a rule with one value; `later` are others, by the first day they hold."""
    values = {ALWAYS: value} | {
        date.fromisoformat(day): other for day, other in (later or {}).items()
    }
    return Dated(*(Version(from_date=day, value=one, source="test") for day, one in values.items()))


def set_rule(
    rules: Rules, name: str, value: object, later: Mapping[str, object] | None = None
) -> None:
    """Let a rule of a portal be another one; every test reads the policy anew."""
    assert name in rules.__struct_fields__
    force_setattr(rules, name, dated(value, later))
