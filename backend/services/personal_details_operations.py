"""Changes of personal details as they are stored until their customer approves them (F22, F37)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import asdict

from backend.models.personal_details import PersonalDetailsKind, PersonName, PostalAddress
from backend.services.approval_operations import OperationInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend.services.personal_details_reviews import PersonalDetailsReview

_NAMED = 3


class AskedInstitution(OperationInput, frozen=True, kw_only=True):
    """An institution, the version that the customer saw there, and what stood there, in words."""

    institution_id: int
    name: str
    version: int
    before: str | None


class _NewDetails(OperationInput, frozen=True, kw_only=True):
    """What address and name have in common; `asked` is the hash of what the `key` stood for."""

    institutions: list[AskedInstitution]
    effective_from: str
    evidence: list[int]
    key: str
    asked: str


class NewAddress(_NewDetails, frozen=True, kw_only=True):
    """The address to change to."""

    street: str
    postal_code: str
    city: str
    country: str

    @property
    def details(self) -> PostalAddress:
        """The address to change to."""
        return PostalAddress(self.street, self.postal_code, self.city, self.country)


class NewName(_NewDetails, frozen=True, kw_only=True):
    """The name to change to."""

    title: str | None
    given_name: str
    family_name: str

    @property
    def details(self) -> PersonName:
        """The name to change to."""
        return PersonName(self.title, self.given_name, self.family_name)


NewDetails = NewAddress | NewName


def stored_details(
    review: PersonalDetailsReview, evidence: Sequence[int], *, key: str, asked: str
) -> NewDetails:
    """Return what is stored until it is approved."""
    of_kind: type[NewAddress | NewName] = (
        NewName if review.kind is PersonalDetailsKind.NAME else NewAddress
    )
    return msgspec.convert(
        {
            "institutions": [
                {
                    "institution_id": one.institution.id,
                    "name": one.institution.name,
                    "version": one.version,
                    "before": one.before,
                }
                for one in review.institutions
            ],
            "effective_from": review.effective_from.isoformat(),
            "evidence": list(evidence),
            "key": key,
            "asked": asked,
            **asdict(review.details),
        },
        of_kind,
    )


def names_of(given: NewDetails) -> str:
    """Return whom it goes to, in words."""
    names = [one.name for one in given.institutions]
    more = f" +{len(names) - _NAMED}" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def summary_values(given: NewDetails) -> dict[str, object]:
    """Return the essential data that asks for the yes (DOMAIN.md, TAN and approvals)."""
    return {
        "details": given.details.line,
        "institutions": names_of(given),
        "day": date.fromisoformat(given.effective_from),
        "files": len(given.evidence),
    }
