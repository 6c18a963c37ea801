"""IBANs as customers type them: read, judged with a reason, and named after their bank."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend.errors import FieldProblem, InvalidInputError
from backend.lazy import lazy_module
from backend.values import Value

if TYPE_CHECKING:
    import schwifty
else:
    # Its registries cost 10 MB, and most requests need none of them.
    schwifty = lazy_module("schwifty")

LONGEST_TYPED = 60
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


class Iban(Value):
    """A valid IBAN of the SEPA zone, compact; bank and BIC as far as the registries know them."""

    compact: str
    bic: str | None
    bank_name: str | None

    @property
    def formatted(self) -> str:
        """The IBAN in groups of four, as on paper (ISO 13616)."""
        return " ".join(self.compact[at : at + 4] for at in range(0, len(self.compact), 4))


def require_iban(text: str) -> Iban:
    """Return the IBAN that was typed, of whichever SEPA country (Art. 9 Reg. (EU) 260/2012).

    Blanks are stripped, letters made capital; country, its length, characters, check digits and
    zone are judged in this order, so that the reason is the first thing to mend (F88).

    Raises:
        InvalidInputError: with the reason.
    """
    compact = "".join(text[:LONGEST_TYPED].split()).upper()
    if problem := _problem_of(compact):
        raise InvalidInputError(problem)
    iban = schwifty.IBAN(compact)
    bic = iban.bic
    return Iban(compact, str(bic) if bic else None, iban.bank_name)


def is_sepa_iban(text: str) -> bool:
    """Tell whether a text that is on file is such an IBAN; feeds bring masked and broken ones."""
    return _problem_of(text) is None


def bank_name_of(iban: str) -> str | None:
    """Return the name of an IBAN's bank as far as the registries know it."""
    from schwifty import exceptions  # noqa: PLC0415  # lazy, as the library itself

    try:
        return schwifty.IBAN(iban).bank_name
    except exceptions.SchwiftyException:
        return None


def _problem_of(compact: str) -> FieldProblem | None:
    from schwifty import exceptions  # noqa: PLC0415  # lazy, as the library itself

    if not compact:
        return _problem("field.required")
    country = compact[:2]
    try:
        iban = schwifty.IBAN(compact, allow_invalid=True)
        length = iban.spec.iban_length if _COUNTRY.fullmatch(country) else 0
        if length and len(compact) != length:
            return _problem("field.iban_length", country=country, length=length, given=len(compact))
        # The library takes digits of other scripts for digits.
        if not (compact.isascii() and compact.isalnum()):
            return _problem("field.iban_characters")
        iban.validate()
    except exceptions.SchwiftyException as error:
        if isinstance(error, exceptions.InvalidCountryCode) or not _COUNTRY.fullmatch(country):
            return _problem("field.iban_country")
        is_typing_error = isinstance(error, exceptions.InvalidChecksumDigits)
        return _problem("field.iban_checksum" if is_typing_error else "field.iban_characters")
    return None if iban.in_sepa_zone else _problem("field.iban_not_sepa", country=country)


def _problem(key: str, **values: object) -> FieldProblem:
    return FieldProblem(("iban",), key, values)
