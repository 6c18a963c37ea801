"""The house: what all requests, jobs and commands share."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from msgspec import field

from backend.services.outbox import Outbox
from backend.values import Value

if TYPE_CHECKING:
    from backend.claims_port import ClaimsKeyHolder
    from backend.clock import Clock
    from backend.core_ports import CoreSystems
    from backend.database import Sessions
    from backend.file_ports import FileInspector, MalwareScanner, TextReader
    from backend.group import Group
    from backend.policy import Policy
    from backend.ports import DocumentCipher, KeyStore, MailSender, ObjectStore, Sealer, SmsSender
    from backend.proof_ports import DeletionJournal, DocumentSigner
    from backend.push_port import PushSender
    from backend.services.passwords import PasswordHasher
    from backend.settings import Settings
    from backend.signatures import Signer


class House(Value):
    """What all requests share: the portal's wiring, made once by `open_house`."""

    settings: Settings
    sessions: Sessions
    clock: Clock
    policy: Policy
    group: Group
    password_hasher: PasswordHasher
    objects: ObjectStore
    keys: KeyStore
    cipher: DocumentCipher
    sealer: Sealer
    signer: Signer
    mail: MailSender | None
    sms: SmsSender | None
    inspector: FileInspector
    retention: Sealer
    journal: DeletionJournal
    document_signer: DocumentSigner
    text_reader: TextReader
    # What signs events to core systems, and what hands them over; None if none is reached by HTTP.
    core_signer: Signer
    push: PushSender
    core: CoreSystems | None = None
    scanner: MalwareScanner | None = None
    # Where the worker runs, never in a server beside it (M5).
    claims_keys: ClaimsKeyHolder | None = None
    # Who acts where no customer does, for the audit log: `worker`, or `operator:NAME`.
    actor: str = "worker"
    # Set after something was put into the outbox, so that an in-process worker need not poll.
    work_waits: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def outbox(self) -> Outbox:
        """What putting a mail or short message into the outbox needs."""
        return Outbox(
            sealer=self.sealer,
            clock=self.clock,
            group=self.group,
            public_url=self.settings.public_url,
            work_waits=self.work_waits,
        )
