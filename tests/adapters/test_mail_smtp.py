from __future__ import annotations

import ssl
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import pytest

from backend.adapters.mail_smtp import MailServer, SmtpMailSender
from backend.ports import DeliveryDeferredError, DeliveryRefusedError
from tests.adapters.listening import listening
from tests.servers import HOST, SmtpCatcher, silent_server, smtp_catcher

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator
    from pathlib import Path


def message_to(*recipients: str, text: str = "Ihr neues Dokument liegt bereit.") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Portal <portal@musterland.test>"
    message["To"] = ", ".join(recipients)
    message["Subject"] = "Neue Post für Sie"
    message["Message-ID"] = "<outbox-1@musterland.test>"
    message.set_content(text)
    return message


def plain_sender(catcher: SmtpCatcher) -> SmtpMailSender:
    return SmtpMailSender(MailServer(catcher.host, catcher.port, security="none"))


def tls_sender(catcher: SmtpCatcher, certificate: Path, **changes: Any) -> SmtpMailSender:
    values: dict[str, Any] = {
        "username": catcher.username,
        "password": catcher.password,
        "tls_context": ssl.create_default_context(cafile=certificate),
    }
    return SmtpMailSender(MailServer(catcher.host, catcher.port, **(values | changes)))


async def test_a_mail_arrives_as_it_was_written() -> None:
    text = "Grüße\n.\nEine Zeile mit nur einem Punkt beendet nichts.\n"
    with smtp_catcher() as catcher:
        await plain_sender(catcher).send(message_to("anna@example.test", text=text))

    (received,) = catcher.messages
    assert received["Subject"] == "Neue Post für Sie"
    assert received["To"] == "anna@example.test"
    assert received["Message-ID"] == "<outbox-1@musterland.test>"
    assert received.get_content().replace("\r\n", "\n") == text


async def test_a_mail_goes_by_starttls_after_signing_in(certificate: Path) -> None:
    with smtp_catcher(certificate, requires_sign_in=True) as catcher:
        await tls_sender(catcher, certificate).send(message_to("anna@example.test"))

    assert len(catcher.messages) == 1
    assert catcher.was_encrypted == [True]


async def test_a_refused_sign_in_defers_the_mail(certificate: Path) -> None:
    with smtp_catcher(certificate, requires_sign_in=True) as catcher:
        sender = tls_sender(catcher, certificate, password="wrong")
        with pytest.raises(DeliveryDeferredError, match="535"):
            await sender.send(message_to("anna@example.test"))

    assert catcher.messages == []


async def test_a_server_without_tls_gets_nothing() -> None:
    with smtp_catcher() as catcher:
        sender = SmtpMailSender(MailServer(catcher.host, catcher.port))
        with pytest.raises(DeliveryDeferredError):
            await sender.send(message_to("anna@example.test"))

    assert catcher.messages == []


async def test_a_server_with_an_unknown_certificate_gets_nothing(certificate: Path) -> None:
    with smtp_catcher(certificate) as catcher:
        sender = SmtpMailSender(MailServer(catcher.host, catcher.port))
        with pytest.raises(DeliveryDeferredError):
            await sender.send(message_to("anna@example.test"))

    assert catcher.messages == []


def test_a_password_is_never_sent_without_tls() -> None:
    with pytest.raises(ValueError, match="needs TLS"):
        MailServer(HOST, 25, security="none", username="portal", password="secret")


def test_a_mail_password_is_never_shown() -> None:
    assert "hunter2" not in repr(MailServer(HOST, 25, username="portal", password="hunter2"))


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ("550 no such user anna@example.test", DeliveryRefusedError),
        ("552 too large", DeliveryRefusedError),
        ("450 greylisted", DeliveryDeferredError),
        ("452 disk full", DeliveryDeferredError),
        ("421 going down", DeliveryDeferredError),
        ("530 sign in first", DeliveryDeferredError),
    ],
)
async def test_a_5xx_refuses_for_good_and_a_4xx_defers(
    command: str, reply: str, error: type[Exception]
) -> None:
    with smtp_catcher() as catcher:
        catcher.replies[command] = reply
        with pytest.raises(error) as caught:
            await plain_sender(catcher).send(message_to("anna@example.test"))

        assert type(caught.value) is error
        assert "anna" not in str(caught.value)
        assert catcher.messages == []


