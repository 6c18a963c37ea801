"""The group that runs the portal: its institutions, contacts and trustee, from one file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

SHIPPED = Path(__file__).with_name("group.toml")


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ContactPoint(_Entry):
    """Where a customer reaches a person."""

    name: str
    phone: str
    email: str
    street: str
    postal_code: str
    city: str
    hours: str


class Trustee(_Entry):
    """The legal person that keeps the postbox and sends its notices (F26)."""

    name: str
    email_address: str


class SupportDesk(_Entry):
    """Who answers questions about the portal itself; each message is announced at `email`."""

    name: str
    email: str


class CoreSystem(_Entry):
    """How an institution's core system takes what customers submit (M2).

    `keys` are the public keys with which it signs its answers, as 64 hexadecimal digits, by the
    key id that it names.
    """

    channel: Literal["http", "files"]
    url: str | None = None
    keys: dict[str, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]] = {}

    @model_validator(mode="after")
    def _has_an_address(self) -> Self:
        if (self.channel == "http") != (self.url is not None):
            raise ValueError('a core system has a url if, and only if, its channel is "http"')
        return self


class InstitutionEntry(_Entry):
    """An institution as the group's file lists it.

    `creditor_identifier` stands in the direct debit mandates that customers sign here.
    """

    key: str
    name: str
    kind: Literal["INSURER", "BANK", "HEALTH_FUND"]
    insurer_number: str | None = None
    bic: str | None = None
    ik: str | None = None
    creditor_identifier: str | None = None
    contact: ContactPoint | None = None
    core: CoreSystem | None = None


class Group(_Entry):
    """Everything brand and contact that differs between houses."""

    name: str
    unknown_institution: Literal["create", "refuse"]
    customer_service: ContactPoint
    trustee: Trustee
    institutions: tuple[InstitutionEntry, ...]
    operator: str | None = None
    support: SupportDesk | None = None

    @model_validator(mode="after")
    def _operator_is_listed(self) -> Self:
        keys = [institution.key for institution in self.institutions]
        if self.operator is not None and self.operator not in keys:
            raise ValueError(f"operator is one of the institutions, not {self.operator!r}")
        return self

    @model_validator(mode="after")
    def _core_keys_are_told_apart(self) -> Self:
        ids = [key_id for one in self.institutions if one.core for key_id in one.core.keys]
        if len(ids) != len(set(ids)):
            raise ValueError("two core systems name a key alike")
        return self

    @property
    def operating_institution(self) -> InstitutionEntry:
        """The institution that concludes user agreements: the operator, else the first listed.

        Raises:
            LookupError: the group lists no institution.
        """
        for institution in self.institutions:
            if self.operator in (None, institution.key):
                return institution
        raise LookupError("the group's file lists no institution")

    def core_of(self, institution_key: str) -> CoreSystem | None:
        """Return how the institution's core system is reached; None: its service desk does it."""
        for institution in self.institutions:
            if institution.key == institution_key:
                return institution.core
        return None

    def entry_of(self, institution_key: str) -> InstitutionEntry | None:
        """Return what the file says about an institution; None for one that a feed brought."""
        return next((one for one in self.institutions if one.key == institution_key), None)

    def contact_of(self, institution_key: str) -> ContactPoint:
        """Return the institution's own contact, or the group's customer service."""
        entry = self.entry_of(institution_key)
        return (entry and entry.contact) or self.customer_service


def load_group(path: Path | None = None) -> Group:
    """Read and check the group's file."""
    with (path or SHIPPED).open("rb") as file:
        return Group.model_validate(tomllib.load(file))
