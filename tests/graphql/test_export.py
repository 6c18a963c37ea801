"""Taking everything along as one ZIP, on both databases."""

from __future__ import annotations

import hashlib
import tracemalloc
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from msgspec.structs import replace

from backend.models.documents import Document, DocumentDirection, DocumentKind
from backend.models.user_accounts import Locale
from backend.ports import StoreUnavailableError
from backend.services.documents import NewDocument, store_document
from backend.services.exports import begin_export
from backend.services.sessions import authenticate
from tests import factories
from tests.exporting import fetch, opened, take_along
from tests.signing_in import mail_payloads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from backend.models.customers import Customer
    from backend.ports import ObjectStore
    from tests.portal import Portal

EXPORT = "{ viewer { dataExport { downloadUrl documentCount documentMegabytes availableAt } } }"
EVENTS = "{ viewer { securityEvents(first: 20) { nodes { kind } } } }"
PDF = b"%PDF-1.7 " + bytes(range(256)) * 300
MIB = 1 << 20


async def _anna(portal: Portal, **values: Any) -> tuple[str, Customer]:
    async with portal.transaction() as session:
        anna = await factories.customer(session)
        user = await factories.user_account(session, anna, **values)
    return await portal.sign_in(user), anna


async def _store(
    portal: Portal, owner: Customer, subject: str, content: bytes = PDF, **values: Any
) -> Document:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(content), MIB):
            yield content[start : start + MIB]

    async with portal.transaction() as session:
        institution = await factories.institution(session)
        described: dict[str, Any] = {
            "institution_id": institution.id,
            "customer_id": owner.id,
            "customer_uid": owner.uid,
            "contract_id": None,
            "external_id": f"{owner.id}-{subject}-{len(content)}",
            "direction": DocumentDirection.INCOMING,
            "kind": DocumentKind.LETTER,
            "subject": subject,
            "sender": institution.name,
            "document_date": date(2026, 11, 1),
            "received_at": datetime(2026, 11, 2, 23, 30, tzinfo=UTC),
            "is_official_decision": False,
            "media_type": "application/pdf",
            "file_name": "Brief.PDF",
        }
        new = NewDocument(**described | values)
        document = await store_document(session, portal.house, new=new, content=chunks())
    assert document is not None
    return document


async def _told(portal: Portal, token: str) -> tuple[list[str], list[str]]:
    """Return what log and mails say."""
    data = await portal.execute(EVENTS, token=token)
    kinds = [event["kind"] for event in data["viewer"]["securityEvents"]["nodes"]]
    return kinds, [mail["subject"] for mail in await mail_payloads(portal)]


async def test_X12_every_document_comes_along_under_a_name_that_can_be_read(
    portal: Portal,
) -> None:
    token, anna = await _anna(portal)
    await _store(portal, anna, "Ihr Beitrag")
    await _store(portal, anna, "ihr beitrag", b"another")
    await _store(portal, anna, "Meine Frage", b"mine", direction=DocumentDirection.OUTGOING)
    await _store(portal, anna, "Morgen", received_at=portal.clock.now() + timedelta(days=1))
    export = await take_along(portal, token)
    # Berlin's day: the letters came half an hour after midnight.
    assert export.files == {
        "Eingang/2026-11-03 ihr beitrag.pdf": b"another",
        "Eingang/2026-11-03 Ihr Beitrag (2).pdf": PDF,
        "Gesendet/2026-11-03 Meine Frage.pdf": b"mine",
    }
    assert export.links == ["daten.json", *export.files]
    for content in export.files.values():
        assert hashlib.sha256(content).hexdigest() in export.index
    assert [(one["file"], one["subject"], one["size"]) for one in export.data["documents"]] == [
        ("Eingang/2026-11-03 ihr beitrag.pdf", "ihr beitrag", 7),
        ("Eingang/2026-11-03 Ihr Beitrag (2).pdf", "Ihr Beitrag", len(PDF)),
        ("Gesendet/2026-11-03 Meine Frage.pdf", "Meine Frage", 4),
    ]


