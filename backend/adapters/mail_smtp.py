"""Mail by SMTP: one connection per message, TLS unless switched off."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import getaddresses
from typing import TYPE_CHECKING, Literal

import aiosmtplib

from backend.ports import DeliveryDeferredError, DeliveryRefusedError

if TYPE_CHECKING:
    import ssl
    from email.message import EmailMessage

_PERMANENT = 500
# Of RFC 4954 and RFC 3207: the set-up is to blame, whatever is handed in.
_WANTS_SIGN_IN_OR_TLS = (530, 534, 535, 538)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where and how to hand in mail; a password is never sent without TLS.

    `reply_seconds` bounds the handing over of one message. It is longer than `connect_seconds`
    because servers scan a message before they answer: giving up earlier means duplicates.
    """

    host: str
    port: int
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls_context: ssl.SSLContext | None = None
    connect_seconds: float = 2.0
    reply_seconds: float = 8.0

    def __post_init__(self) -> None:
        if self.username is not None and self.security == "none":
            raise ValueError("a mail server's password needs TLS")


class SmtpMailSender:
    """Port MailSender at one mail server."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def send(self, message: EmailMessage) -> None:
        """Hand in a message with a Message-ID and exactly one recipient.

        DeliveryRefusedError means that the server refused this sender, recipient or content for
        good (5xx). Everything else, also a refused greeting or sign-in, is a DeliveryDeferredError:
        the message isn't to blame and goes out once the operator has mended the set-up.
        """
        _require_deliverable(message)
        client = self._client()
        try:
            await self._connect(client)
            await self._hand_over(client, message)
            # The message is the server's now: whatever happens to the farewell, it was sent.
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit()
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=server.tls_context,
            local_hostname=socket.gethostname(),  # the library's getfqdn may wait for a DNS server
            timeout=server.connect_seconds,
        )

    async def _connect(self, client: aiosmtplib.SMTP) -> None:
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _deferred(error) from error

    async def _hand_over(self, client: aiosmtplib.SMTP, message: EmailMessage) -> None:
        try:
            await client.send_message(message, timeout=self._server.reply_seconds)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _by_code(error.recipients[0]) from error
        except aiosmtplib.SMTPHeloError as error:
            raise _deferred(error) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _by_code(error) from error
        except (aiosmtplib.SMTPNotSupported, ValueError) as error:
            raise DeliveryRefusedError("the mail server can't take such an address") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _deferred(error) from error


def _require_deliverable(message: EmailMessage) -> None:
    if not message["Message-ID"]:
        raise ValueError("a mail needs a Message-ID, by which a repetition is recognised")
    headers = [str(value) for name in ("To", "Cc", "Bcc") for value in message.get_all(name, [])]
    if len(getaddresses(headers)) != 1:
        raise ValueError("a mail has exactly one recipient, who accepts or refuses it")


def _by_code(
    error: aiosmtplib.SMTPResponseException,
) -> DeliveryRefusedError | DeliveryDeferredError:
    # The server's text may repeat the address: only the code goes on to logs.
    if error.code >= _PERMANENT and error.code not in _WANTS_SIGN_IN_OR_TLS:
        return DeliveryRefusedError(f"the mail server refused the message ({error.code})")
    return DeliveryDeferredError(f"the mail server deferred the message ({error.code})")


def _deferred(error: Exception) -> DeliveryDeferredError:
    code = getattr(error, "code", None)
    detail = f"{type(error).__name__} {code}" if code else type(error).__name__
    return DeliveryDeferredError(f"the mail server is not usable: {detail}")
