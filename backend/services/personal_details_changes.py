"""Changing address and name: approved as reviewed, for all institutions or none (F37, F22)."""

from __future__ import annotations

import hashlib
import uuid
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import asdict
from sqlalchemy import select

from backend import database
from backend.errors import ConflictError, DomainError, FieldProblem, InvalidInputError
from backend.models.customers import Customer
from backend.models.personal_details import PersonalDetailsKind
from backend.models.uploads import UploadPurpose
from backend.services import outbox
from backend.services.accepted_uploads import take_accepted
from backend.services.answered_requests import find_answer, keep_answer, take_request
from backend.services.approval_operations import (
    Execution,
    Operation,
    canonical_json,
)
from backend.services.approvals import load_account_version, open_approval
from backend.services.message_attachments import file_uploads
from backend.services.personal_details import says_the_same
from backend.services.personal_details_operations import (
    NewAddress,
    NewDetails,
    NewName,
    names_of,
    stored_details,
    summary_values,
)
from backend.services.personal_details_records import (
    PersonalDetailsChanged,
    load_change,
    record_change,
)
from backend.services.personal_details_reviews import WantedDetails, review_personal_details
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.approvals import Approval
    from backend.models.documents import Document
    from backend.models.uploads import Upload
    from backend.models.user_accounts import Locale
    from backend.services.approval_operations import AnyOperation
    from backend.services.personal_details_reviews import PersonalDetailsReview
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse

LONGEST_KEY = 64
_EVIDENCE = ("evidence",)
D = TypeVar("D", bound=NewDetails)


class DetailsToChange(Value):
    """What was reviewed, with the versions that the review showed, and what proves it.

    `key` is the client's own for this change.
    """

    wanted: WantedDetails
    versions: Mapping[int, int]
    evidence: tuple[int, ...]
    key: str


async def request_details_change(
    house: SignInHouse, *, viewer: Viewer, change: DetailsToChange, locale: Locale
) -> Approval | PersonalDetailsChanged:
    """Ask for the approval of reviewed details, or answer a key that was approved (F22, F37).

    A name is proved by documents, which the institution reviews.

    Raises: as `review_personal_details`, and
        InvalidInputError: a name without evidence, or a file that is not accepted (yet).
        ConflictError: the details were changed meanwhile, or the key asked for something else.
        TooManyAttemptsError: too many approvals.
        ApprovalMethodUnavailableError: this session has no way to approve it.
    """
    if not change.key.strip() or len(change.key) > LONGEST_KEY:
        raise InvalidInputError(FieldProblem(("idempotencyKey",), "field.required"))
    asked = _hash_of(change)
    async with database.reading(house.sessions) as session:
        answer_id = await find_answer(
            session, customer_id=viewer.customer_id, key=change.key, payload={"asked": asked}
        )
        if answer_id is not None:
            return await load_change(session, answer_id)
        review = await review_personal_details(session, house, viewer=viewer, wanted=change.wanted)
    if any(change.versions.get(one.institution.id) != one.version for one in review.institutions):
        raise ConflictError
    is_name = review.kind is PersonalDetailsKind.NAME
    operation: AnyOperation = CHANGE_NAME if is_name else CHANGE_ADDRESS
    if is_name and not change.evidence:
        raise InvalidInputError(FieldProblem(_EVIDENCE, "field.evidence_needed"))
    async with database.writing(house.sessions) as session:
        await _take_evidence(session, house, viewer, change.evidence)
    return await open_approval(
        house,
        operation,
        stored_details(review, change.evidence, key=change.key, asked=asked),
        viewer=viewer,
        locale=locale,
    )


async def _change(session: AsyncSession, execution: Execution[D]) -> PersonalDetailsChanged:
    """Write the stored change once per key; somebody else's in between is a conflict."""
    house, viewer, given = execution.house, execution.viewer, execution.input
    answer_id = await take_request(
        session,
        customer_id=viewer.customer_id,
        key=given.key,
        payload={"asked": given.asked},
        clock=house.clock,
    )
    if answer_id is not None:
        return await load_change(session, answer_id)
    review = await _reviewed_again(session, execution)
    kind = review.kind.name.lower()
    changed = await record_change(
        session,
        house,
        viewer=viewer,
        review=review,
        evidence=await _file_evidence(session, execution),
        subject=word(f"submission.{kind}", viewer.locale, details=given.details.line),
    )
    await keep_answer(
        session, customer_id=viewer.customer_id, key=given.key, answer_id=changed.changes[0].id
    )
    await outbox.enqueue_worded_mail(
        session,
        house.outbox,
        f"{kind}_changed",
        email_address=viewer.email_address,
        locale=viewer.locale,
        institutions=names_of(given),
    )
    return changed


async def _reviewed_again(session: AsyncSession, execution: Execution[D]) -> PersonalDetailsReview:
    """Hold the customer and judge the stored change on what stands there now.

    A feed may have brought the new details meanwhile: that is no conflict.

    Raises:
        ConflictError: it is not what the customer saw and approved.
    """
    given = execution.input
    customer = select(Customer.id).where(Customer.id == execution.viewer.customer_id)
    # Beside those who only refer to the customer, as its own key does by now: see `lock_customer`.
    await session.execute(customer.with_for_update(key_share=True))
    seen = {one.institution_id: one for one in given.institutions}
    wanted = WantedDetails(tuple(seen), given.details, date.fromisoformat(given.effective_from))
    try:
        review = await review_personal_details(
            session, execution.house, viewer=execution.viewer, wanted=wanted, is_approved=True
        )
    except DomainError as error:
        raise ConflictError from error
    for one in review.institutions:
        is_as_seen = one.before == seen[one.institution.id].before
        if one.version != seen[one.institution.id].version:
            raise ConflictError
        if not is_as_seen and not says_the_same(one.present, review.details):
            raise ConflictError
    return review


async def _take_evidence(
    session: AsyncSession, house: SignInHouse, viewer: Viewer, upload_ids: Sequence[int]
) -> Sequence[Upload]:
    return await take_accepted(
        session,
        customer_id=viewer.customer_id,
        upload_ids=upload_ids,
        purpose=UploadPurpose.MESSAGE,
        now=house.clock.now(),
        path=_EVIDENCE,
    )


async def _file_evidence(session: AsyncSession, execution: Execution[D]) -> Sequence[Document]:
    house, viewer, given = execution.house, execution.viewer, execution.input
    try:
        uploads = await _take_evidence(session, house, viewer, given.evidence)
    except InvalidInputError as error:
        raise ConflictError from error
    return await file_uploads(
        session,
        uploads,
        institution_id=given.institutions[0].institution_id,
        place=f"evidence:{uuid.uuid4().hex}",
        viewer=viewer,
        clock=house.clock,
    )


def _hash_of(change: DetailsToChange) -> str:
    wanted = change.wanted
    day = wanted.effective_from.isoformat() if wanted.effective_from else None
    said = [
        wanted.kind.name,
        sorted(wanted.institution_ids),
        asdict(wanted.details),
        day,
        list(change.evidence),
    ]
    return hashlib.sha256(canonical_json(said).encode()).hexdigest()


CHANGE_ADDRESS = Operation(
    name="change_address",
    input_type=NewAddress,
    summary_values=summary_values,
    load_version=load_account_version,
    execute=_change,
)
CHANGE_NAME = Operation(
    name="change_name",
    input_type=NewName,
    summary_values=summary_values,
    load_version=load_account_version,
    execute=_change,
)
