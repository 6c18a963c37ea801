"""Writes GDV files from the reader's own records, for the demo world and for benchmarks."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, BinaryIO, Final

from msgspec import field, structs

from backend.feeds.gdv.details_persons import Beneficiary, LifeDetails
from backend.feeds.gdv.layout import RECORD_LENGTH
from backend.feeds.gdv.records import BankAccount
from backend.feeds.gdv.tables import CONTRACT, HEADER, PARTNER, VERSIONS
from backend.feeds.gdv.tables_lines import GENERAL, line_of_business
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from backend.feeds.gdv.details import Details
    from backend.feeds.gdv.entries import Entry
    from backend.feeds.gdv.layout import Layout
    from backend.feeds.gdv.records import Contract, Header, Partner

    Values = dict[str, object]
    Record = tuple[str, str, Layout, Mapping[int, str], Values]

_BODY: Final = 43
_SHORT_CONTACTS: Final = range(1, 5)
_LONG_CONTACTS: Final = range(5, 8)
_SHORT_CONTACT: Final = 20
_MASK: Final = "XXXXXXXXXX"
# Letters whose base NFKD does not find.
_TRANSLITERATION: Final = {"\u0131": "i", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ẞ": "S"}


class Faults(Value):
    """What to get wrong on purpose, as real files do.

    Contract numbers whose 0200 gets an unreadable start, contract numbers whose first IBAN is
    masked, and by how much the trailer miscounts.
    """

    broken: frozenset[str] = field(default_factory=frozenset)
    masked: frozenset[str] = field(default_factory=frozenset)
    miscount: int = 0


NO_FAULTS: Final = Faults()


def write_gdv(
    stream: BinaryIO, header: Header, contracts: Iterable[Contract], faults: Faults = NO_FAULTS
) -> int:
    """Writes one package (0001 to 9999, LF, ISO-8859-1), streaming; returns its records.

    Characters ISO-8859-1 lacks become their base letter (a dotless i is written "i"); texts are
    cut to their field. Raises ``ValueError`` if a number or a list doesn't fit its fields.
    """
    count = 0
    for line in _lines(header, contracts, faults):
        stream.write(_encode(line) + b"\n")
        count += 1
    trailer = f"9999{count - 2 + faults.miscount:010}{header.agency:<10.10}{'0' * 29}"
    trailer += "".join("0" * 14 + "+" for _ in range(4))
    stream.write(_encode(f"{trailer:<{RECORD_LENGTH}}") + b"\n")
    return count + 1


def _lines(header: Header, contracts: Iterable[Contract], faults: Faults) -> Iterator[str]:
    yield from _header(header)
    for contract in contracts:
        prefix = f"{contract.insurer_number:<5.5}{'1' if contract.is_bundle else ' '}"
        tail = f"{contract.number:>17.17}{contract.sequence or '01':0>2.2}{contract.agency:<10.10}"
        for kind, sparte, layout, marks, values in _records(contract, faults):
            yield f"{kind}{prefix}{sparte:0>3}{tail}{_body(layout, marks, values)}"


def _header(header: Header) -> Iterator[str]:
    values = structs.asdict(header)
    start = _body(HEADER, {}, values, 5)[:91]
    for part, records in VERSIONS.items():
        versions = "".join(f"{header.versions.get(record, ''):<3.3}" for record in records)
        yield f"0001{start}{versions:<160}{part}"


def _records(contract: Contract, faults: Faults) -> Iterator[Record]:
    sparte = contract.line_of_business
    for partner in contract.partners:
        is_masked = contract.number in faults.masked and partner.is_policyholder
        for part, values in _partner(partner, is_masked=is_masked):
            yield "0100", sparte, PARTNER[part], {256: part}, values
    values = structs.asdict(contract)
    if contract.number in faults.broken:
        # Byte 44 on: a start no calendar has. The trailing mark wins over the field.
        yield "0200", sparte, CONTRACT["1"], {44: "3", 45: "1", 46: "0", 47: "2", 256: "1"}, values
    else:
        yield "0200", sparte, CONTRACT["1"], {256: "1"}, values
    yield "0200", sparte, CONTRACT["2"], {256: "2"}, values
    for details in contract.details:
        yield from _details(details)


def _partner(partner: Partner, *, is_masked: bool) -> Iterator[tuple[str, Values]]:
    values = structs.asdict(partner)
    values["salutation"] = "" if partner.salutation is None else str(partner.salutation.value)
    accounts = [*partner.bank_accounts, BankAccount(), BankAccount()][:2]
    for suffix, account in zip(("", "_2"), accounts, strict=True):
        account_values = structs.asdict(account)
        for name in ("iban", "bic", "holder", "bank_name", "account_number", "bank_code"):
            values[name + suffix] = account_values[name]
        values["account_kind" + suffix] = account.kind
    if is_masked:
        iban = accounts[0].iban
        values["iban"] = iban[: -len(_MASK)] + _MASK
    if partner.mandate is not None:
        values.update(structs.asdict(partner.mandate))
    _place_contacts(partner, values)
    for part, layout in PARTNER.items():
        if part in "12" or any(values.get(f.attribute) for f in layout.fields):
            yield part, values


def _place_contacts(partner: Partner, values: Values) -> None:
    free = {True: list(_SHORT_CONTACTS), False: list(_LONG_CONTACTS)}
    for contact in partner.contacts:
        places = free[len(contact.value) <= _SHORT_CONTACT] or free[False]
        if not places:
            raise ValueError("a partner has more contacts than a GDV record holds")
        number = places.pop(0)
        values[f"contact_{number}"] = contact.value
        values[f"contact_code_{number}"] = contact.code


def _details(details: Details) -> Iterator[Record]:
    business = line_of_business(details.line_of_business)
    if business is None:
        raise ValueError(f"Sparte {details.line_of_business} has no layouts here")
    sparte = details.line_of_business if business is GENERAL else ""
    entries = [
        (kind, entry)
        for kind, record_type in business.record_types.items()
        for part in record_type.parts.values()
        for entry in part
    ]
    values = structs.asdict(details)
    heads = [(kind, entry) for kind, entry in entries if entry.item is None]
    yield from _written(heads, values, sparte)
    for name, items in values.items():
        for item in items if isinstance(items, tuple) else ():
            chosen = [(kind, e) for kind, e in entries if _applies(e, name, item, details)]
            yield from _written(chosen, structs.asdict(item), sparte)


def _written(entries: list[tuple[str, Entry]], values: Values, sparte: str) -> Iterator[Record]:
    """The first part always, other parts if they say something more than the parts before."""
    said: Values = {}
    for kind, entry in entries:
        shown = _body(entry.layout, entry.marks, values)
        back = entry.layout.read(" " * (_BODY - 1) + shown, 0, _fail)
        wanted = {f.attribute: values.get(f.attribute) for f in entry.layout.fields}
        is_needed = any(value and said.get(name) != value for name, value in wanted.items())
        if not said or is_needed:
            yield kind[:4], sparte or kind[4:], entry.layout, entry.marks, values
            said.update(back)
            said.setdefault("", None)


def _applies(entry: Entry, slot: str, item: object, details: Details) -> bool:
    """Whether an item of this list is written by this entry: its implied values are the item's."""
    if entry.slot != slot:
        return False
    if any(getattr(item, name) != value for name, value in entry.constants.items()):
        return False
    risk = getattr(item, "risk", None)
    if isinstance(item, Beneficiary) and isinstance(details, LifeDetails):
        risk = details.tariffs[0].risk if details.tariffs else "1"
    return risk is None or entry.marks.get(60) == risk


