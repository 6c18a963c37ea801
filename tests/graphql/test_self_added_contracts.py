"""Contracts of other companies, added by hand, on both databases (F9)."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from backend.ids import encode_id
from backend.models.self_added_contracts import SelfAddedContract, SelfAddedDocument
from backend.models.uploads import Upload, UploadPurpose, UploadState
from backend.ports import StoreUnavailableError
from backend.services.documents import delete_orphans
from tests import factories
from tests.adding import (
    DELETE,
    FACTS,
    add_contract,
    change_contract,
    own_additions,
    send_file,
)
from tests.exporting import take_along
from tests.leaving import all_rows, delete_account
from tests.security.hostile_files import located_photo
from tests.security.hostile_pdfs import pdf
from tests.signing_in import person

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from backend.models.customers import Customer
    from tests.portal import Portal

REMOVE = """mutation ($id: ID!) { removeSelfAddedContract(input: {contract: $id}) { __typename
  ... on SelfAddedData { contractCount documentCount } } }"""
REMOVE_FILE = """mutation ($id: ID!) { removeSelfAddedDocument(input: {document: $id}) {
  __typename ... on SelfAddedContract { documents { id } } } }"""
NODE = "query ($id: ID!) { node(id: $id) { id } }"
HOUSE = """{ viewer { contracts { totalCount nodes { id } } savingsAccounts { id }
  claimableContracts(kind: MEDICAL_INVOICE) { contract { id } }
  postbox { documents { ... on DocumentConnection { totalCount } } } } }"""


async def _somebody(portal: Portal, name: str = "Anna") -> tuple[str, Customer]:
    async with portal.transaction() as session:
        owner = await factories.customer(session, name)
        user = await factories.user_account(session, owner)
    return await portal.sign_in(user), owner


@pytest.fixture
async def token(portal: Portal) -> str:
    return (await _somebody(portal))[0]


async def _objects(portal: Portal) -> list[str]:
    return [info.key async for info in portal.house.objects.list()]


async def _nothing_changed(portal: Portal, act: Callable[[], Awaitable[Any]]) -> Any:
    before = await all_rows(portal)
    result = await act()
    assert await all_rows(portal) == before
    return result


async def test_F9_a_contract_of_another_company_is_added_and_shown(
    portal: Portal, token: str
) -> None:
    added = await add_contract(portal, token)
    assert added.pop("__typename") == "SelfAddedContract"
    own = await own_additions(portal, token)
    assert own["contracts"] == [added]
    assert (own["contractCount"], own["documentCount"]) == (1, 0)
    assert "ARAG" in own["knownCompanies"]
    assert added["premium"] == {"amount": "24.90", "currency": "EUR"}
    # The clock stands at 21 November: the last of the month is due next.
    assert (added["mainDueDate"], added["nextDueDate"]) == ("2026-01-31", "2026-11-30")
    assert (added["number"], added["endDate"], added["version"]) == ("R 12/345", None, 1)


async def test_F9_a_company_that_nobody_knows_and_no_more_facts_are_enough(
    portal: Portal, token: str
) -> None:
    facts = {"lineOfBusiness": "OTHER", "company": "  Feuersozietät Hintertupfing "}
    added = await add_contract(
        portal,
        token,
        facts={name: None for name in FACTS if name != "paymentFrequency"}
        | facts
        | {"paymentFrequency": "NONE"},
    )
    assert (added["company"], added["number"]) == ("Feuersozietät Hintertupfing", None)
    assert (added["premium"], added["nextDueDate"]) == (None, None)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"company": " "}, "company"),
        ({"company": "x" * 81}, "company"),
        ({"company": "AR\u202eGA"}, "company"),
        ({"number": "9" * 41}, "number"),
        ({"premium": "-1.00"}, "premium"),
        ({"premium": "1.005"}, "premium"),
        ({"premium": "1000000.00"}, "premium"),
        ({"paymentFrequency": "NONE"}, "paymentFrequency"),
        ({"endDate": "2024-01-31"}, "endDate"),
    ],
)
async def test_F9_what_cannot_be_so_is_refused_at_its_field(
    portal: Portal, token: str, facts: dict[str, Any], field: str
) -> None:
    refused = await _nothing_changed(portal, lambda: add_contract(portal, token, facts=facts))
    assert refused["__typename"] == "InvalidInput"
    assert [one["path"] for one in refused["fields"]] == [["facts", field]]
    assert all(one["message"] for one in refused["fields"])


async def test_F9_sent_twice_under_one_key_it_is_added_once(portal: Portal, token: str) -> None:
    first = await add_contract(portal, token, idempotencyKey="k")
    assert await add_contract(portal, token, idempotencyKey="k") == first
    other = await add_contract(portal, token, idempotencyKey="k", facts={"company": "VHV"})
    assert other["__typename"] == "Conflict"
    assert (await own_additions(portal, token))["contractCount"] == 1
    await portal.execute(REMOVE, {"id": first["id"]}, token=token)
    gone = await add_contract(portal, token, idempotencyKey="k")
    assert gone["__typename"] == "NotFound"


async def test_F9_a_change_counts_and_an_older_view_changes_nothing(
    portal: Portal, token: str
) -> None:
    added = await add_contract(portal, token)
    changed = await change_contract(portal, token, added, facts={"premium": "30.00"})
    assert (changed["version"], changed["premium"]["amount"]) == (2, "30.00")
    late = await _nothing_changed(
        portal, lambda: change_contract(portal, token, added, facts={"premium": "1.00"})
    )
    assert late["__typename"] == "Conflict"
    wrong = await _nothing_changed(
        portal, lambda: change_contract(portal, token, changed, facts={"company": ""})
    )
    assert wrong["__typename"] == "InvalidInput"


async def test_F9_there_is_an_end_to_how_many_are_kept(portal: Portal) -> None:
    token, anna = await _somebody(portal)
    most = portal.house.policy.self_added.contracts.on(date(2026, 11, 21))
    async with portal.transaction() as session:
        for _ in range(most):
            await factories.self_added_contract(session, anna)
    refused = await _nothing_changed(portal, lambda: add_contract(portal, token))
    assert (refused["__typename"], refused["most"]) == ("SelfAddedLimitReached", most)
    assert str(most) in refused["message"]


async def test_F9_a_photo_and_a_pdf_go_with_a_contract_inspected_and_encrypted(
    portal: Portal, token: str
) -> None:
    files = [
        await send_file(portal, token),
        await send_file(portal, token, located_photo(), "image/jpeg", "Police.jpg"),
    ]
    added = await add_contract(portal, token, documents=files)
    assert [(one["fileName"], one["mediaType"]) for one in added["documents"]] == [
        ("Police.pdf", "application/pdf"),
        ("Police.jpg", "image/jpeg"),
    ]
    for file in added["documents"]:
        answer = await portal.client.get(
            file["downloadUrl"], headers={"Authorization": f"Bearer {token}"}
        )
        assert (answer.status_code, len(answer.content)) == (200, file["size"])
        assert b"CANARY" not in answer.content
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["content-security-policy"]
    for key in await _objects(portal):
        stored = b"".join([chunk async for chunk in portal.house.objects.get(key)])
        assert key.startswith("documents/")
        assert not stored.startswith((b"%PDF", b"\xff\xd8"))
    async with portal.transaction() as session:
        assert (await session.scalars(select(Upload))).all() == []


async def test_F9_files_are_added_and_removed_one_by_one(portal: Portal, token: str) -> None:
    added = await add_contract(portal, token, documents=[await send_file(portal, token)])
    changed = await change_contract(
        portal, token, added, documents=[await send_file(portal, token, name="Nachtrag.pdf")]
    )
    first, second = changed["documents"]
    data = await portal.execute(REMOVE_FILE, {"id": first["id"]}, token=token)
    assert data["removeSelfAddedDocument"]["documents"] == [{"id": second["id"]}]
    assert len(await _objects(portal)) == 1
    again = await portal.execute(REMOVE_FILE, {"id": first["id"]}, token=token)
    assert again["removeSelfAddedDocument"]["__typename"] == "NotFound"


async def test_F9_a_contract_may_have_so_many_files_and_no_more(portal: Portal) -> None:
    token, anna = await _somebody(portal)
    most = portal.house.policy.self_added.documents_per_contract.on(date(2026, 11, 21))
    async with portal.transaction() as session:
        contract = await factories.self_added_contract(session, anna)
        for _ in range(most):
            await factories.self_added_document(session, portal.house, contract, anna)
    seen = (await own_additions(portal, token))["contracts"][0]
    file = await send_file(portal, token)
    refused = await _nothing_changed(
        portal, lambda: change_contract(portal, token, seen, documents=[file])
    )
    assert (refused["__typename"], refused["most"]) == ("SelfAddedLimitReached", most)


@pytest.mark.parametrize("state", [UploadState.QUARANTINED, UploadState.REFUSED])
async def test_F9_a_file_that_was_not_accepted_goes_with_no_contract(
    portal: Portal, state: UploadState
) -> None:
    token, anna = await _somebody(portal)
    async with portal.transaction() as session:
        upload = await factories.upload(
            session, anna.id, purpose=UploadPurpose.SELF_ADDED_CONTRACT, state=state
        )
    file = encode_id("Upload", upload.id)
    refused = await _nothing_changed(portal, lambda: add_contract(portal, token, documents=[file]))
    assert [one["path"] for one in refused["fields"]] == [["documents"]]


async def test_F9_a_file_is_used_only_for_what_it_was_sent_for(portal: Portal) -> None:
    token, anna = await _somebody(portal)
    async with portal.transaction() as session:
        for_a_message = await factories.upload(session, anna.id, state=UploadState.ACCEPTED)
    refused = await add_contract(portal, token, documents=[encode_id("Upload", for_a_message.id)])
    assert refused["__typename"] == "InvalidInput"
    sent = await portal.client.post(
        "/uploads?for=anything",
        content=b"x",
        headers={"Authorization": f"Bearer {token}", "Content-Type": "image/jpeg"},
    )
    assert sent.status_code == 404


async def test_F9_removing_takes_files_and_ciphertext_along(portal: Portal, token: str) -> None:
    kept = await add_contract(portal, token, documents=[await send_file(portal, token)])
    gone = await add_contract(portal, token, documents=[await send_file(portal, token)])
    data = await portal.execute(REMOVE, {"id": gone["id"]}, token=token)
    assert data["removeSelfAddedContract"] == {
        "__typename": "SelfAddedData",
        "contractCount": 1,
        "documentCount": 1,
    }
    assert len(await _objects(portal)) == 1
    own = await own_additions(portal, token)
    assert [one["id"] for one in own["contracts"]] == [kept["id"]]
    assert await portal.execute(NODE, {"id": gone["id"]}, token=token) == {"node": None}
    again = await portal.execute(REMOVE, {"id": gone["id"]}, token=token)
    assert again["removeSelfAddedContract"]["__typename"] == "NotFound"


async def test_F9_what_the_store_could_not_delete_is_collected_later(
    portal: Portal, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = await add_contract(portal, token, documents=[await send_file(portal, token)])

    async def down(_key: str) -> None:
        raise StoreUnavailableError("down")

    with monkeypatch.context() as patch:
        patch.setattr(type(portal.house.objects), "delete", lambda _self, key: down(key))
        data = await portal.execute(REMOVE, {"id": added["id"]}, token=token)
    assert data["removeSelfAddedContract"]["contractCount"] == 0
    (info,) = [one async for one in portal.house.objects.list()]
    later = info.modified_at.replace(year=info.modified_at.year + 1)
    assert await delete_orphans(portal.house.sessions, portal.house.objects, now=later) == 1
    assert await _objects(portal) == []


async def test_F9_a_file_with_its_row_is_no_orphan(portal: Portal, token: str) -> None:
    await add_contract(portal, token, documents=[await send_file(portal, token)])
    (info,) = [one async for one in portal.house.objects.list()]
    later = info.modified_at.replace(year=info.modified_at.year + 1)
    assert await delete_orphans(portal.house.sessions, portal.house.objects, now=later) == 0


async def test_F9_others_neither_see_nor_change_nor_remove_it(portal: Portal, token: str) -> None:
    added = await add_contract(portal, token, documents=[await send_file(portal, token)])
    stranger, _ = await _somebody(portal, "Sven")
    file = added["documents"][0]

    async def tries() -> list[Any]:
        changed = await change_contract(portal, stranger, added)
        removed = await portal.execute(REMOVE, {"id": added["id"]}, token=stranger)
        without = await portal.execute(REMOVE_FILE, {"id": file["id"]}, token=stranger)
        return [changed, removed["removeSelfAddedContract"], without["removeSelfAddedDocument"]]

    results = await _nothing_changed(portal, tries)
    assert [one["__typename"] for one in results] == ["NotFound"] * 3
    headers = {"Authorization": f"Bearer {stranger}"}
    answer = await portal.client.get(file["downloadUrl"], headers=headers)
    assert answer.status_code == 404
    assert (await portal.client.get(file["downloadUrl"])).status_code == 401
    assert (await add_contract(portal, None))["__typename"] == "NotSignedIn"


async def test_F9_F39_it_is_never_counted_as_the_houses(portal: Portal) -> None:
    token, anna = await _somebody(portal)
    async with portal.transaction() as session:
        await factories.insurance_contract(session, anna)
    before = await portal.execute(HOUSE, token=token)
    for line in ("HEALTH", "TRAVEL_HEALTH", "LIFE"):
        file = await send_file(portal, token)
        await add_contract(portal, token, facts={"lineOfBusiness": line}, documents=[file])
    assert await portal.execute(HOUSE, token=token) == before


async def test_F9_a_damaged_row_breaks_the_download_and_nothing_else(
    portal: Portal, token: str
) -> None:
    added = await add_contract(portal, token, documents=[await send_file(portal, token)])
    async with portal.transaction() as session:
        await session.execute(update(SelfAddedDocument).values(size=1))
    with pytest.raises(Exception, match="longer than its row says"):
        await portal.client.get(
            added["documents"][0]["downloadUrl"], headers={"Authorization": f"Bearer {token}"}
        )
    async with portal.transaction() as session:
        assert len((await session.scalars(select(SelfAddedContract))).all()) == 1


async def test_F9_X12_an_export_takes_contracts_and_files_along(portal: Portal, token: str) -> None:
    content = pdf(pages=2)
    file = await send_file(portal, token, content)
    added = await add_contract(portal, token, documents=[file])
    export = await take_along(portal, token)
    path = "Selbst hinzugefügt/2026-11-21 ARAG.pdf"
    assert list(export.files) == [path]
    digest = hashlib.sha256(export.files[path]).hexdigest()
    assert digest == added["documents"][0]["sha256"]
    assert export.links == ["daten.json", path]
    [contract], [document] = export.data["selfAddedContracts"], export.data["selfAddedDocuments"]
    assert (contract["company"], contract["premiumAmount"]) == ("ARAG", "24.90")
    assert document["selfAddedContract"] == contract["id"] == added["id"]


async def test_M6_a_deleted_account_takes_own_additions_along(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    await add_contract(portal, token, documents=[await send_file(portal, token)])
    await send_file(portal, token)
    await delete_account(portal, account)
    rows = await all_rows(portal)
    assert rows["self_added_contract"] == rows["self_added_document"] == rows["upload"] == []
    assert await _objects(portal) == []


async def test_F10_deleting_asks_for_a_session(portal: Portal, token: str) -> None:
    await add_contract(portal, token)
    refused = await _nothing_changed(portal, lambda: portal.execute(DELETE))
    assert refused["deleteSelfAddedData"]["__typename"] == "NotSignedIn"
