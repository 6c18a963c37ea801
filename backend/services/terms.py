"""The texts of the user agreement: dated files, readable by everybody, known by their hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from backend.models.terms import TermsKind
from backend.models.user_accounts import Locale

if TYPE_CHECKING:
    from backend.group import Group
    from backend.policy import Policy
    from backend.settings import Settings

SHIPPED = Path(__file__).parent.parent / "terms"
_TITLE_MARK = "# "


class MissingTermsError(Exception):
    """The folder of the texts is not complete: a fault of whoever set it up."""


class TermsHouse(Protocol):
    """What the texts need of the portal's wiring: where they lie and whom they name."""

    @property
    def settings(self) -> Settings: ...  # noqa: D102
    @property
    def group(self) -> Group: ...  # noqa: D102
    @property
    def policy(self) -> Policy: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class TermsOfUse:
    """One text in one language; `sha256` is that of `text` in UTF-8.

    Paragraphs are parted by blank lines; the first is the title behind "# ", headings stand
    behind "## ". `version` is the first day on which the text holds.
    """

    kind: TermsKind
    locale: Locale
    start_date: date
    text: str

    @property
    def version(self) -> str:
        """Name of the version, the same in all languages."""
        return self.start_date.isoformat()

    @property
    def title(self) -> str:
        """The heading of the whole text."""
        return self.text.partition("\n")[0].removeprefix(_TITLE_MARK)

    @property
    def sha256(self) -> str:
        """What proves which text was shown; hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def terms_on(house: TermsHouse, day: date, locale: Locale) -> tuple[TermsOfUse, TermsOfUse]:
    """Return the texts in force on a day, first those of the portal, then of the postbox (F3, F4).

    Before the first version the first one holds.

    Raises:
        MissingTermsError: the folder has no text of a kind in this language.
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
    starts = _starts(folder, kind)
    if not starts:
        raise MissingTermsError(f"{folder} has no {kind.value}-<first day>.txt")
    start = max((one for one in starts if one <= day), default=starts[0])
    group = house.group
    service = group.customer_service
    text = _read(folder / _name(kind, start)).format(
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
    return TermsOfUse(kind, locale, start, text)


def _name(kind: TermsKind, start: date) -> str:
    return f"{kind.value}-{start.isoformat()}.txt"


@lru_cache
def _starts(folder: Path, kind: TermsKind) -> tuple[date, ...]:
    names = folder.glob(f"{kind.value}-*.txt")
    return tuple(sorted(date.fromisoformat(path.stem[len(kind.value) + 1 :]) for path in names))


@lru_cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()
