"""The log of receipts on both databases: gapless, added to only, proved in few reads (M1)."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from sqlalchemy import delete, event, func, select, update
from sqlalchemy.exc import DBAPIError

from backend import database
from backend.merkle import (
    complete_subtrees,
    hash_leaf,
    hash_node,
    join_subtrees,
    verify_consistency,
    verify_inclusion,
)
from backend.models.receipts import Receipt, ReceiptEntry, ReceiptKind, ReceiptTreeHead
from backend.services import receipt_log
from backend.services.receipt_verification import verify_receipt
from backend.services.receipts import Submission, issue_receipt, write_receipt_file
from backend.services.tree_heads import publish_tree_head, write_tree_heads
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.portal import Portal

KIND = ReceiptKind.APPROVED_OPERATION


async def _customer(portal: Portal) -> int:
    async with portal.transaction() as session:
        return (await factories.customer(session)).id


async def _issue(portal: Portal, customer_id: int, number: int = 0) -> Receipt:
    async with portal.transaction() as session:
        return await issue_receipt(
            session,
            portal.house,
            kind=KIND,
            customer_id=customer_id,
            submission=Submission.of_values("Test", {"number": number}),
        )


async def _append(portal: Portal, count: int) -> list[bytes]:
    """Add leaves at once and return their hashes."""
    leaves = [hash_leaf(f"leaf {number}".encode()) for number in range(count)]
    async with portal.transaction() as session:
        for leaf in leaves:
            await receipt_log.append_leaf(session, leaf, issued_at=portal.clock.now())
    return leaves


def _root(leaves: Sequence[bytes]) -> bytes:
    cuts = [(cut.number << cut.level, cut.level) for cut in complete_subtrees(range(len(leaves)))]
    return join_subtrees([_complete(leaves, begin, level) for begin, level in cuts])


def _complete(leaves: Sequence[bytes], begin: int, level: int) -> bytes:
    if level == 0:
        return leaves[begin]
    half = 1 << (level - 1)
    left, right = (_complete(leaves, at, level - 1) for at in (begin, begin + half))
    return hash_node(left, right)


async def test_M1_the_log_is_the_tree_of_its_leaves_at_every_size(portal: Portal) -> None:
    leaves = await _append(portal, 37)
    async with database.reading(portal.house.sessions) as session:
        assert await receipt_log.count_leaves(session) == 37
        for size in range(1, 38):
            assert await receipt_log.find_root(session, size) == _root(leaves[:size])


async def test_M1_every_leaf_and_every_growth_is_proved(portal: Portal) -> None:
    leaves = await _append(portal, 21)
    async with database.reading(portal.house.sessions) as session:
        for position in range(21):
            path = await receipt_log.prove_inclusion(session, position=position, size=21)
            assert verify_inclusion(
                leaves[position], position=position, size=21, path=path, root=_root(leaves)
            )
        for old in range(1, 22):
            proof = await receipt_log.prove_consistency(session, old=old, new=21)
            assert verify_consistency(
                old=old, new=21, old_root=_root(leaves[:old]), new_root=_root(leaves), proof=proof
            )


async def test_M1_two_hundred_at_once_get_unique_positions_without_a_gap(portal: Portal) -> None:
    customer_id = await _customer(portal)
    issued = await asyncio.gather(*(_issue(portal, customer_id, n) for n in range(200)))
    assert sorted(receipt.position for receipt in issued) == list(range(200))
    async with database.reading(portal.house.sessions) as session:
        assert await receipt_log.count_leaves(session) == 200
        for receipt in random.Random(1).sample(issued, 20):  # noqa: S311  # which ones
            file = await write_receipt_file(session, receipt)
            assert verify_receipt(msgspec.json.encode(file)).problems == []


async def test_M1_what_is_rolled_back_or_killed_leaves_no_gap(portal: Portal) -> None:
    customer_id = await _customer(portal)
    await _issue(portal, customer_id)
    inside = asyncio.Event()

    async def fail(*, is_killed: bool) -> None:
        async with portal.transaction() as session:
            submission = Submission.of_values("Test", {})
            await issue_receipt(
                session, portal.house, kind=KIND, customer_id=customer_id, submission=submission
            )
            inside.set()
            if is_killed:
                await asyncio.sleep(3600)
            raise RuntimeError("what it is about went wrong")

    with pytest.raises(RuntimeError):
        await fail(is_killed=False)
    inside.clear()
    killed = asyncio.create_task(fail(is_killed=True))
    await inside.wait()
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    assert (await _issue(portal, customer_id)).position == 1
    async with portal.transaction() as session:
        assert await session.scalar(select(func.count(Receipt.id))) == 2
        assert await receipt_log.count_leaves(session) == 2


@pytest.mark.parametrize(
    "change",
    [
        update(ReceiptEntry).values(leaf_hash=bytes(32)),
        delete(ReceiptEntry),
        update(ReceiptTreeHead).values(tree_size=7),
        delete(ReceiptTreeHead),
    ],
)
async def test_M1_the_database_refuses_to_change_the_log(portal: Portal, change: Any) -> None:
    await _append(portal, 1)
    await publish_tree_head(portal.house)

    async def attempt() -> None:
        async with portal.transaction() as session:
            await session.execute(change)

    with pytest.raises(DBAPIError, match="the log of receipts is only added to"):
        await attempt()
    async with database.reading(portal.house.sessions) as session:
        assert (await session.scalars(select(ReceiptTreeHead.tree_size))).all() == [1]
        assert (await session.scalars(select(ReceiptEntry.leaf_hash))).all() == [
            hash_leaf(b"leaf 0")
        ]


async def test_M1_the_log_holds_nothing_of_the_customer_and_survives_them(portal: Portal) -> None:
    customer_id = await _customer(portal)
    first, second = [await _issue(portal, customer_id) for _ in range(2)]
    async with database.reading(portal.house.sessions) as session:
        file = msgspec.json.encode(await write_receipt_file(session, second))
        entries = (await session.scalars(select(ReceiptEntry))).all()
    # The same content at the same time gives another leaf: it can't be guessed.
    assert (first.sha256, first.issued_at) == (second.sha256, second.issued_at)
    assert entries[0].leaf_hash != entries[1].leaf_hash
    async with portal.transaction() as session:
        await session.execute(delete(Receipt).where(Receipt.customer_id == customer_id))
        root = await receipt_log.find_root(session, 2)
    assert root == second.root_hash
    assert verify_receipt(file).problems == []


async def test_M1_the_log_is_signed_once_a_day_on_which_it_has_grown(portal: Portal) -> None:
    customer_id = await _customer(portal)
    assert await publish_tree_head(portal.house) == 0
    receipts = [await _issue(portal, customer_id, number) for number in range(3)]
    assert [await publish_tree_head(portal.house) for _ in range(2)] == [1, 0]
    receipts.append(await _issue(portal, customer_id, 3))
    assert await publish_tree_head(portal.house) == 0
    for days in (1, 2):
        portal.clock.travel_to(portal.clock.now() + timedelta(days=days))
        assert await publish_tree_head(portal.house) == (1 if days == 1 else 0)
    async with database.reading(portal.house.sessions) as session:
        heads = await write_tree_heads(session, portal.house.signer)
        assert [head.statement.treeSize for head in heads.heads] == [3, 4]
        for receipt in receipts:
            file = await write_receipt_file(session, receipt)
            assert file.treeHead is not None
            found = verify_receipt(
                msgspec.json.encode(file),
                tree_heads_file=msgspec.json.encode(heads),
            )
            assert found.problems == []


async def test_M1_several_workers_publish_one_head(portal: Portal) -> None:
    await _append(portal, 5)
    await asyncio.gather(*(publish_tree_head(portal.house) for _ in range(5)))
    async with database.reading(portal.house.sessions) as session:
        assert await session.scalar(select(func.count()).select_from(ReceiptTreeHead)) == 1


async def test_M1_issuing_and_proving_read_few_rows_of_a_long_log(portal: Portal) -> None:
    await _append(portal, 600)
    customer_id = await _customer(portal)
    reads: list[int] = []
    engine = portal.house.sessions.kw["bind"].sync_engine

    def count(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if "receipt_entry" in statement and statement.startswith("SELECT"):
            reads.append(len(values))

    event.listen(engine, "before_cursor_execute", count)
    receipt = await _issue(portal, customer_id)
    async with database.reading(portal.house.sessions) as session:
        await receipt_log.prove_inclusion(session, position=receipt.position, size=601)
        await receipt_log.prove_inclusion(session, position=1, size=601)
        await receipt_log.prove_consistency(session, old=299, new=601)
    event.remove(engine, "before_cursor_execute", count)
    # One statement for the size, then one for each proof, with at most 2 log2(601) rows.
    assert len(reads) == 5
    assert max(reads) <= 20
