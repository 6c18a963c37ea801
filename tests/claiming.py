"""Claims as a device hands them in: sealed, sent in parts, submitted; and the worker that opens."""

from __future__ import annotations

import base64
import hashlib
import io
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pikepdf
from msgspec.structs import replace

from backend.adapters.claims_keys_folder import ClaimsKeysFolder
from backend.claim_envelope import ClaimBinding, ClaimsKeyAlgorithm, seal_file
from backend.ids import encode_id
from backend.models.contracts import LineOfBusiness
from backend.services.claims_keys import tend_claims_keys
from tests import factories
from tests.security.hostile_files import photo
from tests.security.hostile_pdfs import pdf, stream

if TYPE_CHECKING:
    import httpx

    from backend.house import House
    from backend.models.customers import Customer
    from tests.portal import Portal

KEY = "{ viewer { claimsKey { id algorithm publicKey expiresAt } } }"
START = """mutation ($i: StartClaimDocumentInput!) { startClaimDocument(input: $i) { __typename
  ... on ClaimDocument { id size sha256 receivedBytes isComplete partSize uploadUrl expiresAt }
  ... on InvalidInput { fields { path message } } ... on Refusal { message } } }"""
SUBMIT = """mutation ($i: SubmitClaimInput!) { submitClaim(input: $i) { __typename
  ... on Claim { id idempotencyKey kind format status submittedAt nextAction
    contract { number } institution { key } document { sha256 expiresAt }
    receipt { kind subject sha256 } steps { status occurredOn } }
  ... on FormatNotAccepted { formats } ... on InvalidInput { fields { path message } }
  ... on Refusal { message } } }"""
CLAIMS = """{ viewer { claims { totalCount nodes { id idempotencyKey kind status
  refusal refusalMessage nextAction steps { status occurredOn } amountClaimed { amount currency }
  amountReimbursed { amount currency } benefitStatement { subject } } } } }"""


def photo_pdf(*, pages: int = 1, marker: bytes = b"") -> bytes:
    """Return a PDF as the app makes it: a photo on each page, nothing else."""
    picture = photo()
    entries = (
        "/Type /XObject /Subtype /Image /Width 64 /Height 48 /ColorSpace /DeviceRGB "
        "/BitsPerComponent 8 /Filter /DCTDecode"
    )
    page = "/Resources << /XObject << /P 4 0 R >> >> /Contents 5 0 R"
    show = stream(b"200 0 0 150 0 0 cm /P Do " + (b"% " + marker + b"\n" if marker else b""))
    return pdf("", page, stream(picture, entries), show, pages=pages)


@dataclass
class Sealing:
    """A claim on a device: everything that `submitClaim` needs, and the sealed file."""

    contract: str
    key: str
    sealed: bytes
    kind: str = "MEDICAL_INVOICE"
    format: str = "PHOTOS"
    idempotency_key: str = field(default_factory=lambda: str(uuid.uuid4()))
    document: str = ""
    algorithm: ClaimsKeyAlgorithm = ClaimsKeyAlgorithm.X25519

    @property
    def sha256(self) -> str:
        """The hash of the sealed file."""
        return hashlib.sha256(self.sealed).hexdigest()

    @property
    def input(self) -> dict[str, Any]:
        """The input of `submitClaim`."""
        return {
            "document": self.document,
            "kind": self.kind,
            "contract": self.contract,
            "format": self.format,
            "key": self.key,
            "idempotencyKey": self.idempotency_key,
        }


