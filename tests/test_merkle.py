"""Merkle trees against the test vectors of RFC 6962's reference implementation, and by force."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest

from backend.merkle import (
    EMPTY_ROOT,
    complete_subtrees,
    consistency_parts,
    hash_leaf,
    hash_node,
    inclusion_parts,
    join_subtrees,
    verify_consistency,
    verify_inclusion,
)

# Leaves and roots of certificate-transparency's merkle_tree tests.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
SIZES = range(1, 34)


def _root(leaves: list[bytes]) -> bytes:
    """Return the root by its definition (RFC 9162, 2.1.1)."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hash_leaf(leaves[0])
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return hash_node(_root(leaves[:middle]), _root(leaves[middle:]))


def _leaves(count: int) -> list[bytes]:
    return [f"leaf {number}".encode() for number in range(count)]


def _proof(leaves: list[bytes], parts: list[range]) -> list[bytes]:
    return [_root(leaves[part.start : part.stop]) for part in parts]


def test_an_empty_tree_has_the_root_of_the_rfc() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(("size", "root"), list(enumerate(ROOTS, start=1)))
def test_roots_are_those_of_the_reference_implementation(size: int, root: str) -> None:
    assert _root(LEAVES[:size]).hex() == root
    parts = [
        _root(LEAVES[subtree.number << subtree.level :][: 1 << subtree.level])
        for subtree in complete_subtrees(range(size))
    ]
    assert join_subtrees(parts).hex() == root


@pytest.mark.parametrize(
    ("position", "size", "path"),
    [
        (0, 1, []),
        (
            0,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            3,
            ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
        ),
    ],
)
def test_inclusion_proofs_are_those_of_the_reference_implementation(
    position: int, size: int, path: list[str]
) -> None:
    proof = _proof(LEAVES, inclusion_parts(position, size))
    assert [part.hex() for part in proof] == path


@pytest.mark.parametrize(
    ("old", "new", "proof"),
    [
        (1, 1, []),
        (
            1,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            [
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ],
)
def test_consistency_proofs_are_those_of_the_reference_implementation(
    old: int, new: int, proof: list[str]
) -> None:
    found = _proof(LEAVES, consistency_parts(old, new))
    assert [part.hex() for part in found] == proof


def test_every_leaf_of_every_small_tree_is_proved_at_its_place_alone() -> None:
    for size in SIZES:
        leaves = _leaves(size)
        root = _root(leaves)
        for position in range(size):
            leaf = hash_leaf(leaves[position])
            path = _proof(leaves, inclusion_parts(position, size))
            places = [
                place
                for place in range(size + 1)
                if verify_inclusion(leaf, position=place, size=size, path=path, root=root)
            ]
            assert places == [position]
            for wrong in (path[:-1] if path else [root], [*path, root]):
                assert not verify_inclusion(
                    leaf, position=position, size=size, path=wrong, root=root
                )


def test_every_growth_of_a_small_tree_is_proved_and_no_other() -> None:
    roots = [_root(_leaves(size)) for size in range(34)]
    for new in SIZES:
        for old in range(1, new + 1):
            proof = _proof(_leaves(new), consistency_parts(old, new))
            facts = {"old": old, "new": new, "old_root": roots[old], "new_root": roots[new]}
            assert verify_consistency(**facts, proof=proof)  # type: ignore[arg-type]
            other = facts | {"old_root": roots[old - 1]}
            assert not verify_consistency(**other, proof=proof)  # type: ignore[arg-type]
            other = facts | {"new_root": EMPTY_ROOT}
            assert not verify_consistency(**other, proof=proof)  # type: ignore[arg-type]
            longer = [*proof, EMPTY_ROOT]
            assert not verify_consistency(**facts, proof=longer)  # type: ignore[arg-type]


def test_complete_subtrees_follow_each_other_and_get_smaller() -> None:
    for size in SIZES:
        subtrees = complete_subtrees(range(size))
        assert sum(1 << subtree.level for subtree in subtrees) == size
        assert subtrees[-1].last_leaf == size - 1
        for larger, smaller in pairwise(subtrees):
            assert larger.level > smaller.level
            assert smaller.number << smaller.level == larger.last_leaf + 1


@pytest.mark.parametrize(("position", "size"), [(-1, 1), (1, 1), (0, 0)])
def test_what_is_in_no_tree_has_no_proof(position: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_parts(position, size)
    assert not verify_inclusion(b"", position=position, size=size, path=[], root=b"")


@pytest.mark.parametrize(("old", "new"), [(0, 1), (2, 1), (-1, 3)])
def test_a_tree_that_shrinks_has_no_proof(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="does not grow"):
        consistency_parts(old, new)
    assert not verify_consistency(old=old, new=new, old_root=b"", new_root=b"", proof=[])
