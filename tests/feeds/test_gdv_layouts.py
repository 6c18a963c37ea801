"""Every layout of the GDV reader against the handbook's own field tables (VUVM2018, VUVM2023)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from backend.feeds.gdv.details import Details, GeneralDetails, GeneralRisk
from backend.feeds.gdv.details_persons import Beneficiary
from backend.feeds.gdv.layout import KINDS, Field, Kind, Layout
from backend.feeds.gdv.tables import CONTRACT, HEADER, PARTNER, TRAILER
from backend.feeds.gdv.tables_lines import GENERAL, LINES
from backend.values import Value

if TYPE_CHECKING:
    from backend.feeds.gdv.entries import Entry

LINES_OF_BUSINESS = {id(line): line for line in (*LINES.values(), GENERAL)}.values()
ENTRIES = [
    (business, key, part, entry)
    for business in LINES_OF_BUSINESS
    for key, record_type in business.record_types.items()
    for part, entries in record_type.parts.items()
    for entry in entries
]
LAYOUTS = [
    HEADER,
    TRAILER,
    *PARTNER.values(),
    *CONTRACT.values(),
    *(entry.layout for *_, entry in ENTRIES),
]
SpecField = tuple[int, int, str, str, int]


def kind_name(kind: Kind) -> str:
    return next(name for name, known in KINDS.items() if known is kind)


@pytest.fixture(scope="module", params=["VUVM2018.xml", "VUVM2023.xml"])
def handbook(request: pytest.FixtureRequest, samples: Path) -> dict[str, list[SpecField]]:
    """Fields (first byte, last byte, name, type, decimals) by Satzart and Sparte.

    The handbook of 2018 has misprints in its names, so only that of 2023 is asked for them.
    """
    tree = etree.parse(Path(samples, "gdv", "spec", request.param))
    decimals = {
        str(field.get("referenz")): int(field.findtext("nachkommastellen") or 0)
        for field in tree.iter("feld")
    }
    found: dict[str, list[SpecField]] = {}
    for record in tree.iter("satzart"):
        key: dict[str, str] = {}
        for field in record.iterfind("kennzeichnung/feldreferenz"):
            key[field.findtext("technischerName") or ""] = field.findtext("auspraegung") or ""
        if not key:
            continue
        name = key["Satzart"] + ("." + key["Sparte"][:3] if key.get("Sparte") else "")
        for field in record.iterfind("feldreferenz"):
            reference = str(field.get("referenz"))
            first, last, _, kind = reference.split("-", 3)
            text = (field.findtext("name") or "") if "2023" in request.param else ""
            row = (int(first), int(last), text, kind, decimals.get(reference, 0))
            found.setdefault(name, []).append(row)
    return found


def same_name(ours: str, theirs: str) -> bool:
    def plain(name: str) -> str:
        return re.sub(r"[\W_]", "", name).casefold().replace("ß", "ss")

    return plain(theirs).startswith(plain(ours))


def fits(field: Field, spec: SpecField) -> bool:
    first, last, name, kind, decimals = spec
    wanted = {
        "date": ("Datum", 0),
        "month": ("Datum", 0),
        "money": ("Fliesskomma", 2),
        "sum": ("Fliesskomma", 2),
        "tenths": ("Fliesskomma", 1),
        "units": ("Numerisch", 0),
        "thousands": ("Numerisch", 0),
        "count": ("Numerisch", 0),
    }.get(kind_name(field.kind))
    # The header's two dates are one numeric field in the handbook, as are the three KH sums.
    is_part = (field.start, field.end) != (first, last)
    is_same_place = first <= field.start and field.end <= last
    is_kind = is_part or wanted is None or wanted == (kind, decimals)
    return is_same_place and is_kind and (not name or same_name(field.name, name))


def test_every_field_stands_where_the_handbook_says(handbook: dict[str, list[SpecField]]) -> None:
    astray = [
        (layout.record, field.attribute, field.start, field.end, field.name)
        for layout in LAYOUTS
        for field in layout.fields
        if not any(fits(field, spec) for spec in handbook[layout.record])
    ]

    assert astray == []


def test_every_layout_names_its_record_type() -> None:
    wrong = [
        (key, entry.layout.record)
        for _, key, _, entry in ENTRIES
        if entry.layout.record != f"{key[:4]}.{key[4:]}"
    ]

    assert wrong == []


def test_every_attribute_exists_in_the_record_it_fills() -> None:
    def names(entry: Entry, details: type[Details]) -> set[str]:
        filled = details if entry.item is None else entry.item
        assert isinstance(filled, type)
        assert issubclass(filled, Value)
        return set(filled.__struct_fields__)

    missing = []
    for business, key, part, entry in ENTRIES:
        details = business.details
        assert isinstance(details, type)
        assert issubclass(details, Details)
        used = {field.attribute for field in entry.layout.fields} | set(entry.constants)
        missing += [(key, part, name) for name in used - names(entry, details)]
        if entry.slot:
            assert entry.slot in details.__struct_fields__

    assert missing == []


def test_key_attributes_are_read_or_implied() -> None:
    lost = [
        (key, part, name)
        for _, key, part, entry in ENTRIES
        for name in entry.key
        if name not in {field.attribute for field in entry.layout.fields} | set(entry.constants)
    ]

    assert lost == []


def test_lines_without_record_types_of_their_own_share_the_general_layout() -> None:
    assert GENERAL.details is GeneralDetails
    assert GENERAL.record_types["0220000"].parts["1"][0].item is GeneralRisk


def test_a_life_record_part_6_tells_survival_and_death_apart() -> None:
    entries = LINES["010"].record_types["0220010"].parts["16"]

    assert [(entry.item, entry.constants) for entry in entries] == [
        (Beneficiary, {"event": "survival"}),
        (Beneficiary, {"event": "death"}),
    ]


def test_a_layout_reads_blank_fields_as_absent() -> None:
    assert (
        Layout("0200", "start 1-8 date Beginn\nname 9-12 text Name").read(
            " " * 256, 1, lambda finding: pytest.fail(finding.reason)
        )
        == {}
    )
