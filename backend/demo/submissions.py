"""What Berta submitted before the demo world begins: one done, one refused, one under way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from backend import database
from backend.clock import StoppedClock
from backend.demo.personas import BERTA
from backend.feeds.acknowledgement_records import AcknowledgedOutcome, Acknowledgement
from backend.models.institutions import Institution
from backend.models.receipts import ReceiptKind
from backend.models.submissions import SubmissionKind
from backend.models.user_accounts import UserAccount
from backend.services import receipts
from backend.services.acknowledgements import acknowledge
from backend.services.receipts import issue_receipt
from backend.services.submissions import submit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend.house import House

_KEY = "leben"
_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class _Submitted:
    at: datetime
    kind: SubmissionKind
    subject: str
    payload: Mapping[str, object]
    outcome: AcknowledgedOutcome
    reason: str = ""


_HISTORY = (
    _Submitted(
        datetime(2026, 9, 14, 9, 12, tzinfo=UTC),
        SubmissionKind.BANK_ACCOUNT_CHANGED,
        "Bankverbindung ändern in DE43\u00a0••••\u00a00001",
        {"iban": "DE43999999990001000001", "holder": BERTA.display_name},
        AcknowledgedOutcome.CONFIRMED,
    ),
    _Submitted(
        datetime(2026, 11, 19, 17, 40, tzinfo=UTC),
        SubmissionKind.PERSONAL_DETAILS_CHANGED,
        "Adresse ändern in Rentenplatz 30, 50667 Köln",
        {"street": "Rentenplatz 30", "postalCode": "50667", "city": "Köln"},
        AcknowledgedOutcome.REFUSED,
        "Die Hausnummer 30 gibt es am Rentenplatz nicht. Bitte prüfen Sie die Adresse.",
    ),
    _Submitted(
        datetime(2026, 11, 20, 18, 5, tzinfo=UTC),
        SubmissionKind.BANK_ACCOUNT_CHANGED,
        "Bankverbindung ändern in DE16\u00a0••••\u00a00002",
        {"iban": "DE16999999990001000002", "holder": BERTA.display_name},
        AcknowledgedOutcome.RECEIVED,
    ),
)


async def submit_for_berta(house: House) -> None:
    """Write Berta's submissions with their receipts and what came back, each at its time."""
    for submitted in _HISTORY:
        await _submit(replace(house, clock=StoppedClock(submitted.at)), submitted)


async def _submit(house: House, submitted: _Submitted) -> None:
    async with database.writing(house.sessions) as session:
        account = (
            await session.scalars(
                select(UserAccount).where(UserAccount.email_address == BERTA.email)
            )
        ).one()
        institution_id = await session.scalar(select(Institution.id).where(Institution.key == _KEY))
        submission = await submit(
            session,
            house,
            customer_id=account.customer_id,
            institution_id=institution_id or 0,
            kind=submitted.kind,
            subject=submitted.subject,
            payload=submitted.payload,
        )
        await issue_receipt(
            session,
            house,
            kind=ReceiptKind.APPROVED_OPERATION,
            customer_id=account.customer_id,
            submission=receipts.Submission.of_values(submitted.subject, submitted.payload),
        )
        answered = replace(house, clock=StoppedClock(submitted.at + _AFTER))
        answer = Acknowledgement(submission.uid, submitted.outcome, submitted.reason)
        await acknowledge(session, answered, institution_key=_KEY, answer=answer)
