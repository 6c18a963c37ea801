"""Changing the name over GraphQL: proved by documents, reviewed by the institution (F37, F88)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend.ids import encode_id
from backend.models.documents import Document, DocumentDirection
from backend.models.uploads import Upload, UploadState
from tests import factories
from tests.approving import approve_with_tan, send_tan
from tests.changing_details import Resident, ask_for_change, change, changes, details_of, resident
from tests.core_answers import payloads, settle, submissions
from tests.signing_in import sms_payloads

if TYPE_CHECKING:
    from backend.models.customers import Customer
    from tests.portal import Portal

MARRIED = {"name": {"title": "Dr.", "givenName": "Anna", "familyName": "Neumann"}}
DISPLAY_NAME = "{ viewer { displayName } }"


async def _evidence(
    portal: Portal, who: Resident, owner: Customer | None = None, **values: Any
) -> str:
    """Return the id of a file that was inspected and accepted."""
    given: dict[str, Any] = {
        "state": UploadState.ACCEPTED,
        "file_name": "Heiratsurkunde.pdf",
        "key_owner": who.customer.uid,
    } | values
    async with portal.transaction() as session:
        upload = await factories.upload(session, (owner or who.customer).id, **given)
    return encode_id("Upload", upload.id)


async def _display_name(portal: Portal, who: Resident) -> str:
    token = await portal.sign_in(who.account)
    name: str = (await portal.execute(DISPLAY_NAME, token=token))["viewer"]["displayName"]
    return name


async def test_F37_a_name_goes_with_its_evidence_and_stands_once_confirmed(portal: Portal) -> None:
    anna = await resident(portal, "leben", "sach")
    evidence = await _evidence(portal, anna)
    outcome, token = await change(portal, anna, MARRIED, evidence=[evidence])
    assert [one["after"] for one in outcome["changes"]] == ["Dr. Anna Neumann"] * 2
    assert outcome["changes"][0]["evidence"] == [{"subject": "Heiratsurkunde.pdf"}]
    assert [one["name"]["line"] for one in await details_of(portal, token)] == ["Anna Beispiel"] * 2
    [event, _] = await payloads(portal)
    assert event["name"] == {"title": "Dr.", "givenName": "Anna", "familyName": "Neumann"}
    assert event["previousName"] == {
        "title": None,
        "givenName": "Anna",
        "familyName": "Beispiel",
    }
    [file] = event["evidence"]
    assert file == {
        "fileName": "Heiratsurkunde.pdf",
        "mediaType": "image/jpeg",
        "sha256": "0" * 64,
    }
    async with portal.transaction() as session:
        [document] = (await session.scalars(select(Document))).all()
        assert (await session.scalars(select(Upload))).all() == []
    assert (document.direction, document.subject) == (
        DocumentDirection.OUTGOING,
        "Heiratsurkunde.pdf",
    )
    first, second = await submissions(portal)
    await settle(portal, second, refused="Die Urkunde ist nicht lesbar.")
    assert await _display_name(portal, anna) == "Anna Beispiel"
    await settle(portal, first)
    assert await _display_name(portal, anna) == "Anna Neumann"
    leben, sach = await details_of(portal, await portal.sign_in(anna.account))
    assert (leben["name"]["line"], sach["name"]["line"]) == ("Dr. Anna Neumann", "Anna Beispiel")


async def test_F22_the_message_of_the_tan_names_the_new_name(portal: Portal) -> None:
    anna = await resident(portal)
    evidence = [await _evidence(portal, anna)]
    asked = await ask_for_change(portal, anna.token, anna.institutions, MARRIED, evidence=evidence)
    await send_tan(portal, anna.token, asked["approval"]["id"])
    [message] = await sms_payloads(portal)
    assert "neuer Name Dr. Anna Neumann" in message["text"]


async def test_F37_a_name_without_evidence_or_with_anothers_changes_nothing(portal: Portal) -> None:
    anna = await resident(portal)
    async with portal.transaction() as session:
        bea = await factories.customer(session, "Bea", "Fremd")
    refused = {
        "keine": [],
        "fremd": [await _evidence(portal, anna, owner=bea)],
        "ungeprüft": [await _evidence(portal, anna, state=UploadState.QUARANTINED)],
        "fehlend": [encode_id("Upload", 10**9)],
    }
    messages = {}
    for why, evidence in refused.items():
        result = await ask_for_change(
            portal, anna.token, anna.institutions, MARRIED, evidence=evidence
        )
        assert result["__typename"] == "InvalidInput"
        [problem] = result["fields"]
        assert problem["path"] == ["evidence"]
        messages[why] = problem["message"]
    assert "Heiratsurkunde" in messages["keine"]
    assert "geprüft" in messages["ungeprüft"]
    assert messages["fremd"] == messages["fehlend"]
    assert await changes(portal) == []
    assert await submissions(portal) == []


async def test_F37_evidence_that_is_gone_before_the_yes_is_a_conflict(portal: Portal) -> None:
    anna = await resident(portal)
    soon = portal.clock.now() + timedelta(minutes=2)
    evidence = [await _evidence(portal, anna, expires_at=soon)]
    asked = await ask_for_change(portal, anna.token, anna.institutions, MARRIED, evidence=evidence)
    approval = asked["approval"]["id"]
    tan = await send_tan(portal, anna.token, approval)
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=3))
    result = await approve_with_tan(portal, anna.token, approval, tan)
    assert result["__typename"] == "Conflict"
    assert await changes(portal) == []
