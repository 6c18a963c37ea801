"""Small camt files for tests, put together from pieces."""

from __future__ import annotations

import io

ACCOUNT = "<Acct><Id><IBAN>DE43999999990001000001</IBAN></Id></Acct>"


def document(inner: str, *, version: str = "camt.053.001.08", prolog: str = "") -> io.BytesIO:
    kinds = {"2": ("BkToCstmrAcctRpt", "Rpt"), "3": ("BkToCstmrStmt", "Stmt")}
    container, tag = kinds[version[7]]
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{version}"><{container}>\n'
        f"<{tag}><Id>S1</Id><CreDtTm>2026-11-20T06:00:00+01:00</CreDtTm>{inner}</{tag}>\n"
        f"</{container}></Document>"
    )
    return io.BytesIO(text.encode())


def balance(code: str, amount: str, sign: str = "CRDT", day: str = "2026-11-20") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{amount}</Amt>"
        f"<CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def entry(amount: str = "10.00", sign: str = "CRDT", extra: str = "", status: str = "BOOK") -> str:
    return (
        f"<Ntry><Amt Ccy='EUR'>{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>"
        f"<Sts><Cd>{status}</Cd></Sts><ValDt><Dt>2026-11-20</Dt></ValDt>{extra}</Ntry>"
    )


def details(inner: str) -> str:
    return f"<NtryDtls><TxDtls>{inner}</TxDtls></NtryDtls>"
