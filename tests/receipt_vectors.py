"""Test vectors of receipts: made by the issuing code, read by both verifiers, Python's and ours in
the browser. `python -m tests.receipt_vectors` writes them anew.
"""

from __future__ import annotations

import hashlib
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from backend.merkle import (
    complete_subtrees,
    consistency_parts,
    hash_node,
    inclusion_parts,
    join_subtrees,
)
from backend.services.receipt_format import (
    IncludingHead,
    PublicKeyFile,
    PublishedHead,
    ReceiptFile,
    ReceiptStatement,
    TreeHeadsFile,
    TreeHeadStatement,
    written_instant,
)
from backend.services.receipt_verification import verify_receipt
from backend.signatures import SigningKey, key_id_of

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = Path(__file__).with_name("receipt_vectors.json")
EDITS = 1_000
ISSUER = "Musterland Gruppe – für Prüfzwecke"
_KEY = SigningKey(hashlib.sha256(b"a key for tests only").digest())
_SIZES = (3, 7, 8, 13)
_BEGINS = datetime(2026, 11, 21, 11, 0, 0, 123456, tzinfo=UTC)


def build() -> dict[str, Any]:
    """Return receipts of a small log, what is published of it, and a thousand edits."""
    receipts = _receipts()
    return {
        "receipts": [msgspec.to_builtins(receipt) for receipt in receipts],
        "publicKey": msgspec.to_builtins(public_key_file()),
        "treeHeads": msgspec.to_builtins(_tree_heads(receipts)),
        "edits": _edits([msgspec.to_builtins(receipt) for receipt in receipts]),
    }


def read() -> dict[str, Any]:
    """Return the vectors as they are checked in."""
    vectors: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return vectors


def public_key_file() -> PublicKeyFile:
    """Return the file that the house publishes."""
    return PublicKeyFile(
        format="kundenportal-receipt-key/1",
        algorithm="Ed25519",
        issuer=ISSUER,
        keyId=key_id_of(_KEY.public_key),
        publicKey=_KEY.public_key.hex(),
    )


def apply(receipt: dict[str, Any], edit: list[Any]) -> dict[str, Any]:
    """Return a copy of a receipt with one edit."""
    copy: dict[str, Any] = json.loads(json.dumps(receipt))
    *way, last = edit[1]
    place: Any = copy
    for step in way:
        place = place[step]
    place[last] = edit[2]
    return copy


def _receipts() -> list[ReceiptFile]:
    leaves: list[bytes] = []
    unproved = []
    for position in range(_SIZES[-1] + 1):
        content = None if position % 4 == 3 else f'{{"Betrag":"{position},00 €","subject":"Test"}}'
        sha256 = hashlib.sha256((content or f"file {position}").encode()).hexdigest()
        values: dict[str, Any] = {
            "issuer": ISSUER,
            "kind": "APPROVED_OPERATION" if position % 2 else "CUSTOMER_NUMBER_LINK",
            "sha256": sha256,
            "issuedAt": written_instant(_BEGINS + timedelta(hours=5 * position)),
            "salt": hashlib.sha256(f"salt {position}".encode()).hexdigest(),
            "position": position,
            "keyId": key_id_of(_KEY.public_key),
        }
        leaves.append(ReceiptStatement(**values, rootHash="0" * 64).leaf_hash)
        root = _root(leaves, range(position + 1))
        unproved.append((ReceiptStatement(**values, rootHash=root.hex()), content))
    return [_proved(leaves, *parts) for parts in unproved]


def _proved(leaves: Sequence[bytes], statement: ReceiptStatement, content: str | None) -> Any:
    position = statement.position
    size = next((size for size in _SIZES if size > position), None)
    head = None
    if size is not None:
        of_log = _head_statement(leaves, size)
        head = IncludingHead(
            statement=of_log,
            signature=_KEY.sign(of_log.signed_text).hex(),
            inclusionProof=_hashes(leaves, inclusion_parts(position, size)),
        )
    return ReceiptFile(
        format="kundenportal-receipt/1",
        statement=statement,
        signature=_KEY.sign(statement.signed_text).hex(),
        publicKey=_KEY.public_key.hex(),
        inclusionProof=_hashes(leaves, inclusion_parts(position, position + 1)),
        treeHead=head,
        content=content,
    )


