"""What customers type as address and name: put in order, and judged (F88)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend.errors import FieldProblem, InvalidInputError
from backend.lazy import lazy_module
from backend.models.personal_details import HOME_COUNTRY, PersonName, PostalAddress

if TYPE_CHECKING:
    from collections.abc import Iterator

    import phonenumbers
else:
    phonenumbers = lazy_module("phonenumbers")

LONGEST_LINE = 60
LONGEST_POSTAL_CODE = 12
LONGEST_TITLE = 30
_HOME_POSTAL_CODE = re.compile(r"\d{5}")
# No postal region of Deutsche Post begins so.
_UNUSED = ("00", "05", "43", "62")


def list_countries() -> list[str]:
    """Return the countries that an address can be in, by ISO 3166."""
    return sorted(phonenumbers.SUPPORTED_REGIONS)


def require_address(given: PostalAddress) -> PostalAddress:
    """Return an address in order. In Germany the postal code is judged, elsewhere it is free.

    Raises:
        InvalidInputError: each field that can be mended.
    """
    address = PostalAddress(
        _tidy(given.street),
        _tidy(given.postal_code).upper(),
        _tidy(given.city),
        given.country.strip().upper(),
    )
    problems = [
        *_problems_of("street", address.street, LONGEST_LINE),
        *_problems_of_postal_code(address),
        *_problems_of("city", address.city, LONGEST_LINE),
    ]
    if address.country not in phonenumbers.SUPPORTED_REGIONS:
        problems.append(FieldProblem(("country",), "field.no_country"))
    if problems:
        raise InvalidInputError(*problems)
    return address


def require_name(given: PersonName) -> PersonName:
    """Return a name in order.

    Raises:
        InvalidInputError: each field that can be mended.
    """
    name = PersonName(
        _tidy(given.title or "") or None, _tidy(given.given_name), _tidy(given.family_name)
    )
    problems = [
        *_problems_of("title", name.title or "-", LONGEST_TITLE),
        *_problems_of("givenName", name.given_name, LONGEST_LINE),
        *_problems_of("familyName", name.family_name, LONGEST_LINE),
    ]
    if problems:
        raise InvalidInputError(*problems)
    return name


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _problems_of(field: str, text: str, longest: int) -> Iterator[FieldProblem]:
    if not text:
        yield FieldProblem((field,), "field.required")
    elif len(text) > longest:
        yield FieldProblem((field,), "field.too_long")
    elif not text.isprintable():
        yield FieldProblem((field,), "field.not_printable")


def _problems_of_postal_code(address: PostalAddress) -> Iterator[FieldProblem]:
    code = address.postal_code
    if address.country != HOME_COUNTRY:
        # Some countries have none.
        yield from _problems_of("postalCode", code or "-", LONGEST_POSTAL_CODE)
    elif not code:
        yield FieldProblem(("postalCode",), "field.required")
    elif not _HOME_POSTAL_CODE.fullmatch(code):
        yield FieldProblem(("postalCode",), "field.no_postal_code")
    elif code.startswith(_UNUSED):
        yield FieldProblem(("postalCode",), "field.unknown_postal_code")
