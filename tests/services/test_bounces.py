"""The trustee's mailbox: bounces are read once and put aside, people's mails are left to people."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from msgspec import structs
from msgspec.structs import replace
from sqlalchemy import select

from backend.feeds.delivery_reports import LARGEST
from backend.models.notices import Notice, NoticeState
from backend.ports import KeyStoreUnavailableError
from backend.services.bounces import BATCH, take_waiting
from backend.services.outbox_delivery import deliver_mails
from backend.worker import JOBS, take_bounces
from tests.noticing import print_orders, reader
from tests.returned_mails import absence, postfix
from tests.signing_in import CaughtMail

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from backend.house import House
    from tests.portal import Portal


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    folder = tmp_path / "Maildir"
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    return folder


def _watching(portal: Portal, maildir: Path | None) -> House:
    settings = structs.replace(portal.house.settings, bounce_maildir=maildir)
    return replace(portal.house, settings=settings)


async def _announced(portal: Portal, folder: Path, *names: str) -> Sequence[Notice]:
    anna = await reader(portal, folder)
    for name in names:
        await anna.deliver(name)
    await deliver_mails(replace(portal.house, mail=CaughtMail()))
    return await _notices(portal)


async def _notices(portal: Portal) -> Sequence[Notice]:
    async with portal.transaction() as session:
        return (await session.scalars(select(Notice).order_by(Notice.id))).all()


def _files(maildir: Path) -> list[str]:
    return sorted(str(path.relative_to(maildir)) for path in maildir.rglob("*") if path.is_file())


async def test_M2_bounces_in_the_mailbox_are_read_once(
    portal: Portal, tmp_path: Path, maildir: Path
) -> None:
    first, second = await _announced(portal, tmp_path, "eins", "zwei")
    (maildir / "new" / "1.bounce").write_bytes(postfix(first.message_id))
    (maildir / "new" / "2.delayed").write_bytes(postfix(second.message_id, action="delayed"))
    (maildir / "new" / "3.unmatched").write_bytes(postfix("0" * 32))
    (maildir / "new" / "4.absence").write_bytes(absence(second.message_id))
    (maildir / "new" / "5.empty").touch()
    (maildir / "tmp" / "6.coming").write_bytes(postfix(second.message_id))
    house = _watching(portal, maildir)
    assert await take_bounces(house) == 5
    assert await take_bounces(house) == 0
    # What is settled is seen; what a person should look at is not.
    assert _files(maildir) == [
        "cur/1.bounce:2,S",
        "cur/2.delayed:2,S",
        "cur/3.unmatched:2,",
        "cur/4.absence:2,",
        "cur/5.empty:2,",
        "tmp/6.coming",
    ]
    states = [notice.state for notice in await _notices(portal)]
    assert states == [NoticeState.FAILED, NoticeState.ANNOUNCED]
    assert [order.document_id for order in await print_orders(portal)] == [first.document_id]


async def test_M2_hostile_files_hold_up_no_bounce(
    portal: Portal, tmp_path: Path, maildir: Path
) -> None:
    (notice,) = await _announced(portal, tmp_path, "eins")
    secret = tmp_path / "secret"
    secret.write_bytes(postfix(notice.message_id))
    (maildir / "new" / "a.link").symlink_to(secret)
    os.mkfifo(maildir / "new" / "b.pipe")
    (maildir / "new" / "c.folder").mkdir()
    with (maildir / "new" / "d.huge").open("wb") as stream:
        stream.write(b"x" * LARGEST)
        stream.truncate(1 << 33)  # 8 GiB, of which little is on the disk
    (maildir / "new" / "e.bounce:2,").write_bytes(postfix(notice.message_id))
    assert await take_waiting(_watching(portal, maildir)) == 2
    assert _files(maildir)[:2] == ["cur/d.huge:2,", "cur/e.bounce:2,S"]
    assert [one.state for one in await _notices(portal)] == [NoticeState.FAILED]


async def test_M2_a_full_mailbox_is_read_in_parts(
    portal: Portal, tmp_path: Path, maildir: Path
) -> None:
    await _announced(portal, tmp_path, "eins")
    for number in range(BATCH + 1):
        (maildir / "new" / f"{number:03}").write_bytes(b"Hallo")
    house = _watching(portal, maildir)
    assert [await take_waiting(house) for _ in range(3)] == [BATCH, 1, 0]


async def test_M2_a_bounce_waits_while_nothing_can_be_written(
    portal: Portal, tmp_path: Path, maildir: Path
) -> None:
    class Down:
        async def seal(self, *_: bytes) -> bytes:
            raise KeyStoreUnavailableError("down")

        unseal = seal

    (notice,) = await _announced(portal, tmp_path, "eins")
    (maildir / "new" / "1").write_bytes(postfix(notice.message_id))
    house = _watching(portal, maildir)
    with pytest.raises(KeyStoreUnavailableError):
        await take_waiting(replace(house, sealer=Down()))
    assert _files(maildir) == ["new/1"]
    assert [one.state for one in await _notices(portal)] == [NoticeState.ANNOUNCED]
    assert await take_waiting(house) == 1
    assert len(await print_orders(portal)) == 1


async def test_without_a_mailbox_or_with_an_empty_one_there_is_nothing_to_do(
    portal: Portal, tmp_path: Path
) -> None:
    for folder in (None, tmp_path / "absent", tmp_path):
        assert await take_bounces(_watching(portal, folder)) == 0
    assert "bounces" in {job.name for job in JOBS}