@lru_cache(1024)
def _segments(
    layout: Layout, marks: frozenset[tuple[int, str]], start: int
) -> tuple[tuple[str, str, Callable[[object, int], str], int], ...]:
    """The record as (constant before, attribute, writer, width), in order of bytes."""
    blank = [" "] * RECORD_LENGTH
    for byte, text in marks:
        blank[byte - 1] = text
    marked = {byte for byte, _ in marks}
    segments = []
    position = start - 1
    for place in sorted(layout.fields, key=lambda each: each.start):
        if marked & set(range(place.start, place.end + 1)):
            continue
        before = "".join(blank[position : place.start - 1])
        width = place.end - place.start + 1
        segments.append((before, place.attribute, place.kind.write, width))
        position = place.end
    segments.append(("".join(blank[position:]), "", _nothing, 0))
    return tuple(segments)


def _body(layout: Layout, marks: Mapping[int, str], values: Values, start: int = _BODY) -> str:
    get = values.get
    return "".join(
        [
            before + write(get(name), width)
            for before, name, write, width in _segments(layout, frozenset(marks.items()), start)
        ]
    )


def _nothing(_value: object, _width: int) -> str:
    return ""


def _fail(finding: object) -> None:
    raise ValueError(f"can't be read back: {finding}")


def _encode(line: str) -> bytes:
    try:
        return line.encode("latin-1")
    except UnicodeEncodeError:
        return "".join(map(_base_letter, line)).encode("latin-1", errors="replace")


def _base_letter(char: str) -> str:
    if ord(char) < RECORD_LENGTH:
        return char
    return _TRANSLITERATION.get(char) or unicodedata.normalize("NFKD", char)[:1]
