"""Verifying receipts without the house: from the file alone, and against what was published."""

from __future__ import annotations

import enum
import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from backend.merkle import verify_consistency, verify_inclusion
from backend.services.receipt_format import PublicKeyFile, ReceiptFile, TreeHeadsFile
from backend.signatures import is_signed, key_id_of
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeVar

    from backend.services.receipt_format import Part, PublishedHead, TreeHeadStatement

    F = TypeVar("F", bound=Part)


class Problem(enum.Enum):
    """What is wrong; `frontend/src/verify/verifyReceipt.ts` has the same names."""

    UNREADABLE = "the file is no receipt, or something in it is missing, superfluous or malformed"
    KEY = "the key in the receipt is not the one that its statement names"
    FOREIGN_KEY = "the receipt was signed with another key than the one given"
    SIGNATURE = "the signature does not fit: something in the statement was changed"
    INCLUSION = "the receipt is not at its place in the log"
    CONTENT = "the content is not what was submitted"
    TREE_HEAD_SIGNATURE = "a tree head has no valid signature"
    TREE_HEAD_INCLUSION = "the receipt is not under the tree head that it names"
    TREE_HEADS_UNREADABLE = "the file of tree heads can't be read"
    TREE_HEAD_UNPUBLISHED = "the tree head in the receipt is not among those published"
    LOG_REWRITTEN = "the published tree heads contradict each other: the log was rewritten"
    PUBLIC_KEY_UNREADABLE = "the file of the public key can't be read"


class Left(enum.Enum):
    """What could not be checked with what was given; nothing is wrong with it."""

    PUBLIC_KEY = "whose key it is: compare its name with the one that the house publishes"
    CONTENT = "the content: hand in the file that was submitted"
    TREE_HEAD = "the published log: no tree head covers this receipt yet, get it anew tomorrow"
    PUBLISHED = "the published log: hand in tree heads from the receipt's tree head on"


class Verification(Value):
    """What was found; `receipt` is None if it could not be read."""

    receipt: ReceiptFile | None
    problems: Sequence[Problem]
    left: Sequence[Left]


def verify_receipt(
    receipt_file: bytes,
    *,
    public_key_file: bytes | None = None,
    tree_heads_file: bytes | None = None,
    content_sha256: str | None = None,
) -> Verification:
    """Verify a receipt and everything else that is given (M1); files are handed in as bytes.

    Without a public key the one in the receipt is believed, which `left` says.
    """
    receipt = _read(ReceiptFile, receipt_file)
    if receipt is None:
        return Verification(None, [Problem.UNREADABLE], [])
    published = None if tree_heads_file is None else _read(TreeHeadsFile, tree_heads_file)
    problems = [
        *_problems_of_key(receipt, public_key_file),
        *_problems_of_statement(receipt),
        *_problems_of_content(receipt, content_sha256),
        *_problems_of_head(receipt),
        *([] if published is None else _problems_of_published(receipt, published)),
    ]
    if tree_heads_file is not None and published is None:
        problems.append(Problem.TREE_HEADS_UNREADABLE)
    left = [
        *([Left.PUBLIC_KEY] if public_key_file is None else []),
        *([Left.CONTENT] if receipt.content is None and content_sha256 is None else []),
        *([Left.TREE_HEAD] if receipt.treeHead is None else []),
        *([Left.PUBLISHED] if not _reaches_back(published, receipt) else []),
    ]
    return Verification(receipt, list(dict.fromkeys(problems)), left)


def _read(kind: type[F], file: bytes) -> F | None:
    try:
        return msgspec.json.decode(file, type=kind)
    except msgspec.DecodeError:
        return None


def _problems_of_key(receipt: ReceiptFile, public_key_file: bytes | None) -> list[Problem]:
    problems = []
    if key_id_of(bytes.fromhex(receipt.publicKey)) != receipt.statement.keyId:
        problems.append(Problem.KEY)
    if public_key_file is not None:
        given = _read(PublicKeyFile, public_key_file)
        if given is None:
            problems.append(Problem.PUBLIC_KEY_UNREADABLE)
        elif given.publicKey != receipt.publicKey:
            problems.append(Problem.FOREIGN_KEY)
    return problems


def _problems_of_statement(receipt: ReceiptFile) -> list[Problem]:
    statement = receipt.statement
    problems = []
    signature, key = bytes.fromhex(receipt.signature), bytes.fromhex(receipt.publicKey)
    if not is_signed(key, statement.signed_text, signature):
        problems.append(Problem.SIGNATURE)
    if not verify_inclusion(
        statement.leaf_hash,
        position=statement.position,
        size=statement.position + 1,
        path=_hashes(receipt.inclusionProof),
        root=bytes.fromhex(statement.rootHash),
    ):
        problems.append(Problem.INCLUSION)
    return problems


def _problems_of_content(receipt: ReceiptFile, content_sha256: str | None) -> list[Problem]:
    hashes = [content_sha256]
    if receipt.content is not None:
        hashes.append(hashlib.sha256(receipt.content.encode()).hexdigest())
    is_other = any(found not in (None, receipt.statement.sha256) for found in hashes)
    return [Problem.CONTENT] if is_other else []


def _problems_of_head(receipt: ReceiptFile) -> list[Problem]:
    head = receipt.treeHead
    if head is None:
        return []
    problems = []
    if not _is_signed_head(head.statement, head.signature, receipt.publicKey):
        problems.append(Problem.TREE_HEAD_SIGNATURE)
    if not verify_inclusion(
        receipt.statement.leaf_hash,
        position=receipt.statement.position,
        size=head.statement.treeSize,
        path=_hashes(head.inclusionProof),
        root=bytes.fromhex(head.statement.rootHash),
    ):
        problems.append(Problem.TREE_HEAD_INCLUSION)
    return problems


def _problems_of_published(receipt: ReceiptFile, published: TreeHeadsFile) -> list[Problem]:
    problems = []
    heads = published.heads
    if not all(_is_signed_head(h.statement, h.signature, receipt.publicKey) for h in heads):
        problems.append(Problem.TREE_HEAD_SIGNATURE)
    if not all(_grew(old, new) for old, new in pairwise(heads)):
        problems.append(Problem.LOG_REWRITTEN)
    head = receipt.treeHead
    if head is not None and head.statement not in [known.statement for known in heads]:
        problems += [Problem.TREE_HEAD_UNPUBLISHED] if _reaches_back(published, receipt) else []
    return problems


def _reaches_back(published: TreeHeadsFile | None, receipt: ReceiptFile) -> bool:
    """Tell whether the receipt's head would be among those published, if it has one."""
    if receipt.treeHead is None:
        return True
    if published is None:
        return False
    day = receipt.treeHead.statement.day
    return not published.heads or published.heads[0].statement.day <= day


def _is_signed_head(statement: TreeHeadStatement, signature: str, public_key: str) -> bool:
    key = bytes.fromhex(public_key)
    return statement.keyId == key_id_of(key) and is_signed(
        key, statement.signed_text, bytes.fromhex(signature)
    )


def _grew(old: PublishedHead, new: PublishedHead) -> bool:
    return verify_consistency(
        old=old.statement.treeSize,
        new=new.statement.treeSize,
        old_root=bytes.fromhex(old.statement.rootHash),
        new_root=bytes.fromhex(new.statement.rootHash),
        proof=_hashes(new.consistencyProof),
    )


def _hashes(proof: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(part) for part in proof]
