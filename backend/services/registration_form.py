"""What somebody types to register: every field checked, all that is wrong said at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.clock import berlin_today
from backend.errors import FieldProblem, InvalidInputError
from backend.models.terms import TermsKind
from backend.services.email_addresses import normalise_email_address
from backend.services.new_passwords import check_new_password
from backend.services.phone_numbers import normalise_mobile_number
from backend.services.terms import find_accepted
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from backend.services.sign_in_house import SignInHouse

_LONGEST_NAME = 100
# Longer than any password that is taken; the rest is not even looked at.
_LONGEST_READ = 1000
_OLDEST_YEARS = 120


class RegistrationForm(Value):
    """What was typed; the terms are the SHA-256 of the texts that were shown and accepted."""

    email_address: str
    password: str
    phone_number: str
    given_name: str
    family_name: str
    birth_date: date
    portal_terms: str
    postbox_terms: str


class CheckedForm(Value):
    """The same in the form that is stored; the phone as E.164, the names trimmed."""

    email_address: str
    phone_number: str
    given_name: str
    family_name: str
    birth_date: str


def check_form(house: SignInHouse, form: RegistrationForm) -> CheckedForm:
    """Check every field (F1, F3, F20, F21); whether the address is known is not asked here.

    Raises:
        InvalidInputError: with every wrong field.
    """
    today = berlin_today(house.clock)
    address = normalise_email_address(form.email_address)
    regions = house.policy.registration.mobile_regions.on(today)
    number = normalise_mobile_number(form.phone_number, regions=regions)
    problems = [
        *_address_problems(form, address),
        *_password_problems(house, form, today),
        *_phone_problems(form, number),
        *_name_problems(form),
        *_birth_date_problems(form, today),
        *_terms_problems(house, form, today),
    ]
    if problems or address is None or number is None:
        raise InvalidInputError(*problems)
    return CheckedForm(
        email_address=address,
        phone_number=number,
        given_name=_trimmed(form.given_name),
        family_name=_trimmed(form.family_name),
        birth_date=form.birth_date.isoformat(),
    )


def _address_problems(form: RegistrationForm, address: str | None) -> Iterator[FieldProblem]:
    if address is None:
        empty = not form.email_address.strip()
        yield FieldProblem(
            ("emailAddress",), "field.required" if empty else "field.no_email_address"
        )


def _phone_problems(form: RegistrationForm, number: str | None) -> Iterator[FieldProblem]:
    if number is None:
        empty = not form.phone_number.strip()
        yield FieldProblem(
            ("phoneNumber",), "field.required" if empty else "field.no_mobile_number"
        )


def _password_problems(
    house: SignInHouse, form: RegistrationForm, today: date
) -> Iterator[FieldProblem]:
    own_words = (
        *form.given_name[:_LONGEST_NAME].split(),
        *form.family_name[:_LONGEST_NAME].split(),
        form.email_address[:_LONGEST_NAME].partition("@")[0],
    )
    try:
        check_new_password(
            form.password[:_LONGEST_READ],
            path=("password",),
            policy=house.policy,
            today=today,
            own_words=own_words,
        )
    except InvalidInputError as refused:
        yield from refused.problems


def _name_problems(form: RegistrationForm) -> Iterator[FieldProblem]:
    for path, typed in (("givenName", form.given_name), ("familyName", form.family_name)):
        name = _trimmed(typed)
        if not name:
            yield FieldProblem((path,), "field.required")
        elif len(name) > _LONGEST_NAME:
            yield FieldProblem((path,), "field.too_long")
        elif not name.isprintable():
            yield FieldProblem((path,), "field.not_printable")


def _birth_date_problems(form: RegistrationForm, today: date) -> Iterator[FieldProblem]:
    if form.birth_date >= today or form.birth_date.year < today.year - _OLDEST_YEARS:
        yield FieldProblem(("birthDate",), "field.no_birth_date")


def _terms_problems(
    house: SignInHouse, form: RegistrationForm, today: date
) -> Iterator[FieldProblem]:
    given = (
        ("portalTerms", TermsKind.PORTAL, form.portal_terms),
        ("postboxTerms", TermsKind.POSTBOX, form.postbox_terms),
    )
    for path, kind, sha256 in given:
        if not sha256:
            yield FieldProblem((path,), "field.terms_not_accepted")
        elif not find_accepted(house, sha256, kind, day=today):
            yield FieldProblem((path,), "field.terms_outdated")


def _trimmed(name: str) -> str:
    return name.strip()
