"""Writes camt.052, camt.053 and camt.054 files as banks send them, version 2 or 8, streaming."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Literal
from xml.sax.saxutils import escape

from backend.feeds.bank_records import StatementKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from decimal import Decimal

    from backend.feeds.bank_records import Balance, Entry, EntryDetail, Statement

Version = Literal[2, 8]
NEWEST: Version = 8
ISO_CODE_PARTS = 3

MESSAGES = {
    StatementKind.CAMT_052: ("BkToCstmrAcctRpt", "Rpt"),
    StatementKind.CAMT_053: ("BkToCstmrStmt", "Stmt"),
    StatementKind.CAMT_054: ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}


def write_camt(
    stream: BinaryIO,
    kind: StatementKind,
    statements: Iterable[tuple[Statement, Iterable[Entry]]],
    *,
    version: Version = 8,
    message_id: str = "MUSTERLAND-1",
) -> None:
    """Write one file with these statements; entries are taken one by one, never all at once.

    What the reader returns for the file equals what was written, but for keys and lines. Texts
    must be free of control characters, statements need `created_on`.
    """
    pieces = camt_pieces(kind, statements, version=version, message_id=message_id)
    stream.writelines(piece.encode() for piece in pieces)


def camt_pieces(
    kind: StatementKind,
    statements: Iterable[tuple[Statement, Iterable[Entry]]],
    *,
    version: Version = 8,
    message_id: str = "MUSTERLAND-1",
) -> Iterator[str]:
    """Yield the text of such a file piece by piece, one entry at a time."""
    container, tag = MESSAGES[kind]
    namespace = f"urn:iso:std:iso:20022:tech:xsd:{kind.value}.001.{version:02}"
    is_begun = False
    for statement, entries in statements:
        if not is_begun:
            yield f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{namespace}">'
            yield f"<{container}><GrpHdr>{_text('MsgId', message_id)}"
            yield f"<CreDtTm>{_instant(statement.created_on)}</CreDtTm></GrpHdr>\n"
            is_begun = True
        yield f"<{tag}>{_head(statement, tag, version)}\n"
        for entry in entries:
            yield _entry(entry, version)
        yield f"</{tag}>\n"
    if not is_begun:
        raise ValueError("a camt file needs a statement")
    yield f"</{container}></Document>\n"


def _text(tag: str, value: str | None) -> str:
    return "" if value is None else f"<{tag}>{escape(value)}</{tag}>"


def _instant(day: date | None) -> str:
    if day is None:
        raise ValueError("a camt statement needs the day it was made")
    return f"{day.isoformat()}T06:00:00+01:00"


def _head(statement: Statement, tag: str, version: Version) -> str:
    bic = _text("BICFI" if version == NEWEST else "BIC", statement.servicer_bic)
    servicer = bic + _text("Nm", statement.servicer_name)
    owner = _text("Nm", statement.owner_name)
    number = _text("IBAN", statement.account.iban) or (
        f"<Othr>{_text('Id', statement.account.number)}</Othr>"
    )
    page = ""
    if version == NEWEST and statement.page_number is not None:
        page = f"<PgNb>{statement.page_number}</PgNb><LastPgInd>true</LastPgInd>"
        page = f"<{tag}Pgntn>{page}</{tag}Pgntn>"
    period = ""
    if statement.period_from is not None and statement.period_to is not None:
        period = (
            f"<FrToDt><FrDtTm>{statement.period_from}T00:00:00+01:00</FrDtTm>"
            f"<ToDtTm>{statement.period_to}T12:00:00+01:00</ToDtTm></FrToDt>"
        )
    return "".join(
        [
            _text("Id", statement.statement_id),
            page,
            _number("ElctrncSeqNb", statement.sequence_number),
            _number("LglSeqNb", statement.legal_sequence_number),
            f"<CreDtTm>{_instant(statement.created_on)}</CreDtTm>{period}",
            f"<Acct><Id>{number}</Id>{_text('Ccy', statement.currency)}",
            _text("Nm", statement.account_name),
            f"<Ownr>{owner}</Ownr>" if owner else "",
            f"<Svcr><FinInstnId>{servicer}</FinInstnId></Svcr>" if servicer else "",
            "</Acct>",
            _balance("OPBD", statement.opening),
            _balance("CLBD", statement.closing),
        ]
    )


def _number(tag: str, value: int | None) -> str:
    return "" if value is None else f"<{tag}>{value}</{tag}>"


def _money(amount: Decimal, currency: str | None) -> str:
    return f'<Amt Ccy="{currency}">{abs(amount)}</Amt>'


def _sign(amount: Decimal) -> str:
    return f"<CdtDbtInd>{'DBIT' if amount < 0 else 'CRDT'}</CdtDbtInd>"


def _balance(code: str, balance: Balance | None) -> str:
    if balance is None:
        return ""
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f"{_money(balance.amount, balance.currency)}{_sign(balance.amount)}"
        f"<Dt><Dt>{balance.on}</Dt></Dt></Bal>"
    )


def _entry(entry: Entry, version: Version) -> str:
    status = "PDNG" if entry.is_pending else "BOOK"
    details = "".join(_details(entry, version))
    return "".join(
        [
            "<Ntry>",
            _text("NtryRef", entry.entry_reference),
            _money(entry.amount, entry.currency),
            _sign(entry.amount),
            "<RvslInd>true</RvslInd>" if entry.is_reversal else "",
            f"<Sts><Cd>{status}</Cd></Sts>" if version == NEWEST else f"<Sts>{status}</Sts>",
            f"<BookgDt><Dt>{entry.booking_date}</Dt></BookgDt>",
            f"<ValDt><Dt>{entry.value_date}</Dt></ValDt>",
            _text("AcctSvcrRef", entry.account_servicer_reference),
            f"<BkTxCd>{_code(entry.bank_transaction_code)}</BkTxCd>",
            f"<NtryDtls>{details}</NtryDtls>" if details else "",
            _text("AddtlNtryInf", entry.booking_text),
            "</Ntry>\n",
        ]
    )


def _code(code: str | None) -> str:
    if code is None:
        return ""
    parts = code.split("/")
    if len(parts) == ISO_CODE_PARTS:
        domain, family, sub_family = parts
        inner = f"{_text('Cd', family)}{_text('SubFmlyCd', sub_family)}"
        return f"<Domn>{_text('Cd', domain)}<Fmly>{inner}</Fmly></Domn>"
    return f"<Prtry>{_text('Cd', code)}</Prtry>"


def _details(entry: Entry, version: Version) -> Iterator[str]:
    is_incoming = (entry.amount > 0) is not entry.is_reversal
    role = "Dbtr" if is_incoming else "Cdtr"
    if not entry.details:
        refs = _text("EndToEndId", entry.end_to_end_id) + _text("MndtId", entry.mandate_id)
        yield _payment(
            refs=refs,
            amount="",
            parties=_party(
                role, entry.counterparty_name, entry.counterparty_iban, entry.creditor_id, version
            ),
            agent=_agent(role, entry.counterparty_bic, version),
            remittance=entry.remittance_information,
        )
    for detail in entry.details:
        yield _payment(
            refs=_text("EndToEndId", detail.end_to_end_id) + _text("MndtId", detail.mandate_id),
            amount=_detail_amount(detail, version),
            parties=_party(role, detail.counterparty_name, detail.counterparty_iban, None, version),
            agent="",
            remittance=detail.remittance_information,
        )


def _payment(*, refs: str, amount: str, parties: str, agent: str, remittance: str | None) -> str:
    text = _text("Ustrd", remittance)
    inner = "".join(
        [
            f"<Refs>{refs}</Refs>" if refs else "",
            amount,
            f"<RltdPties>{parties}</RltdPties>" if parties else "",
            f"<RltdAgts>{agent}</RltdAgts>" if agent else "",
            f"<RmtInf>{text}</RmtInf>" if text else "",
        ]
    )
    return f"<TxDtls>{inner}</TxDtls>" if inner else ""


def _detail_amount(detail: EntryDetail, version: Version) -> str:
    if detail.amount is None:
        return ""
    amount = _money(detail.amount, detail.currency)
    if version == NEWEST:
        return amount + _sign(detail.amount)
    return f"<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls>"


def _party(
    role: str, name: str | None, iban: str | None, creditor_id: str | None, version: Version
) -> str:
    party = _text("Nm", name)
    identification = _creditor(creditor_id)
    # A creditor identifier belongs to the creditor, whichever side the counterparty is on.
    if role == "Cdtr":
        party, identification = party + identification, ""
    account = ""
    if iban is not None:
        is_iban = iban[:2].isalpha() and iban.isalnum()
        number = _text("IBAN", iban) if is_iban else f"<Othr>{_text('Id', iban)}</Othr>"
        account = f"<{role}Acct><Id>{number}</Id></{role}Acct>"
    own = f"<Cdtr>{_wrap(identification, version)}</Cdtr>" if identification else ""
    known = f"<{role}>{_wrap(party, version)}</{role}>" if party else ""
    return known + account + own


def _creditor(creditor_id: str | None) -> str:
    if creditor_id is None:
        return ""
    scheme = "<SchmeNm><Prtry>SEPA</Prtry></SchmeNm>"
    return f"<Id><PrvtId><Othr>{_text('Id', creditor_id)}{scheme}</Othr></PrvtId></Id>"


def _wrap(party: str, version: Version) -> str:
    return f"<Pty>{party}</Pty>" if version == NEWEST else party


def _agent(role: str, bic: str | None, version: Version) -> str:
    if bic is None:
        return ""
    tag = "BICFI" if version == NEWEST else "BIC"
    return f"<{role}Agt><FinInstnId>{_text(tag, bic)}</FinInstnId></{role}Agt>"
