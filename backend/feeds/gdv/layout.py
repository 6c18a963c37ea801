"""Fixed-width layouts: where a field stands in a record, and how it is read and written."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from itertools import compress
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from backend.feeds.findings import Finding
from backend.feeds.records import PartialDate
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Callable

    Report = Callable[[Finding], None]

RECORD_LENGTH: Final = 256
INVALID: Final = object()
# Files repeat the same few thousand dates and amounts, so parsing each once pays.
_CACHE: Final = 1 << 15


@lru_cache(_CACHE)
def parse_date(text: str) -> object:
    """A TTMMJJJJ or MMJJJJ date: PartialDate, None if not given, INVALID if it is no date.

    Day and month may be "00" for unknown; all blanks, zeros or nines mean "none".
    """
    digits = text.strip().rjust(8, "0") if len(text) == len("MMJJJJ") else text.strip()
    if not digits.strip("0") or not digits.strip("9"):
        return None
    if len(digits) != len("TTMMJJJJ") or not digits.isdecimal():
        return INVALID
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    try:
        return PartialDate(year or None, month or None, day if day and month else None)
    except ValueError:
        return INVALID


@lru_cache(_CACHE)
def parse_money(text: str) -> object:
    """An amount with two implied decimals; None if blank."""
    digits = text.strip()
    if not digits:
        return None
    return Decimal(f"{digits[:-2]}.{digits[-2:]}") if _is_number(digits) else INVALID


@lru_cache(_CACHE)
def parse_sum(text: str) -> object:
    """An amount with two implied decimals of which zero means "not given"."""
    return parse_money(text) or None


@lru_cache(_CACHE)
def parse_tenths(text: str) -> object:
    """An amount with one implied decimal; None for blank or zero."""
    value = parse_units(text)
    return value.scaleb(-1) if isinstance(value, Decimal) else value


@lru_cache(_CACHE)
def parse_units(text: str) -> object:
    """An amount in whole currency units; None for blank or zero."""
    digits = text.strip()
    if not digits.strip("0"):
        return None
    return Decimal(digits) if _is_number(digits) else INVALID


@lru_cache(_CACHE)
def parse_thousands(text: str) -> object:
    """An amount in thousands of currency units; None for blank or zero."""
    value = parse_units(text)
    return value * 1000 if isinstance(value, Decimal) else value


@lru_cache(_CACHE)
def parse_count(text: str) -> object:
    """A whole number; None for blank or zero."""
    digits = text.strip()
    if not digits.strip("0"):
        return None
    return int(digits) if _is_number(digits) else INVALID


def parse_number_of_person(text: str) -> object:
    """A customer number as sent; None for blank or zeros, under which strangers would be one."""
    number = text.strip()
    return number if number.strip("0") else None


def _is_number(digits: str) -> bool:
    # isdigit() also accepts the superscripts of ISO-8859-1, and isdecimal() other scripts.
    return digits.isascii() and digits.isdecimal()


def _write_date(value: object, width: int) -> str:
    if not isinstance(value, PartialDate):
        return "0" * width
    return f"{value.day or 0:02}{value.month or 0:02}{value.year or 0:04}"[-width:]


def _write_scaled(value: object, width: int, scale: Decimal) -> str:
    amount = value if isinstance(value, Decimal | int) else 0
    digits = f"{int(Decimal(amount) * scale):0{width}}"
    if len(digits) > width:
        raise ValueError(f"{value} does not fit into {width} digits")
    return digits


def _write_money(value: object, width: int) -> str:
    # An amount of zero says something, so one that is not given is blank.
    return " " * width if value is None else _write_scaled(value, width, Decimal(100))


def _write_text(value: object, width: int) -> str:
    return f"{value or '':<{width}.{width}}"


def _write_right(value: object, width: int) -> str:
    return f"{value or '':>{width}.{width}}"


class Kind(Value):
    """How a kind of field is read and written; ``blame`` is the reason of a finding."""

    parse: Callable[[str], object]
    write: Callable[[object, int], str]
    blame: str = ""


KINDS: Final[dict[str, Kind]] = {
    "text": Kind(str.strip, _write_text),
    "person": Kind(parse_number_of_person, _write_right),
    "date": Kind(parse_date, _write_date, "is not a date (TTMMJJJJ)"),
    "month": Kind(parse_date, _write_date, "is not a month (MMJJJJ)"),
    "money": Kind(parse_money, _write_money, "is not an amount"),
    "sum": Kind(parse_sum, lambda v, w: _write_scaled(v, w, Decimal(100)), "is not an amount"),
    "tenths": Kind(parse_tenths, lambda v, w: _write_scaled(v, w, Decimal(10)), "is not an amount"),
    "units": Kind(parse_units, lambda v, w: _write_scaled(v, w, Decimal(1)), "is not an amount"),
    "thousands": Kind(
        parse_thousands, lambda v, w: _write_scaled(v, w, Decimal("0.001")), "is not an amount"
    ),
    "yes": Kind(lambda text: text in "1J" or None, lambda v, _w: "1" if v else "0"),
    "count": Kind(parse_count, lambda v, w: _write_scaled(v, w, Decimal(1)), "is not a number"),
}


class Field(Value):
    """One field: bytes ``start`` to ``end`` counted from 1, ``name`` as in the handbook."""

    attribute: str
    start: int
    end: int
    kind: Kind
    name: str


class Layout:
    """The fields of one part of one record type that this reader uses.

    Written as a table of lines ``attribute start-end kind German name``; compiled once into one
    slicing call per record.
    """

    __slots__ = ("_names", "_parsed", "_pieces", "_texts", "fields", "record")

    def __init__(self, record: str, table: str) -> None:
        self.record = record
        self.fields = tuple(_field(line) for line in table.splitlines() if line.strip())
        texts = [field for field in self.fields if field.kind.parse is str.strip]
        parsed = [field for field in self.fields if field.kind.parse is not str.strip]
        self._names = tuple(field.attribute for field in texts)
        self._texts = _slicer(texts)
        self._parsed = tuple((field.attribute, field.kind.parse, field) for field in parsed)
        self._pieces = _slicer(parsed)

    def read(self, text: str, line: int, report: Report) -> dict[str, Any]:
        """The values given in a record of 256 characters; empty ones are left out."""
        pieces = list(map(str.strip, self._texts(text)))
        values: dict[str, Any] = dict(compress(zip(self._names, pieces, strict=False), pieces))
        for (attribute, parse, field), piece in zip(self._parsed, self._pieces(text), strict=False):
            value = parse(piece)
            if value is INVALID:
                report(Finding(line, self.record, field.name, field.kind.blame))
            elif value is not None:
                values[attribute] = value
        return values


def _slicer(fields: list[Field]) -> Callable[[str], tuple[str, ...]]:
    """One call that cuts all the fields out; the two empty slices make it return a tuple."""
    slices = [slice(field.start - 1, field.end) for field in fields]
    cut: Callable[[str], tuple[str, ...]] = itemgetter(*slices, slice(0, 0), slice(0, 0))
    return cut


def _field(line: str) -> Field:
    attribute, place, kind, name = line.split(maxsplit=3)
    start, _, end = place.partition("-")
    return Field(attribute, int(start), int(end or start), KINDS[kind], name)
