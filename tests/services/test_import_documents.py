"""Documents of a manifest in: encrypted, announced, never twice, never to the wrong person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from backend.models.customers import Customer
from backend.models.documents import Document, DocumentKind
from backend.models.outbox import OutboxMessage
from backend.services.documents import open_content
from backend.services.imports import import_file
from tests import factories
from tests.services import feed_files as feeds

if TYPE_CHECKING:
    from pathlib import Path

    from backend.services.imports import FileReport
    from tests.portal import Portal


@pytest.fixture
async def anna(portal: Portal, tmp_path: Path) -> Customer:
    """A customer of "sach" with a contract HR1."""
    await import_file(portal.house, feeds.gdv_file(tmp_path / "a.gdv", feeds.contract()))
    async with portal.transaction() as session:
        return (await session.scalars(select(Customer))).one()


async def _all(portal: Portal, kind: type[Any]) -> list[Any]:
    async with portal.transaction() as session:
        return list(await session.scalars(select(kind).order_by(kind.id)))


async def _import(
    portal: Portal, folder: Path, *letters: dict[str, Any], key: str | None = None
) -> FileReport:
    path = feeds.manifest_file(folder, *letters)
    return await import_file(portal.house, path, institution_key=key)


@pytest.mark.usefixtures("anna")
async def test_F83_a_letter_reaches_the_postbox_as_it_was_sent(
    portal: Portal, tmp_path: Path
) -> None:
    report = await _import(portal, tmp_path / "d", feeds.letter(contract_number="HR1"))
    assert (report.accepted, report.findings) == (1, [])
    [document] = await _all(portal, Document)
    assert (document.kind, document.file_name) == (DocumentKind.INVOICE, "D-1.pdf")
    assert document.contract_id is not None
    content = [chunk async for chunk in await open_content(portal.house, document)]
    assert b"".join(content) == feeds.PDF


async def test_F24_a_customer_with_a_user_account_gets_a_notice_once(
    portal: Portal, tmp_path: Path, anna: Customer
) -> None:
    async with portal.transaction() as session:
        await factories.user_account(session, anna)
    letters = (feeds.letter("D-1"), feeds.letter("D-2"))
    await _import(portal, tmp_path / "d", *letters)
    report = await _import(portal, tmp_path / "d", *letters)
    assert (report.accepted, report.duplicates) == (0, 2)
    assert len(await _all(portal, OutboxMessage)) == 2


@pytest.mark.usefixtures("anna")
async def test_what_is_not_as_announced_is_a_finding_and_the_rest_goes_on(
    portal: Portal, tmp_path: Path
) -> None:
    report = await _import(
        portal,
        tmp_path / "d",
        feeds.letter("WRONG-SHA", sha256="0" * 64),
        feeds.letter("NOBODY", customer_number="999999"),
        feeds.letter("GOOD"),
        feeds.letter("FOREIGN", contract_number="OTHER"),
    )
    assert (report.accepted, report.rejected) == (2, 2)
    findings = {one.record: one.field for one in report.findings}
    assert findings == {
        "document WRONG-SHA": "sha256",
        "document NOBODY": "customer_number",
        "document FOREIGN": "contract_number",
    }


@pytest.mark.usefixtures("anna")
async def test_a_missing_file_and_what_is_no_pdf_are_findings(
    portal: Portal, tmp_path: Path
) -> None:
    text = b"no PDF at all"
    path = feeds.manifest_file(
        tmp_path / "d", feeds.letter("TEXT", text), feeds.letter("GONE", text), content=text
    )
    (tmp_path / "d" / "GONE.pdf").unlink()
    report = await import_file(portal.house, path)
    assert [one.reason for one in report.findings] == ["is no PDF", "is missing"]
    assert await _all(portal, Document) == []


@pytest.mark.usefixtures("anna")
async def test_a_link_out_of_the_folder_is_not_followed(portal: Portal, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(feeds.PDF)
    path = feeds.manifest_file(tmp_path / "d", feeds.letter())
    (tmp_path / "d" / "D-1.pdf").unlink()
    (tmp_path / "d" / "D-1.pdf").symlink_to(secret)
    report = await import_file(portal.house, path)
    assert [one.reason for one in report.findings] == ["leads out of the manifest's folder"]


@pytest.mark.usefixtures("anna")
async def test_a_number_of_another_institution_is_nobody(portal: Portal, tmp_path: Path) -> None:
    report = await _import(portal, tmp_path / "d", feeds.letter(), key="leben")
    assert (report.accepted, report.rejected) == (0, 1)
    unknown_sender = feeds.letter(sender="Somebody")
    assert (await _import(portal, tmp_path / "e", unknown_sender)).rejected == 1
    with_contract = feeds.letter(sender="Somebody", contract_number="HR1")
    assert (await _import(portal, tmp_path / "f", with_contract)).accepted == 1
