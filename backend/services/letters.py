"""Letters of the house as PDF: readable by screen readers (PDF/UA-1) and for long (PDF/A-2a)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio.to_thread

from backend.lazy import lazy_module
from backend.models.user_accounts import Locale
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Mapping

    import typst
else:
    typst = lazy_module("typst")

_TEMPLATE = Path(__file__).parent.parent / "letters" / "letter.typ"


class PrintableLetter(Value):
    """One letter; how `body` marks headings stands in the template."""

    sender: str
    recipient: tuple[str, ...]
    day: date
    subject: str
    body: str
    locale: Locale


def letter_as_json(letter: PrintableLetter) -> dict[str, object]:
    """Write a letter down until it is printed."""
    return {
        "sender": letter.sender,
        "recipient": letter.recipient,
        "day": letter.day.isoformat(),
        "subject": letter.subject,
        "body": letter.body,
        "locale": letter.locale.value,
    }


def letter_from_json(content: Mapping[str, Any]) -> PrintableLetter:
    """Return a letter that was written down."""
    return PrintableLetter(
        sender=content["sender"],
        recipient=tuple(content["recipient"]),
        day=date.fromisoformat(content["day"]),
        subject=content["subject"],
        body=content["body"],
        locale=Locale(content["locale"]),
    )


async def typeset(letter: PrintableLetter) -> bytes:
    """Return a letter as PDF/A-2a and PDF/UA-1; made in a thread."""
    return await anyio.to_thread.run_sync(_typeset, letter)


def written_day(day: date, locale: Locale) -> str:
    """Return a day as letters write it, such as "21. November 2026"."""
    month = word("letter.months", locale).split()[day.month - 1]
    return word("letter.day", locale, day=day.day, month=month, year=day.year)


def _typeset(letter: PrintableLetter) -> bytes:
    content: bytes = typst.compile(
        str(_TEMPLATE),
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        sys_inputs={
            "sender": letter.sender,
            "recipient": "\n".join(letter.recipient),
            "date": written_day(letter.day, letter.locale),
            "year": str(letter.day.year),
            "month": str(letter.day.month),
            "day": str(letter.day.day),
            "subject": letter.subject,
            "body": letter.body,
            "language": letter.locale.value,
        },
    )
    return content
