"""Tree heads: the whole log of receipts signed once a day, for everybody to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from backend import database
from backend.clock import berlin_today
from backend.merkle import HASH_BYTES
from backend.models.receipts import ReceiptTreeHead
from backend.services import receipt_log
from backend.services.receipt_format import (
    PublicKeyFile,
    PublishedHead,
    TreeHeadsFile,
    TreeHeadStatement,
    written_instant,
)
from backend.signatures import key_id_of

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.database import Sessions
    from backend.group import Group
    from backend.signatures import Signer

MOST_HEADS = 400  # more than a year of them

_NEWEST = select(ReceiptTreeHead).order_by(ReceiptTreeHead.day.desc())
_OLDEST = select(ReceiptTreeHead).order_by(ReceiptTreeHead.day)


class TreeHeadHouse(Protocol):
    """What publishing tree heads needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def group(self) -> Group: ...  # noqa: D102
    @property
    def signer(self) -> Signer: ...  # noqa: D102


async def publish_tree_head(house: TreeHeadHouse) -> int:
    """Sign the log as it stands, once a day (M1); return how many heads were published: 0 or 1.

    What is issued on a day is under the next day's head. A day before which nothing was added
    needs none.
    """
    today = berlin_today(house.clock)
    async with database.reading(house.sessions) as session:
        if not await _is_needed(session, today):
            return 0
    key = await house.signer.load()
    async with database.writing(house.sessions) as session:
        head = await _next_head(session)
        head.day, head.issuer = today, house.group.name
        head.signed_at, head.public_key = house.clock.now(), key.public_key
        head.signature = key.sign(statement_of_head(head).signed_text)
        values = {column.key: getattr(head, column.key) for column in head.__table__.columns}
        dialect = session.get_bind().dialect.name
        # Several workers may be at it; the first one's head counts.
        await session.execute(
            database.insert_into(ReceiptTreeHead, dialect).values(values).on_conflict_do_nothing()
        )
    return 1


async def find_newest_head(session: AsyncSession) -> ReceiptTreeHead | None:
    """Return the tree head that was published last."""
    return (await session.scalars(_NEWEST.limit(1))).one_or_none()


async def write_tree_heads(
    session: AsyncSession, signer: Signer, *, since: date | None = None
) -> TreeHeadsFile:
    """Return the newest published heads, or those from a day on, at most 400, oldest first."""
    statement = _NEWEST if since is None else _OLDEST.where(ReceiptTreeHead.day >= since)
    heads = (await session.scalars(statement.limit(MOST_HEADS))).all()
    key = await signer.load()
    return TreeHeadsFile(
        format="kundenportal-tree-heads/1",
        publicKey=key.public_key.hex(),
        heads=[_published(head) for head in sorted(heads, key=lambda head: head.day)],
    )


async def write_public_key(house: TreeHeadHouse) -> PublicKeyFile:
    """Return the key that verifies receipts and tree heads."""
    key = await house.signer.load()
    return PublicKeyFile(
        format="kundenportal-receipt-key/1",
        algorithm="Ed25519",
        issuer=house.group.name,
        keyId=key_id_of(key.public_key),
        publicKey=key.public_key.hex(),
    )


def statement_of_head(head: ReceiptTreeHead) -> TreeHeadStatement:
    """Return what the house signed."""
    return TreeHeadStatement(
        issuer=head.issuer,
        day=head.day.isoformat(),
        treeSize=head.tree_size,
        rootHash=head.root_hash.hex(),
        signedAt=written_instant(head.signed_at),
        keyId=key_id_of(head.public_key),
    )


async def _is_needed(session: AsyncSession, today: date) -> bool:
    newest = await find_newest_head(session)
    size = await receipt_log.count_leaves(session)
    return size > 0 if newest is None else newest.day < today and newest.tree_size < size


async def _next_head(session: AsyncSession) -> ReceiptTreeHead:
    """Return what the log says now, and that it only grew since the newest head."""
    newest = await find_newest_head(session)
    size = await receipt_log.count_leaves(session)
    proof: list[bytes] = []
    if newest is not None:
        proof = await receipt_log.prove_consistency(session, old=newest.tree_size, new=size)
    return ReceiptTreeHead(
        tree_size=size,
        root_hash=await receipt_log.find_root(session, size),
        consistency_proof=b"".join(proof),
    )


def _published(head: ReceiptTreeHead) -> PublishedHead:
    proof = head.consistency_proof
    return PublishedHead(
        statement=statement_of_head(head),
        signature=head.signature.hex(),
        consistencyProof=[
            proof[begin : begin + HASH_BYTES].hex() for begin in range(0, len(proof), HASH_BYTES)
        ],
    )
