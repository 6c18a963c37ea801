"""The texts that customers agree to, by purpose: dated files, and what of them was agreed to."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import bindparam, select

from backend import database
from backend.errors import FieldProblem, InvalidInputError
from backend.models.consents import ConsentPurpose, ConsentText
from backend.models.user_accounts import Locale
from backend.services.dated_texts import DatedText, read_in_force

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.group import Group
    from backend.policy import Policy
    from backend.settings import Settings

SHIPPED = Path(__file__).parent.parent / "consent_texts"
# The name of the text with which a health fund's letters become digital (F107).
APP_COMMUNICATION = "app-communication"

_KEPT = select(ConsentText).where(ConsentText.sha256.in_(bindparam("hashes", expanding=True)))


class ConsentTextsHouse(Protocol):
    """What the texts need of the portal's wiring: where they lie and whom they name."""

    @property
    def settings(self) -> Settings: ...  # noqa: D102
    @property
    def group(self) -> Group: ...  # noqa: D102
    @property
    def policy(self) -> Policy: ...  # noqa: D102


def name_of(purpose: ConsentPurpose) -> str:
    """Return under which name the text about a purpose lies."""
    return purpose.value.replace("_", "-")


def text_in_force(
    house: ConsentTextsHouse, name: str, locale: Locale, *, day: date, institution: str = ""
) -> DatedText:
    """Return the text of a name in force on a day; `institution` is whom it names, if it does.

    Raises:
        MissingTextError: the folder has no such text in this language.
    """
    folder = (house.settings.consent_texts_dir or SHIPPED) / locale.value
    start, wording = read_in_force(folder, name, day)
    text = wording.format(
        group=house.group.name,
        institutions=", ".join(one.name for one in house.group.institutions),
        institution=institution,
        phone_consent_years=house.policy.retention.phone_consent_years.on(day),
    )
    return DatedText(locale, start, text)


def require_shown(
    house: ConsentTextsHouse, name: str, sha256: str, *, day: date, institution: str = ""
) -> DatedText:
    """Return the text that a customer agrees to by its hash, in whichever language it was shown.

    Raises:
        InvalidInputError: it is not the one in force: somebody must read it again.
    """
    for locale in Locale:
        text = text_in_force(house, name, locale, day=day, institution=institution)
        if text.sha256 == sha256:
            return text
    raise InvalidInputError(FieldProblem(("text",), "field.text_outdated"))


async def keep_text(session: AsyncSession, text: DatedText) -> None:
    """Keep a text word for word, once: files and names of the group change, proofs don't."""
    dialect = session.get_bind().dialect.name
    await session.execute(
        database.insert_into(ConsentText, dialect)
        .values(sha256=text.sha256, version=text.version, locale=text.locale, text=text.text)
        .on_conflict_do_nothing(index_elements=[ConsentText.sha256])
    )


async def load_kept_texts(session: AsyncSession, hashes: Sequence[str]) -> Mapping[str, DatedText]:
    """Return texts that were agreed to, by their hash."""
    rows = await session.scalars(_KEPT, {"hashes": list(hashes)})
    return {
        row.sha256: DatedText(row.locale, date.fromisoformat(row.version), row.text) for row in rows
    }