async def test_X17_the_index_speaks_the_customers_language(portal: Portal) -> None:
    token, anna = await _anna(portal, locale=Locale.EN)
    await _store(portal, anna, "Ihr Beitrag")
    english = await take_along(portal, token, "nonsense")
    german = await take_along(portal, token, "de")
    assert list(english.files) == ["Inbox/2026-11-03 Ihr Beitrag.pdf"]
    assert '<html lang="en">' in english.index
    assert "3 November 2026" in english.index
    assert '<html lang="de">' in german.index
    assert "3. November 2026" in german.index
    headers = {"Accept-Language": "en"}
    data = await portal.execute(EXPORT, token=token, headers=headers)
    assert data["viewer"]["dataExport"]["downloadUrl"] == "/export.zip?locale=en"


async def test_X13_who_has_nothing_gets_a_whole_zip_that_says_so(portal: Portal) -> None:
    token, _ = await _anna(portal)
    export = await take_along(portal, token)
    assert export.files == {}
    assert "Noch hat Ihnen niemand ein Dokument geschickt." in export.index
    assert "10 Jahre" in export.index
    assert export.data["format"] == "kundenportal-export"
    assert export.data["version"] == 1
    assert export.data["person"]["familyName"] == "Beispiel"
    assert export.data["contracts"] == export.data["documents"] == []


async def test_X13_contracts_and_transactions_come_as_data_but_what_is_hidden_does_not(
    portal: Portal,
) -> None:
    token, anna = await _anna(portal)
    async with portal.transaction() as session:
        other = await factories.customer(session, "Otto")
        visible = await factories.insurance_contract(session, anna, number="V-1")
        await factories.insurance_contract(session, other, number="HIDDEN-1")
        await factories.insurance_contract(
            session, anna, number="HIDDEN-2", start_date=date(2030, 1, 1)
        )
        account = await factories.savings_account(session, anna, number="T-1")
        for number in range(501):
            await factories.transaction(
                session, account, "-1.25", date(2026, 1, 1), remittance_information=f"{number}"
            )
    data = (await take_along(portal, token)).data
    assert [one["number"] for one in data["contracts"]] == ["V-1", "T-1"]
    assert data["contracts"][0]["premiumAmount"] == "120.00"
    assert data["ownEntriesInContracts"][0]["contract"] == data["contracts"][0]["id"]
    assert {one["contract"] for one in data["transactions"]} == {data["contracts"][1]["id"]}
    shown = [one["remittanceInformation"] for one in data["transactions"]]
    assert shown == [str(number) for number in range(501)]
    assert data["transactions"][0]["amount"] == "-1.25"
    assert visible.number == "V-1"


async def test_what_a_letter_is_called_runs_nothing_and_leads_nowhere(portal: Portal) -> None:
    token, anna = await _anna(portal)
    subject = '../../<script>alert(1)</script> & "\u202efdp.exe\r\n'
    await _store(portal, anna, subject, sender="<img src=x onerror=alert(1)>")
    export = await take_along(portal, token)
    assert list(export.files) == ["Eingang/2026-11-03 script alert(1) script & fdp.exe.pdf"]
    assert "<script" not in export.index
    assert "<img" not in export.index
    assert export.index.count("default-src 'none'") == 1


async def test_a_lost_document_is_named_and_holds_up_nothing(portal: Portal) -> None:
    token, anna = await _anna(portal)
    lost = await _store(portal, anna, "Verloren")
    await _store(portal, anna, "Vorhanden")
    damaged = await _store(portal, anna, "Beschädigt", bytes(3 * MIB))
    await portal.house.objects.delete(lost.object_key)
    await _damage(portal, damaged)
    export = await take_along(portal, token)
    assert export.files["Eingang/2026-11-03 Vorhanden.pdf"] == PDF
    assert "Eingang/2026-11-03 Verloren.pdf" not in export.files
    assert "Eingang/2026-11-03 Verloren.pdf" not in export.links
    assert "Verloren<br><strong>Dieses Dokument fehlt hier" in export.index
    assert "Beschädigt</a><br><strong>Dieses Dokument ist unvollständig" in export.index
    assert {one["subject"]: one["damage"] for one in export.data["documents"]} == {
        "Verloren": "MISSING",
        "Vorhanden": None,
        "Beschädigt": "INCOMPLETE",
    }


async def _damage(portal: Portal, document: Document) -> None:
    objects = portal.house.objects
    content = b"".join([chunk async for chunk in objects.get(document.object_key)])

    async def changed() -> AsyncIterator[bytes]:
        yield content[:-1] + bytes([content[-1] ^ 1])

    await objects.delete(document.object_key)
    await objects.put(document.object_key, changed())


