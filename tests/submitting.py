"""Submissions as tests make and follow them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend.group import CoreSystem
from backend.models.submissions import Submission, SubmissionKind, SubmissionState, SubmissionStep
from backend.services.submissions import submit
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncSession

    from tests.portal import Portal

BY_HTTP = CoreSystem(channel="http", url="http://127.0.0.1:1/events")
BY_FILE = CoreSystem(channel="files")
PAYLOAD = {"iban": "DE43999999990001000001", "holder": "Anna Beispiel"}
SUBJECT = "Bankverbindung geändert: DE43 •••• 0001"


def connect(portal: Portal, core: CoreSystem | None, key: str = "sach") -> None:
    """Say how an institution's core system is reached."""
    group = portal.house.group
    institutions = tuple(
        one.model_copy(update={"core": core}) if one.key == key else one
        for one in group.institutions
    )
    house = replace(portal.house, group=group.model_copy(update={"institutions": institutions}))
    portal.app.state.house = house
    # The portal of a test is frozen so that nobody replaces it by accident.
    object.__setattr__(portal, "house", house)


async def submitted(
    portal: Portal, customer_id: int, *, key: str = "sach", **values: Any
) -> Submission:
    """Submit a change of a bank account, in a transaction of its own."""
    async with portal.transaction() as session:
        return await submit_in(session, portal, customer_id, key=key, **values)


async def submit_in(
    session: AsyncSession,
    portal: Portal,
    customer_id: int,
    *,
    key: str = "sach",
    payload: Mapping[str, object] = PAYLOAD,
    subject: str = SUBJECT,
    kind: SubmissionKind = SubmissionKind.BANK_ACCOUNT_CHANGED,
    contract_id: int | None = None,
) -> Submission:
    """Submit a change of a bank account."""
    return await submit(
        session,
        portal.house,
        customer_id=customer_id,
        institution_id=(await factories.institution(session, key)).id,
        kind=kind,
        subject=subject,
        payload=payload,
        contract_id=contract_id,
    )


async def reload(portal: Portal, submission: Submission) -> Submission:
    """Return the row as it is now."""
    async with portal.transaction() as session:
        return await session.get_one(Submission, submission.id)


async def steps_of(portal: Portal, submission: Submission) -> list[SubmissionState]:
    """Return the states a submission went through, in order."""
    async with portal.transaction() as session:
        found = await session.scalars(
            select(SubmissionStep.state)
            .where(SubmissionStep.submission_id == submission.id)
            .order_by(SubmissionStep.id)
        )
        return list(found)
