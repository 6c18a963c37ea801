"""The only wiring: from settings to a running portal."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from backend import database
from backend.adapters.claims_keys_folder import ClaimsKeysFolder
from backend.adapters.deletion_journal import KeyDatabaseJournal
from backend.adapters.encryption import TinkDocumentCipher
from backend.adapters.inspector_process import InspectorProcess
from backend.adapters.key_database import KeyDatabase
from backend.adapters.key_store import (
    CustomerKeys,
    Keyring,
    create_retention_sealer,
    create_sealer,
)
from backend.adapters.keys_file import open_root_key
from backend.adapters.objects_disk import DiskObjects
from backend.adapters.pdf_signer import PadesSigner
from backend.adapters.push_web import WebPushSender
from backend.adapters.signing import CORE_EVENTS, KeyringSigner
from backend.adapters.text_process import TextProcess
from backend.clock import SystemClock
from backend.group import load_group
from backend.house import House
from backend.policy import load_policy
from backend.services.institutions import register_institutions
from backend.services.passwords import PasswordHasher
from backend.services.restored_deletions import reapply_deletions
from backend.web.claim_documents import receive_part
from backend.web.core import CORE_ROUTES
from backend.web.defects import MaskDefects
from backend.web.documents import download_document
from backend.web.export import download_export
from backend.web.forms import download_form
from backend.web.graphiql import GraphiqlPage
from backend.web.health import health
from backend.web.late_graphql import LateGraphQL
from backend.web.postbox_changes import stream_changes
from backend.web.postbox_streams import PostboxStreams
from backend.web.receipts import RECEIPT_ROUTES
from backend.web.security_headers import OnlyOurHost, SecurityHeaders
from backend.web.self_added_documents import download_self_added
from backend.web.signing_certificate import download_signing_certificate
from backend.web.spa import BuiltSpa
from backend.web.transactions_csv import TRANSACTION_ROUTES
from backend.web.turns import Turns
from backend.web.unsubscribing import UNSUBSCRIBING_ROUTES
from backend.web.uploads import receive_file
from backend.worker import worker_beside

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from backend.adapters.aws import AwsAccount
    from backend.clock import Clock
    from backend.core_ports import CoreSystems
    from backend.database import Sessions
    from backend.file_ports import MalwareScanner
    from backend.group import Group
    from backend.policy import Policy
    from backend.ports import MailSender, ObjectStore, RootKey, SmsSender
    from backend.settings import Settings
    from backend.signatures import Signer
    from backend.web.late_graphql import WhenLoaded
    from backend.web.sandbox import Sandbox

SPA = Path(__file__).parent / "web" / "spa"
TENANT = "kundenportal"


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    spa: Path = SPA,
    sandbox: Sandbox | None = None,
    when_loaded: WhenLoaded | None = None,
    when_built: Callable[[], None] = lambda: None,
) -> Starlette:
    """Create the portal; its database must have been migrated.

    `when_built` is called when everything that lasts is there but for the shipped documents,
    `when_loaded` when they are read, too, or something has failed.
    """
    built = BuiltSpa(spa)
    graphql = LateGraphQL(settings, spa / "persisted-documents.json", when_loaded, when_built)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        async with AsyncExitStack() as stack:
            house = await stack.enter_async_context(
                open_house(settings, clock=clock, opens_claims=settings.worker_in_process)
            )
            # A database from a backup may hold people who have left since.
            await reapply_deletions(house)
            await stack.enter_async_context(graphql.getting_ready())
            if settings.worker_in_process:
                await stack.enter_async_context(worker_beside(house))
            app.state.house = house
            app.state.graphql = graphql
            app.state.postbox_streams = PostboxStreams(house)
            stack.push_async_callback(app.state.postbox_streams.stop)
            yield

    return Starlette(
        routes=_routes(settings, built, graphql, sandbox),
        middleware=[
            Middleware(Turns),
            Middleware(SecurityHeaders, settings=settings),
            Middleware(OnlyOurHost, settings=settings),
            Middleware(MaskDefects),
        ],
        lifespan=lifespan,
    )


def _routes(
    settings: Settings, built: BuiltSpa, graphql: LateGraphQL, sandbox: Sandbox | None
) -> list[Route]:
    """Return every address there is; what no other one takes is a page of the app."""
    shown = []
    if settings.sandbox:
        shown = [
            *(sandbox.routes(built) if sandbox else []),
            Route("/graphiql", GraphiqlPage(built).serve),
        ]
    return [
        Route("/graphql", graphql.answer, methods=["POST"]),
        Route("/health", health, methods=["GET"]),
        Route("/uploads", receive_file, methods=["POST"]),
        Route("/postbox/changes", stream_changes, methods=["GET"]),
        Route("/claim-documents/{id}", receive_part, methods=["GET", "PATCH"]),
        Route("/signing-certificate.pem", download_signing_certificate, methods=["GET"]),
        Route("/documents/{id}/{file_name:path}", download_document, methods=["GET"]),
        Route("/forms/{id}/{file_name:path}", download_form, methods=["GET"]),
        Route("/self-added-documents/{id}/{file_name:path}", download_self_added, methods=["GET"]),
        Route("/export.zip", download_export, methods=["GET"]),
        *TRANSACTION_ROUTES,
        *RECEIPT_ROUTES,
        *UNSUBSCRIBING_ROUTES,
        *CORE_ROUTES,
        *shown,
        Route("/{path:path}", built.serve, methods=["GET"]),
    ]


@asynccontextmanager
async def open_house(
    settings: Settings,
    *,
    clock: Clock | None = None,
    actor: str = "worker",
    opens_claims: bool = True,
) -> AsyncGenerator[House]:
    """Open everything that server, worker and command line share; closed at the end.

    A server beside its worker does not open claims: it never learns where their keys are (M5).
    """
    group = load_group(settings.group_file)
    async with AsyncExitStack() as stack:
        key_database = await stack.enter_async_context(KeyDatabase(settings.keys))
        journal = KeyDatabaseJournal(key_database, tenant=TENANT)
        await journal.open()
        keyring = await _open_keyring(settings, key_database, stack)
        keys = CustomerKeys(keyring)
        clock = clock or SystemClock()
        core_signer = KeyringSigner(keyring, CORE_EVENTS)
        push = WebPushSender(keyring, settings.push_hosts, group.trustee.email_address, clock)
        house = House(
            settings=settings,
            sessions=_open_sessions(settings, stack),
            clock=clock,
            policy=_policy_of(settings),
            group=group,
            password_hasher=PasswordHasher(),
            objects=await _open_objects(settings, stack),
            keys=keys,
            cipher=TinkDocumentCipher(keys, tenant=TENANT),
            sealer=create_sealer(keyring),
            signer=KeyringSigner(keyring),
            mail=_mail_sender(settings),
            sms=await _open_sms_sender(settings, stack),
            inspector=InspectorProcess(),
            text_reader=TextProcess(),
            scanner=_malware_scanner(settings),
            retention=create_retention_sealer(keyring),
            journal=journal,
            document_signer=PadesSigner(keyring, name=group.operating_institution.name),
            core_signer=core_signer,
            push=await stack.enter_async_context(push),
            core=await _open_core_systems(group, core_signer, clock, stack),
            claims_keys=ClaimsKeysFolder(settings.claims_keys) if opens_claims else None,
            actor=actor,
        )
        async with database.writing(house.sessions) as session:
            await register_institutions(session, group=group)
        yield house


def _open_sessions(settings: Settings, stack: AsyncExitStack) -> Sessions:
    engine = database.create_engine(settings.database)
    stack.push_async_callback(engine.dispose)
    return database.create_sessions(engine)


def _policy_of(settings: Settings) -> Policy:
    policy = load_policy(settings.policy_file)
    return policy.with_plenty_of_tans() if settings.sandbox else policy


async def _open_keyring(
    settings: Settings, key_database: KeyDatabase, stack: AsyncExitStack
) -> Keyring:
    root_key: RootKey
    if settings.kms_key_id:
        from backend.adapters.keys_aws import KmsRootKey  # noqa: PLC0415  # costs start time

        root_key = await stack.enter_async_context(
            KmsRootKey(_aws_account(settings), settings.kms_key_id)
        )
    else:
        root_key = await open_root_key(settings.root_key, may_create=await key_database.is_empty())
    return Keyring(key_database, root_key, tenant=TENANT)


async def _open_objects(settings: Settings, stack: AsyncExitStack) -> ObjectStore:
    match settings.objects:
        case "disk":
            return await stack.enter_async_context(DiskObjects(settings.data_dir / "objects"))
        case "s3":
            from backend.adapters.objects_s3 import S3Objects  # noqa: PLC0415  # as above

            return await stack.enter_async_context(
                S3Objects(_aws_account(settings), settings.s3_bucket)
            )


def _aws_account(settings: Settings) -> AwsAccount:
    from backend.adapters.aws import AwsAccount  # noqa: PLC0415  # as above

    return AwsAccount(
        region=settings.s3_region,
        endpoint_url=settings.s3_endpoint or None,
        access_key=settings.s3_access_key or None,
        secret_key=settings.s3_secret_key.reveal() or None,
    )


def _mail_sender(settings: Settings) -> MailSender | None:
    if not settings.smtp_host:
        return None
    from backend.adapters.mail_smtp import MailServer, SmtpMailSender  # noqa: PLC0415  # as above

    return SmtpMailSender(
        MailServer(
            settings.smtp_host,
            settings.smtp_port,
            security="starttls" if settings.smtp_starttls else "none",
            username=settings.smtp_user or None,
            password=settings.smtp_password.reveal() or None,
        )
    )


async def _open_core_systems(
    group: Group, signer: Signer, clock: Clock, stack: AsyncExitStack
) -> CoreSystems | None:
    if not any(one.core is not None and one.core.channel == "http" for one in group.institutions):
        return None
    from backend.adapters.core_http import HttpCoreSystems  # noqa: PLC0415  # as above

    return await stack.enter_async_context(HttpCoreSystems(signer, clock))


def _malware_scanner(settings: Settings) -> MalwareScanner | None:
    if not settings.clamd:
        return None
    from backend.adapters.malware_clamd import ClamdScanner  # noqa: PLC0415  # as above

    return ClamdScanner(settings.clamd)


async def _open_sms_sender(settings: Settings, stack: AsyncExitStack) -> SmsSender | None:
    if not settings.sms_url:
        return None
    from backend.adapters.sms_http import HttpSmsSender  # noqa: PLC0415  # as above

    return await stack.enter_async_context(
        HttpSmsSender(settings.sms_url, settings.sms_token.reveal())
    )
