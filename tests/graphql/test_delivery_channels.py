"""Choosing how letters come, and what that does to the next ones, on both databases."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from backend.models.consents import DeliveryDecision
from backend.models.customers import CustomerNumber
from backend.models.documents import Document
from backend.models.print_orders import PrintOrder
from backend.services import job_folders, print_jobs, print_orders
from backend.services.imports import import_file
from backend.services.outbox_delivery import print_documents
from tests import factories
from tests.consenting import history
from tests.exporting import take_along
from tests.services import feed_files as feeds
from tests.signing_in import mail_payloads

if TYPE_CHECKING:
    from pathlib import Path

    from tests.portal import Portal

PREFERENCES = """query ($locale: Locale!) { viewer { deliveryPreferences {
  institution { id key } channel since isOptIn text(locale: $locale) { title text sha256 } } } }"""
CHOOSE = """mutation ($input: ChooseDeliveryChannelInput!) {
  chooseDeliveryChannel(input: $input) { __typename
    ... on DeliveryPreference { institution { key } channel since }
    ... on Refusal { message } ... on InvalidInput { fields { path message } } } }"""
POSTBOX = """{ viewer { postbox { unreadCount documents { ... on DocumentConnection {
  nodes { id subject downloadUrl } } } } } }"""
COUNTS = "{ viewer { dataExport { documentCount } deletionPreview { documentCount } } }"
OPEN = "mutation ($id: ID!) { openDocument(input: {document: $id}) { __typename } }"


async def _anna(portal: Portal, *keys: str) -> str:
    async with portal.transaction() as session:
        anna = await factories.customer(session)
        user = await factories.user_account(session, anna)
        for key in keys:
            institution = await factories.institution(session, key)
            session.add(
                CustomerNumber(
                    institution_id=institution.id, number=f"{key}-1", customer_id=anna.id
                )
            )
    return await portal.sign_in(user)


async def _preferences(portal: Portal, token: str) -> dict[str, dict[str, Any]]:
    data = await portal.execute(PREFERENCES, {"locale": "DE"}, token=token)
    return {row["institution"]["key"]: row for row in data["viewer"]["deliveryPreferences"]}


async def _choose(
    portal: Portal, token: str, key: str, channel: str, **values: Any
) -> dict[str, Any]:
    shown = (await _preferences(portal, token))[key]
    given = {"institution": shown["institution"]["id"], "channel": channel} | values
    data = await portal.execute(CHOOSE, {"input": given}, token=token)
    result: dict[str, Any] = data["chooseDeliveryChannel"]
    return result


async def _opt_in(portal: Portal, token: str) -> None:
    text = (await _preferences(portal, token))["bkk"]["text"]["sha256"]
    chosen = await _choose(portal, token, "bkk", "POSTBOX", text=text)
    assert (chosen["__typename"], chosen["channel"]) == ("DeliveryPreference", "POSTBOX")


async def _deliver(portal: Portal, folder: Path, key: str, name: str, **values: Any) -> Any:
    """Import a letter and return the report."""
    entry = feeds.letter(name, subject=name, customer_number=f"{key}-1", **values)
    path = feeds.manifest_file(folder / name, entry)
    return await import_file(portal.house, path, institution_key=key)


async def _subjects(portal: Portal, token: str) -> list[str]:
    data = await portal.execute(POSTBOX, token=token)
    return [node["subject"] for node in data["viewer"]["postbox"]["documents"]["nodes"]]


def _printed(portal: Portal) -> list[dict[str, Any]]:
    """Return every letter that the printers got, from the manifests."""
    folder = print_jobs.folder_of(portal.house)
    letters = []
    for path in sorted(folder.glob("[!.]*/manifest.json")):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        assert manifest["kind"] == "document"
        for letter in manifest["letters"]:
            content = (path.parent / letter["file"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == letter["sha256"]
            letters.append(letter)
    return letters


async def test_F28_F30_paper_adds_a_printed_letter_and_takes_nothing_away(
    portal: Portal, tmp_path: Path
) -> None:
    token = await _anna(portal, "sach")
    await _deliver(portal, tmp_path, "sach", "before")
    chosen = await _choose(portal, token, "sach", "PAPER")
    assert (chosen["channel"], chosen["since"]) == ("PAPER", portal.clock.now().isoformat())
    await _deliver(portal, tmp_path, "sach", "paper")
    await _choose(portal, token, "sach", "POSTBOX")
    await _deliver(portal, tmp_path, "sach", "after")
    await print_documents(portal.house)
    assert await _subjects(portal, token) == ["after", "paper", "before"]
    assert len(await mail_payloads(portal)) == 3
    [letter] = _printed(portal)
    assert letter["sha256"] == feeds.letter()["sha256"]
    assert (letter["customer_number"], letter["name"]) == ("sach-1", "Anna Beispiel")
    decided = [(one["__typename"], one["channel"]) for one in await history(portal, token)]
    assert decided == [("DeliveryDecision", "POSTBOX"), ("DeliveryDecision", "PAPER")]


async def test_F54_a_letter_is_printed_once_whatever_is_repeated(
    portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await _anna(portal, "sach")
    await _choose(portal, token, "sach", "PAPER")
    for name in ("one", "two"):
        await _deliver(portal, tmp_path, "sach", name)
    await _deliver(portal, tmp_path, "sach", "two")

    def dies(*_: object) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(job_folders, "hand_over", dies)
        with pytest.raises(OSError, match="power cut"):
            await print_orders.print_waiting_documents(portal.house)
    assert _printed(portal) == []
    for _ in range(2):
        await print_orders.print_waiting_documents(portal.house)
        assert len(_printed(portal)) == 2
    async with portal.transaction() as session:
        jobs = (await session.scalars(select(PrintOrder.print_job))).all()
    assert len(jobs) == 2
    assert None not in jobs


async def test_a_letter_that_cannot_be_read_holds_up_no_other(
    portal: Portal, tmp_path: Path
) -> None:
    token = await _anna(portal, "sach")
    await _choose(portal, token, "sach", "PAPER")
    for name in ("lost", "good"):
        await _deliver(portal, tmp_path, "sach", name)
    async with portal.transaction() as session:
        lost = (await session.scalars(select(Document).where(Document.subject == "lost"))).one()
    await portal.house.objects.delete(lost.object_key)
    await print_orders.print_waiting_documents(portal.house)
    assert len(_printed(portal)) == 1
    async with portal.transaction() as session:
        orders = (await session.scalars(select(PrintOrder).order_by(PrintOrder.id))).all()
    assert [order.failed_at is None for order in orders] == [False, True]


async def test_F107_a_funds_letters_come_on_paper_alone_until_the_customer_agrees(
    portal: Portal, tmp_path: Path
) -> None:
    token = await _anna(portal, "bkk")
    await _deliver(portal, tmp_path, "bkk", "Bescheid", official_decision=True)
    await print_documents(portal.house)
    data = await portal.execute(POSTBOX, token=token)
    assert data["viewer"]["postbox"] == {"unreadCount": 0, "documents": {"nodes": []}}
    assert await mail_payloads(portal) == []
    assert len(_printed(portal)) == 1

    await _opt_in(portal, token)
    await _deliver(portal, tmp_path, "bkk", "digital")
    await _choose(portal, token, "bkk", "PAPER")
    await _deliver(portal, tmp_path, "bkk", "later")
    await print_documents(portal.house)
    assert await _subjects(portal, token) == ["digital"]
    assert len(await mail_payloads(portal)) == 1
    assert len(_printed(portal)) == 2
    counted = await portal.execute(COUNTS, token=token)
    assert counted["viewer"] == {
        "dataExport": {"documentCount": 1},
        "deletionPreview": {"documentCount": 1},
    }
    export = await take_along(portal, token)
    assert [one["subject"] for one in export.data["documents"]] == ["digital"]
    on_paper = [one["subject"] for one in export.data["lettersOnPaperOnly"]]
    assert on_paper == ["Bescheid", "later"]


async def test_F107_what_went_out_on_paper_alone_is_not_there_by_its_id_either(
    portal: Portal, tmp_path: Path
) -> None:
    token = await _anna(portal, "bkk")
    await _opt_in(portal, token)
    await _deliver(portal, tmp_path, "bkk", "digital")
    data = await portal.execute(POSTBOX, token=token)
    [node] = data["viewer"]["postbox"]["documents"]["nodes"]
    headers = {"Authorization": f"Bearer {token}"}
    assert (await portal.client.get(node["downloadUrl"], headers=headers)).status_code == 200
    async with portal.transaction() as session:
        document = (await session.scalars(select(Document))).one()
        document.is_paper_only = True
        document.first_opened_at = None
    assert (await portal.client.get(node["downloadUrl"], headers=headers)).status_code == 404
    opened = await portal.execute(OPEN, {"id": node["id"]}, token=token)
    assert opened == {"openDocument": {"__typename": "NotFound"}}
    async with portal.transaction() as session:
        assert await session.scalar(select(Document.first_opened_at)) is None


async def test_F107_agreeing_needs_the_words_that_were_shown(portal: Portal) -> None:
    token = await _anna(portal, "bkk", "sach")
    shown = await _preferences(portal, token)
    assert (shown["bkk"]["isOptIn"], shown["sach"]["isOptIn"]) == (True, False)
    assert shown["sach"]["text"] is None
    assert shown["bkk"]["text"]["title"] == "App-Kommunikation mit Musterland BKK"
    for values in ({}, {"text": "0" * 64}, {"text": None}):
        refused = await _choose(portal, token, "bkk", "POSTBOX", **values)
        assert refused["__typename"] == "InvalidInput"
        assert [field["path"] for field in refused["fields"]] == [["text"]]
    async with portal.transaction() as session:
        assert (await session.scalars(select(DeliveryDecision))).all() == []
    await _opt_in(portal, token)
    await _opt_in(portal, token)
    [decided] = await history(portal, token)
    assert decided["agreedText"]["sha256"] == shown["bkk"]["text"]["sha256"]


async def test_F28_an_institution_that_does_not_know_the_viewer_is_none_of_theirs(
    portal: Portal,
) -> None:
    token = await _anna(portal, "sach")
    other = await _anna(portal, "leben")
    foreign = (await _preferences(portal, other))["leben"]["institution"]["id"]
    given = {"input": {"institution": foreign, "channel": "PAPER"}}
    data = await portal.execute(CHOOSE, given, token=token)
    assert data["chooseDeliveryChannel"]["__typename"] == "NotFound"
    data = await portal.execute(CHOOSE, given)
    assert data["chooseDeliveryChannel"]["__typename"] == "NotSignedIn"
    async with portal.transaction() as session:
        assert (await session.scalars(select(DeliveryDecision))).all() == []


async def test_F107_without_a_user_account_the_fund_is_told_to_send_paper(
    portal: Portal, tmp_path: Path
) -> None:
    async with portal.transaction() as session:
        bert = await factories.customer(session, "Bert")
        for key in ("bkk", "sach"):
            institution = await factories.institution(session, key)
            session.add(
                CustomerNumber(
                    institution_id=institution.id, number=f"{key}-1", customer_id=bert.id
                )
            )
    report = await _deliver(portal, tmp_path, "bkk", "letter")
    assert report.accepted == 1
    assert [one.reason for one in report.findings] == [
        "neither agreed to digital letters nor has a user account: send paper"
    ]
    assert (await _deliver(portal, tmp_path, "sach", "other")).findings == []
    await print_documents(portal.house)
    assert _printed(portal) == []