async def test_X4_the_customer_is_told_of_each_export(portal: Portal) -> None:
    token, _ = await _anna(portal)
    response = await fetch(portal, token)
    assert response.headers["content-type"] == "application/zip"
    assert (
        'filename="Kundenportal-Export-2026-11-21.zip"' in (response.headers["content-disposition"])
    )
    assert response.headers["cache-control"] == "no-store"
    kinds, mails = await _told(portal, token)
    assert kinds == ["DATA_EXPORTED"]
    assert mails == ["Ihre Daten wurden heruntergeladen"]


async def test_X12_the_sixth_export_within_an_hour_waits(portal: Portal) -> None:
    other, _ = await _anna(portal)
    async with portal.transaction() as session:
        user = await factories.user_account(session, await factories.customer(session))
    token = await portal.sign_in(user)
    for _ in range(5):
        assert (await fetch(portal, token)).status_code == 200
    before = await _told(portal, token)
    refused = await fetch(portal, token)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 3900
    assert await _told(portal, token) == before
    available_at = await _available_at(portal, token)
    assert available_at is not None
    assert await _available_at(portal, other) is None
    assert (await fetch(portal, other)).status_code == 200
    portal.clock.travel_to(datetime.fromisoformat(available_at))
    token = await portal.sign_in(user)
    assert await _available_at(portal, token) is None
    assert (await fetch(portal, token)).status_code == 200


async def _available_at(portal: Portal, token: str) -> str | None:
    data = await portal.execute(EXPORT, token=token)
    available_at: str | None = data["viewer"]["dataExport"]["availableAt"]
    return available_at


async def test_how_much_there_is_can_be_asked_before(portal: Portal) -> None:
    token, anna = await _anna(portal)
    await _store(portal, anna, "Ihr Beitrag", bytes(1_000_001))
    data = await portal.execute(EXPORT, token=token)
    assert data["viewer"]["dataExport"] == {
        "downloadUrl": "/export.zip?locale=de",
        "documentCount": 1,
        "documentMegabytes": 2,
        "availableAt": None,
    }


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": ""}, 401),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
    ],
)
async def test_nobody_else_can_ask_for_it(
    portal: Portal, headers: dict[str, str], status: int
) -> None:
    token, _ = await _anna(portal)
    response = await fetch(portal, token, headers=headers)
    assert response.status_code == status
    assert b"PK" not in response.content
    assert await _told(portal, token) == ([], [])


async def test_a_head_request_makes_nothing_and_counts_nothing(portal: Portal) -> None:
    token, _ = await _anna(portal)
    for _ in range(6):
        response = await portal.client.head(
            "/export.zip", headers={"Authorization": f"Bearer {token}"}
        )
        assert (response.status_code, response.content) == (200, b"")
    assert await _told(portal, token) == ([], [])


class _DownObjects:
    """A store that is down."""

    def get(self, key: str) -> AsyncIterator[bytes]:
        raise StoreUnavailableError(key)


async def test_while_the_store_is_down_nothing_is_sent_and_nothing_told(portal: Portal) -> None:
    token, anna = await _anna(portal)
    await _store(portal, anna, "Ihr Beitrag")
    portal.app.state.house = replace(portal.house, objects=cast("ObjectStore", _DownObjects()))
    response = await fetch(portal, token)
    assert (response.status_code, response.headers["retry-after"]) == (503, "10")
    assert await _told(portal, token) == ([], [])


async def test_X12_the_export_never_holds_more_than_a_few_pieces(portal: Portal) -> None:
    token, anna = await _anna(portal)
    for number in range(12):
        await _store(portal, anna, f"Brief {number}", bytes([number]) + _noise(4 * MIB))
    async with portal.transaction() as session:
        viewer = await authenticate(
            session, token=token, clock=portal.clock, policy=portal.house.policy
        )
    assert viewer is not None
    largest = total = 0
    tracemalloc.start()
    try:
        async for piece in await begin_export(portal.house, viewer=viewer, locale=Locale.DE):
            largest = max(largest, len(piece))
            total += len(piece)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert total > 48 * MIB
    assert largest < 2 * MIB
    assert peak < 16 * MIB


def _noise(size: int) -> bytes:
    """Return bytes that don't shrink."""
    return hashlib.shake_128(b"noise").digest(size)


def test_a_cut_export_is_not_taken_for_a_whole_one() -> None:
    with pytest.raises(Exception, match="not a zip file"):
        opened(b"PK\x03\x04")
