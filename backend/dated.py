"""Values of rules that depend on the day, as the policy file writes them."""

from __future__ import annotations

from datetime import date
from typing import Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

T = TypeVar("T")


class Rules(BaseModel):
    """Rules that belong together; names that are none stop the start."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Version(Rules, Generic[T]):
    """One value of a rule, the first day it holds and where it comes from."""

    from_date: date = Field(alias="from")
    value: T
    source: str


class Dated(RootModel[tuple[Version[T], ...]], Generic[T]):
    """A rule whose value depends on the day."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [version.from_date for version in self.root]
        if not days or days != sorted(set(days)):
            raise ValueError("versions of a rule are listed by ascending, different days")
        return self

    def on(self, day: date) -> T:
        """Return the value on a day; before the first version the first one holds."""
        current = self.root[0]
        for version in self.root:
            if version.from_date <= day:
                current = version
        return current.value
