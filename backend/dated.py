"""Values of rules that depend on the day, as the policy file writes them."""

from __future__ import annotations

from datetime import date
from typing import Any, Generic, TypeVar, get_args, get_origin

import msgspec

T = TypeVar("T")
R = TypeVar("R", bound="Rules")


class Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rules that belong together; names that are none stop the start."""


class Version(Rules, Generic[T], frozen=True, kw_only=True):
    """One value of a rule, the first day it holds and where it comes from."""

    from_date: date = msgspec.field(name="from")
    value: T
    source: str


class Dated(Generic[T]):
    """A rule whose value depends on the day.

    Raises:
        ValueError: the versions are none, or not by ascending, different days.
    """

    __slots__ = ("_versions",)

    def __init__(self, *versions: Version[T]) -> None:
        days = [version.from_date for version in versions]
        if not days or days != sorted(set(days)):
            raise ValueError("versions of a rule are listed by ascending, different days")
        self._versions = versions

    def on(self, day: date) -> T:
        """Return the value on a day; before the first version the first one holds."""
        current = self._versions[0]
        for version in self._versions:
            if version.from_date <= day:
                current = version
        return current.value


def read_rules(kind: type[R], content: object) -> R:
    """Return rules as a file writes them.

    Raises:
        msgspec.ValidationError: a rule is missing, unknown or of another type; it says where.
    """
    return msgspec.convert(content, kind, dec_hook=_read_dated)


def _read_dated(kind: Any, content: object) -> object:
    if get_origin(kind) is not Dated:
        raise NotImplementedError(kind)
    [value] = get_args(kind)
    versions = tuple[Version[value], ...]  # type: ignore[valid-type]  # known at run time only
    try:
        return Dated(*msgspec.convert(content, versions))
    except msgspec.ValidationError as error:
        # The place of another error is added to the place of the rule itself.
        raise ValueError(error) from None
