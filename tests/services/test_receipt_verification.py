"""Verifying receipts offline (M1): what is genuine passes, and whatever was changed is found."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from backend.services.receipt_verification import Left, Problem, Verification, verify_receipt
from tests import receipt_vectors
from tests.receipt_vectors import apply

VECTORS = receipt_vectors.read()
RECEIPTS: list[dict[str, Any]] = VECTORS["receipts"]
UNDER_NO_HEAD = 13
OF_A_FILE = 3


def _bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _verify(receipt: object, **given: Any) -> Verification:
    return verify_receipt(_bytes(receipt), **given)


def _verify_with_all(receipt: object) -> Verification:
    return _verify(
        receipt,
        public_key_file=_bytes(VECTORS["publicKey"]),
        tree_heads_file=_bytes(VECTORS["treeHeads"]),
    )


def test_the_vectors_are_what_the_issuing_code_makes() -> None:
    assert receipt_vectors.build() == VECTORS


@pytest.mark.parametrize("receipt", RECEIPTS)
def test_M1_a_genuine_receipt_is_verified_from_its_file_alone(receipt: dict[str, Any]) -> None:
    found = _verify(receipt)
    assert found.problems == []
    assert Left.PUBLIC_KEY in found.left
    assert (Left.CONTENT in found.left) == (receipt["content"] is None)
    assert (Left.TREE_HEAD in found.left) == (receipt["treeHead"] is None)


@pytest.mark.parametrize("receipt", RECEIPTS)
def test_M1_a_genuine_receipt_agrees_with_what_the_house_publishes(
    receipt: dict[str, Any],
) -> None:
    found = _verify_with_all(receipt)
    assert found.problems == []
    assert Left.PUBLIC_KEY not in found.left
    assert Left.PUBLISHED not in found.left


def test_M1_a_thousand_random_edits_are_all_found() -> None:
    edits = VECTORS["edits"]
    assert len(edits) == 1000
    missed = [edit for edit in edits if not _verify(apply(RECEIPTS[edit[0]], edit)).problems]
    assert missed == []


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (["content"], "something else", Problem.CONTENT),
        (["statement", "issuedAt"], "2026-11-20T11:00:00.123456Z", Problem.SIGNATURE),
        (["statement", "issuedAt"], "2026-11-20T11:00:00.123456Z", Problem.INCLUSION),
        (["statement", "position"], 5, Problem.INCLUSION),
        (["statement", "issuer"], "Somebody else", Problem.SIGNATURE),
        (["signature"], "0" * 128, Problem.SIGNATURE),
        (["publicKey"], "0" * 64, Problem.KEY),
        (["inclusionProof", 0], "0" * 64, Problem.INCLUSION),
        (["treeHead", "signature"], "0" * 128, Problem.TREE_HEAD_SIGNATURE),
        (["treeHead", "statement", "treeSize"], 9, Problem.TREE_HEAD_SIGNATURE),
        (["treeHead", "inclusionProof", 0], "0" * 64, Problem.TREE_HEAD_INCLUSION),
        (["format"], "kundenportal-receipt/2", Problem.UNREADABLE),
        (["statement", "sha256"], "A" * 64, Problem.UNREADABLE),
        (["statement", "position"], "4", Problem.UNREADABLE),
        (["statement", "issuer"], "two\nlines", Problem.UNREADABLE),
        (["extra"], 1, Problem.UNREADABLE),
    ],
)
def test_M1_what_was_changed_is_named(path: list[Any], value: object, problem: Problem) -> None:
    assert problem in _verify(apply(RECEIPTS[4], [4, path, value])).problems


def test_M1_a_file_is_compared_with_what_was_submitted() -> None:
    receipt = RECEIPTS[OF_A_FILE]
    right = hashlib.sha256(f"file {OF_A_FILE}".encode()).hexdigest()
    found = _verify(receipt, content_sha256=right)
    assert (found.problems, Left.CONTENT in found.left) == ([], False)
    assert _verify(receipt, content_sha256="0" * 64).problems == [Problem.CONTENT]


def test_M1_a_receipt_of_another_house_is_told_from_ours() -> None:
    key = VECTORS["publicKey"] | {"publicKey": "ab" * 32}
    found = _verify(RECEIPTS[0], public_key_file=_bytes(key))
    assert found.problems == [Problem.FOREIGN_KEY]


def _heads() -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(VECTORS["treeHeads"]))
    return copy


def test_M1_a_log_that_was_rewritten_between_two_heads_is_found() -> None:
    heads = _heads()
    heads["heads"][2]["consistencyProof"][0] = "0" * 64
    found = _verify(RECEIPTS[0], tree_heads_file=_bytes(heads))
    assert found.problems == [Problem.LOG_REWRITTEN]


def test_M1_a_head_that_was_never_published_is_found() -> None:
    heads = _heads()
    heads["heads"] = [heads["heads"][0]]
    found = _verify(RECEIPTS[5], tree_heads_file=_bytes(heads))
    assert found.problems == [Problem.TREE_HEAD_UNPUBLISHED]
    heads["heads"] = []
    found = _verify(RECEIPTS[5], tree_heads_file=_bytes(heads))
    assert found.problems == [Problem.TREE_HEAD_UNPUBLISHED]


def test_M1_heads_that_begin_later_than_the_receipts_leave_it_open() -> None:
    heads = _heads()
    heads["heads"] = heads["heads"][1:]
    found = _verify(RECEIPTS[0], tree_heads_file=_bytes(heads))
    assert found.problems == []
    assert Left.PUBLISHED in found.left


def test_M1_a_published_head_with_a_forged_signature_is_found() -> None:
    heads = _heads()
    heads["heads"][3]["signature"] = "0" * 128
    found = _verify(RECEIPTS[0], tree_heads_file=_bytes(heads))
    assert found.problems == [Problem.TREE_HEAD_SIGNATURE]


@pytest.mark.parametrize(
    "file", [b"", b"{}", b"[]", b"\xff", b"%PDF-1.7", b'{"format":' * 10_000, b'"\\ud800"']
)
def test_M1_what_is_no_receipt_is_said_to_be_none(file: bytes) -> None:
    assert verify_receipt(file).problems == [Problem.UNREADABLE]
    given = _bytes(RECEIPTS[UNDER_NO_HEAD])
    assert verify_receipt(given, public_key_file=file).problems == [Problem.PUBLIC_KEY_UNREADABLE]
    assert verify_receipt(given, tree_heads_file=file).problems == [Problem.TREE_HEADS_UNREADABLE]
