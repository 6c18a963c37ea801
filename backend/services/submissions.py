"""Submissions: what goes to an institution's core system, written with the change itself."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from backend.clock import berlin_today
from backend.models.customers import Customer
from backend.models.institutions import Institution
from backend.models.outbox import OutboxTopic
from backend.models.submissions import Submission, SubmissionKind, SubmissionState, SubmissionStep
from backend.services.outbox import enqueue
from backend.services.sealed_texts import seal_text, unseal_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.group import Group
    from backend.policy import Policy
    from backend.ports import DocumentCipher, KeyStore
    from backend.services.outbox import Outbox

# What a payload of a kind holds may change; its reader in the core system tells by the number.
SCHEMA_VERSIONS: Mapping[SubmissionKind, int] = dict.fromkeys(SubmissionKind, 1)
_SUBMITTED = "submissions_without_receipt"


class SubmittingHouse(Protocol):
    """What submitting needs of the portal's wiring."""

    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def policy(self) -> Policy: ...  # noqa: D102
    @property
    def group(self) -> Group: ...  # noqa: D102
    @property
    def keys(self) -> KeyStore: ...  # noqa: D102
    @property
    def cipher(self) -> DocumentCipher: ...  # noqa: D102
    @property
    def outbox(self) -> Outbox: ...  # noqa: D102


async def submit(
    session: AsyncSession,
    house: SubmittingHouse,
    *,
    customer_id: int,
    institution_id: int,
    kind: SubmissionKind,
    subject: str,
    payload: Mapping[str, object],
    contract_id: int | None = None,
) -> Submission:
    """Submit a change to the institution's core system, in the transaction that makes it (M2).

    `subject` is what the customer reads in the list, `payload` what the core system gets: JSON
    values with names in camelCase. A receipt issued later in the transaction belongs to it.

    Raises:
        KeyStoreUnavailableError: nothing can be sealed now; the transaction must fail.
        KeyDestroyedError: the customer is being deleted.
    """
    owner = (await session.scalars(select(Customer.uid).where(Customer.id == customer_id))).one()
    await house.keys.create(owner)
    uid, now = uuid.uuid4().hex, house.clock.now()
    submission = Submission(
        uid=uid,
        customer_id=customer_id,
        institution_id=institution_id,
        contract_id=contract_id,
        kind=kind,
        schema_version=SCHEMA_VERSIONS[kind],
        subject=await _seal(house.cipher, owner, f"{uid}:subject", subject),
        payload=await _seal(house.cipher, owner, f"{uid}:payload", json.dumps(dict(payload))),
        key_owner=owner,
        state=SubmissionState.RECEIVED,
        created_at=now,
        due_at=now + await _time_to_answer(session, house, institution_id),
    )
    session.add(submission)
    await session.flush()
    add_step(session, submission, SubmissionState.RECEIVED, at=now)
    await enqueue(
        session,
        house.outbox,
        OutboxTopic.CORE_EVENT,
        {"submission": uid, "customer": str(customer_id)},
        message_id=uid,
    )
    session.info.setdefault(_SUBMITTED, []).append(submission)
    return submission


async def _time_to_answer(
    session: AsyncSession, house: SubmittingHouse, institution_id: int
) -> timedelta:
    """Return how long the core system has; without one the service desk is asked at once."""
    found = await session.scalars(select(Institution.key).where(Institution.id == institution_id))
    core = house.group.core_of(found.one())
    if core is None:
        return timedelta()
    rules, today = house.policy.submissions, berlin_today(house.clock)
    hours = rules.answer_hours if core.channel == "http" else rules.answer_hours_by_file
    return timedelta(hours=hours.on(today))


def take_submitted(session: AsyncSession, customer_id: int) -> list[Submission]:
    """Return, once, what this transaction submitted for a customer."""
    waiting: list[Submission] = session.info.get(_SUBMITTED, [])
    session.info[_SUBMITTED] = [one for one in waiting if one.customer_id != customer_id]
    return [one for one in waiting if one.customer_id == customer_id]


def add_step(
    session: AsyncSession, submission: Submission, state: SubmissionState, *, at: datetime
) -> None:
    """Write down a step of a submission that has its row."""
    session.add(SubmissionStep(submission_id=submission.id, state=state, occurred_at=at))


async def subject_of(cipher: DocumentCipher, submission: Submission) -> str:
    """Return a submission's subject in clear. Raises as `unseal_text`."""
    return await _unseal(cipher, submission, "subject", submission.subject)


async def payload_of(cipher: DocumentCipher, submission: Submission) -> dict[str, Any]:
    """Return what the core system gets, in clear. Raises as `unseal_text`."""
    text = await _unseal(cipher, submission, "payload", submission.payload)
    content: dict[str, Any] = json.loads(text)
    return content


async def refusal_reason_of(cipher: DocumentCipher, submission: Submission) -> str | None:
    """Return why the core system refused, in its words. Raises as `unseal_text`."""
    if submission.refusal_reason is None:
        return None
    return await _unseal(cipher, submission, "reason", submission.refusal_reason)


async def seal_refusal_reason(cipher: DocumentCipher, submission: Submission, reason: str) -> bytes:
    """Encrypt a reason for its place in a submission."""
    return await _seal(cipher, submission.key_owner, f"{submission.uid}:reason", reason)


async def _seal(cipher: DocumentCipher, owner: str, place: str, text: str) -> bytes:
    return await seal_text(cipher, owner=owner, place=f"submission:{place}", text=text)


async def _unseal(cipher: DocumentCipher, submission: Submission, place: str, sealed: bytes) -> str:
    where = f"submission:{submission.uid}:{place}"
    return await unseal_text(cipher, owner=submission.key_owner, place=where, sealed=sealed)
