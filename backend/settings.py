"""Settings from the environment, prefix KUNDENPORTAL_; docs/operations.md lists each one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

# A name with at least two labels after an optional star: neither an address nor a whole country.
_PUSH_SERVICE = re.compile(r"(\*\.)?([a-z0-9-]+\.)+[a-z][a-z0-9-]+")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Settings(BaseSettings):
    """Everything an operator can set; frozen after start."""

    model_config = SettingsConfigDict(env_prefix="KUNDENPORTAL_", frozen=True, extra="forbid")

    data_dir: Path = Field(
        default=Path("data"), description="Folder of everything kept on local disk."
    )
    database_url: str = Field(
        default="", description="SQLAlchemy URL; empty: SQLite file portal.db in the data folder."
    )
    keys_url: str = Field(
        default="",
        description="URL of the separate key database; empty: keys.db in the data folder.",
    )
    root_key_file: Path | None = Field(
        default=None,
        description="File of the root key; empty: root.key in the data folder, mode 0600.",
    )
    kms_key_id: str = Field(
        default="", description="AWS KMS key that wraps keysets instead of the file."
    )
    objects: Literal["disk", "s3"] = Field(
        default="disk", description="Where encrypted documents lie."
    )
    s3_endpoint: str = Field(default="", description="Endpoint of the S3 server; empty: AWS.")
    s3_region: str = Field(default="eu-central-1", description="Region of bucket and KMS.")
    s3_bucket: str = Field(default="", description="Bucket of encrypted documents.")
    s3_access_key: str = Field(default="", description="Access key; empty: the usual AWS chain.")
    s3_secret_key: SecretStr = Field(default=SecretStr(""), description="Secret of the access key.")
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, description="Port to listen on.", ge=0, le=65535)
    trusted_proxies: str = Field(
        default="127.0.0.1",
        description="Addresses, separated by commas, whose X-Forwarded-For is believed.",
    )
    public_url: str = Field(
        default="http://localhost:8000", description="The one address under which customers come."
    )
    smtp_host: str = Field(default="", description="Mail server; empty: mails wait in the outbox.")
    smtp_port: int = Field(default=587, description="Port of the mail server.")
    smtp_user: str = Field(
        default="", description="Name to sign in at the mail server; empty: none."
    )
    smtp_password: SecretStr = Field(
        default=SecretStr(""), description="Password at the mail server."
    )
    smtp_starttls: bool = Field(default=True, description="Whether the mail server must offer TLS.")
    bounce_maildir: Path | None = Field(
        default=None,
        description="Maildir of the trustee, to which mails come back; empty: none is read.",
    )
    sms_url: str = Field(
        default="", description="HTTP SMS gateway; empty: messages wait in the outbox."
    )
    sms_token: SecretStr = Field(
        default=SecretStr(""), description="Bearer token at the SMS gateway."
    )
    push_services: str = Field(
        default="fcm.googleapis.com,updates.push.services.mozilla.com,*.push.apple.com,"
        "*.notify.windows.com",
        description="Push services of browsers that notices may be sent to, separated by commas; "
        "empty: no web push.",
    )
    clamd: str = Field(
        default="",
        description="ClamAV daemon, tcp://HOST:PORT or unix:/PATH; empty: no malware scanner.",
        pattern=r"^(tcp://.+|unix:/.+)?$",
    )
    group_file: Path | None = Field(
        default=None,
        description="The group's institutions and contacts; empty: demo group Musterland.",
    )
    policy_file: Path | None = Field(
        default=None, description="The dated rules of the business; empty: those that ship."
    )
    terms_dir: Path | None = Field(
        default=None,
        description="Folder of the texts of the user agreement; empty: those that ship.",
    )
    consent_texts_dir: Path | None = Field(
        default=None,
        description="Folder of the texts of consents; empty: those that ship.",
    )
    mandate_texts_dir: Path | None = Field(
        default=None,
        description="Folder of the texts of direct debit mandates; empty: those that ship.",
    )
    import_dir: Path | None = Field(
        default=None,
        description="Watched folder for feeds; one subfolder per institution key is allowed.",
    )
    claims_keys_dir: Path | None = Field(
        default=None,
        description="The worker's folder of private claims keys; empty: claims-keys in the data "
        "folder.",
    )
    claims_out_dir: Path | None = Field(
        default=None,
        description="Where opened claims go to their department; empty: claims-out in the data "
        "folder.",
    )
    import_s3_prefix: str = Field(default="", description="Watched prefix in the bucket for feeds.")
    worker_in_process: bool = Field(
        default=True, description="Whether the server also does the worker's jobs."
    )
    wipe_hour: int | None = Field(
        default=3,
        description="Hour in Berlin (0-23) in which PostgreSQL's files lose what was deleted.",
        ge=0,
        le=23,
    )
    persisted_only: bool = Field(
        default=False, description="Whether only persisted GraphQL documents are answered."
    )
    sandbox: bool = Field(
        default=False, description="Demo world with personas, caught mail and a clock that travels."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least severe level that is logged."
    )

    @model_validator(mode="after")
    def _sandbox_stays_at_home(self) -> Self:
        if self.sandbox and self.host not in LOOPBACK:
            raise ValueError(
                f"the sandbox shows everybody's TANs: it listens on {' or '.join(LOOPBACK)} only, "
                f"not on {self.host}"
            )
        if self.sandbox and urlsplit(self.public_url).hostname not in LOOPBACK:
            raise ValueError("the sandbox has no public address: set KUNDENPORTAL_PUBLIC_URL")
        return self

    @model_validator(mode="after")
    def _push_leaves_by_https(self) -> Self:
        for service in self.push_hosts:
            parts = urlsplit(service)
            is_own = self.sandbox and parts.scheme == "http" and parts.hostname in LOOPBACK
            if not is_own and _PUSH_SERVICE.fullmatch(service) is None:
                raise ValueError(f"KUNDENPORTAL_PUSH_SERVICES names hosts, not {service}")
        return self

    @model_validator(mode="after")
    def _objects_have_a_place(self) -> Self:
        if self.objects == "s3" and not self.s3_bucket:
            raise ValueError("KUNDENPORTAL_OBJECTS=s3 needs KUNDENPORTAL_S3_BUCKET")
        return self

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
