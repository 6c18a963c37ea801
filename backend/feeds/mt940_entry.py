"""Reads one MT940 entry (:61: with its :86: and :NS:) through the mt-940 library."""

from __future__ import annotations

import datetime as dt
import logging
import re
from typing import TYPE_CHECKING, Any

import mt940

from backend.feeds.bank_tally import EntryDraft
from backend.feeds.findings import UnusableRecordError
from backend.feeds.mt940_information import split_information
from backend.feeds.values import clean_reference, clean_text, money, read_bic, read_iban

if TYPE_CHECKING:
    from backend.feeds.bank_records import Statement
    from backend.feeds.mt940_text import TaggedField

# The library logs the whole content of a field it can't match: names, amounts, purposes.
logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)

LIBRARY_ERRORS = (RuntimeError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError)
MAX_REFERENCE = 35

_HEAD = re.compile(
    r"(?P<dates>\d{6}(?:\d{4})?) *(?P<expected>E?)(?P<mark>R?[CD][A-Z]?) *(?P<amount>[\d.,]+)"
    r" *(?=[A-Z]|$)",
    re.ASCII | re.IGNORECASE,
)
_DOTS_OF_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+,\d*", re.ASCII)
_DECIMAL_DOT = re.compile(r"\d+\.\d{1,2}", re.ASCII)
_OTHER_SEPARATOR = re.compile(r"\s*\d{3}([<>@^|~*;#&$!'])\d\d", re.ASCII)
_STRUCTURED = re.compile(r"\s*\d{3}\?", re.ASCII)
# ?20 to ?29 and ?60 to ?63 hold 27 characters each; a shorter one ended where the text had a line
# of its own. One of 26 lost a blank at its end, unless that would tear a number apart.
_PURPOSE = r"\?(?:2\d|6[0-5])"
_SHORT_SEGMENT = re.compile(
    rf"({_PURPOSE}(?:[^?]{{0,24}}[^? ](?={_PURPOSE})|[^?]{{25}}(?:[^? \d](?={_PURPOSE})"
    rf"|\d(?={_PURPOSE}\D))))"
)
_REFERENCES = re.compile(r"([A-Z][A-Z0-9 ]{3})?(.*?)(//.*)?", re.IGNORECASE)
MAX_CUSTOMER_REFERENCE = 16
_SPLIT_AMOUNT = re.compile(r"R?[CD][A-Z]?$", re.IGNORECASE)


def parse_block(block: str, field: str, line: int) -> Any:
    """Parse a piece of a statement; UnusableRecordError names the field the library refuses.

    The options are the ones the domain rules ask for: without them the counterparty's IBAN is
    glued to the name and reversals of credits get the wrong sign.
    """
    try:
        statements = mt940.parse_statements(block, options=mt940.Options.all())
    except LIBRARY_ERRORS as error:
        raise UnusableRecordError(field, "the field can't be read", line) from error
    return statements[0]


def read_entry(fields: list[TaggedField], statement: Statement) -> tuple[EntryDraft, list[str]]:
    """Read the entry whose :61: is the first field; returns it with doubts for findings.

    The marks EC and ED (expected credit or debit) make it pending.

    Each entry is parsed by itself, so that an error has a line and an entry without transaction
    type, which the library would overwrite with the next one, stays.
    """
    line = fields[0].line
    if statement.currency is None:
        raise UnusableRecordError(":60F:", "no balance tells the currency", statement.line)
    head = _HEAD.match(_first_line(fields[0])[0])
    block = [":20:X", f":60F:C000101{statement.currency}0,"]
    block.extend(f":{field.tag}:{_normal(field)}" for field in fields)
    transactions = parse_block("\n".join(block), ":61:", line).transactions
    if len(transactions) != 1:
        raise UnusableRecordError(":61:", "the field can't be read", line)
    data: dict[str, Any] = transactions[0].data
    amount = money(data["amount"].amount)
    value_date = _plain(data["date"])
    entry_date = data.get("entry_date")
    draft = EntryDraft(
        value_date=value_date,
        booking_date=_plain(entry_date) if isinstance(entry_date, dt.date) else value_date,
        amount=amount,
        currency=statement.currency,
        line=line,
        is_pending=bool(head and head["expected"]),
        is_reversal=str(data.get("status")).upper().startswith("R"),
        account_servicer_reference=clean_reference(data.get("bank_reference")),
        bank_transaction_code=clean_text(data.get("transaction_code") or data.get("id")),
        booking_text=clean_text(data.get("posting_text") or data.get("non_swift_17")),
    )
    _take_over_counterparty(draft, data)
    _take_over_text(draft, data)
    if "transaction_code" not in data:
        _take_over_tags(draft, [part for field in fields[1:2] for part in field.lines])
    doubts = []
    if fields[0].lines[0].strip()[4:6] != f"{value_date.day:02}":
        doubts.append("the value date is a 30 February, the last day of February is taken")
    return draft, doubts


