"""Official decisions: announced by law, and until when one can object, with vectors (X7)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.clock import BERLIN
from backend.models.documents import Document, DocumentDirection
from backend.models.notices import Notice, NoticeChannel, NoticeFailure
from backend.policy import load_policy
from backend.services.decision_dates import DecisionDates, decision_dates, last_day_to_object

if TYPE_CHECKING:
    from collections.abc import Sequence

POLICY = load_policy()


def _decision(
    opened_at: datetime | None = None,
    downloaded_at: datetime | None = None,
    direction: DocumentDirection = DocumentDirection.INCOMING,
    *,
    is_official: bool = True,
) -> Document:
    return Document(
        is_official_decision=is_official,
        direction=direction,
        first_opened_at=opened_at,
        first_downloaded_at=downloaded_at,
    )


def _notice(
    announced_at: datetime | None,
    failed_at: datetime | None = None,
    channel: NoticeChannel = NoticeChannel.MAIL,
) -> Notice:
    failure = None if failed_at is None else NoticeFailure.BOUNCED
    return Notice(channel=channel, announced_at=announced_at, failed_at=failed_at, failure=failure)


def _dates(document: Document, notices: Sequence[Notice]) -> DecisionDates:
    found = decision_dates(document, notices, policy=POLICY)
    assert found is not None
    return found


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("announced_on", "last_day"),
    [
        # The day of announcement does not count; the same number a month later does (§ 188 II).
        (date(2026, 11, 24), date(2026, 12, 24)),
        (date(2026, 10, 15), date(2026, 11, 16)),  # a Sunday
        (date(2026, 11, 25), date(2026, 12, 28)),  # Christmas on a Friday
        (date(2026, 12, 1), date(2027, 1, 4)),  # New Year's Day on a Friday
        (date(2027, 2, 26), date(2027, 3, 30)),  # Good Friday to Easter Monday
        (date(2026, 9, 3), date(2026, 10, 5)),  # German Unity Day on a Saturday
        # The month has no such day: its last one (§ 188 III).
        (date(2026, 1, 31), date(2026, 3, 2)),  # 28 February is a Saturday
        (date(2027, 12, 31), date(2028, 1, 31)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2027, 8, 31), date(2027, 9, 30)),
        # A holiday in some Bundeslaender only moves nothing: Corpus Christi, Epiphany, Reformation.
        (date(2026, 5, 4), date(2026, 6, 4)),
        (date(2025, 12, 6), date(2026, 1, 6)),
        (date(2025, 9, 30), date(2025, 10, 30)),
    ],
)
def test_X7_the_objection_period_is_one_month_and_ends_on_a_working_day(
    announced_on: date, last_day: date
) -> None:
    assert last_day_to_object(announced_on, policy=POLICY) == last_day


@pytest.mark.parametrize(
    ("notified_at", "announced_on", "until"),
    [
        ("2026-11-20T11:00", date(2026, 11, 24), date(2026, 12, 24)),
        # It may be a Sunday, and a holiday: no period ends here (BSG, B 14 AS 12/09 R).
        ("2026-11-18T11:00", date(2026, 11, 22), date(2026, 12, 22)),
        ("2026-12-21T11:00", date(2026, 12, 25), date(2027, 1, 25)),
        # The day is that of Berlin.
        ("2026-11-20T23:59", date(2026, 11, 24), date(2026, 12, 24)),
        ("2026-11-21T00:00", date(2026, 11, 25), date(2026, 12, 28)),
        # Until the end of 2024 it was the third day.
        ("2024-12-31T12:00", date(2025, 1, 3), date(2025, 2, 3)),
        ("2025-01-01T12:00", date(2025, 1, 5), date(2025, 2, 5)),
    ],
)
def test_X7_a_decision_counts_as_announced_days_after_its_notice(
    notified_at: str, announced_on: date, until: date
) -> None:
    sent_at = _at(notified_at)
    expected = DecisionDates(sent_at, announced_on, None, until)
    assert _dates(_decision(), [_notice(sent_at)]) == expected
    # Reading it before changes nothing but what is known of it.
    opened_at = sent_at + timedelta(minutes=5)
    read = DecisionDates(sent_at, announced_on, opened_at, until)
    assert _dates(_decision(opened_at), [_notice(sent_at)]) == read


def test_X7_a_notice_that_failed_announces_nothing_until_the_first_retrieval() -> None:
    bounced = _notice(_at("2026-11-20T11:00"), failed_at=_at("2026-11-21T11:00"))
    refused = _notice(None, failed_at=_at("2026-11-21T11:00"))
    for notice in (bounced, refused):
        assert _dates(_decision(), [notice]) == DecisionDates(None, None, None, None)
        retrieved_at = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # 00:30 in Berlin
        expected = DecisionDates(None, date(2026, 12, 1), retrieved_at, date(2027, 1, 4))
        assert _dates(_decision(downloaded_at=retrieved_at), [notice]) == expected
        # By a second notice that got through it is announced after all.
        again = _notice(_at("2026-11-23T11:00"))
        assert _dates(_decision(), [notice, again]).deemed_announced_on == date(2026, 11, 27)


def test_X7_a_notice_that_waits_leaves_everything_open() -> None:
    opened_at = _at("2026-11-20T11:00")
    expected = DecisionDates(None, None, opened_at, None)
    assert _dates(_decision(opened_at), [_notice(None)]) == expected


def test_X7_a_push_message_announces_nothing() -> None:
    push = _notice(_at("2026-11-20T11:00"), channel=NoticeChannel.PUSH)
    assert _dates(_decision(), [push]) == DecisionDates(None, None, None, None)


def test_X7_the_first_retrieval_is_the_earlier_of_opening_and_downloading() -> None:
    early, late = _at("2026-11-20T11:00"), _at("2026-11-20T12:00")
    for document in (_decision(early, late), _decision(late, early), _decision(early)):
        assert _dates(document, []).first_retrieved_at == early


def test_X7_other_documents_have_no_such_dates() -> None:
    notices = [_notice(_at("2026-11-20T11:00"))]
    letter = _decision(is_official=False)
    sent = _decision(direction=DocumentDirection.OUTGOING)
    assert decision_dates(letter, notices, policy=POLICY) is None
    assert decision_dates(sent, notices, policy=POLICY) is None


@given(st.dates(date(2025, 1, 1), date(2040, 12, 31)))
def test_X7_nobody_has_less_than_a_month_or_ends_on_a_weekend(day: date) -> None:
    last = last_day_to_object(day, policy=POLICY)
    assert timedelta(days=28) <= last - day <= timedelta(days=36)
    assert last.weekday() < 5
