"""Submitting a claim: checked, written once per idempotency key, answered with a receipt."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from backend import database
from backend.client_device import is_desktop_browser
from backend.clock import berlin_today
from backend.errors import (
    ClaimsKeyExpiredError,
    ConflictError,
    ContractNotEligibleError,
    DesktopNotAcceptedError,
    FieldProblem,
    FormatNotAcceptedError,
    InvalidInputError,
    NotFoundError,
)
from backend.models.claims import Claim, ClaimDocument, ClaimStatus
from backend.models.receipts import ReceiptKind
from backend.services.attempts import Limit, count_attempts
from backend.services.claim_contracts import find_claimable_contract
from backend.services.claim_documents import find_claim_document
from backend.services.claims import add_step, find_claim_by_key
from backend.services.claims_keys import find_usable_key
from backend.services.institutions import load_institutions
from backend.services.receipts import ReceiptHouse, Submission, issue_receipt
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    import asyncio

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.database import Sessions
    from backend.models.claims import ClaimFormat, ClaimKind, ClaimsKey
    from backend.policy import Policy
    from backend.services.claim_contracts import ClaimableContract
    from backend.services.sessions import Viewer


class ClaimHouse(ReceiptHouse, Protocol):
    """What submitting claims needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def policy(self) -> Policy: ...  # noqa: D102
    @property
    def work_waits(self) -> asyncio.Event: ...  # noqa: D102


class ClaimDraft(Value):
    """A claim as the device submits it; ids of rows, 0 for nobody's."""

    document_id: int
    kind: ClaimKind
    contract_id: int
    format: ClaimFormat
    key_id: int
    idempotency_key: uuid.UUID


async def submit_claim(house: ClaimHouse, *, viewer: Viewer, draft: ClaimDraft) -> Claim:
    """Submit a claim, the only one under its key for ever (F60), and issue its receipt (M1).

    Raises:
        NotFoundError: no such sealed file of this customer.
        InvalidInputError: not all of the file has come yet.
        ContractNotEligibleError: nothing of this kind can be handed in on this contract (F50-F52).
        DesktopNotAcceptedError: its institution takes nothing from desktop browsers (F49).
        FormatNotAcceptedError: its institution takes other formats (F56).
        ClaimsKeyExpiredError: sealed to a key that is not used any more.
        ConflictError: key or file were used for another claim.
        TooManyAttemptsError: too many claims in a day.
        KeyStoreUnavailableError: no receipt can be signed, so nothing is accepted.
    """
    async with database.writing(house.sessions) as session:
        document = await _lock_document(session, viewer, draft)
        known = await find_claim_by_key(
            session, customer_id=viewer.customer_id, idempotency_key=draft.idempotency_key
        )
        if known is not None:
            return await _same(session, known, draft, document)
        found, key = await _require_submittable(session, house, viewer, draft, document)
        claim = await _insert(session, house, viewer, draft, found, key)
        if claim is None:  # one under the same key came in the same moment
            known = await find_claim_by_key(
                session, customer_id=viewer.customer_id, idempotency_key=draft.idempotency_key
            )
            if known is None:
                raise ConflictError
            return await _same(session, known, draft, document)
        add_step(session, claim, ClaimStatus.RECEIVED, on=berlin_today(house.clock))
        document.expires_at = None
        await _issue_receipt(session, house, viewer, claim, document)
    house.work_waits.set()
    return claim


async def _lock_document(session: AsyncSession, viewer: Viewer, draft: ClaimDraft) -> ClaimDocument:
    document = await find_claim_document(
        session, customer_id=viewer.customer_id, document_id=draft.document_id
    )
    if document is None:
        raise NotFoundError
    await session.execute(
        select(ClaimDocument.id).where(ClaimDocument.id == document.id).with_for_update()
    )
    return document


async def _require_submittable(
    session: AsyncSession,
    house: ClaimHouse,
    viewer: Viewer,
    draft: ClaimDraft,
    document: ClaimDocument,
) -> tuple[ClaimableContract, ClaimsKey]:
    today = berlin_today(house.clock)
    found = await find_claimable_contract(
        session,
        draft.contract_id,
        customer_id=viewer.customer_id,
        kind=draft.kind,
        today=today,
        policy=house.policy,
    )
    if found is None or not found.formats:
        raise ContractNotEligibleError
    if is_desktop_browser() and not found.is_open_to_desktops:
        institutions = await load_institutions(session, [found.contract.institution_id])
        raise DesktopNotAcceptedError(institutions[found.contract.institution_id].name)
    if draft.format not in found.formats:
        raise FormatNotAcceptedError(tuple(found.formats))
    if not document.is_complete:
        raise InvalidInputError(FieldProblem(("document",), "field.file_incomplete"))
    used = await session.scalar(select(Claim.id).where(Claim.claim_document_id == document.id))
    if used is not None:
        raise ConflictError
    key = await find_usable_key(session, draft.key_id, clock=house.clock, policy=house.policy)
    if key is None:
        raise ClaimsKeyExpiredError
    daily = house.policy.claims.per_account_per_day.on(today)
    limit = Limit("claim", str(viewer.id), daily, timedelta(days=1))
    await count_attempts(session, limit, clock=house.clock)
    return found, key


async def _insert(
    session: AsyncSession,
    house: ClaimHouse,
    viewer: Viewer,
    draft: ClaimDraft,
    found: ClaimableContract,
    key: ClaimsKey,
) -> Claim | None:
    """Insert the claim unless one under its key is there; parallel ones wait for each other."""
    now = house.clock.now()
    inserted = await session.scalars(
        database.insert_into(Claim, session.get_bind().dialect.name)
        .values(
            uid=uuid.uuid4().hex,
            customer_id=viewer.customer_id,
            institution_id=found.contract.institution_id,
            contract_id=found.contract.id,
            sealed_contract_id=found.contract.id,
            contract_number=found.contract.number,
            claim_document_id=draft.document_id,
            claims_key_id=key.id,
            idempotency_key=str(draft.idempotency_key),
            kind=draft.kind,
            format=draft.format,
            status=ClaimStatus.RECEIVED,
            submitted_at=now,
            leased_until=now,
            attempts=0,
        )
        .on_conflict_do_nothing(index_elements=[Claim.customer_id, Claim.idempotency_key])
        .returning(Claim)
    )
    return inserted.one_or_none()


async def _same(
    session: AsyncSession, known: Claim, draft: ClaimDraft, document: ClaimDocument
) -> Claim:
    """Return the claim under this key if it is the one that is submitted again."""
    sha256 = await session.scalar(
        select(ClaimDocument.sha256).where(ClaimDocument.id == known.claim_document_id)
    )
    is_same = (known.kind, known.format, sha256) == (draft.kind, draft.format, document.sha256)
    # A contract that is not there any more is no reason to hand in anything twice.
    if not is_same or known.sealed_contract_id not in (None, draft.contract_id):
        raise ConflictError
    return known


async def _issue_receipt(
    session: AsyncSession,
    house: ClaimHouse,
    viewer: Viewer,
    claim: Claim,
    document: ClaimDocument,
) -> None:
    institutions = await load_institutions(session, [claim.institution_id])
    receipt = await issue_receipt(
        session,
        house,
        kind=ReceiptKind.CLAIM,
        customer_id=viewer.customer_id,
        submission=Submission(
            word(
                "receipt.claim",
                viewer.locale,
                kind=word(f"claim_kind.{claim.kind.value}", viewer.locale),
                institution=institutions[claim.institution_id].name,
            ),
            document.sha256,
        ),
    )
    claim.receipt_id = receipt.id
