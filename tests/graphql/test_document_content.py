"""The content of documents: stored, downloaded, tidied up, on both databases."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from msgspec.structs import replace

from backend.clock import BERLIN
from backend.ids import encode_id
from backend.models.documents import Document, DocumentDirection, DocumentKind
from backend.ports import CipherError, StoreUnavailableError
from backend.services.documents import (
    ContentMismatchError,
    NewDocument,
    delete_orphans,
    store_document,
)
from tests import factories

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from backend.models.customers import Customer
    from backend.ports import ObjectStore
    from tests.portal import Portal

DOCUMENTS = """{ viewer { postbox { documents { ... on DocumentConnection {
  totalCount nodes { downloadUrl } } } } } }"""
PDF = b"%PDF-1.7 " + bytes(range(256)) * 9000


async def _anna(portal: Portal) -> tuple[str, Customer]:
    async with portal.transaction() as session:
        anna = await factories.customer(session)
        user = await factories.user_account(session, anna)
    return await portal.sign_in(user), anna


def _at(day: int) -> datetime:
    return datetime(2026, 11, day, 12, tzinfo=BERLIN)


async def _documents(portal: Portal, token: str) -> dict[str, Any]:
    data = await portal.execute(DOCUMENTS, token=token)
    documents: dict[str, Any] = data["viewer"]["postbox"]["documents"]
    return documents


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 65_536):
        yield content[start : start + 65_536]


def _new(owner: Customer, **values: Any) -> NewDocument:
    defaults: dict[str, Any] = {
        "institution_id": 1,
        "customer_id": owner.id,
        "customer_uid": owner.uid,
        "contract_id": None,
        "external_id": "D-1",
        "direction": DocumentDirection.INCOMING,
        "kind": DocumentKind.LETTER,
        "subject": "Ihr Schreiben",
        "sender": "Musterland",
        "document_date": date(2026, 11, 1),
        "received_at": _at(1),
        "is_official_decision": False,
        "media_type": "application/pdf",
        "file_name": 'Über "uns" €.pdf',
    }
    return NewDocument(**defaults | values)


async def _store(portal: Portal, owner: Customer, **values: Any) -> Document | None:
    async with portal.transaction() as session:
        return await store_document(
            session, portal.house, new=_new(owner, **values), content=_chunks(PDF)
        )


async def _stored(portal: Portal, owner: Customer) -> Document:
    document = await _store(portal, owner)
    assert document is not None
    return document


async def _objects(portal: Portal) -> list[str]:
    return [info.key async for info in portal.house.objects.list()]


async def _get(portal: Portal, path: str, token: str | None) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return await portal.client.get(path, headers=headers)


async def _url(portal: Portal, token: str) -> str:
    [node] = (await _documents(portal, token))["nodes"]
    url: str = node["downloadUrl"]
    return url


async def test_a_document_comes_back_as_a_file_that_nothing_runs_in(portal: Portal) -> None:
    token, anna = await _anna(portal)
    await _stored(portal, anna)
    response = await _get(portal, await _url(portal, token), token)
    assert response.status_code == 200
    assert response.content == PDF
    sha256 = hashlib.sha256(PDF).hexdigest()
    assert {name: response.headers[name] for name in HEADERS} == HEADERS | {"etag": f'"{sha256}"'}


HEADERS = {
    "content-type": "application/pdf",
    "content-length": str(len(PDF)),
    "content-disposition": (
        'attachment; filename="_ber _uns_ _.pdf"; '
        "filename*=UTF-8''%C3%9Cber%20_uns_%20%E2%82%AC.pdf"
    ),
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "no-store",
    "etag": "",
}


async def test_a_head_request_gets_the_headers_only(portal: Portal) -> None:
    token, anna = await _anna(portal)
    await _stored(portal, anna)
    headers = {"Authorization": f"Bearer {token}"}
    response = await portal.client.head(await _url(portal, token), headers=headers)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == str(len(PDF))


async def test_a_foreign_download_answers_like_an_absent_one(portal: Portal) -> None:
    token, anna = await _anna(portal)
    eve, _ = await _anna(portal)
    document = await _stored(portal, anna)
    foreign = await _get(portal, await _url(portal, token), eve)
    absent = await _get(portal, f"/documents/{encode_id('Document', document.id + 1)}/x", eve)
    nonsense = await _get(portal, "/documents/nonsense/x", eve)
    assert foreign.status_code == 404
    assert foreign.content == absent.content == nonsense.content
    assert foreign.headers == absent.headers == nonsense.headers


async def test_a_download_without_a_session_is_refused(portal: Portal) -> None:
    token, anna = await _anna(portal)
    await _stored(portal, anna)
    response = await _get(portal, await _url(portal, token), None)
    assert response.status_code == 401
    assert b"PDF" not in response.content


async def test_a_document_whose_object_is_gone_is_a_masked_error(portal: Portal) -> None:
    token, anna = await _anna(portal)
    document = await _stored(portal, anna)
    await portal.house.objects.delete(document.object_key)
    response = await _get(portal, await _url(portal, token), token)
    assert response.status_code == 500
    assert document.object_key not in response.text
    assert len(response.headers["x-request-id"]) == 16


async def test_a_document_swapped_for_another_is_never_sent(portal: Portal) -> None:
    token, anna = await _anna(portal)
    document = await _stored(portal, anna)
    other = await _store(portal, anna, external_id="D-2", received_at=_at(30))
    assert other is not None
    objects = portal.house.objects
    ciphertext = b"".join([chunk async for chunk in objects.get(other.object_key)])
    await objects.delete(document.object_key)
    await objects.put(document.object_key, _chunks(ciphertext))
    response = await _get(portal, await _url(portal, token), token)
    assert response.status_code == 500


class _DownObjects:
    """A store that is down."""

    def get(self, key: str) -> AsyncIterator[bytes]:
        raise StoreUnavailableError(key)


async def test_while_the_store_is_down_a_download_says_when_to_come_back(portal: Portal) -> None:
    token, anna = await _anna(portal)
    await _stored(portal, anna)
    url = await _url(portal, token)
    portal.app.state.house = replace(portal.house, objects=cast("ObjectStore", _DownObjects()))
    response = await _get(portal, url, token)
    assert (response.status_code, response.headers["retry-after"]) == (503, "10")
    assert b"PDF" not in response.content


async def test_damage_further_on_breaks_the_download_off(portal: Portal) -> None:
    token, anna = await _anna(portal)
    document = await _stored(portal, anna)
    content = b"".join([chunk async for chunk in portal.house.objects.get(document.object_key)])
    assert len(content) > 2 << 20
    await portal.house.objects.delete(document.object_key)
    damaged = content[:-1] + bytes([content[-1] ^ 1])
    await portal.house.objects.put(document.object_key, _chunks(damaged))
    url = await _url(portal, token)
    with pytest.raises(CipherError):
        await _get(portal, url, token)


async def test_a_known_external_id_is_not_stored_again(portal: Portal) -> None:
    _, anna = await _anna(portal)
    await _stored(portal, anna)
    assert await _store(portal, anna) is None
    assert len(await _objects(portal)) == 1


async def test_content_with_another_hash_than_announced_leaves_nothing(portal: Portal) -> None:
    token, anna = await _anna(portal)
    with pytest.raises(ContentMismatchError):
        await _store(portal, anna, sha256="0" * 64)
    assert await _objects(portal) == []
    assert (await _documents(portal, token))["totalCount"] == 0


async def test_orphans_are_deleted_after_an_hour_and_documents_stay(portal: Portal) -> None:
    _, anna = await _anna(portal)
    document = await _stored(portal, anna)
    await portal.house.objects.put("documents/00/orphan", _chunks(b"x"))
    sessions, objects = portal.house.sessions, portal.house.objects
    now = datetime.now(UTC)
    assert await delete_orphans(sessions, objects, now=now + timedelta(minutes=59)) == 0
    assert await delete_orphans(sessions, objects, now=now + timedelta(minutes=61)) == 1
    assert await _objects(portal) == [document.object_key]
