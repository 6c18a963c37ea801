"""What becomes of an opened claim: a package for the claims department, or a refusal (M5, X1)."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

import msgspec
from msgspec.structs import replace
from sqlalchemy import delete, select, update

from backend import database
from backend.claim_envelope import ClaimBinding
from backend.clock import berlin_today
from backend.ids import encode_id
from backend.inspection.rules import JPEG, PDF, PNG, XML
from backend.models.claims import Claim, ClaimDocument, ClaimFormat, ClaimPart, ClaimStatus
from backend.models.receipts import Receipt
from backend.models.submissions import SubmissionKind
from backend.ports import StoreUnavailableError
from backend.services.claim_contracts import MEDIA_TYPES
from backend.services.claim_documents import ClaimDocumentHouse
from backend.services.claim_notices import account_of, tell_customer
from backend.services.claim_out import ClaimPackage
from backend.services.claims import advance
from backend.services.receipts import write_receipt_file
from backend.services.submissions import SubmittingHouse, submit
from backend.services.uploads import rules_for
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.claims_port import ClaimsKeyHolder
    from backend.file_ports import FileInspector, MalwareScanner
    from backend.inspection.refusals import UploadRefusal
    from backend.inspection.rules import InspectionRules
    from backend.models.claims import ClaimsKey
    from backend.models.institutions import Institution
    from backend.settings import Settings

_MEGA = 1_000_000
_ENDINGS = {PDF: "pdf", JPEG: "jpg", PNG: "png", XML: "xml"}
FORMAT = "kundenportal-claim/1"


class OpeningHouse(ClaimDocumentHouse, SubmittingHouse, Protocol):
    """What opening claims needs of the portal's wiring; without keys nothing is opened."""

    @property
    def settings(self) -> Settings: ...  # noqa: D102
    @property
    def inspector(self) -> FileInspector: ...  # noqa: D102
    @property
    def scanner(self) -> MalwareScanner | None: ...  # noqa: D102
    @property
    def claims_keys(self) -> ClaimsKeyHolder | None: ...  # noqa: D102


class OpenedFile(Value):
    """What the inspection made of a file; it is in memory for this moment only."""

    media_type: str
    content: bytes


def binding_of(claim: Claim, key: ClaimsKey) -> ClaimBinding:
    """Return what the sealed file of a claim has to be bound to."""
    return ClaimBinding(
        key=encode_id("ClaimsKey", key.id),
        # Its contract may be deleted by now; of claims older than the column it may be unknown.
        contract=encode_id("Contract", claim.sealed_contract_id or 0),
        kind=claim.kind.name,
        format=claim.format.name,
        idempotency_key=claim.idempotency_key,
        algorithm=key.algorithm,
    )


def rules_of(house: OpeningHouse, claim: Claim, institution: Institution) -> InspectionRules:
    """Return what the file of a claim must keep to (F56, X9)."""
    today = berlin_today(house.clock)
    rules = house.policy.claims
    return replace(
        rules_for(house.policy, institution.kind, "", on=today),
        accepted=MEDIA_TYPES[claim.format],
        most_bytes=rules.largest_megabytes.on(today) * _MEGA,
        most_pages=rules.pages.on(today),
        is_of_photos=claim.format is ClaimFormat.PHOTOS,
        may_carry_invoice=claim.format is ClaimFormat.PDF
        and institution.kind.name in rules.e_invoices.on(today),
    )


async def refuse_file(house: OpeningHouse, claim: Claim, refusal: UploadRefusal) -> None:
    """End a claim whose file is refused, delete the file and tell the customer (X1).

    The mail says nothing about it; the claim says what to do.
    """
    async with database.writing(house.sessions) as session:
        moved = await advance(
            session,
            claim,
            ClaimStatus.FILE_REFUSED,
            on=berlin_today(house.clock),
            refusal=refusal,
        )
        if not moved:
            return
        keys = list(
            await session.scalars(
                delete(ClaimPart)
                .where(ClaimPart.claim_document_id == claim.claim_document_id)
                .returning(ClaimPart.object_key)
            )
        )
        await tell_customer(session, house.outbox, claim.customer_id)
    for key in keys:
        with suppress(StoreUnavailableError):  # then it is an orphan
            await house.objects.delete(key)


async def hand_over(
    house: OpeningHouse, claim: Claim, institution: Institution, opened: OpenedFile
) -> None:
    """Give a claim to its department: a package in the out folder, then the event to the core.

    The package appears whole, under the claim's uid, before the database says so: whoever dies
    between writes it again under the same name.
    """
    package = ClaimPackage(house.settings.claims_out, claim.uid)
    name = f"beleg.{_ENDINGS[opened.media_type]}"
    manifest, receipt = await _describe(house, claim, institution)
    await asyncio.to_thread(_write_package, package, name, opened, manifest, receipt)
    today = berlin_today(house.clock)
    kept = timedelta(days=house.policy.claims.sealed_kept_days.on(today))
    async with database.writing(house.sessions) as session:
        if not await advance(session, claim, ClaimStatus.HANDED_OVER, on=today):
            return
        await session.execute(
            update(ClaimDocument)
            .where(ClaimDocument.id == claim.claim_document_id)
            .values(expires_at=house.clock.now() + kept)
        )
        if house.group.core_of(institution.key) is not None:
            await _submit(session, house, claim, institution, manifest)


def _write_package(
    package: ClaimPackage,
    name: str,
    opened: OpenedFile,
    manifest: dict[str, object],
    receipt: bytes | None,
) -> None:
    if package.is_there():
        return
    try:
        package.begin()
        package.write_file(name, opened.content)
        manifest["file"] = {
            "name": name,
            "mediaType": opened.media_type,
            "size": package.size,
            "sha256": package.sha256,
        }
        package.finish(manifest, receipt)
    finally:
        package.discard()


async def _describe(
    house: OpeningHouse, claim: Claim, institution: Institution
) -> tuple[dict[str, object], bytes | None]:
    """Return manifest and receipt of a claim."""
    async with database.reading(house.sessions) as session:
        sealed = await session.scalar(
            select(ClaimDocument.sha256).where(ClaimDocument.id == claim.claim_document_id)
        )
        receipt = (
            await session.scalars(select(Receipt).where(Receipt.id == claim.receipt_id))
        ).one_or_none()
        proof = await write_receipt_file(session, receipt) if receipt is not None else None
    manifest: dict[str, object] = {
        "format": FORMAT,
        "claim": claim.uid,
        "kind": claim.kind.name,
        "institution": institution.key,
        "contractNumber": claim.contract_number,
        "submittedAt": claim.submitted_at.isoformat(),
        "sealedSha256": sealed,
    }
    return manifest, msgspec.json.encode(proof) if proof is not None else None


async def _submit(
    session: AsyncSession,
    house: OpeningHouse,
    claim: Claim,
    institution: Institution,
    manifest: dict[str, object],
) -> None:
    account = await account_of(session, claim.customer_id)
    subject = (
        word(
            "receipt.claim",
            account.locale,
            kind=word(f"claim_kind.{claim.kind.value}", account.locale),
            institution=institution.name,
        )
        if account
        else claim.kind.name
    )
    payload = {key: value for key, value in manifest.items() if key != "format"}
    submission = await submit(
        session,
        house,
        customer_id=claim.customer_id,
        institution_id=claim.institution_id,
        kind=SubmissionKind.CLAIM_SUBMITTED,
        subject=subject,
        payload=payload,
        contract_id=claim.contract_id,
    )
    submission.receipt_id = claim.receipt_id
