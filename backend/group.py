"""The group that runs the portal: its institutions, contacts and trustee, from one file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec

SHIPPED = Path(__file__).with_name("group.toml")


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Part of the file; names that are none stop the start."""


class ContactPoint(_Entry, frozen=True, kw_only=True):
    """Where a customer reaches a person."""

    name: str
    phone: str
    email: str
    street: str
    postal_code: str
    city: str
    hours: str


class Trustee(_Entry, frozen=True, kw_only=True):
    """The legal person that keeps the postbox and sends its notices (F26)."""

    name: str
    email_address: str


class SupportDesk(_Entry, frozen=True, kw_only=True):
    """Who answers questions about the portal itself; each message is announced at `email`."""

    name: str
    email: str


class CoreSystem(_Entry, frozen=True, kw_only=True):
    """How an institution's core system takes what customers submit (M2).

    `keys` are the public keys with which it signs its answers, as 64 hexadecimal digits, by the
    key id that it names.
    """

    channel: Literal["http", "files"]
    url: str | None = None
    keys: dict[str, Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]] = {}

    def __post_init__(self) -> None:
        """Refuse what is reached in two ways or in none."""
        if (self.channel == "http") != (self.url is not None):
            raise ValueError('a core system has a url if, and only if, its channel is "http"')


class InstitutionEntry(_Entry, frozen=True, kw_only=True):
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


class Group(_Entry, frozen=True, kw_only=True):
    """Everything brand and contact that differs between houses."""

    name: str
    unknown_institution: Literal["create", "refuse"]
    customer_service: ContactPoint
    trustee: Trustee
    institutions: tuple[InstitutionEntry, ...]
    operator: str | None = None
    support: SupportDesk | None = None

    def __post_init__(self) -> None:
        """Refuse an operator that is not listed, and keys that nobody could tell apart."""
        keys = [institution.key for institution in self.institutions]
        if self.operator is not None and self.operator not in keys:
            raise ValueError(f"operator is one of the institutions, not {self.operator!r}")
        ids = [key_id for one in self.institutions if one.core for key_id in one.core.keys]
        if len(ids) != len(set(ids)):
            raise ValueError("two core systems name a key alike")

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
        return msgspec.convert(tomllib.load(file), Group)
