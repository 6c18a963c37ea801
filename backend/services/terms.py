"""The texts of the user agreement: dated files, readable by everybody, known by their hash."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from backend.models.terms import TermsKind
from backend.models.user_accounts import Locale
from backend.services.dated_texts import DatedText, read_in_force

if TYPE_CHECKING:
    from datetime import date

    from backend.group import Group
    from backend.policy import Policy
    from backend.settings import Settings

SHIPPED = Path(__file__).parent.parent / "terms"


class TermsHouse(Protocol):
    """What the texts need of the portal's wiring: where they lie and whom they name."""

    @property
    def settings(self) -> Settings: ...  # noqa: D102
    @property
    def group(self) -> Group: ...  # noqa: D102
    @property
    def policy(self) -> Policy: ...  # noqa: D102


class TermsOfUse(DatedText):
    """One of the two texts of the user agreement in one language."""

    kind: TermsKind


def terms_on(house: TermsHouse, day: date, locale: Locale) -> tuple[TermsOfUse, TermsOfUse]:
    """Return the texts in force on a day, first those of the portal, then of the postbox (F3, F4).

    Before the first version the first one holds.

    Raises:
        MissingTextError: the folder has no text of a kind in this language.
    """
    portal, postbox = (_newest(house, kind, day, locale) for kind in TermsKind)
    return portal, postbox


def find_accepted(
    house: TermsHouse, sha256: str, kind: TermsKind, *, day: date
) -> TermsOfUse | None:
    """Return the text in force on a day that has this hash, in whichever language it was shown."""
    for locale in Locale:
        terms = _newest(house, kind, day, locale)
        if terms.sha256 == sha256:
            return terms
    return None


def _newest(house: TermsHouse, kind: TermsKind, day: date, locale: Locale) -> TermsOfUse:
    folder = (house.settings.terms_dir or SHIPPED) / locale.value
    start, wording = read_in_force(folder, kind.value, day)
    group = house.group
    service = group.customer_service
    text = wording.format(
        group=group.name,
        operator=group.operating_institution.name,
        trustee=group.trustee.name,
        service=service.name,
        street=service.street,
        place=f"{service.postal_code} {service.city}",
        phone=service.phone,
        email=service.email,
        withdrawal_days=house.policy.agreement.withdrawal_days.on(day),
    )
    return TermsOfUse(locale, start, text, kind)
