"""A mail server that misbehaves at one point of the conversation, until it is mended."""

from __future__ import annotations

import asyncio
import enum
import ssl
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from backend.adapters.mail_smtp import MailServer, SmtpMailSender
from tests.adapters.listening import listening
from tests.servers import HOST

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from email.message import EmailMessage
    from pathlib import Path

SLOW_SECONDS = 0.05


class Stage(enum.Enum):
    """Where in the conversation; CONTENT is its first line, KEPT after the mail was kept."""

    GREETING = "greeting"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    HANDSHAKE = "handshake"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    CONTENT = "content"
    END = "end"
    KEPT = "kept"
    QUIT = "quit"


class Fault(enum.Enum):
    """What the server does there."""

    CUT = "cut"
    SILENT = "silent"
    TEMPORARY = "4xx"
    PERMANENT = "5xx"
    SLOW = "slow"


class _HungUpError(Exception):
    """The conversation is over."""


@dataclass
class FaultySmtp:
    """A server of one fault; `mails` are those it kept, `refused` whom it never takes mail for."""

    stage: Stage | None = None
    fault: Fault | None = None
    certificate: Path | None = None
    refused: frozenset[str] = frozenset()
    mails: list[EmailMessage] = field(default_factory=list)
    port: int = 0

    def mend(self) -> None:
        """Behave from now on."""
        self.stage = self.fault = None

    @property
    def message_ids(self) -> list[str]:
        """The Message-IDs of all mails that were kept."""
        return [str(mail["Message-ID"]) for mail in self.mails]

    def sender(self) -> SmtpMailSender:
        """Return what sends to this server; silence is not waited for long."""
        seconds = 0.3 if self.fault is Fault.SILENT else 10.0
        context = None
        if self.certificate is not None:
            context = ssl.create_default_context(cafile=self.certificate)
        return SmtpMailSender(
            MailServer(
                HOST,
                self.port,
                security="starttls" if self.certificate else "none",
                tls_context=context,
                connect_seconds=seconds,
                reply_seconds=seconds,
            )
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Lead one conversation."""
        with suppress(_HungUpError, ConnectionError, ssl.SSLError):
            await _Conversation(self, reader, writer).lead()


@dataclass
class _Conversation:
    server: FaultySmtp
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def lead(self) -> None:
        await self._say(Stage.GREETING, "220 ready")
        while line := await self.reader.readline():
            words = line.decode("ascii").split()
            match words[0].upper():
                case "EHLO" | "HELO":
                    offer = "250-here\r\n250 STARTTLS" if self.server.certificate else "250 here"
                    await self._say(Stage.EHLO, offer)
                case "STARTTLS":
                    await self._start_tls()
                case "RCPT" if any(address in line.decode() for address in self.server.refused):
                    await self._write("550 no such user")
                case "DATA":
                    await self._take()
                case "QUIT":
                    await self._say(Stage.QUIT, "221 bye")
                    return
                case "RSET":
                    await self._write("250 forgotten")
                case command:
                    await self._say(Stage[command], "250 well")

    async def _start_tls(self) -> None:
        if not await self._say(Stage.STARTTLS, "220 go on"):
            return
        if self.server.stage is Stage.HANDSHAKE:
            await self._write("this is no handshake")
            raise _HungUpError
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        assert self.server.certificate is not None
        context.load_cert_chain(self.server.certificate)
        await self.writer.start_tls(context)

    async def _take(self) -> None:
        if not await self._say(Stage.DATA, "354 go on"):
            return
        lines: list[bytes] = []
        while (line := await self.reader.readline()) != b".\r\n":
            if not line:
                raise _HungUpError
            if not lines and self.server.stage is Stage.CONTENT:
                await self._misbehave()
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if self.server.stage is Stage.END and not await self._misbehave():
            return
        self.server.mails.append(message_from_bytes(b"".join(lines), policy=policy.SMTP))
        await self._say(Stage.KEPT, "250 kept")

    async def _say(self, stage: Stage, reply: str) -> bool:
        """Answer, unless here is where the server misbehaves; tell whether it goes on."""
        if self.server.stage is stage and not await self._misbehave():
            return False
        await self._write(reply)
        return True

    async def _misbehave(self) -> bool:
        match self.server.fault:
            case Fault.SLOW:
                await asyncio.sleep(SLOW_SECONDS)
                return True
            case Fault.TEMPORARY:
                await self._write("451 not now")
                return False
            case Fault.PERMANENT:
                await self._write("550 never")
                return False
            case Fault.SILENT:
                await self.reader.read()
        raise _HungUpError

    async def _write(self, reply: str) -> None:
        self.writer.write(f"{reply}\r\n".encode("ascii"))
        await self.writer.drain()


@asynccontextmanager
async def faulty_smtp(server: FaultySmtp) -> AsyncGenerator[FaultySmtp]:
    """Let it listen, on a port of its own if it has none."""
    async with listening(server.serve, port=server.port) as server.port:
        yield server
