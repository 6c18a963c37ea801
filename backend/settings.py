"""Settings from the environment, prefix KUNDENPORTAL_; docs/operations.md lists each one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "KUNDENPORTAL_"
# A name with at least two labels after an optional star: neither an address nor a whole country.
_PUSH_SERVICE = re.compile(r"(\*\.)?([a-z0-9-]+\.)+[a-z][a-z0-9-]+")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class SettingsError(Exception):
    """Settings can't be used; every problem names its variable and what is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Secret:
    """A text that neither logs nor tracebacks show."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "Secret(…)"

    def reveal(self) -> str:
        """Return the text."""
        return self._text


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything an operator can set; frozen after start."""

    data_dir: Annotated[Path, "Folder of everything kept on local disk."] = Path("data")
    database_url: Annotated[
        str, "SQLAlchemy URL; empty: SQLite file portal.db in the data folder."
    ] = ""
    keys_url: Annotated[
        str, "URL of the separate key database; empty: keys.db in the data folder."
    ] = ""
    root_key_file: Annotated[
        Path | None, "File of the root key; empty: root.key in the data folder, mode 0600."
    ] = None
    kms_key_id: Annotated[str, "AWS KMS key that wraps keysets instead of the file."] = ""
    objects: Annotated[Literal["disk", "s3"], "Where encrypted documents lie."] = "disk"
    s3_endpoint: Annotated[str, "Endpoint of the S3 server; empty: AWS."] = ""
    s3_region: Annotated[str, "Region of bucket and KMS."] = "eu-central-1"
    s3_bucket: Annotated[str, "Bucket of encrypted documents."] = ""
    s3_access_key: Annotated[str, "Access key; empty: the usual AWS chain."] = ""
    s3_secret_key: Annotated[Secret, "Secret of the access key."] = Secret("")
    host: Annotated[str, "Address to listen on."] = "127.0.0.1"
    port: Annotated[int, "Port to listen on.", Meta(ge=0, le=65535)] = 8000
    trusted_proxies: Annotated[
        str, "Addresses, separated by commas, whose X-Forwarded-For is believed."
    ] = "127.0.0.1"
    public_url: Annotated[str, "The one address under which customers come."] = (
        "http://localhost:8000"
    )
    smtp_host: Annotated[str, "Mail server; empty: mails wait in the outbox."] = ""
    smtp_port: Annotated[int, "Port of the mail server."] = 587
    smtp_user: Annotated[str, "Name to sign in at the mail server; empty: none."] = ""
    smtp_password: Annotated[Secret, "Password at the mail server."] = Secret("")
    smtp_starttls: Annotated[bool, "Whether the mail server must offer TLS."] = True
    bounce_maildir: Annotated[
        Path | None, "Maildir of the trustee, to which mails come back; empty: none is read."
    ] = None
    sms_url: Annotated[str, "HTTP SMS gateway; empty: messages wait in the outbox."] = ""
    sms_token: Annotated[Secret, "Bearer token at the SMS gateway."] = Secret("")
    push_services: Annotated[
        str,
        "Push services of browsers that notices may be sent to, separated by commas; "
        "empty: no web push.",
    ] = "fcm.googleapis.com,updates.push.services.mozilla.com,*.push.apple.com,*.notify.windows.com"
    clamd: Annotated[
        str,
        "ClamAV daemon, tcp://HOST:PORT or unix:/PATH; empty: no malware scanner.",
        Meta(pattern=r"^(tcp://.+|unix:/.+)?\Z"),
    ] = ""
    group_file: Annotated[
        Path | None, "The group's institutions and contacts; empty: demo group Musterland."
    ] = None
    policy_file: Annotated[
        Path | None, "The dated rules of the business; empty: those that ship."
    ] = None
    terms_dir: Annotated[
        Path | None, "Folder of the texts of the user agreement; empty: those that ship."
    ] = None
    consent_texts_dir: Annotated[
        Path | None, "Folder of the texts of consents; empty: those that ship."
    ] = None
    mandate_texts_dir: Annotated[
        Path | None, "Folder of the texts of direct debit mandates; empty: those that ship."
    ] = None
    import_dir: Annotated[
        Path | None, "Watched folder for feeds; one subfolder per institution key is allowed."
    ] = None
    claims_keys_dir: Annotated[
        Path | None,
        "The worker's folder of private claims keys; empty: claims-keys in the data folder.",
    ] = None
    claims_hpke: Annotated[
        Literal["x25519", "hybrid"],
        "What new claims keys are: x25519, or hybrid with ML-KEM-768 against quantum computers; "
        "keys that are there stay as they are.",
    ] = "x25519"
    claims_out_dir: Annotated[
        Path | None,
        "Where opened claims go to their department; empty: claims-out in the data folder.",
    ] = None
    import_s3_prefix: Annotated[str, "Watched prefix in the bucket for feeds."] = ""
    worker_in_process: Annotated[bool, "Whether the server also does the worker's jobs."] = True
    wipe_hour: Annotated[
        int | None,
        "Hour in Berlin (0-23) in which PostgreSQL's files lose what was deleted.",
        Meta(ge=0, le=23),
    ] = 3
    persisted_only: Annotated[bool, "Whether only persisted GraphQL documents are answered."] = (
        False
    )
    sandbox: Annotated[bool, "Demo world with personas, caught mail and a clock that travels."] = (
        False
    )
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], "Least severe level that is logged."
    ] = "INFO"

    def __post_init__(self) -> None:
        """Refuse settings that don't go together."""
        self._sandbox_stays_at_home()
        self._push_leaves_by_https()
        self._objects_have_a_place()

    def _sandbox_stays_at_home(self) -> None:
        if self.sandbox and self.host not in LOOPBACK:
            raise ValueError(
                f"the sandbox shows everybody's TANs: it listens on {' or '.join(LOOPBACK)} only, "
                f"not on {self.host}"
            )
        if self.sandbox and urlsplit(self.public_url).hostname not in LOOPBACK:
            raise ValueError("the sandbox has no public address: set KUNDENPORTAL_PUBLIC_URL")

    def _push_leaves_by_https(self) -> None:
        for service in self.push_hosts:
            parts = urlsplit(service)
            is_own = self.sandbox and parts.scheme == "http" and parts.hostname in LOOPBACK
            if not is_own and _PUSH_SERVICE.fullmatch(service) is None:
                raise ValueError(f"KUNDENPORTAL_PUSH_SERVICES names hosts, not {service}")

    def _objects_have_a_place(self) -> None:
        if self.objects == "s3" and not self.s3_bucket:
            raise ValueError("KUNDENPORTAL_OBJECTS=s3 needs KUNDENPORTAL_S3_BUCKET")

    @property
    def database(self) -> str:
        """URL of the main database."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'portal.db'}"

    @property
    def keys(self) -> str:
        """URL of the key database."""
        return self.keys_url or f"sqlite+aiosqlite:///{self.data_dir / 'keys.db'}"

    @property
    def root_key(self) -> Path:
        """File of the root key."""
        return self.root_key_file or self.data_dir / "root.key"

    @property
    def claims_keys(self) -> Path:
        """Folder of private claims keys."""
        return self.claims_keys_dir or self.data_dir / "claims-keys"

    @property
    def claims_out(self) -> Path:
        """Folder from which the claims department takes what was opened for it."""
        return self.claims_out_dir or self.data_dir / "claims-out"

    @property
    def push_hosts(self) -> tuple[str, ...]:
        """Hosts of the push services; `*.` stands for any name below."""
        return tuple(name.strip() for name in self.push_services.split(",") if name.strip())

    @property
    def origin(self) -> str:
        """Scheme, host and port that browsers send as Origin."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def relying_party_id(self) -> str:
        """Domain that passkeys belong to."""
        return urlsplit(self.public_url).hostname or "localhost"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings that an environment holds.

    Raises:
        SettingsError: a variable has a value that can't be used, or two don't go together.
    """
    given: dict[str, Any] = {}
    problems = []
    for field in msgspec.structs.fields(Settings):
        name = f"{PREFIX}{field.name.upper()}"
        text = environment.get(name)
        if text is None or (text == "" and field.default is None):
            continue
        try:
            given[field.name] = msgspec.convert(text, field.type, strict=False, dec_hook=_read)
        except msgspec.ValidationError as error:
            problems.append(f"{name}: {error}")
    if not problems:
        try:
            return Settings(**given)
        except ValueError as error:
            problems.append(str(error))
    raise SettingsError(problems)


def _read(kind: type, text: str) -> object:
    if kind in (Path, Secret):
        return kind(text)
    raise NotImplementedError(kind)
