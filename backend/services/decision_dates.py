"""Official decisions: when they count as announced, and until when one can object (X7)."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING

from backend.clock import BERLIN
from backend.models.documents import DocumentDirection
from backend.models.notices import NoticeChannel, NoticeState
from backend.services.working_days import STATES, next_working_day
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from backend.models.documents import Document
    from backend.models.notices import Notice
    from backend.policy import Policy

_MONTHS = 12


class DecisionDates(Value):
    """What follows from the notice of an official decision; None: not known yet.

    `objection_ends_on` is the last day on which an objection is in time wherever it has to arrive.
    """

    notified_at: datetime | None
    deemed_announced_on: date | None
    first_retrieved_at: datetime | None
    objection_ends_on: date | None


def decision_dates(
    document: Document, notices: Sequence[Notice], *, policy: Policy
) -> DecisionDates | None:
    """Work out the dates of a decision that lies in the postbox; None for other documents (X7).

    It counts as announced some days after the electronic notice was sent, a Sunday included, and
    no earlier though it was read before (§ 37 IIa SGB X; BSG, 6.5.2010, B 14 AS 12/09 R). A notice
    that failed announces nothing: then the first retrieval does. A mail that still waits leaves it
    open.
    """
    if not document.is_official_decision or document.direction is not DocumentDirection.INCOMING:
        return None
    mails = [notice for notice in notices if notice.channel is NoticeChannel.MAIL]
    sent = [
        notice.announced_at
        for notice in mails
        if notice.state is NoticeState.ANNOUNCED and notice.announced_at is not None
    ]
    retrieved_at = document.first_retrieved_at
    announced_on = None
    if sent:
        sent_on = _day_of(min(sent))
        announced_on = sent_on + timedelta(days=policy.postbox.deemed_announced_days.on(sent_on))
    elif retrieved_at and all(notice.state is NoticeState.FAILED for notice in mails):
        announced_on = _day_of(retrieved_at)
    return DecisionDates(
        notified_at=min(sent, default=None),
        deemed_announced_on=announced_on,
        first_retrieved_at=retrieved_at,
        objection_ends_on=announced_on and last_day_to_object(announced_on, policy=policy),
    )


def last_day_to_object(announced_on: date, *, policy: Policy) -> date:
    """Return the last day of the objection period (§ 84 SGG; §§ 187 I, 188 II, III, 193 BGB).

    The day of announcement does not count; the period ends with the day of the same number, or the
    last of the month, or the next working day. Which Bundesland's holidays count depends on where
    the objection arrives: a day that is one in some of them only moves nothing, so that nobody
    trusts a day that is too late.
    """
    months = policy.postbox.objection_months.on(announced_on)
    year, month = divmod(announced_on.year * _MONTHS + announced_on.month - 1 + months, _MONTHS)
    last_of_month = calendar.monthrange(year, month + 1)[1]
    ends_on = date(year, month + 1, min(announced_on.day, last_of_month))
    return min(next_working_day(ends_on, state) for state in STATES)


def _day_of(instant: datetime) -> date:
    return instant.astimezone(BERLIN).date()