def _normal(field: TaggedField) -> str:
    if field.tag == "86":
        joined = _with_question_marks("".join(field.lines))
        is_structured = _STRUCTURED.match(joined) is not None
        return _SHORT_SEGMENT.sub(r"\1 ", joined) if is_structured else field.text
    if field.tag == "NS":
        return field.text
    first, others = _first_line(field)
    head = _HEAD.match(first)
    if head:
        amount = comma_amount(head["amount"], ":61:", field.line)
        references, overflow = _short_references(first[head.end() :])
        first = f"{head['dates']}{head['mark']}{amount}{references}"
        others = [overflow, *others] if overflow else others
    # The rest are supplementary details; the library takes one line of them.
    return "\n".join([first, " ".join(others)]) if others else first


def _short_references(text: str) -> tuple[str, str]:
    """The references with at most 16 characters for the customer's, and what was too long."""
    found = _REFERENCES.fullmatch(text)
    if found is None or len(found[2]) <= MAX_CUSTOMER_REFERENCE:
        return text, ""
    kept, overflow = found[2][:MAX_CUSTOMER_REFERENCE], found[2][MAX_CUSTOMER_REFERENCE:]
    return f"{found[1] or ''}{kept}{found[3] or ''}", overflow


def _first_line(field: TaggedField) -> tuple[str, list[str]]:
    first, *others = field.lines
    first = first.strip()
    if _SPLIT_AMOUNT.search(first) and others:
        return first + others[0].strip(), others[1:]
    return first, others


def comma_amount(text: str, field: str, line: int) -> str:
    """Return an amount with the comma MT940 asks for; UnusableRecordError where dots leave doubt.

    The library stops at a dot: "10.50" would be 10.
    """
    if "." not in text:
        return text
    if _DOTS_OF_THOUSANDS.fullmatch(text):
        return text.replace(".", "")
    if _DECIMAL_DOT.fullmatch(text):
        return text.replace(".", ",")
    raise UnusableRecordError(field, "the amount has no decimal comma", line)


def _with_question_marks(text: str) -> str:
    # The bank may choose another separator for the subfields.
    found = _OTHER_SEPARATOR.match(text)
    if found is None:
        return text
    return re.sub(rf"{re.escape(found[1])}(?=\d\d)", "?", text.replace("?", " "))


def _plain(day: dt.date) -> dt.date:
    # The library's own date class has an incompatible constructor and breaks on copying.
    return dt.date(day.year, day.month, day.day)


def _customer_reference(data: dict[str, Any]) -> tuple[str | None, str | None]:
    # :61: names it in 16 characters; KREF of the :86: comes appended on a line of its own.
    lines = (data.get("customer_reference") or "").split("\n")
    known = [line for line in lines if clean_reference(line) and line != "KREF+"]
    return _without_message(known[-1]) if known else (None, None)


def _without_message(text: str | None) -> tuple[str | None, str | None]:
    # Banks append their message without a tag of its own; a reference has at most 35 characters.
    reference, _, message = (text or "").partition("MTLG:")
    cleaned = clean_reference(reference)
    if cleaned is not None and len(cleaned) > MAX_REFERENCE:
        return None, clean_text(f"{cleaned} {message}")
    return cleaned, clean_text(message)


def _take_over_counterparty(draft: EntryDraft, data: dict[str, Any]) -> None:
    old_name = [data.get("non_swift_15"), data.get("non_swift_16")]
    draft.counterparty_name = clean_text(data.get("applicant_name")) or clean_text(
        " ".join(part for part in old_name if part)
    )
    number = clean_text(data.get("gvc_applicant_iban")) or clean_text(data.get("applicant_iban"))
    if number is not None:
        draft.counterparty_iban, draft.counterparty_iban_is_valid = read_iban(number)
    draft.counterparty_bic = read_bic(data.get("applicant_bin"))


def _take_over_text(draft: EntryDraft, data: dict[str, Any]) -> None:
    draft.entry_reference, customer_message = _customer_reference(data)
    draft.end_to_end_id, message = _without_message(data.get("end_to_end_reference"))
    purpose = (data.get("purpose") or "") + (data.get("additional_purpose") or "")
    parts = [purpose, message, customer_message]
    if "transaction_code" not in data:
        # Without a :86: the supplementary details of :61: are all the text there is.
        parts.append(data.get("transaction_details") or data.get("extra_details"))
        parts.extend(data.get(f"non_swift_{number:02}") for number in range(1, 15))
    draft.mandate_id = clean_reference(data.get("additional_position_reference"))
    draft.creditor_id = clean_reference(data.get("applicant_creditor_id"))
    draft.remittance_information = clean_text(" ".join(part for part in parts if part))


def _take_over_tags(draft: EntryDraft, lines: list[str]) -> None:
    parts = split_information(lines)
    if set(parts) <= {"remittance_information"}:
        return
    for name in ("end_to_end_id", "mandate_id", "creditor_id"):
        setattr(draft, name, clean_reference(parts.get(name)))
    draft.counterparty_name = clean_text(parts.get("counterparty_name"))
    number = clean_text(parts.get("counterparty_iban"))
    if number is not None:
        draft.counterparty_iban, draft.counterparty_iban_is_valid = read_iban(number)
    draft.counterparty_bic = read_bic(parts.get("counterparty_bic"))
    draft.remittance_information = clean_text(parts.get("remittance_information"))
    draft.booking_text = clean_text(parts.get("booking_text"))
