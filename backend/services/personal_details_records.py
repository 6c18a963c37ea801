"""How changed personal details are written down, told to core systems, and put into contracts."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, cast

from msgspec.structs import asdict
from sqlalchemy import select, update

from backend import database
from backend.clock import berlin_today
from backend.models.contracts import Contract, ContractOrigin, Partner, PartyRole
from backend.models.customers import Customer
from backend.models.personal_details import (
    PersonalDetailsChange,
    PersonalDetailsEvidence,
    PersonalDetailsKind,
    PersonalDetailsState,
    PersonName,
)
from backend.models.submissions import SubmissionKind
from backend.services.submissions import submit
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.database import Sessions
    from backend.models.documents import Document
    from backend.models.submissions import Submission
    from backend.services.personal_details import Details
    from backend.services.personal_details_reviews import (
        PersonalDetailsReview,
        ReviewedInstitution,
    )
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse

_CONTRACT = cast("Table", Contract.__table__)
_BATCH = 100


class PersonalDetailsChanged(Value):
    """The change is noted for every institution in it and on its way to each."""

    changes: Sequence[PersonalDetailsChange]


async def record_change(  # who, what, proved by what and in which words
    session: AsyncSession,
    house: SignInHouse,
    *,
    viewer: Viewer,
    review: PersonalDetailsReview,
    evidence: Sequence[Document],
    subject: str,
) -> PersonalDetailsChanged:
    """Submit the details to each institution and note what it was asked for (M2, F88).

    What stands in the contracts stays as it is until the institution confirms.
    """
    uid = uuid.uuid4().hex
    changes = []
    for one in review.institutions:
        submission = await submit(
            session,
            house,
            customer_id=viewer.customer_id,
            institution_id=one.institution.id,
            kind=SubmissionKind.PERSONAL_DETAILS_CHANGED,
            subject=subject,
            payload=_payload_of(review, one, evidence),
        )
        changes.append(_noted(viewer, review, one, submission, uid))
    session.add_all(changes)
    await session.flush()
    session.add_all(
        PersonalDetailsEvidence(change_id=change.id, document_id=document.id)
        for change in changes
        for document in evidence
    )
    await session.flush()
    return PersonalDetailsChanged(changes)


async def load_change(session: AsyncSession, change_id: int) -> PersonalDetailsChanged:
    """Return everything that was asked for together with one change."""
    uid = (
        select(PersonalDetailsChange.change_uid)
        .where(PersonalDetailsChange.id == change_id)
        .scalar_subquery()
    )
    statement = (
        select(PersonalDetailsChange)
        .where(PersonalDetailsChange.change_uid == uid)
        .order_by(PersonalDetailsChange.id)
    )
    return PersonalDetailsChanged((await session.scalars(statement)).all())


async def apply_change(
    session: AsyncSession, change: PersonalDetailsChange, *, clock: Clock
) -> None:
    """Write confirmed details into the contracts with that institution (decision 0001).

    Into the partner of each contract that is this customer alone: couples and companies have their
    own. A change that came later and is written down already stays. The newest confirmed name is
    the one by which the portal calls the customer.
    """
    change.applied_at = clock.now()
    if await _is_overtaken(session, change):
        return
    details = change.details
    contracts = select(_CONTRACT.c.id).where(
        _CONTRACT.c.institution_id == change.institution_id,
        _CONTRACT.c.origin == ContractOrigin.INSTITUTION,
    )
    is_named = (
        Partner.customer_id == change.customer_id,
        Partner.role != PartyRole.INSURED,
        Partner.contract_id.in_(contracts),
    )
    named = (await session.scalars(select(Partner.contract_id).where(*is_named))).all()
    await session.execute(
        update(Partner)
        .where(*is_named)
        .values(**details.columns)
        .execution_options(synchronize_session=False)
    )
    # The next feed is compared with the change even if it says what the last one said.
    await session.execute(
        update(_CONTRACT).where(_CONTRACT.c.id.in_(named)).values(source_digest=None)
    )
    if isinstance(details, PersonName):
        await session.execute(
            update(Customer)
            .where(Customer.id == change.customer_id)
            .values(given_name=details.given_name, family_name=details.family_name)
        )


async def apply_due_changes(sessions: Sessions, clock: Clock) -> int:
    """Write confirmed details down whose first day has come; return how many."""
    due = (
        select(PersonalDetailsChange)
        .where(
            PersonalDetailsChange.state == PersonalDetailsState.CONFIRMED,
            PersonalDetailsChange.applied_at.is_(None),
            PersonalDetailsChange.effective_from <= berlin_today(clock),
        )
        .order_by(PersonalDetailsChange.id)
        .limit(_BATCH)
        .with_for_update()
    )
    async with database.writing(sessions) as session:
        changes = (await session.scalars(due)).all()
        for change in changes:
            await apply_change(session, change, clock=clock)
    return len(changes)


async def _is_overtaken(session: AsyncSession, change: PersonalDetailsChange) -> bool:
    later = await session.scalar(
        select(PersonalDetailsChange.id)
        .where(
            PersonalDetailsChange.customer_id == change.customer_id,
            PersonalDetailsChange.institution_id == change.institution_id,
            PersonalDetailsChange.kind == change.kind,
            PersonalDetailsChange.version > change.version,
            PersonalDetailsChange.applied_at.is_not(None),
        )
        .limit(1)
    )
    return later is not None


def _noted(
    viewer: Viewer,
    review: PersonalDetailsReview,
    one: ReviewedInstitution,
    submission: Submission,
    change_uid: str,
) -> PersonalDetailsChange:
    return PersonalDetailsChange(
        customer_id=viewer.customer_id,
        institution_id=one.institution.id,
        kind=review.kind,
        version=one.version + 1,
        state=PersonalDetailsState.PENDING,
        change_uid=change_uid,
        submission_uid=submission.uid,
        before=one.before,
        effective_from=review.effective_from,
        changed_at=submission.created_at,
        **review.details.columns,
    )


def _payload_of(
    review: PersonalDetailsReview, one: ReviewedInstitution, evidence: Sequence[Document]
) -> Mapping[str, object]:
    """Return what a core system gets (docs/core-systems.md)."""
    name = "name" if review.kind is PersonalDetailsKind.NAME else "address"
    told: dict[str, object] = {
        name: _told(review.details),
        f"previous{name.capitalize()}": _told(one.present) if one.present else None,
        "effectiveFrom": review.effective_from.isoformat(),
        "version": one.version + 1,
        "contracts": [contract.number for contract in one.contracts],
    }
    if review.kind is PersonalDetailsKind.NAME:
        told["evidence"] = [
            {"fileName": file.file_name, "mediaType": file.media_type, "sha256": file.sha256}
            for file in evidence
        ]
    return told


def _told(details: Details) -> Mapping[str, str | None]:
    names = {
        "postal_code": "postalCode",
        "given_name": "givenName",
        "family_name": "familyName",
    }
    return {names.get(key, key): value for key, value in asdict(details).items()}
