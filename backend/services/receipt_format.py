"""What receipts and tree heads state, and the text of it that is hashed and signed.

Both are lists of named values, written one per line under a first line that says what the text is
for: a signature or hash made for one purpose never fits another. Nothing here needs a database, so
that `kundenportal verify-receipt` works from one file alone. `frontend/src/verify` reads the same.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import asdict

from backend.merkle import hash_leaf

_SIGNED_RECEIPT = "kundenportal receipt v1"
_SIGNED_TREE_HEAD = "kundenportal tree head v1"
_LEAF = "kundenportal receipt leaf v1"
# What a leaf is made of; with the salt it tells nothing to whoever lacks the receipt.
_LEAF_VALUES = ("kind", "sha256", "issuedAt", "salt")
_MOST_HASHES = 128

Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Signature = Annotated[str, Meta(pattern=r"^[0-9a-f]{128}\Z")]
Instant = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z")]
Line = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]{1,200}\Z")]
# Larger ones are no exact numbers in a browser.
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Proof = Annotated[list[Hash], Meta(max_length=_MOST_HASHES)]


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a file: nothing is missing in it and nothing is unknown."""


class ReceiptStatement(Part, frozen=True, kw_only=True):
    """What the house says about something that was submitted.

    `rootHash` is the root of the log whose last leaf this is.
    """

    issuer: Line
    kind: Annotated[str, Meta(pattern=r"^[A-Z_]{1,60}\Z")]
    sha256: Hash
    issuedAt: Instant  # noqa: N815  # names of the file
    salt: Hash
    position: Count
    rootHash: Hash  # noqa: N815
    keyId: Hash  # noqa: N815

    @property
    def leaf_hash(self) -> bytes:
        """The hash of its leaf in the log."""
        values = asdict(self)
        return hash_leaf(_text(_LEAF, {name: values[name] for name in _LEAF_VALUES}))

    @property
    def signed_text(self) -> bytes:
        """What is signed."""
        return _text(_SIGNED_RECEIPT, asdict(self))


class TreeHeadStatement(Part, frozen=True, kw_only=True):
    """What the house says about the whole log, once a day."""

    issuer: Line
    day: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d\Z")]
    treeSize: Annotated[int, Meta(ge=1, le=2**53 - 1)]  # noqa: N815
    rootHash: Hash  # noqa: N815
    signedAt: Instant  # noqa: N815
    keyId: Hash  # noqa: N815

    @property
    def signed_text(self) -> bytes:
        """What is signed."""
        return _text(_SIGNED_TREE_HEAD, asdict(self))


class IncludingHead(Part, frozen=True, kw_only=True):
    """A published tree head, and the proof that the receipt's leaf is under it."""

    statement: TreeHeadStatement
    signature: Signature
    inclusionProof: Proof  # noqa: N815


class ReceiptFile(Part, frozen=True, kw_only=True):
    """The file that a customer keeps: everything that verifying needs.

    `content` is what was submitted if it is a short text, else None. `treeHead` is None until a
    head with this receipt was published.
    """

    format: Literal["kundenportal-receipt/1"]
    statement: ReceiptStatement
    signature: Signature
    publicKey: Hash  # noqa: N815
    inclusionProof: Proof  # noqa: N815
    treeHead: IncludingHead | None  # noqa: N815
    content: Annotated[str, Meta(max_length=100_000)] | None


class PublishedHead(Part, frozen=True, kw_only=True):
    """A tree head as it is published, with the proof that the log only grew since the one before.

    The first of all has no proof.
    """

    statement: TreeHeadStatement
    signature: Signature
    consistencyProof: Proof  # noqa: N815


class TreeHeadsFile(Part, frozen=True, kw_only=True):
    """Published tree heads, the oldest first."""

    format: Literal["kundenportal-tree-heads/1"]
    publicKey: Hash  # noqa: N815
    heads: list[PublishedHead]


class PublicKeyFile(Part, frozen=True, kw_only=True):
    """The key that verifies what the house signs."""

    format: Literal["kundenportal-receipt-key/1"]
    algorithm: Literal["Ed25519"]
    issuer: Line
    keyId: Hash  # noqa: N815
    publicKey: Hash  # noqa: N815


def written_instant(instant: datetime) -> str:
    """Return an instant as the files have it: UTC, to the microsecond."""
    utc = instant.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='microseconds')}Z"


def _text(purpose: str, values: dict[str, object]) -> bytes:
    lines = [purpose, *(f"{name}: {value}" for name, value in values.items())]
    return ("\n".join(lines) + "\n").encode()
