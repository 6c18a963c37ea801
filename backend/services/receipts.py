"""Receipts: the signed proof of what a customer submitted, when, and at which place of the log."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import bindparam, func, select

from backend.merkle import HASH_BYTES
from backend.models.receipts import Receipt
from backend.paging import Page, clamp, decode_cursor, page_of
from backend.services import receipt_log
from backend.services.approval_operations import canonical_json
from backend.services.receipt_format import (
    IncludingHead,
    ReceiptFile,
    ReceiptStatement,
    written_instant,
)
from backend.services.submissions import take_submitted
from backend.services.tree_heads import find_newest_head, statement_of_head
from backend.signatures import key_id_of
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.group import Group
    from backend.models.receipts import ReceiptKind
    from backend.signatures import Signer

_OF_CUSTOMER = Receipt.customer_id == bindparam("customer_id")
_LIST = (
    select(Receipt).where(_OF_CUSTOMER).order_by(Receipt.position.desc()).limit(bindparam("most"))
)
_LIST_AFTER = _LIST.where(Receipt.position < bindparam("after"))
_COUNT = select(func.count(Receipt.id)).where(_OF_CUSTOMER)
_FIND = select(Receipt).where(_OF_CUSTOMER, Receipt.id == bindparam("receipt_id"))


class ReceiptHouse(Protocol):
    """What issuing receipts needs of the portal's wiring."""

    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def group(self) -> Group: ...  # noqa: D102
    @property
    def signer(self) -> Signer: ...  # noqa: D102


class Submission(Value):
    """What a receipt is about: `subject` in the customer's words, and the hash of all of it.

    `content` is the submission itself if it is a short text, so that the receipt explains itself;
    a file stays where it lies and is compared by the customer.
    """

    subject: str
    sha256: str
    content: str | None = None

    @classmethod
    def of_values(cls, subject: str, values: Mapping[str, object]) -> Submission:
        """Return the submission of a few values and its subject, as canonical JSON."""
        content = canonical_json({**values, "subject": subject})
        return cls(subject, hashlib.sha256(content.encode()).hexdigest(), content)


async def issue_receipt(
    session: AsyncSession,
    house: ReceiptHouse,
    *,
    kind: ReceiptKind,
    customer_id: int,
    submission: Submission,
) -> Receipt:
    """Issue the receipt of what was submitted, in the transaction that stores it (M1, X8).

    Call it last: other submissions wait from here until the transaction ends. What is rolled back
    leaves no gap in the log. Whatever went to core systems in this transaction shows this receipt.

    Raises:
        KeyStoreUnavailableError: nothing can be signed now, so nothing is accepted either.
    """
    key = await house.signer.load()
    receipt = Receipt(
        customer_id=customer_id,
        issuer=house.group.name,
        kind=kind,
        subject=submission.subject,
        content=submission.content,
        sha256=submission.sha256,
        issued_at=house.clock.now(),
        salt=secrets.token_bytes(HASH_BYTES),
        public_key=key.public_key,
    )
    leaf = _statement_of(receipt, position=0, root_hash=bytes(HASH_BYTES)).leaf_hash
    appended = await receipt_log.append_leaf(session, leaf, issued_at=receipt.issued_at)
    receipt.position, receipt.root_hash = appended.position, appended.root_hash
    receipt.signature = key.sign(statement_of(receipt).signed_text)
    session.add(receipt)
    await session.flush()
    for submitted in take_submitted(session, customer_id):
        submitted.receipt_id = receipt.id
    await session.flush()
    return receipt


async def list_receipts(
    session: AsyncSession, *, customer_id: int, first: int, after: str | None
) -> Page[Receipt]:
    """Return a page of a customer's receipts, the newest first (X8).

    Raises:
        InvalidCursorError: `after` was not given out by this list.
    """
    first = clamp(first)
    values: dict[str, object] = {"customer_id": customer_id}
    paging = values | {"most": first + 1}
    statement = _LIST
    if after is not None:
        (paging["after"],) = decode_cursor(after, int)
        statement = _LIST_AFTER
    rows = (await session.scalars(statement, paging)).all()
    total = await session.scalar(_COUNT, values) or 0
    return page_of(rows, first=first, total_count=total, key=lambda row: (row.position,))


async def find_receipt(
    session: AsyncSession, *, customer_id: int, receipt_id: int
) -> Receipt | None:
    """Return one of a customer's receipts; None for a foreign and an absent one alike."""
    values = {"customer_id": customer_id, "receipt_id": receipt_id}
    return (await session.scalars(_FIND, values)).one_or_none()


async def load_receipts(session: AsyncSession, receipt_ids: Sequence[int]) -> Mapping[int, Receipt]:
    """Return receipts of what the caller may read, by id."""
    rows = await session.scalars(select(Receipt).where(Receipt.id.in_(receipt_ids)))
    return {receipt.id: receipt for receipt in rows}


async def write_receipt_file(session: AsyncSession, receipt: Receipt) -> ReceiptFile:
    """Return the file that proves a receipt without us, with the newest tree head above it (M1)."""
    position = receipt.position
    head = await find_newest_head(session)
    including = None
    if head is not None and head.tree_size > position:
        proof = await receipt_log.prove_inclusion(session, position=position, size=head.tree_size)
        including = IncludingHead(
            statement=statement_of_head(head),
            signature=head.signature.hex(),
            inclusionProof=[part.hex() for part in proof],
        )
    proof = await receipt_log.prove_inclusion(session, position=position, size=position + 1)
    return ReceiptFile(
        format="kundenportal-receipt/1",
        statement=statement_of(receipt),
        signature=receipt.signature.hex(),
        publicKey=receipt.public_key.hex(),
        inclusionProof=[part.hex() for part in proof],
        treeHead=including,
        content=receipt.content,
    )


def statement_of(receipt: Receipt) -> ReceiptStatement:
    """Return what the house signed."""
    return _statement_of(receipt, position=receipt.position, root_hash=receipt.root_hash)


def _statement_of(receipt: Receipt, *, position: int, root_hash: bytes) -> ReceiptStatement:
    return ReceiptStatement(
        issuer=receipt.issuer,
        kind=receipt.kind.name,
        sha256=receipt.sha256,
        issuedAt=written_instant(receipt.issued_at),
        salt=receipt.salt.hex(),
        position=position,
        rootHash=root_hash.hex(),
        keyId=key_id_of(receipt.public_key),
    )
