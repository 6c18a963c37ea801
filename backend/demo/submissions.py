"""What Berta submitted before the demo world begins: one done, one refused, one under way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import select

from backend import database
from backend.clock import StoppedClock
from backend.demo.personas import BERTA
from backend.demo.signed_in import signed_in
from backend.feeds.acknowledgement_records import AcknowledgedOutcome, Acknowledgement
from backend.models.institutions import Institution
from backend.models.personal_details import PostalAddress
from backend.models.receipts import ReceiptKind
from backend.models.submissions import Submission, SubmissionKind
from backend.models.user_accounts import Locale
from backend.services import receipts
from backend.services.acknowledgements import acknowledge
from backend.services.bank_account_records import SAME_MANDATE_NEW_ACCOUNT
from backend.services.personal_details_records import record_change
from backend.services.personal_details_reviews import WantedDetails, review_personal_details
from backend.services.receipts import issue_receipt
from backend.services.submissions import payload_of, subject_of, submit
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.house import House
    from backend.services.sessions import Viewer

_KEY = "leben"
_CONTRACT = "L-2004-000501"
_AFTER = timedelta(minutes=2)
_FIRST, _SECOND = "DE43999999990001000001", "DE16999999990001000002"


def _account(day: date, iban: str, previous: str | None, version: int) -> Mapping[str, object]:
    """Return what the core system got of an account to which her mandate goes on."""
    mandate = {
        "reference": f"M-{_CONTRACT}",
        "creditorIdentifier": "DE98ZZZ09999999999",
        "signedOn": "2019-01-02",
        "isContinued": True,
        "AmdmntInfInd": True,
        "OrgnlDbtrAcct": previous or SAME_MANDATE_NEW_ACCOUNT,
    }
    contract = {
        "number": _CONTRACT,
        "lineCode": "010",
        "purpose": "PREMIUM",
        "version": version,
        "previousIban": previous,
        "mandate": mandate,
    }
    return {
        "effectiveFrom": day.isoformat(),
        "iban": iban,
        "bic": None,
        "bankName": None,
        "holder": BERTA.display_name,
        "contracts": [contract],
    }


class _Submitted(Value):
    """What she sent and what came back: an address, or the account of a payload."""

    at: datetime
    sent: PostalAddress | Mapping[str, object]
    outcome: AcknowledgedOutcome
    reason: str = ""


_HISTORY = (
    _Submitted(
        datetime(2026, 9, 14, 9, 12, tzinfo=UTC),
        _account(date(2026, 9, 14), _FIRST, None, 1),
        AcknowledgedOutcome.CONFIRMED,
    ),
    _Submitted(
        datetime(2026, 11, 19, 17, 40, tzinfo=UTC),
        PostalAddress("Rentenplatz 30", BERTA.postal_code, BERTA.city, "DE"),
        AcknowledgedOutcome.REFUSED,
        "Die Hausnummer 30 gibt es am Rentenplatz nicht. Bitte prüfen Sie die Adresse.",
    ),
    _Submitted(
        datetime(2026, 11, 20, 18, 5, tzinfo=UTC),
        _account(date(2026, 11, 20), _SECOND, _FIRST, 2),
        AcknowledgedOutcome.RECEIVED,
    ),
)


async def submit_for_berta(house: House) -> None:
    """Write Berta's submissions with their receipts and what came back, each at its time."""
    for submitted in _HISTORY:
        then = replace(house, clock=StoppedClock(submitted.at))
        async with signed_in(then, BERTA) as viewer:
            await _submit(then, viewer, submitted)


async def _submit(house: House, viewer: Viewer, submitted: _Submitted) -> None:
    async with database.writing(house.sessions) as session:
        institution = select(Institution.id).where(Institution.key == _KEY)
        institution_id = (await session.scalars(institution)).one()
        if isinstance(submitted.sent, PostalAddress):
            submission = await _move(session, house, viewer, institution_id, submitted.sent)
        else:
            submission = await _change_account(
                session, house, viewer, institution_id, submitted.sent
            )
        subject = await subject_of(house.cipher, submission)
        payload = await payload_of(house.cipher, submission)
        await issue_receipt(
            session,
            house,
            kind=ReceiptKind.APPROVED_OPERATION,
            customer_id=viewer.customer_id,
            submission=receipts.Submission.of_values(subject, payload),
        )
        answered = replace(house, clock=StoppedClock(submitted.at + _AFTER))
        answer = Acknowledgement(submission.uid, submitted.outcome, submitted.reason)
        await acknowledge(session, answered, institution_key=_KEY, answer=answer)


async def _move(
    session: AsyncSession, house: House, viewer: Viewer, institution_id: int, to: PostalAddress
) -> Submission:
    """Change the address as an approval does; it stands in her personal details, too."""
    wanted = WantedDetails((institution_id,), to, None)
    review = await review_personal_details(session, house, viewer=viewer, wanted=wanted)
    changed = await record_change(
        session,
        house,
        viewer=viewer,
        review=review,
        evidence=(),
        subject=word("submission.address", Locale.DE, details=to.line),
    )
    uid = changed.changes[0].submission_uid
    return (await session.scalars(select(Submission).where(Submission.uid == uid))).one()


async def _change_account(
    session: AsyncSession,
    house: House,
    viewer: Viewer,
    institution_id: int,
    payload: Mapping[str, object],
) -> Submission:
    """Hand in an account, and leave her contract as the feed has it, which came later."""
    last_four = str(payload["iban"])[-4:]
    return await submit(
        session,
        house,
        customer_id=viewer.customer_id,
        institution_id=institution_id,
        kind=SubmissionKind.BANK_ACCOUNT_CHANGED,
        subject=word(
            "submission.bank_account", Locale.DE, contracts=_CONTRACT, last_four=last_four
        ),
        payload=payload,
    )
