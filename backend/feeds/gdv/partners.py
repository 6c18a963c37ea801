"""Partners of a contract, put together from the parts of their 0100 records."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any, Final

from backend.feeds.findings import Finding
from backend.feeds.gdv.records import (
    BankAccount,
    Contact,
    ContactKind,
    Partner,
    SepaMandate,
)
from backend.feeds.gdv.tables import PARTNER
from backend.feeds.records import Salutation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend.feeds.gdv.layout import Report

    Values = dict[str, Any]

_RECORD: Final = "0100"
_SCALARS: Final = frozenset(Partner.__struct_fields__) - {
    "line",
    "contacts",
    "bank_accounts",
    "mandate",
    "salutation",
    "role",
}
_MANDATE: Final = SepaMandate.__struct_fields__
_CONTACTS: Final = tuple((f"contact_code_{n}", f"contact_{n}") for n in range(1, 8))
_SALUTATIONS: Final = {str(key.value): key for key in Salutation}
_AT_SIGNS: Final = ("(a)", "(at)", "[at]", "(A)", "(AT)", "\xa7")
_DIGITS_OF_LETTERS: Final = {ord(char): str(int(char, 36)) for char in ascii_uppercase}
_ROLE_END: Final = 238


class PartnerRecords:
    """The parts of one partner, in the order of the file."""

    __slots__ = ("follows_first_part", "lines", "texts", "values")

    def __init__(self, *, follows_first_part: bool) -> None:
        self.follows_first_part = follows_first_part
        self.values: Values = {}
        self.lines: dict[str, int] = {}
        self.texts: dict[str, str] = {}

    def add(self, part: str, text: str, line: int, report: Report) -> None:
        """Takes over a part."""
        self.lines[part], self.texts[part] = line, text
        self.values.update(PARTNER[part].read(text, line, report))

    def hand_over(self, part: str, other: PartnerRecords) -> None:
        """Gives a part to the partner before, whose it was."""
        other.add(part, self.texts.pop(part), self.lines.pop(part), _reported_before)
        self.values = {}
        for known, text in self.texts.items():
            self.values.update(PARTNER[known].read(text, self.lines[known], _reported_before))


def add_partner(
    partners: list[PartnerRecords], text: str, line: int, length: int, report: Report
) -> None:
    """Takes a 0100 record: part 1 opens a partner, the others complete the latest one.

    Where the first parts of several partners stand together, the others belong to them in the same
    order. A record is rejected if its part is unknown or repeated, if it has no part 1 before it,
    or if it ends before the Adresskennzeichen: then nobody can tell whose role or which part it is.
    """
    part = text[255] if text[255] != " " else "1"
    if part == "1" and length >= _ROLE_END:
        follows = bool(partners) and len(partners[-1].lines) == 1
        partners.append(PartnerRecords(follows_first_part=follows))
    elif part == "1" or part not in PARTNER or not partners:
        reason = _why_not(part, length)
        report(Finding(line, _RECORD, "Satznummer", reason, rejects=True))
        return
    elif part in partners[-1].lines:
        if not _make_room(partners, part):
            report(Finding(line, _RECORD, "Satznummer", "repeats a part", rejects=True))
            return
        reason = (
            "parts of several partners stand together: the partners' order tells whose they are"
        )
        report(Finding(line, _RECORD, "Satznummer", reason))
    partners[-1].add(part, text, line, report)


def _make_room(partners: list[PartnerRecords], part: str) -> bool:
    """Moves this part one partner forward, back to the nearest who has none; False without one."""
    first = len(partners) - 1
    while part in partners[first].lines:
        if not partners[first].follows_first_part:
            return False
        first -= 1
    for before, after in pairwise(partners[first:]):
        after.hand_over(part, before)
    return True


def _reported_before(_finding: Finding) -> None:
    return None


def _why_not(part: str, length: int) -> str:
    if part == "1":
        return f"has {length} of 256 characters: role and part are lost"
    return "has no part 1 before it" if part in PARTNER else "is no part of this record type"


def build_partners(
    records: list[PartnerRecords], customer_number: str, customer_at_agency: str, report: Report
) -> tuple[Partner, ...]:
    """The partners of a contract, one per 0100 part 1.

    A policyholder without customer number has that of 0200. A partner that repeats another one in
    all but its line is left out; two different policyholders are kept and reported.
    """
    partners: list[Partner] = []
    for index, record in enumerate(records):
        line = record.lines["1"]
        if any(record.values == other.values for other in records[:index]):
            report(Finding(line, _RECORD, "Adresskennzeichen", "repeats a partner of the contract"))
            continue
        partner = _partner(record, customer_number, customer_at_agency, report)
        if partner.is_policyholder and any(other.is_policyholder for other in partners):
            report(Finding(line, _RECORD, "Adresskennzeichen", "is a second policyholder"))
        partners.append(partner)
    return tuple(partners)


def _partner(
    record: PartnerRecords, customer_number: str, customer_at_agency: str, report: Report
) -> Partner:
    values, line = record.values, record.lines["1"]
    role = values.get("role", "").rjust(2, "0") if "role" in values else ""
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
    return Partner(
        line=line,
        role=role,
        salutation=_salutation(values, line, report),
        contacts=tuple(_contacts(values)),
        bank_accounts=tuple(_bank_accounts(record, report)) if len(record.lines) > 1 else (),
        mandate=_mandate(values) if "5" in record.lines else None,
        **scalars,
    )


def _salutation(values: Values, line: int, report: Report) -> Salutation | None:
    key = values.get("salutation", "0")
    salutation = _SALUTATIONS.get(key)
    if salutation is None:
        report(Finding(line, _RECORD, "Anredeschlüssel", "is not a key from 0 to 6"))
    return salutation


def _contacts(values: Values) -> Iterator[Contact]:
    for code_name, name in _CONTACTS:
        value = values.get(name)
        if value:
            yield contact(values.get(code_name, ""), value)


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
        iban = get("iban" + suffix, "").replace(" ", "").upper()
        number = get("account_number" + suffix, "")
        if not iban and not number.strip("0"):
            continue
        is_valid = is_valid_iban(iban)
        if iban and not is_valid:
            line = record.lines[part]
            report(Finding(line, _RECORD, field, "is masked or has wrong check digits"))
        yield BankAccount(
            iban=iban,
            bic=get("bic" + suffix, ""),
            holder=get("holder" + suffix, ""),
            bank_name=get("bank_name" + suffix, ""),
            account_number=number,
            bank_code=get("bank_code" + suffix, ""),
            kind=get("account_kind" + kind, ""),
            has_valid_iban=is_valid,
        )


@lru_cache(1 << 12)
def is_valid_iban(iban: str) -> bool:
    """Two letters, two digits, at most 34 characters in all, mod 97 = 1 (ISO 13616)."""
    if not 15 <= len(iban) <= 34 or not iban.isascii() or not iban.isalnum():  # noqa: PLR2004
        return False  # 15: Norway, the shortest; 34: the most the standard allows
    if not iban[:2].isalpha() or not iban[2:4].isdecimal():
        return False
    return int((iban[4:] + iban[:4]).translate(_DIGITS_OF_LETTERS)) % 97 == 1


def _mandate(values: Values) -> SepaMandate | None:
    if "mandate_reference" not in values and "creditor_identifier" not in values:
        return None
    return SepaMandate(**{name: values[name] for name in _MANDATE if name in values})
