"""Resolve claims, what can be handed in where, and the key that files are sealed to."""

import base64
import uuid
from collections.abc import Sequence
from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.ids import decode_filter_id, encode_id
from backend.models.claims import Claim, ClaimDocument, ClaimFormat, ClaimKind, ClaimsKey
from backend.models.contracts import Contract
from backend.models.documents import Document
from backend.paging import DEFAULT_PAGE, Page
from backend.resolvers.contracts import After, First
from backend.services import claim_documents, claim_submission, claims, claims_keys, contracts
from backend.services.claim_contracts import ClaimableContract, list_claimable_contracts
from backend.services.claims import ClaimAction
from backend.wording import word


async def list_claims(info: Info, first: First = DEFAULT_PAGE, after: After = None) -> Page[Claim]:
    """List the viewer's claims."""
    async with info.context.transaction() as session:
        return await claims.list_claims(
            session, customer_id=info.context.signed_in.customer_id, first=first, after=after
        )


async def list_claimable(
    info: Info,
    kind: Annotated[ClaimKind, strawberry.argument(description="What is to be handed in.")],
) -> Sequence[ClaimableContract]:
    """List where the viewer can hand in a kind of document."""
    async with info.context.transaction() as session:
        return await list_claimable_contracts(
            session,
            customer_id=info.context.signed_in.customer_id,
            kind=kind,
            today=info.context.today,
            policy=info.context.house.policy,
        )


async def get_claims_key(info: Info) -> ClaimsKey | None:
    """Return the key that devices seal to now."""
    async with info.context.transaction() as session:
        return await claims_keys.find_current_key(session, now=info.context.house.clock.now())


def key_id_of(root: strawberry.Parent[ClaimsKey]) -> strawberry.ID:
    """Return a key's opaque id."""
    return strawberry.ID(encode_id("ClaimsKey", root.id))


def public_key_of(root: strawberry.Parent[ClaimsKey]) -> str:
    """Return a key as text."""
    return base64.urlsafe_b64encode(root.public_key).decode().rstrip("=")


def part_size_of(_root: strawberry.Parent[ClaimDocument]) -> int:
    """Return how large parts are."""
    return claim_documents.PART_SIZE


def upload_url_of(root: strawberry.Parent[ClaimDocument]) -> str:
    """Return where parts go."""
    return f"/claim-documents/{encode_id('ClaimDocument', root.id)}"


def idempotency_key_of(root: strawberry.Parent[Claim]) -> uuid.UUID:
    """Return the key under which a claim was submitted."""
    return uuid.UUID(root.idempotency_key)


def refusal_message_of(root: strawberry.Parent[Claim], info: Info) -> str | None:
    """Word why a file was refused."""
    if root.refusal is None:
        return None
    reason = word(f"upload.{root.refusal.value}", info.context.locale)
    return word("claim.file_refused", info.context.locale, reason=reason)


async def contract_of(root: strawberry.Parent[Claim], info: Info) -> Contract | None:
    """Return the contract of a claim if the viewer may still see it."""
    if root.contract_id is None:
        return None
    contract: Contract | None = await info.context.load(
        contracts.load_visible_contracts,
        root.contract_id,
        customer_id=info.context.signed_in.customer_id,
        today=info.context.today,
        policy=info.context.house.policy,
    )
    return contract


async def statement_of(root: strawberry.Parent[Claim], info: Info) -> Document | None:
    """Return the benefit statement of a claim."""
    if root.statement_external_id is None:
        return None
    statement: Document | None = await info.context.load(
        claims.load_statements_of,
        root.id,
        customer_id=root.customer_id,
        now=info.context.house.clock.now(),
    )
    return statement


async def next_action_of(root: strawberry.Parent[Claim], info: Info) -> ClaimAction:
    """Work out what the viewer can do next."""
    return claims.next_action_of(root, await statement_of(root, info))


async def start_claim_document(
    info: Info,
    size: Annotated[int, strawberry.argument(description="Bytes of the sealed file.")],
    sha256: Annotated[
        str, strawberry.argument(description="SHA-256 of the sealed file, hexadecimal, lower case.")
    ],
) -> ClaimDocument:
    """Announce a sealed file."""
    return await claim_documents.start_claim_document(
        info.context.house, viewer=info.context.signed_in, size=size, sha256=sha256
    )


async def submit_claim(  # the fields of the input
    info: Info,
    document: Annotated[
        strawberry.ID, strawberry.argument(description="The sealed file, complete.")
    ],
    kind: Annotated[ClaimKind, strawberry.argument(description="What it is.")],
    contract: Annotated[strawberry.ID, strawberry.argument(description="On which contract.")],
    format: Annotated[  # noqa: A002  # the input's name in GraphQL
        ClaimFormat, strawberry.argument(description="What the file is.")
    ],
    key: Annotated[strawberry.ID, strawberry.argument(description="To which key it is sealed.")],
    idempotency_key: Annotated[
        uuid.UUID,
        strawberry.argument(
            description="Made by the client for this claim: submitting again under the same key "
            "submits nothing twice and answers the same, for ever."
        ),
    ],
) -> Claim:
    """Submit a claim."""
    return await claim_submission.submit_claim(
        info.context.house,
        viewer=info.context.signed_in,
        # A foreign id and nonsense are found out by the service, at the same place.
        draft=claim_submission.ClaimDraft(
            document_id=decode_filter_id(document, "ClaimDocument") or 0,
            kind=kind,
            contract_id=decode_filter_id(contract, "Contract") or 0,
            format=format,
            key_id=decode_filter_id(key, "ClaimsKey") or 0,
            idempotency_key=idempotency_key,
        ),
    )


async def find_claim(session: AsyncSession, context: Context, row: int) -> Claim | None:
    """Find a claim for `node`."""
    return await claims.find_claim(session, customer_id=context.signed_in.customer_id, claim_id=row)


async def find_claim_document(
    session: AsyncSession, context: Context, row: int
) -> ClaimDocument | None:
    """Find a sealed file for `node`."""
    return await claim_documents.find_claim_document(
        session, customer_id=context.signed_in.customer_id, document_id=row
    )