@dataclass
class Claimant:
    """A customer with a health contract, signed in."""

    portal: Portal
    customer: Customer
    token: str
    contract: str

    async def seal(self, content: bytes | None = None, **values: Any) -> Sealing:
        """Seal a file as a device does."""
        data = await self.portal.execute(KEY, token=self.token)
        key = data["viewer"]["claimsKey"]
        told = {"contract": self.contract, "key": key["id"], "sealed": b""}
        told["algorithm"] = ClaimsKeyAlgorithm[key["algorithm"]]
        sealing = Sealing(**told | values)
        public_key = base64.urlsafe_b64decode(key["publicKey"] + "==")
        sealing.sealed = seal_file(
            photo_pdf() if content is None else content,
            public_key=public_key,
            binding=binding(sealing),
        )
        return sealing

    async def start(self, sealed: bytes, **values: Any) -> dict[str, Any]:
        """Announce a sealed file."""
        told = {"size": len(sealed), "sha256": hashlib.sha256(sealed).hexdigest()} | values
        data = await self.portal.execute(START, {"i": told}, token=self.token)
        started: dict[str, Any] = data["startClaimDocument"]
        return started

    async def offset(self, url: str) -> int:
        """Ask how much is safe."""
        response = await self.portal.client.head(url, headers=self._headers())
        assert response.status_code == 200
        return int(response.headers["Upload-Offset"])

    async def patch(self, url: str, offset: int, content: Any, **headers: str) -> httpx.Response:
        """Send a part."""
        told = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        return await self.portal.client.patch(
            url, content=content, headers=self._headers() | told | headers
        )

    async def send(self, sealing: Sealing) -> Sealing:
        """Announce a sealed file and send all of its parts."""
        started = await self.start(sealing.sealed)
        sealing.document, at = started["id"], 0
        while at < len(sealing.sealed):
            part = sealing.sealed[at : at + started["partSize"]]
            response = await self.patch(started["uploadUrl"], at, part)
            assert response.status_code == 204, response.text
            at = int(response.headers["Upload-Offset"])
        return sealing

    async def submit(self, sealing: Sealing, **values: Any) -> dict[str, Any]:
        """Submit a claim."""
        data = await self.portal.execute(SUBMIT, {"i": sealing.input | values}, token=self.token)
        answer: dict[str, Any] = data["submitClaim"]
        return answer

    async def hand_in(self, content: bytes | None = None, **values: Any) -> dict[str, Any]:
        """Seal, send and submit."""
        return await self.submit(await self.send(await self.seal(content, **values)))

    async def claims(self, language: str = "de") -> list[dict[str, Any]]:
        """List the claims."""
        data = await self.portal.execute(
            CLAIMS, token=self.token, headers={"Accept-Language": language}
        )
        nodes: list[dict[str, Any]] = data["viewer"]["claims"]["nodes"]
        return nodes

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def binding(sealing: Sealing) -> ClaimBinding:
    """Return what a sealed file is bound to."""
    return ClaimBinding(
        key=sealing.key,
        contract=sealing.contract,
        kind=sealing.kind,
        format=sealing.format,
        idempotency_key=sealing.idempotency_key,
        algorithm=sealing.algorithm,
    )


def worker_of(portal: Portal) -> House:
    """Return the house as the worker opens it: the only one with private claims keys."""
    return replace(portal.house, claims_keys=ClaimsKeysFolder(portal.house.settings.claims_keys))


async def claimant(portal: Portal, name: str = "Pia", **contract: Any) -> Claimant:
    """Return a customer who can hand in something; the first one has the first key made."""
    await tend_claims_keys(worker_of(portal))
    async with portal.transaction() as session:
        owner = await factories.customer(session, name, "Privat")
        account = await factories.user_account(session, owner)
        values = {"line_of_business": LineOfBusiness.HEALTH} | contract
        row = await factories.insurance_contract(session, owner, **values)
    return Claimant(portal, owner, await portal.sign_in(account), encode_id("Contract", row.id))


CII = b"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocument><ram:ID>R-17</ram:ID><ram:IssueDateTime>
<udt:DateTimeString format="102">20261102</udt:DateTimeString></ram:IssueDateTime>
</rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeAgreement>
<ram:SellerTradeParty><ram:Name>Dr. Beispiel</ram:Name></ram:SellerTradeParty>
</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeSettlement>
<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:GrandTotalAmount>123.45</ram:GrandTotalAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""
UBL = b"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>R-18</cbc:ID><cbc:IssueDate>2026-11-02</cbc:IssueDate><cac:AccountingSupplierParty>
<cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>Praxis Beispiel</cbc:RegistrationName>
</cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty><cac:LegalMonetaryTotal>
<cbc:TaxInclusiveAmount currencyID="EUR">38.90</cbc:TaxInclusiveAmount></cac:LegalMonetaryTotal>
</Invoice>"""


def carrying(*files: tuple[str, bytes]) -> bytes:
    """Return a PDF with files embedded as programs for e-invoices do it."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as plain:
        for name, content in files:
            plain.attachments[name] = pikepdf.AttachedFileSpec(
                plain,
                content,
                filename=name,
                mime_type="text/xml",
                creation_date="",
                mod_date="",
                description="",
            )
        plain.save(made)
    return made.getvalue()
