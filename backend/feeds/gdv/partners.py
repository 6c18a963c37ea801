"""Partners of a contract, put together from the parts of their 0100 records."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Final, cast

from backend.feeds.gdv.records import (
    BankAccount,
    Contact,
    ContactKind,
    Partner,
    Salutation,
    SepaMandate,
)
from backend.feeds.gdv.tables import PARTNER
from backend.feeds.records import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backend.feeds.gdv.layout import Report

    Values = dict[str, object]

_RECORD: Final = "0100"
_SCALARS: Final = frozenset(field.name for field in fields(Partner)) - {
    "line",
    "contacts",
    "bank_accounts",
    "mandate",
    "salutation",
    "role",
}
_MANDATE: Final = tuple(field.name for field in fields(SepaMandate))
_CONTACTS: Final = tuple((f"contact_code_{n}", f"contact_{n}") for n in range(1, 8))
_SALUTATIONS: Final = {str(key.value): key for key in Salutation}
_AT_SIGNS: Final = ("(a)", "(at)", "[at]", "(A)", "(AT)", "\xa7")
_ROLE_END: Final = 238


class PartnerRecords:
    """The parts of one partner, in the order of the file."""

    __slots__ = ("lines", "values")

    def __init__(self) -> None:
        self.values: Values = {}
        self.lines: dict[str, int] = {}


def add_partner(
    partners: list[PartnerRecords], text: str, line: int, length: int, report: Report
) -> None:
    """Takes a 0100 record: part 1 opens a partner, the others complete the latest one.

    A record is rejected if its part is unknown or repeated, if it has no part 1 before it, or if
    it ends before the Adresskennzeichen: then nobody can tell whose role or which part it is.
    """
    part = text[255] if text[255] != " " else "1"
    layout = PARTNER.get(part)
    reason = ""
    if length < _ROLE_END and part == "1":
        reason = f"has {length} of 256 characters: role and part are lost"
    elif layout is None:
        reason = "is no part of this record type"
    elif part != "1" and (not partners or part in partners[-1].lines):
        reason = "repeats a part" if partners else "has no part 1 before it"
    if reason or layout is None:
        report(Finding(line, _RECORD, "Satznummer", reason, rejects=True))
        return
    if part == "1":
        partners.append(PartnerRecords())
    partners[-1].lines[part] = line
    partners[-1].values.update(layout.read(text, line, report))


def build_partners(
    records: list[PartnerRecords], customer_number: str, customer_at_agency: str, report: Report
) -> tuple[Partner, ...]:
    """The partners of a contract, one per 0100 part 1.

    A policyholder without customer number has that of 0200. A partner that repeats another one in
    all but its line is left out; two different policyholders are kept and reported.
    """
    partners: dict[tuple[object, ...], Partner] = {}
    policyholders = 0
    for record in records:
        identity = tuple(sorted(record.values.items(), key=_by_name))
        line = record.lines["1"]
        if identity in partners:
            report(Finding(line, _RECORD, "Adresskennzeichen", "repeats a partner of the contract"))
            continue
        partner = partners[identity] = _partner(
            record, customer_number, customer_at_agency, report
        )
        policyholders += partner.is_policyholder
        if partner.is_policyholder and policyholders > 1:
            report(Finding(line, _RECORD, "Adresskennzeichen", "is a second policyholder"))
    return tuple(partners.values())


def _by_name(item: tuple[str, object]) -> str:
    return item[0]


def _partner(
    record: PartnerRecords, customer_number: str, customer_at_agency: str, report: Report
) -> Partner:
    values, line = record.values, record.lines["1"]
    role = cast("str", values.get("role", "")).rjust(2, "0") if "role" in values else ""
    if not role:
        report(Finding(line, _RECORD, "Adresskennzeichen", "is blank: the role is unknown"))
    if "surname" not in values:
        report(Finding(line, _RECORD, "Name 1", "is blank"))
    scalars = {name: value for name, value in values.items() if name in _SCALARS}
    if role == "01":
        if customer_number:
            scalars.setdefault("customer_number", customer_number)
        if customer_at_agency:
            scalars.setdefault("customer_number_at_agency", customer_at_agency)
    build = cast("Callable[..., Partner]", Partner)
    return build(
        line=line,
        role=role,
        salutation=_salutation(values, line, report),
        contacts=tuple(_contacts(values)),
        bank_accounts=tuple(_bank_accounts(record, report)) if len(record.lines) > 1 else (),
        mandate=_mandate(values) if "5" in record.lines else None,
        **scalars,
    )


def _salutation(values: Values, line: int, report: Report) -> Salutation | None:
    key = cast("str", values.get("salutation", "0"))
    salutation = _SALUTATIONS.get(key)
    if salutation is None:
        report(Finding(line, _RECORD, "Anredeschlüssel", "is not a key from 0 to 6"))
    return salutation


def _contacts(values: Values) -> Iterator[Contact]:
    for code_name, name in _CONTACTS:
        value = values.get(name)
        if value:
            yield contact(cast("str", values.get(code_name, "")), cast("str", value))


def contact(code: str, value: str) -> Contact:
    """A communication entry; "@" is put back where the file had to avoid it."""
    for sign in _AT_SIGNS:
        local, found, domain = value.partition(sign)
        if found and "@" not in value and local.strip() and "." in domain:
            value = f"{local.strip()}@{domain.strip()}"
    if "@" in value:
        return Contact(ContactKind.EMAIL, code, value)
    is_phone = any(map(str.isdecimal, value)) and not any(map(str.isalpha, value))
    return Contact(ContactKind.PHONE if is_phone else ContactKind.OTHER, code, value)


def _bank_accounts(record: PartnerRecords, report: Report) -> Iterator[BankAccount]:
    for suffix, kind, part, field in (("", "", "4", "IBAN 1"), ("_2", "_2", "5", "IBAN 2")):
        get = record.values.get
        iban = cast("str", get("iban" + suffix, "")).replace(" ", "").upper()
        number = cast("str", get("account_number" + suffix, ""))
        if not iban and not number.strip("0"):
            continue
        is_valid = is_valid_iban(iban)
        if iban and not is_valid:
            line = record.lines[part]
            report(Finding(line, _RECORD, field, "is masked or has wrong check digits"))
        yield BankAccount(
            iban=iban,
            bic=cast("str", get("bic" + suffix, "")),
            holder=cast("str", get("holder" + suffix, "")),
            bank_name=cast("str", get("bank_name" + suffix, "")),
            account_number=number,
            bank_code=cast("str", get("bank_code" + suffix, "")),
            kind=cast("str", get("account_kind" + kind, "")),
            has_valid_iban=is_valid,
        )


def is_valid_iban(iban: str) -> bool:
    """Two letters, two digits, at most 34 characters in all, mod 97 = 1 (ISO 13616)."""
    is_shaped = iban.isascii() and iban.isalnum() and iban[:2].isalpha() and iban[2:4].isdecimal()
    if not is_shaped or not 15 <= len(iban) <= 34:  # noqa: PLR2004 (Norway; the maximum)
        return False
    return int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 == 1


def _mandate(values: Values) -> SepaMandate | None:
    if "mandate_reference" not in values and "creditor_identifier" not in values:
        return None
    build = cast("Callable[..., SepaMandate]", SepaMandate)
    return build(**{name: values[name] for name in _MANDATE if name in values})