def _tree_heads(receipts: Sequence[ReceiptFile]) -> TreeHeadsFile:
    leaves = [receipt.statement.leaf_hash for receipt in receipts]
    heads = []
    before = None
    for size in _SIZES:
        statement = _head_statement(leaves, size)
        parts: list[range] = consistency_parts(before, size) if before else []
        heads.append(
            PublishedHead(
                statement=statement,
                signature=_KEY.sign(statement.signed_text).hex(),
                consistencyProof=_hashes(leaves, parts),
            )
        )
        before = size
    return TreeHeadsFile(
        format="kundenportal-tree-heads/1", publicKey=_KEY.public_key.hex(), heads=heads
    )


def _head_statement(leaves: Sequence[bytes], size: int) -> TreeHeadStatement:
    signed_at = _BEGINS + timedelta(days=size)
    return TreeHeadStatement(
        issuer=ISSUER,
        day=signed_at.date().isoformat(),
        treeSize=size,
        rootHash=_root(leaves, range(size)).hex(),
        signedAt=written_instant(signed_at),
        keyId=key_id_of(_KEY.public_key),
    )


def _edits(receipts: list[dict[str, Any]]) -> list[list[Any]]:
    """Change one value anywhere: a character, a number, or a hash taken out, added or swapped.

    Each is `[receipt, path, new value, problems]`: both verifiers find the same.
    """
    chance = random.Random(20261125)  # noqa: S311  # which edits, not a secret
    edits: list[list[Any]] = []
    while len(edits) < EDITS:
        index = chance.randrange(len(receipts))
        path, value = chance.choice(_values(receipts[index], []))
        changed = _other(value, chance)
        if changed != value:
            file = json.dumps(apply(receipts[index], [index, path, changed])).encode()
            problems = sorted({problem.name for problem in verify_receipt(file).problems})
            edits.append([index, path, changed, problems])
    return edits


def _values(node: Any, path: list[Any]) -> list[tuple[list[Any], Any]]:
    match node:
        case dict():
            found = [pair for key in node for pair in _values(node[key], [*path, key])]
        case list():
            found = [pair for at, item in enumerate(node) for pair in _values(item, [*path, at])]
            found.append((path, node))
        case None:
            found = []
        case _:
            found = [(path, node)]
    return found


def _other(value: Any, chance: random.Random) -> Any:
    match value:
        case int():
            return max(0, value + chance.choice([-2, -1, 1, 2, 1000]))
        case list():
            longer = [*value, "ab" * 32]
            return chance.choice([value[:-1], longer, value[::-1]])
        case _:
            place = chance.randrange(len(value))
            other = chance.choice([c for c in "0123456789abcdef" if c != value[place]])
            return value[:place] + other + value[place + 1 :]


def _hashes(leaves: Sequence[bytes], parts: list[range]) -> list[str]:
    return [_root(leaves, part).hex() for part in parts]


def _root(leaves: Sequence[bytes], part: range) -> bytes:
    return join_subtrees(
        [_complete(leaves, cut.number << cut.level, cut.level) for cut in complete_subtrees(part)]
    )


def _complete(leaves: Sequence[bytes], begin: int, level: int) -> bytes:
    if level == 0:
        return leaves[begin]
    half = level - 1
    return hash_node(_complete(leaves, begin, half), _complete(leaves, begin + (1 << half), half))


if __name__ == "__main__":
    lines = json.dumps(build(), ensure_ascii=False, separators=(",", ":"))
    FILE.write_text(lines.replace("],[", "],\n[") + "\n", encoding="utf-8")
