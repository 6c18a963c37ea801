"""Delivery reports as servers write them, and what is no report."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.feeds.delivery_reports import (
    LARGEST,
    DeliveryReport,
    ReportedAction,
    read_delivery_report,
)
from tests.returned_mails import absence, exchange, postfix

ID = "0123456789abcdef0123456789abcdef"


def test_M2_a_report_with_the_whole_mail_is_read() -> None:
    expected = DeliveryReport(ReportedAction.FAILED, "5.1.1", ID)
    assert read_delivery_report(postfix(ID)) == expected
    assert read_delivery_report(postfix(ID).replace(b"\r\n", b"\n")) == expected


def test_M2_a_report_of_exchange_with_headers_alone_is_read() -> None:
    expected = DeliveryReport(ReportedAction.FAILED, "5.1.10", ID)
    assert read_delivery_report(exchange(ID)) == expected


def test_M2_headers_in_base64_are_read() -> None:
    report = exchange(ID)
    start = report.index(b"Content-Transfer-Encoding: quoted-printable\r\n\r\nFrom: =3D")
    end = report.index(b"\r\n\r\n--b7f3c0de-4b1c-4a3e-8d0f-61c0ffee0001--")
    headers = f"Subject: x\r\nMessage-ID: <{ID}@informatik.musterland.example>\r\n".encode()
    part = b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(headers)
    read = read_delivery_report(report[:start] + part + report[end:])
    assert read == DeliveryReport(ReportedAction.FAILED, "5.1.10", ID)


@pytest.mark.parametrize(
    ("action", "status", "expected"),
    [
        ("delayed", "4.4.1", ReportedAction.DELAYED),
        ("Failed", "4.4.7 (delivery time expired)", ReportedAction.FAILED),
        ("delivered", "2.0.0", ReportedAction.OTHER),
        ("relayed", "2.1.5", ReportedAction.OTHER),
        ("expanded", "", ReportedAction.OTHER),
    ],
)
def test_M2_the_action_says_whether_a_mail_failed(
    action: str, status: str, expected: ReportedAction
) -> None:
    report = read_delivery_report(postfix(ID, action=action, status=status))
    assert report is not None
    assert report.action is expected
    assert report.status == (status[:5] or None)


def test_M2_a_status_that_is_none_and_an_id_that_is_none_are_left_out() -> None:
    report = postfix(ID, status="5.1.1.1 user anna@example.org unknown")
    assert read_delivery_report(report) == DeliveryReport(ReportedAction.FAILED, None, ID)
    for message_id in ("", "a b", "x" * 300, "<", "é", "a\x00"):
        read = read_delivery_report(postfix(message_id))
        assert read == DeliveryReport(ReportedAction.FAILED, "5.1.1", None)
    without = postfix(ID).replace(b"Message-ID:", b"X-Message-ID:")
    assert read_delivery_report(without) == DeliveryReport(ReportedAction.FAILED, "5.1.1", None)


def test_M2_what_is_no_report_is_none() -> None:
    for content in (
        b"",
        b"\x00\xff" * 100,
        absence(ID),
        postfix(ID).replace(b"report-type=delivery-status", b"report-type=feedback-report"),
        postfix(ID).replace(b"multipart/report", b"multipart/mixed"),
        postfix(ID).replace(b"Action:", b"X-Action:"),
        # Somebody forwards a report: its sender may have changed it.
        b"Content-Type: message/rfc822\r\n\r\n" + postfix(ID),
    ):
        assert read_delivery_report(content) is None


def test_M2_only_the_start_of_a_huge_report_is_looked_at() -> None:
    end = b"--4D5C3A1F.1795258805/mx.example.org--"
    huge = postfix(ID).replace(end, b"x" * 80 + b"\r\n") + b"y" * (4 * LARGEST)
    assert read_delivery_report(huge) == DeliveryReport(ReportedAction.FAILED, "5.1.1", ID)
    buried = postfix(ID).replace(b"This is the mail system", b"z" * LARGEST)
    assert read_delivery_report(buried) is None


def test_M2_parts_within_parts_without_end_are_none() -> None:
    nested = b"".join(
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{n}"\r\n\r\n'
        f"--{n}\r\n".encode()
        for n in range(1200)
    )
    assert len(nested) < LARGEST
    assert read_delivery_report(nested) is None
    messages = b"Content-Type: message/rfc822\r\n\r\n" * 6000
    assert read_delivery_report(messages) is None


@given(st.integers(0, 3000), st.binary(max_size=8))
def test_M2_damage_never_breaks_the_reader(place: int, damage: bytes) -> None:
    report = postfix(ID)
    read = read_delivery_report(report[:place] + damage + report[place + len(damage) :])
    assert read is None or read.message_id in (None, ID) or len(read.message_id) <= 200
