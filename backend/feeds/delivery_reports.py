"""Delivery status notifications (RFC 3464): what became of a mail, as a mail server tells it."""

from __future__ import annotations

import enum
import re
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from typing import TYPE_CHECKING

from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What is needed stands in front of the returned mail; the rest of a huge one is not looked at.
LARGEST = 128 * 1024
_MOST_PARTS = 10
_RETURNED = {"message/rfc822", "message/global"}
_RETURNED_HEADERS = {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}
_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_MESSAGE_ID = re.compile(r"\s*<([!#-;=?A-~]{1,200})@[!-;=?-~]{1,255}>\s*", re.ASCII)


class ReportedAction(enum.Enum):
    """What a server did with a mail, as far as it matters here."""

    FAILED = "failed"
    DELAYED = "delayed"
    OTHER = "other"


class DeliveryReport(Value):
    """A report about one mail.

    `message_id` is the part before the @ of its Message-ID, from the headers that came back; None
    if there were none. `status` is the enhanced code (RFC 3463), such as 5.1.1.
    """

    action: ReportedAction
    status: str | None
    message_id: str | None


def read_delivery_report(content: bytes) -> DeliveryReport | None:
    """Read a report; None if the mail is something else, such as an answer or an absence notice.

    Only the first 128 KB are looked at, whatever comes behind. Everything in a report is what its
    sender says: only the Message-ID, which strangers can't know, tells that it is genuine.
    """
    try:
        mail = message_from_bytes(content[:LARGEST], policy=compat32)
        parts = _parts_of(mail)
        report_type = mail.get_param("report-type", "")
        if (
            mail.get_content_type() != "multipart/report"
            or str(report_type).strip().lower() != "delivery-status"
        ):
            return None
        recipients = list(_recipients_in(parts))
        if not recipients:
            return None
        action, status = max(recipients, key=lambda one: one[0] is ReportedAction.FAILED)
        return DeliveryReport(action, status, _message_id_in(parts))
    except (RecursionError, ValueError, LookupError):
        # Parts within parts without end, or an encoding that there is not.
        return None


def _parts_of(mail: Message) -> Sequence[Message]:
    content = mail.get_payload()
    if not isinstance(content, list):
        return []
    return [part for part in content[:_MOST_PARTS] if isinstance(part, Message)]


def _recipients_in(parts: Sequence[Message]) -> Iterator[tuple[ReportedAction, str | None]]:
    """Yield what is said of each recipient; our mails have one."""
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            for fields in _parts_of(part):
                if fields["Action"] is not None:
                    yield _action_of(str(fields["Action"])), _status_of(str(fields["Status"]))
            return


def _action_of(text: str) -> ReportedAction:
    match text.strip().lower().split(" ", 1)[0]:
        case "failed":
            return ReportedAction.FAILED
        case "delayed":
            return ReportedAction.DELAYED
        case _:
            return ReportedAction.OTHER


def _status_of(text: str) -> str | None:
    found = _STATUS.match(text)
    return found[1] if found else None


def _message_id_in(parts: Sequence[Message]) -> str | None:
    for part in parts:
        headers = None
        if part.get_content_type() in _RETURNED:
            headers = next(iter(_parts_of(part)), None)
        elif part.get_content_type() in _RETURNED_HEADERS:
            headers = _headers_in(part)
        if headers is not None:
            found = _MESSAGE_ID.fullmatch(str(headers["Message-ID"] or ""))
            return found[1] if found else None
    return None


def _headers_in(part: Message) -> Message | None:
    inner = next(iter(_parts_of(part)), None)
    if inner is not None:
        return inner
    text = part.get_payload(decode=True)
    return message_from_bytes(text, policy=compat32) if isinstance(text, bytes) else None