async def test_a_server_that_recovers_takes_the_next_mail() -> None:
    with smtp_catcher() as catcher:
        sender = plain_sender(catcher)
        catcher.replies["RCPT"] = "451 later"
        with pytest.raises(DeliveryDeferredError):
            await sender.send(message_to("anna@example.test"))
        catcher.replies.clear()

        await sender.send(message_to("anna@example.test"))

    assert len(catcher.messages) == 1


async def test_a_server_that_is_down_defers() -> None:
    with smtp_catcher() as catcher:
        sender = plain_sender(catcher)
    with pytest.raises(DeliveryDeferredError):
        await sender.send(message_to("anna@example.test"))


async def test_a_silent_server_defers() -> None:
    with silent_server() as port:
        server = MailServer(HOST, port, security="none", connect_seconds=0.1)
        with pytest.raises(DeliveryDeferredError):
            await SmtpMailSender(server).send(message_to("anna@example.test"))


@asynccontextmanager
async def scripted_server(*replies: bytes) -> AsyncGenerator[int]:
    """Answer each line with the next reply, then hang up or (empty reply) fall silent."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        for reply in replies:
            await reader.readline()
            if not reply:
                await reader.read()
            writer.write(reply)
        await writer.drain()

    async with listening(serve) as port:
        yield port


@pytest.mark.parametrize("last", [[], [b"354 go on\r\n"]])
async def test_a_server_that_hangs_up_during_the_mail_defers(last: list[bytes]) -> None:
    async with scripted_server(b"250 hello\r\n", b"250 OK\r\n", b"250 OK\r\n", *last) as port:
        sender = SmtpMailSender(MailServer(HOST, port, security="none"))
        with pytest.raises(DeliveryDeferredError):
            await sender.send(message_to("anna@example.test"))


async def test_a_server_that_falls_silent_during_the_mail_defers() -> None:
    async with scripted_server(b"250 hello\r\n", b"250 OK\r\n", b"") as port:
        server = MailServer(HOST, port, security="none", reply_seconds=0.1)
        with pytest.raises(DeliveryDeferredError):
            await SmtpMailSender(server).send(message_to("anna@example.test"))


async def test_a_greeting_that_refuses_defers() -> None:
    async def refuse(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"554 no service for you\r\n")
        await writer.drain()

    async with listening(refuse) as port:
        with pytest.raises(DeliveryDeferredError, match="554"):
            await SmtpMailSender(MailServer(HOST, port, security="none")).send(
                message_to("anna@example.test")
            )


async def test_an_address_the_server_cannot_take_is_refused() -> None:
    with smtp_catcher() as catcher, pytest.raises(DeliveryRefusedError):
        await plain_sender(catcher).send(message_to("änna@example.test"))

    assert catcher.messages == []


@pytest.mark.parametrize("recipients", [[], ["anna@example.test", "bert@example.test"]])
async def test_a_mail_without_exactly_one_recipient_is_a_defect(recipients: list[str]) -> None:
    with smtp_catcher() as catcher, pytest.raises(ValueError, match="exactly one recipient"):
        await plain_sender(catcher).send(message_to(*recipients))

    assert catcher.messages == []


async def test_a_mail_without_message_id_is_a_defect() -> None:
    message = message_to("anna@example.test")
    del message["Message-ID"]
    with smtp_catcher() as catcher, pytest.raises(ValueError, match="Message-ID"):
        await plain_sender(catcher).send(message)

    assert catcher.messages == []
