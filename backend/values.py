"""What the portal's own values are made of."""

from __future__ import annotations

from typing import dataclass_transform

from msgspec import Struct, field


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Value(Struct, frozen=True):
    """A value that stays in the process and never changes: `class Review(Value): …`.

    Like a frozen dataclass, but made in C: dataclasses compile their methods whenever their module
    loads, and a start loads 150 of them. Annotations are for type checkers and may name what only
    they import. What is decoded from outside is a `Struct` itself, whose annotations are rules.
    """
