"""Reads one camt entry (`Ntry`) and the payments in it (`TxDtls`)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backend.feeds.bank_records import EntryDetail, StatementKind
from backend.feeds.bank_tally import EntryDraft
from backend.feeds.camt.party import NOBODY, Party, read_counterparty
from backend.feeds.camt.xml import first, flatten
from backend.feeds.findings import UnusableRecordError
from backend.feeds.values import (
    clean_reference,
    clean_text,
    iso_date,
    plain_amount,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from backend.feeds.bank_records import Statement
    from backend.feeds.camt.xml import Element, Fields

MAX_DETAILS = 1_000
MAX_REMITTANCE = 1_000
MAX_COUNT_DIGITS = 7
PENDING_STATUS = frozenset({"PDNG", "FUTR"})

_CREDITOR_ID = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{3}[A-Z0-9]{1,28}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


CREDITOR_ID_PATHS = tuple(
    f"RltdPties/Cdtr/{middle}/Othr/Id"
    for middle in ("Pty/Id/PrvtId", "Id/PrvtId", "Pty/Id/OrgId", "Id/OrgId")
)


@dataclass(slots=True)
class DetailBuffer:
    """The payments seen since the last entry ended: all are counted, the first 1,000 kept."""

    kept: list[Fields] = field(default_factory=list)
    count: int = 0

    def add(self, element: Element) -> None:
        """Take over one `TxDtls`."""
        self.count += 1
        if len(self.kept) < MAX_DETAILS:
            self.kept.append(flatten(element))

    def take(self) -> tuple[list[Fields], int]:
        """Hand out what was collected and start anew."""
        taken = self.kept, self.count
        self.kept, self.count = [], 0
        return taken


def is_for_information_only(fields: Fields) -> bool:
    """Tell whether the bank booked nothing (status INFO)."""
    return _status(fields) == "INFO"


def read_entry(
    fields: Fields, details: list[Fields], detail_count: int, statement: Statement
) -> EntryDraft:
    """Put an entry together; UnusableRecordError names the field that can't be read.

    With one payment in it the entry takes over what that says. With several, the entry is the
    bank's total and takes over only what all payments agree on; each becomes an `EntryDetail`.
    """
    amount = _signed_amount(fields)
    is_reversal = (first(fields, "RvslInd") or "").strip() in {"true", "1"}
    value_date, booking_date = _dates(fields, statement)
    draft = EntryDraft(
        value_date=value_date,
        booking_date=booking_date,
        amount=amount,
        currency=_currency(fields, statement),
        is_pending=_is_pending(fields, statement),
        is_reversal=is_reversal,
        entry_reference=clean_reference(first(fields, "NtryRef")),
        account_servicer_reference=clean_reference(first(fields, "AcctSvcrRef")),
        bank_transaction_code=_transaction_code(fields),
        booking_text=clean_text(first(fields, "AddtlNtryInf")),
        detail_count=max(detail_count, _announced_count(fields)),
    )
    # A reversal keeps the roles of the payment it takes back, while its sign is turned round.
    is_from_debtor = (amount > 0) is not is_reversal
    _take_over_details(draft, details, statement, is_from_debtor=is_from_debtor)
    return draft


def _take_over_details(
    draft: EntryDraft, details: list[Fields], statement: Statement, *, is_from_debtor: bool
) -> None:
    parties = [
        read_counterparty(fields, statement, is_from_debtor=is_from_debtor) for fields in details
    ]
    if details:
        party = parties[0] if all(party == parties[0] for party in parties) else NOBODY
        draft.counterparty_name = party.name
        draft.counterparty_iban = party.iban
        draft.counterparty_iban_is_valid = party.iban_is_valid
        draft.counterparty_bic = party.bic
    draft.end_to_end_id = _common(details, "Refs/EndToEndId")
    draft.mandate_id = _common(details, "Refs/MndtId")
    draft.creditor_id = _creditor_id(details)
    draft.remittance_information = _joined(_remittance(fields) for fields in details)
    if len(details) > 1:
        # Banks repeat a wrong mark in each payment; only different ones tell a netted batch.
        is_netted = len({first(fields, "CdtDbtInd") for fields in details}) > 1
        draft.details = tuple(
            _detail(fields, party, draft, is_netted=is_netted)
            for fields, party in zip(details, parties, strict=True)
        )


def _detail(fields: Fields, party: Party, draft: EntryDraft, *, is_netted: bool) -> EntryDetail:
    amount: Decimal | None = None
    text = first(fields, "Amt", "AmtDtls/TxAmt/Amt")
    if text is not None:
        try:
            amount = plain_amount(text)
        except ValueError as error:
            raise UnusableRecordError("TxDtls/Amt", str(error)) from error
        sign = first(fields, "CdtDbtInd") if is_netted else None
        is_debit = draft.amount < 0 if sign is None else sign.strip() == "DBIT"
        amount = -amount if is_debit else amount
    return EntryDetail(
        amount=amount,
        currency=clean_text(first(fields, "Amt@Ccy", "AmtDtls/TxAmt/Amt@Ccy")),
        counterparty_name=party.name,
        counterparty_iban=party.iban,
        counterparty_iban_is_valid=party.iban_is_valid,
        end_to_end_id=clean_reference(first(fields, "Refs/EndToEndId")),
        mandate_id=clean_reference(first(fields, "Refs/MndtId")),
        remittance_information=_remittance(fields),
    )


def _signed_amount(fields: Fields) -> Decimal:
    try:
        amount = plain_amount(first(fields, "Amt") or "")
    except ValueError as error:
        raise UnusableRecordError("Ntry/Amt", str(error)) from error
    match (first(fields, "CdtDbtInd") or "").strip():
        case "CRDT":
            return amount
        case "DBIT":
            return -amount
        case _:
            raise UnusableRecordError("Ntry/CdtDbtInd", "neither CRDT nor DBIT")


def _currency(fields: Fields, statement: Statement) -> str:
    currency = (first(fields, "Amt@Ccy") or statement.currency or "").strip().upper()
    if not _CURRENCY.fullmatch(currency):
        raise UnusableRecordError("Ntry/Amt@Ccy", "no currency")
    return currency


def _dates(fields: Fields, statement: Statement) -> tuple[date, date]:
    # Banks leave out the value date where it equals the booking date, and the other way round.
    value = _date(fields, "Ntry/ValDt", "ValDt/Dt", "ValDt/DtTm", "ValDt")
    booking = _date(fields, "Ntry/BookgDt", "BookgDt/Dt", "BookgDt/DtTm", "BookgDt")
    known = value or booking or statement.period_to or statement.created_on
    if known is None:
        raise UnusableRecordError("Ntry/ValDt", "neither entry nor statement has a date")
    return value or known, booking or known


def _date(fields: Fields, name: str, *paths: str) -> date | None:
    text = first(fields, *paths)
    if text is None:
        return None
    try:
        return iso_date(text)
    except ValueError as error:
        raise UnusableRecordError(name, str(error)) from error


def _status(fields: Fields) -> str:
    return (first(fields, "Sts/Cd", "Sts") or "").strip().upper()


def _is_pending(fields: Fields, statement: Statement) -> bool:
    status = _status(fields)
    if status in PENDING_STATUS:
        return True
    if status == "BOOK" or (not status and statement.kind is StatementKind.CAMT_053):
        return False
    raise UnusableRecordError("Ntry/Sts", "not a known status")


def _transaction_code(fields: Fields) -> str | None:
    domain = [
        first(fields, f"BkTxCd/{path}")
        for path in ("Domn/Cd", "Domn/Fmly/Cd", "Domn/Fmly/SubFmlyCd")
    ]
    code = "/".join(part.strip() for part in domain if part)
    return clean_text(code or first(fields, "BkTxCd/Prtry/Cd"))


def _announced_count(fields: Fields) -> int:
    text = (first(fields, "NtryDtls/Btch/NbOfTxs", "Btch/NbOfTxs") or "").strip()
    is_count = text.isascii() and text.isdigit() and len(text) <= MAX_COUNT_DIGITS
    return int(text) if is_count else 0


def _creditor_id(details: list[Fields]) -> str | None:
    for path in CREDITOR_ID_PATHS:
        found = _common(details, path)
        if found is not None and _CREDITOR_ID.fullmatch(found):
            return found
    return None


def _common(details: list[Fields], path: str) -> str | None:
    if len(details) == 1:
        return clean_reference(first(details[0], path))
    found = {clean_reference(first(fields, path)) for fields in details}
    return found.pop() if len(found) == 1 else None


def _remittance(fields: Fields) -> str | None:
    parts = fields.get("RmtInf/Ustrd")
    if not parts:
        parts = [
            text
            for path in ("CdtrRefInf/Ref", "CdtrRefInf/CdtrRef", "AddtlRmtInf")
            for text in fields.get(f"RmtInf/Strd/{path}", ())
        ]
    return clean_text(" ".join(part.strip() for part in parts) or first(fields, "AddtlTxInf"))


def _joined(texts: Iterable[str | None]) -> str | None:
    distinct = [text for text in dict.fromkeys(texts) if text]
    joined = "; ".join(distinct)
    if len(distinct) > 1 and len(joined) > MAX_REMITTANCE:
        joined = f"{joined[: MAX_REMITTANCE - 1]}…"
    return joined or None
