"""Amendments of SEPA mandates as data for a core system's next collection (DOMAIN.md, Bank data).

Elements are named as in pain.008, so that a core system copies each `MndtRltdInf` into its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET  # only written here, never read

from backend.services.bank_account_records import SAME_MANDATE_NEW_ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NAMESPACE = "urn:kundenportal:mandate-amendments:1"
_IDENTITY = ("CdtrSchmeId", "Id", "PrvtId", "Othr")


def write_amendments(events: Sequence[Mapping[str, Any]]) -> bytes | None:
    """Return the amendments in events of new bank accounts as XML; None if there are none.

    A continued mandate names the account before (`OrgnlDbtrAcct`), or `SMNDA` if that is unknown.
    """
    root = ET.Element("MandateAmendments", xmlns=NAMESPACE)
    for event in events:
        for mandate in _continued_mandates(event["payload"]):
            _write_amendment(root, event, mandate)
    if len(root) == 0:
        return None
    ET.indent(root, " ")
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _continued_mandates(payload: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for contract in payload.get("contracts") or ():
        mandate = contract.get("mandate")
        if mandate and mandate.get("AmdmntInfInd"):
            yield mandate


def _write_amendment(
    root: ET.Element, event: Mapping[str, Any], mandate: Mapping[str, Any]
) -> None:
    payload = event["payload"]
    amendment = _within(root, "Amendment")
    _within(amendment, "EvtId", text=event["id"])
    if mandate.get("creditorIdentifier"):
        other = _within(amendment, *_IDENTITY)
        _within(other, "Id", text=mandate["creditorIdentifier"])
        _within(other, "SchmeNm", "Prtry", text="SEPA")
    related = _within(amendment, "DrctDbtTx", "MndtRltdInf")
    _within(related, "MndtId", text=mandate["reference"])
    if mandate.get("signedOn"):
        _within(related, "DtOfSgntr", text=mandate["signedOn"])
    _within(related, "AmdmntInd", text="true")
    _write_original(_within(related, "AmdmntInfDtls", "OrgnlDbtrAcct", "Id"), mandate)
    if payload.get("bic"):
        _within(amendment, "DbtrAgt", "FinInstnId", "BICFI", text=payload["bic"])
    _within(amendment, "Dbtr", "Nm", text=payload["holder"])
    _within(amendment, "DbtrAcct", "Id", "IBAN", text=payload["iban"])


def _write_original(place: ET.Element, mandate: Mapping[str, Any]) -> None:
    original = mandate["OrgnlDbtrAcct"]
    if original == SAME_MANDATE_NEW_ACCOUNT:
        _within(place, "Othr", "Id", text=original)
    else:
        _within(place, "IBAN", text=original)


def _within(parent: ET.Element, *names: str, text: str | None = None) -> ET.Element:
    """Add elements, each within the one before, and return the innermost."""
    for name in names:
        parent = ET.SubElement(parent, name)
    parent.text = text
    return parent
