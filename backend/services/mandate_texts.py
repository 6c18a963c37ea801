"""The text of a direct debit mandate: dated files, known by their hash, kept when signed (F88)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from backend.errors import FieldProblem, InvalidInputError
from backend.models.user_accounts import Locale
from backend.services.dated_texts import DatedText, read_in_force

if TYPE_CHECKING:
    from datetime import date

    from backend.group import Group
    from backend.models.institutions import Institution
    from backend.settings import Settings

SHIPPED = Path(__file__).parent.parent / "mandate_texts"
_NAME = "sepa-mandate"


class MandateTextsHouse(Protocol):
    """What the texts need of the portal's wiring: where they lie and whom they name."""

    @property
    def settings(self) -> Settings: ...  # noqa: D102
    @property
    def group(self) -> Group: ...  # noqa: D102


def mandate_text_in_force(
    house: MandateTextsHouse, institution: Institution, locale: Locale, *, day: date
) -> DatedText:
    """Return what a customer signs who lets an institution debit an account.

    Raises:
        MissingTextError: the folder has no such text in this language.
    """
    folder = (house.settings.mandate_texts_dir or SHIPPED) / locale.value
    start, wording = read_in_force(folder, _NAME, day)
    text = wording.format(
        institution=institution.name,
        creditor_identifier=creditor_identifier_of(house, institution) or "–",
    )
    return DatedText(locale, start, text)


def require_signed(
    house: MandateTextsHouse, institution: Institution, sha256: str | None, *, day: date
) -> DatedText:
    """Return the text that was signed by its hash, in whichever language it was shown.

    Raises:
        InvalidInputError: none was signed, or not the one in force: it has to be read again.
    """
    for locale in Locale:
        text = mandate_text_in_force(house, institution, locale, day=day)
        if text.sha256 == sha256:
            return text
    key = "field.text_outdated" if sha256 else "field.mandate_needed"
    raise InvalidInputError(FieldProblem(("mandateText",), key))


def creditor_identifier_of(house: MandateTextsHouse, institution: Institution) -> str | None:
    """Return under which identifier an institution debits; None if the group's file has none."""
    entry = house.group.entry_of(institution.key)
    return entry.creditor_identifier if entry else None
