"""Reads the head of a camt statement: account, servicer, numbers, period and balances."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from backend.feeds.bank_records import AccountIdentification, Balance, Statement, StatementKind
from backend.feeds.camt.xml import first, flatten, local_name
from backend.feeds.findings import UnusableRecordError
from backend.feeds.values import clean_text, iso_date, plain_amount, read_bic, read_iban
from backend.values import Value

if TYPE_CHECKING:
    from backend.feeds.camt.xml import Element, Fields

OPENING_CODES = ("OPBD", "PRCD")
CLOSING_CODE = "CLBD"
# At the turn of a page, as MT940 has it in 60M and 62M.
INTERIM_CODE = "ITBD"
MAX_SEQUENCE_NUMBER = 2**31 - 1
MAX_DIGITS = 18

_NAMESPACE_KIND = re.compile(r"camt\.(052|053|054)\.")
_KIND_BY_TAG = {
    "Stmt": StatementKind.CAMT_053,
    "Rpt": StatementKind.CAMT_052,
    "Ntfctn": StatementKind.CAMT_054,
}
_MESSAGE_PAGE = ("MsgPgntn/PgNb", "MsgPgntn/LastPgInd")
_ACCOUNT_NUMBER_PATHS = (
    "Acct/Id/IBAN",
    "Acct/Id/Othr/Id",
    "Acct/Id/PrtryAcct/Id",
    "Acct/Id/BBAN",
    "Acct/Id/UPIC",
)


class CodedBalance(Value):
    """A balance with its ISO 20022 code (OPBD, PRCD, CLBD, ITBD, CLAV, …)."""

    code: str
    balance: Balance


def read_balance(element: Element) -> CodedBalance:
    """Read one `Bal`; UnusableRecordError if amount, sign or date can't be read."""
    fields = flatten(element)
    code = (first(fields, "Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry", "Tp/Cd") or "").strip().upper()
    try:
        amount = plain_amount(first(fields, "Amt") or "")
    except ValueError as error:
        raise UnusableRecordError("Bal/Amt", str(error)) from error
    sign = (first(fields, "CdtDbtInd") or "").strip()
    if sign not in {"CRDT", "DBIT"}:
        raise UnusableRecordError("Bal/CdtDbtInd", "neither CRDT nor DBIT")
    on = _date(fields, "Bal/Dt", "Dt/Dt", "Dt/DtTm")
    currency = clean_text(first(fields, "Amt@Ccy"))
    return CodedBalance(code, Balance(amount if sign == "CRDT" else -amount, currency, on))


def opening_and_closing(
    balances: list[CodedBalance], *, is_page: bool = False
) -> tuple[Balance | None, Balance | None]:
    """Pick the booked balances: OPBD before PRCD (earliest), CLBD (latest).

    Available and forward balances (CLAV, FWAV, …) frame no set of entries; interim ones (ITBD) do
    where the statement `is_page` one of several.
    """
    openings = [known for code in OPENING_CODES for known in balances if known.code == code]
    closings = [known.balance for known in balances if known.code == CLOSING_CODE]
    same_code = [known.balance for known in openings if known.code == openings[0].code]
    opening = min(same_code, key=_day, default=None)
    closing = max(closings, key=_day, default=None)
    if is_page:
        turns = [
            replace(known.balance, is_intermediate=True)
            for known in balances
            if known.code == INTERIM_CODE
        ]
        if opening is None and turns:
            opening = turns.pop(0)
        if closing is None and turns:
            closing = turns[-1]
    return opening, closing


def _day(balance: Balance) -> date:
    return balance.on or date.min


def read_head(element: Element, fields: Fields, balances: list[CodedBalance]) -> Statement:
    """Read the head of `Stmt`, `Rpt` or `Ntfctn`; UnusableRecordError without an account.

    Differences of the versions: `BIC` and `BICFI`, `PrtryAcct` (v1) and `Othr`, name in `NmAndAdr`
    (v1), `Dt` and `DtTm`. An IBAN written under `Othr` is taken as the IBAN it is.
    """
    opening, closing = opening_and_closing(balances, is_page=is_page(fields))
    servicer = "Acct/Svcr/FinInstnId/"
    known_currency = [
        first(fields, "Acct/Ccy"),
        opening.currency if opening else None,
        closing.currency if closing else None,
    ]
    electronic = _sequence_number(fields, "ElctrncSeqNb")
    legal = _sequence_number(fields, "LglSeqNb")
    return Statement(
        kind=statement_kind(element),
        account=_account(fields),
        line=element.sourceline,
        statement_id=clean_text(first(fields, "Id")),
        sequence_number=electronic if electronic is not None else legal,
        legal_sequence_number=legal,
        page_number=_sequence_number(fields, *_page_paths("PgNb")),
        servicer_bic=read_bic(
            first(fields, servicer + "BICFI", servicer + "BIC", servicer + "CmbndId/BIC")
        ),
        servicer_name=clean_text(first(fields, servicer + "Nm", servicer + "NmAndAdr/Nm")),
        owner_name=clean_text(first(fields, "Acct/Ownr/Nm", "Acct/Ownr/Pty/Nm")),
        account_name=clean_text(first(fields, "Acct/Nm")),
        currency=next((clean_text(code) for code in known_currency if code), None),
        created_on=_date(fields, "CreDtTm", "CreDtTm"),
        period_from=_date(fields, "FrToDt", "FrToDt/FrDtTm", "FrToDt/FrDt"),
        period_to=_date(fields, "FrToDt", "FrToDt/ToDtTm", "FrToDt/ToDt"),
        opening=opening,
        closing=closing,
    )


def read_fields(element: Element) -> Fields:
    """Return what the head says, with the page of the message where it names none itself (v2)."""
    fields = flatten(element)
    if first(fields, *_page_paths("PgNb")) is None:
        for header in element.itersiblings("{*}GrpHdr", preceding=True):
            message = flatten(header)
            fields |= {path: message[path] for path in _MESSAGE_PAGE if path in message}
    return fields


def is_page(fields: Fields) -> bool:
    """Tell whether a statement of several pages is divided here."""
    page = _sequence_number(fields, *_page_paths("PgNb"))
    is_last = (first(fields, *_page_paths("LastPgInd")) or "").strip() in {"true", "1"}
    return page is not None and (page > 1 or not is_last)


def _page_paths(name: str) -> tuple[str, ...]:
    return tuple(f"{tag}Pgntn/{name}" for tag in (*_KIND_BY_TAG, "Msg"))


def statement_kind(element: Element) -> StatementKind:
    """Tell the message from the namespace, else from the element's name."""
    found = _NAMESPACE_KIND.search(str(element.tag))
    return StatementKind(f"camt.{found[1]}") if found else _KIND_BY_TAG[local_name(element)]


def _account(fields: Fields) -> AccountIdentification:
    number = clean_text(first(fields, *_ACCOUNT_NUMBER_PATHS))
    if number is None:
        raise UnusableRecordError("Acct/Id", "the statement names no account")
    stored, is_iban = read_iban(number)
    return AccountIdentification(stored) if is_iban else AccountIdentification(None, stored)


def _sequence_number(fields: Fields, *paths: str) -> int | None:
    text = (first(fields, *paths) or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
        return None
    number = int(text)
    return number if 0 < number <= MAX_SEQUENCE_NUMBER else None


def _date(fields: Fields, name: str, *paths: str) -> date | None:
    text = first(fields, *paths)
    if text is None:
        return None
    try:
        return iso_date(text)
    except ValueError as error:
        raise UnusableRecordError(name, str(error)) from error
