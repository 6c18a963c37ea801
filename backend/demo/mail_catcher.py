"""A real SMTP server that keeps what the portal sends, for the sandbox."""

from __future__ import annotations

from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from aiosmtpd.smtp import SMTP, Envelope, Session


class _Catcher:
    def __init__(self, catch: Callable[[str, str, str, str], None]) -> None:
        self._catch = catch

    async def handle_DATA(  # noqa: N802  # the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        message = message_from_bytes(raw, policy=default)
        body = message.get_body(("plain",))
        text = body.get_content() if body is not None else ""
        for attached in message.iter_attachments():
            text += f"\nAnlage: {attached.get_filename()}"
        for recipient in envelope.rcpt_tos:
            self._catch(str(message["From"]), recipient, str(message["Subject"]), text)
        return "250 caught"


@contextmanager
def mail_catcher(port: int, catch: Callable[[str, str, str, str], None]) -> Generator[None]:
    """Run the catcher on loopback; `catch` gets sender, recipient, subject and text."""
    controller = Controller(_Catcher(catch), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()
