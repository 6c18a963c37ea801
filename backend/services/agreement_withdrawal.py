"""Withdrawing from the user agreement within two weeks, and what is kept of it (F5; § 356a BGB)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from backend import database
from backend.clock import BERLIN, berlin_today
from backend.errors import NotFoundError, WithdrawalPeriodOverError
from backend.models.deletions import DeletionReason
from backend.models.retained_records import RetainedKind
from backend.models.user_accounts import UserAccount
from backend.services.deletion_work import LockedRecords, OpeningHouse
from backend.services.letters import PrintableLetter, written_day
from backend.services.outbox import Farewell, enqueue_worded_mail
from backend.services.retained_records import (
    Retained,
    RetainingHouse,
    end_of_year,
    lock,
    source_of,
)
from backend.services.user_account_deletion import begin_deletion
from backend.services.withdrawal_period import last_day_to_withdraw
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.group import Group
    from backend.services.deletion_work import Addressee
    from backend.services.sessions import Viewer

# No period is longer, wherever the holidays lie: the calendar need not be asked.
_SURELY_OVER = timedelta(days=30)


class WithdrawingHouse(RetainingHouse, OpeningHouse, Protocol):
    """What a withdrawal needs of the portal's wiring."""

    @property
    def group(self) -> Group: ...  # noqa: D102


class UserAgreement(Value):
    """The viewer's agreement; `last_withdrawal_date` is None once that day is over."""

    concluded_at: datetime
    last_withdrawal_date: date | None


class AgreementWithdrawn(Value):
    """The withdrawal was received; its receipt is on its way, and the user account goes."""

    withdrawn_at: datetime
    email_address: str


async def find_agreement(
    session: AsyncSession, *, user_account_id: int, clock: Clock
) -> UserAgreement:
    """Return the agreement of a user account and until when it can be withdrawn.

    Which Bundesland the customer lives in is not known for sure (a postal code can lie in two), so
    that the latest day of all of them holds.

    Raises:
        NotFoundError: the user account is gone.
    """
    concluded_at = await session.scalar(
        select(UserAccount.created_at).where(UserAccount.id == user_account_id)
    )
    if concluded_at is None:
        raise NotFoundError
    concluded_on = concluded_at.astimezone(BERLIN).date()
    today = berlin_today(clock)
    if today > concluded_on + _SURELY_OVER:
        return UserAgreement(concluded_at, None)
    last_day = last_day_to_withdraw(concluded_on)
    return UserAgreement(concluded_at, last_day if today <= last_day else None)


async def withdraw_from_agreement(house: WithdrawingHouse, *, viewer: Viewer) -> AgreementWithdrawn:
    """Receive the withdrawal: its receipt leaves, the user account goes, only the proof is kept.

    No approval stands in the way of a right; whoever is signed in has shown two factors.

    Raises:
        WithdrawalPeriodOverError: with the day on which it ended.
        NotFoundError: the user account goes already.
    """
    async with database.writing(house.sessions) as session:
        now = house.clock.now()
        agreement = await find_agreement(session, user_account_id=viewer.id, clock=house.clock)
        last_day = agreement.last_withdrawal_date
        if last_day is None:
            concluded_on = agreement.concluded_at.astimezone(BERLIN).date()
            raise WithdrawalPeriodOverError(last_day_to_withdraw(concluded_on))
        proof = _proof(house, viewer)
        to = await begin_deletion(
            session,
            house,
            customer_id=viewer.customer_id,
            reason=DeletionReason.WITHDRAWAL,
            actor="customer",
            locked=[LockedRecords(proof.kind, None, proof.until)],
        )
        letter = _receipt(house, to, agreement, now)
        content = {
            "withdrawn_at": now,
            "receipt": letter.body,
            "recipient": list(letter.recipient),
        }
        await lock(session, house, proof, content)
        await enqueue_worded_mail(
            session,
            house.outbox,
            "agreement_withdrawn",
            email_address=to.email_address,
            locale=to.locale,
            farewell=Farewell(letter, word("withdrawal.file_name", to.locale)),
            receipt=letter.body.strip(),
        )
    return AgreementWithdrawn(now, to.email_address)


def _receipt(
    house: WithdrawingHouse, to: Addressee, agreement: UserAgreement, now: datetime
) -> PrintableLetter:
    """Say what was declared, and when it arrived."""
    at, concluded = now.astimezone(BERLIN), agreement.concluded_at.astimezone(BERLIN)
    return PrintableLetter(
        sender=house.group.operating_institution.name,
        recipient=(to.name,),
        day=at.date(),
        subject=word("withdrawal.subject", to.locale, group=house.group.name),
        body=word(
            "withdrawal.body",
            to.locale,
            name=to.name,
            email_address=to.email_address,
            group=house.group.name,
            operator=house.group.operating_institution.name,
            concluded=written_day(concluded.date(), to.locale),
            day=written_day(at.date(), to.locale),
            time=f"{at:%H:%M:%S}",
        ),
        locale=to.locale,
    )


def _proof(house: WithdrawingHouse, viewer: Viewer) -> Retained:
    """Say how long the proof of a withdrawal is kept."""
    today = berlin_today(house.clock)
    return Retained(
        RetainedKind.WITHDRAWAL_PROOF,
        None,
        end_of_year(today, house.policy.retention.withdrawal_proof_years.on(today)),
        source_of("withdrawal", viewer.customer_uid),
    )
