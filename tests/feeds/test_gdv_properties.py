"""What holds for any GDV file: what was written is read, and no rubbish raises anything."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from backend.demo.gdv_writer import Faults, write_gdv
from backend.feeds.gdv import (
    BankAccount,
    Contact,
    ContactKind,
    Contract,
    ContractFragment,
    Finding,
    Header,
    Item,
    PartialDate,
    Partner,
    Salutation,
    SepaMandate,
    Trailer,
    detect,
    read,
)
from backend.feeds.gdv.details_persons import LifeDetails, LifeTariff
from backend.feeds.gdv.layout import KINDS, Field
from backend.feeds.gdv.tables import CONTRACT, PARTNER
from backend.feeds.gdv.tables_lines import GENERAL, LINES

if TYPE_CHECKING:
    from backend.feeds.gdv.details import Details
    from backend.feeds.gdv.entries import Entry, LineOfBusiness

HEADER = Header(1, "1234", "Muster AG", "Portal", PartialDate(2026, 11, 20), None, "0815", {})
LETTERS = ascii_letters + digits + "äöüßÄÖÜéñ .,-/&'"
DATES = st.dates().map(PartialDate.of) | st.builds(
    PartialDate, st.integers(1, 9998), st.none() | st.integers(1, 12)
)
SPARTEN = {id(line): sparte for sparte, line in reversed([*LINES.items(), ("920", GENERAL)])}


def texts(width: int) -> st.SearchStrategy[str]:
    return st.text(LETTERS, min_size=1, max_size=width).map(str.strip).filter(bool)


def amounts(scale: int, width: int) -> st.SearchStrategy[Decimal]:
    return st.integers(1, 10**width - 1).map(lambda number: Decimal(number).scaleb(scale))


def field_values(field: Field) -> st.SearchStrategy[object]:
    """Anything the field can hold, in the form the reader gives."""
    width = field.end - field.start + 1
    name = next(name for name, kind in KINDS.items() if kind is field.kind)
    months = st.builds(PartialDate, st.integers(1, 9998), st.integers(1, 12))
    choices: dict[str, st.SearchStrategy[object]] = {
        "text": texts(width),
        "person": texts(width).filter(lambda text: text.strip("0") != ""),
        "date": DATES,
        "month": months,
        "money": amounts(-2, width),
        "sum": amounts(-2, width),
        "tenths": amounts(-1, width),
        "units": amounts(0, width),
        "thousands": amounts(3, width),
        "count": st.integers(1, 10**width - 1),
        "yes": st.just(value=True),
    }
    return choices[name]


@st.composite
def values_of(draw: st.DrawFn, entries: list[Entry]) -> dict[str, Any]:
    """Values for the fields of some parts of one record; extension records come after."""
    by_name: dict[str, Field] = {}
    for entry in entries:
        for field in entry.layout.fields:
            by_name.setdefault(field.attribute, field)
    optional = {name: field_values(field) for name, field in by_name.items()}
    values: dict[str, Any] = draw(st.fixed_dictionaries({}, optional=optional))
    for entry in entries:
        values.update(entry.constants)
    return values


def entries_of(business: LineOfBusiness) -> list[tuple[str, Entry]]:
    return [
        (key, entry)
        for key, record_type in business.record_types.items()
        for entries in record_type.parts.values()
        for entry in entries
    ]


@st.composite
def items_of(draw: st.DrawFn, opening: Entry, others: list[Entry]) -> object:
    """An item of a list of details, with all the parts that complete it."""
    parts = [opening, *(e for e in others if e.slot == opening.slot and not e.opens)]
    parts = [
        e
        for e in parts
        if e.constants == opening.constants and e.marks.get(60) == opening.marks.get(60)
    ]
    values = draw(values_of(parts))
    if 60 in opening.marks and "risk" in {f.attribute for f in opening.layout.fields}:
        values["risk"] = opening.marks[60]
    # A part that says nothing but its key says nothing.
    free = [f for f in opening.layout.fields if f.attribute not in {*opening.key, "risk"}]
    values[free[-1].attribute] = draw(field_values(free[-1]))
    make = opening.item
    assert make is not None
    return make(**values)


@st.composite
def details(draw: st.DrawFn) -> Details:
    business: LineOfBusiness = draw(st.sampled_from([*LINES.values(), GENERAL]))
    entries = entries_of(business)
    heads = [entry for _, entry in entries if entry.item is None]
    values = draw(values_of(heads))
    opening = [entry for _, entry in entries if entry.item is not None and entry.opens]
    every = [entry for _, entry in entries if entry.item is not None]
    for slot in {entry.slot for entry in opening}:
        choices = [entry for entry in opening if entry.slot == slot]
        if slot == "beneficiaries" and business is LINES["010"]:
            choices = [entry for entry in choices if entry.marks[60] == "1"]
        chosen = draw(st.lists(st.sampled_from(choices), max_size=3))
        values[slot] = tuple(draw(items_of(entry, every)) for entry in chosen)
    if values.get("beneficiaries") and business is LINES["010"]:
        values["tariffs"] = (LifeTariff("1", "1", name="K1"), *values.get("tariffs", ()))
    return business.details(line_of_business=SPARTEN[id(business)], **values)


CONTACTS = st.builds(
    Contact, st.just(ContactKind.PHONE), texts(2), st.text(digits, min_size=1, max_size=20)
) | st.builds(
    Contact,
    st.just(ContactKind.EMAIL),
    texts(2),
    st.text(ascii_letters, min_size=1, max_size=40).map(lambda name: f"{name}@example.com"),
)
ACCOUNT = BankAccount(iban="DE43999999990001000001", bic="TESTDE00XXX", has_valid_iban=True)
ACCOUNTS = st.sampled_from(
    [
        ACCOUNT,
        replace(ACCOUNT, iban="AT611904300234573201", holder="Ünal", bank_name="Bank", kind="01"),
        replace(ACCOUNT, iban="DE439999XXXXXXXXXX0001", has_valid_iban=False),
        BankAccount(account_number="4711", bank_code="99999999"),
    ]
)


def optional_values(layouts: dict[str, Any], names: set[str]) -> dict[str, Any]:
    found = {f.attribute: f for layout in layouts.values() for f in layout.fields}
    return {name: field_values(found[name]) for name in names if name in found}


def is_long(contact: Contact) -> bool:
    return len(contact.value) > 20


@st.composite
def partners(draw: st.DrawFn, number: int) -> Partner:
    composed = {"line", "salutation", "role", "contacts", "bank_accounts", "mandate", "surname"}
    names = set(Partner.__struct_fields__) - composed
    values = draw(st.fixed_dictionaries({}, optional=optional_values(PARTNER, names)))
    mandate = optional_values(PARTNER, set(SepaMandate.__struct_fields__))
    reference = {"mandate_reference": mandate.pop("mandate_reference")}
    mandates = st.fixed_dictionaries(reference, optional=mandate)
    return Partner(
        role=draw(st.sampled_from(["01", "02", "03", "10"])),
        salutation=draw(st.sampled_from(Salutation)),
        surname=f"Name {number}",
        # Short ones have the first four places of the record, long ones the others.
        contacts=tuple(sorted(draw(st.lists(CONTACTS, max_size=3)), key=is_long)),
        bank_accounts=tuple(draw(st.lists(ACCOUNTS, max_size=2))),
        mandate=draw(st.none() | mandates.map(lambda given: SepaMandate(**given))),
        **values,
    )


@st.composite
def contracts(draw: st.DrawFn, number: int) -> Contract:
    composed = {"start", "currency", "premium", "partners", "details", "line"}
    names = set(Contract.__struct_fields__) - composed
    values = draw(st.fixed_dictionaries({}, optional=optional_values(CONTRACT, names)))
    return Contract(
        line=0,
        insurer_number="1234",
        number=f"V{number}",
        line_of_business=draw(st.sampled_from([*LINES, "000"])),
        start=draw(DATES),
        sequence="01",
        agency="0815",
        is_bundle=draw(st.booleans()),
        currency=draw(st.sampled_from(["", "EUR", "DEM"])),
        premium=draw(amounts(-2, 10)),
        partners=tuple(
            draw(
                st.lists(st.integers(), max_size=2, unique=True).flatmap(
                    lambda found: st.tuples(*(partners(n) for n in range(len(found))))
                )
            )
        ),
        details=tuple(draw(st.lists(details(), max_size=2))),
        **values,
    )


def in_order(contract: Contract) -> Contract:
    """The contract as it comes back: lines of the file, customer number of the policyholder."""
    return replace(contract, line=0, partners=tuple(map(without_line, contract.partners)))


def without_line(partner: Partner) -> Partner:
    return replace(partner, line=0)


def expected(contract: Contract) -> Contract:
    def filled(partner: Partner) -> Partner:
        if not partner.is_policyholder:
            return partner
        return replace(
            partner,
            customer_number=partner.customer_number or contract.customer_number,
            customer_number_at_agency=partner.customer_number_at_agency
            or contract.customer_number_at_agency,
        )

    return replace(contract, partners=tuple(map(filled, contract.partners)))


def written(found: list[Contract], faults: Faults | None = None) -> bytes:
    stream = BytesIO()
    write_gdv(stream, HEADER, found, faults or Faults())
    return stream.getvalue()


def read_all(data: bytes) -> list[Item]:
    return list(read(BytesIO(data)))


SAMPLE = [
    Contract(
        0,
        "1234",
        f"V{number}",
        "010",
        PartialDate(2020, 1, 1),
        sequence="01",
        agency="0815",
        premium=Decimal("12.34"),
        customer_number="K1",
        partners=(
            Partner(
                role="01",
                surname="Grün",
                contacts=(Contact(ContactKind.EMAIL, "50", "a@example.com"),),
                bank_accounts=(ACCOUNT,),
                mandate=SepaMandate("DE98ZZZ09999999999", "M-1", PartialDate(2021, 3, 5)),
            ),
        ),
        details=(LifeDetails("010", tariffs=(LifeTariff("1", "1", name="K1"),)),),
    )
    for number in range(3)
]


def _number(contract: Contract) -> str:
    return contract.number


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_what_the_writer_writes_the_reader_reads(data: st.DataObject) -> None:
    number = data.draw(st.integers(1, 3))
    given_contracts = [data.draw(contracts(index)) for index in range(number)]
    raw = written(given_contracts)
    found = read_all(raw)

    assert {len(line) for line in raw.splitlines()} == {256}
    assert detect(raw[:1024])
    # One without details waits for the end of the package: more of it might come.
    read_back = [in_order(item) for item in found if isinstance(item, Contract)]
    assert sorted(read_back, key=_number) == [expected(contract) for contract in given_contracts]
    assert isinstance(found[-1], Trailer)
    assert found[-1].declared == found[-1].records - 3


def survives(data: bytes) -> list[Item]:
    found = read_all(data)
    assert all(
        isinstance(item, Header | Contract | ContractFragment | Trailer | Finding) for item in found
    )
    return found


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=3000))
def test_rubbish_gives_findings_only(data: bytes) -> None:
    found = survives(data)

    assert not any(isinstance(item, Contract) for item in found)
    assert any(isinstance(item, Finding) for item in found) or not data.strip(b" \n\r\0\x1a\t")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5000))
def test_a_file_cut_anywhere_gives_its_whole_contracts_and_a_finding(length: int) -> None:
    whole = written(SAMPLE)
    cut = whole[: min(length, len(whole) - 300)]
    found = survives(cut)

    complete = [item for item in found if isinstance(item, Contract)]
    assert [item.number for item in complete] == ["V0", "V1", "V2"][: len(complete)]
    assert any(isinstance(item, Finding) for item in found)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**4), st.binary(min_size=1, max_size=300)), max_size=5))
def test_garbage_written_over_or_into_a_file_never_raises(
    places: list[tuple[int, bytes]],
) -> None:
    whole = written(SAMPLE)
    over = bytearray(whole)
    into = bytearray(whole)
    for place, garbage in places:
        at = place % len(whole)
        over[at : at + len(garbage)] = garbage
        into[at:at] = garbage

    survives(bytes(over))
    survives(bytes(into))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(written(SAMPLE).split(b"\n")), max_size=40), st.booleans())
def test_records_in_any_order_never_raise(lines: list[bytes], has_breaks: bool) -> None:  # noqa: FBT001
    survives((b"\n" if has_breaks else b"").join(lines))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 700))
def test_the_size_of_the_reads_makes_no_difference(size: int) -> None:
    class Trickle(BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            return super().read(size)

    whole = written(SAMPLE)
    for data in (whole, whole.replace(b"\n", b""), whole.replace(b"\n", b"\r\n")):
        assert list(read(Trickle(data))) == read_all(data)


def test_faults_are_found_again() -> None:
    faults = Faults(broken=frozenset({"V1"}), masked=frozenset({"V2"}), miscount=1000)
    found = read_all(written(SAMPLE, faults))

    assert [item.number for item in found if isinstance(item, Contract)] == ["V0", "V2"]
    assert [
        (item.record, item.field, item.rejects) for item in found if isinstance(item, Finding)
    ] == [
        ("0200", "Vertragsbeginn", True),
        ("0100", "IBAN 1", False),
        ("9999", "Anzahl der Sätze", False),
    ]


def test_letters_iso_8859_1_lacks_are_written_as_their_base_letter() -> None:
    names = {"Y\u0131lmaz": "Yilmaz", "Şahin": "Sahin", "Łoś": "Los", "Ōe": "Oe", "王": "?"}
    for name, expected_name in names.items():
        contract = replace(SAMPLE[0], partners=(Partner(role="01", surname=name),))
        (found,) = [i for i in read_all(written([contract])) if isinstance(i, Contract)]
        assert found.partners[0].surname == expected_name


def test_writing_streams() -> None:
    seen: list[int] = []

    class Sink(BytesIO):
        def write(self, data: Any, /) -> int:
            seen.append(len(data))
            return len(data)

    total = write_gdv(Sink(), HEADER, (replace(SAMPLE[0], number=f"V{n}") for n in range(500)))

    assert len(seen) == total
    assert set(seen) == {257}
