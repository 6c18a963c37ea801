"""Full-text search in the postbox (X2, F34), on both databases, with real PDFs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, func, select

from backend.models.customers import Customer, CustomerNumber
from backend.models.documents import Document, DocumentDirection, DocumentKind, DocumentWord
from backend.models.user_accounts import Locale
from backend.services import customers
from backend.services.document_index import BATCH, index_documents
from backend.services.documents import NewDocument, store_document
from backend.services.letters import PrintableLetter, typeset
from tests import factories
from tests.security.hostile_pdfs import pdf

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.portal import Portal

SEARCH = """query ($filter: DocumentFilter, $first: Int! = 20, $after: String) { viewer { postbox {
  documents(filter: $filter, first: $first, after: $after) { ... on DocumentConnection {
    totalCount pageInfo { endCursor } nodes { subject } } } } } }"""
BODY = "Guten Tag,\n\nIhre Kündigung der Hausratversicherung ist eingegangen. Die Nachbarn grüßen."


async def _customer(portal: Portal, name: str = "Anna") -> tuple[Customer, str]:
    async with portal.transaction() as session:
        owner = await factories.customer(session, name)
        account = await factories.user_account(session, owner)
    return owner, await portal.sign_in(account)


async def _letter(subject: str, body: str = BODY) -> bytes:
    return await typeset(
        PrintableLetter(
            sender="Musterland Sach",
            recipient=("Anna Beispiel",),
            day=date(2026, 11, 21),
            subject=subject,
            body=body,
            locale=Locale.DE,
        )
    )


async def _store(portal: Portal, owner: Customer, subject: str, content: bytes) -> Document:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    async with portal.transaction() as session:
        sender = await factories.institution(session)
        new = NewDocument(
            institution_id=sender.id,
            customer_id=owner.id,
            customer_uid=owner.uid,
            contract_id=None,
            external_id=f"{owner.uid}-{subject}",
            direction=DocumentDirection.INCOMING,
            kind=DocumentKind.LETTER,
            subject=subject,
            sender="Musterland Sachversicherung AG",
            document_date=date(2026, 11, 21),
            received_at=portal.clock.now() - timedelta(days=1),
            is_official_decision=False,
            media_type="application/pdf",
            file_name="Schreiben.pdf",
        )
        document = await store_document(session, portal.house, new=new, content=chunks())
    assert document is not None
    return document


async def _index(portal: Portal) -> int:
    indexed = 0
    while done := await index_documents(portal.house):
        indexed += done
    return indexed


async def _find(portal: Portal, token: str, text: str, **conditions: Any) -> list[str]:
    found = await portal.execute(SEARCH, {"filter": {"search": text} | conditions}, token=token)
    documents = found["viewer"]["postbox"]["documents"]
    subjects = [node["subject"] for node in documents["nodes"]]
    assert documents["totalCount"] == len(subjects)
    return subjects


@pytest.mark.parametrize(
    "text",
    [
        "Kündigung",
        "kündigungen",
        "KÜNDIGUNG",
        "Hausratversicherung eingegangen",
        "eingegangen Hausratversicherung",
        "Nachbarn grüssen",
        "Bestät",
        "Bestätigung Kündigung",
        "Sachversicherung",
        "Musterl",
        "Beispiel",
    ],
)
async def test_X2_words_are_found_in_subject_sender_and_text(portal: Portal, text: str) -> None:
    anna, token = await _customer(portal)
    await _store(portal, anna, "Bestätigung", await _letter("Bestätigung"))
    await _store(portal, anna, "Anderes", b"%PDF-1.7 not readable")
    assert await _index(portal) == 2
    expected = {"Sachversicherung": 2, "Musterl": 2}.get(text, 1)
    found = await _find(portal, token, text)
    assert len(found) == expected
    assert "Bestätigung" in found


@pytest.mark.parametrize("text", ["Auto", "Kündigung Auto", "ündigung", "!!", "x" * 500, "%"])
async def test_X2_what_is_not_there_is_not_found(portal: Portal, text: str) -> None:
    anna, token = await _customer(portal)
    await _store(portal, anna, "Bestätigung", await _letter("Bestätigung"))
    await _index(portal)
    assert await _find(portal, token, text) == []


async def test_X2_an_empty_search_is_none(portal: Portal) -> None:
    anna, token = await _customer(portal)
    await _store(portal, anna, "Bestätigung", b"%PDF-1.7")
    assert await _find(portal, token, "  ") == ["Bestätigung"]


async def test_X2_a_search_adds_to_the_other_conditions_and_pages(portal: Portal) -> None:
    anna, token = await _customer(portal)
    for number in range(3):
        await _store(portal, anna, f"Rechnung {number}", b"%PDF-1.7")
    await _index(portal)
    assert await _find(portal, token, "Rechnungen", subject="g 2") == ["Rechnung 2"]
    assert await _find(portal, token, "Rechnungen", direction="OUTGOING") == []
    page = {"filter": {"search": "rechnung"}, "first": 2}
    first = (await portal.execute(SEARCH, page, token=token))["viewer"]["postbox"]["documents"]
    assert (first["totalCount"], len(first["nodes"])) == (3, 2)
    page["after"] = first["pageInfo"]["endCursor"]
    rest = (await portal.execute(SEARCH, page, token=token))["viewer"]["postbox"]["documents"]
    assert [node["subject"] for node in rest["nodes"]] == ["Rechnung 0"]


async def test_X2_nobody_finds_what_is_somebody_elses(portal: Portal) -> None:
    anna, _ = await _customer(portal)
    ben, token = await _customer(portal, "Ben")
    await _store(portal, anna, "Kündigung", await _letter("Kündigung"))
    await _index(portal)
    assert await _find(portal, token, "Kündigung") == []
    await _store(portal, ben, "Kündigung", await _letter("Kündigung"))
    await _index(portal)
    assert await _find(portal, token, "Kündigung") == ["Kündigung"]


async def test_X2_the_index_holds_no_words_and_nothing_in_common(portal: Portal) -> None:
    for name in ("Anna", "Ben"):
        owner, _ = await _customer(portal, name)
        await _store(portal, owner, "Kündigung", await _letter("Kündigung"))
    await _index(portal)
    async with portal.transaction() as session:
        owners = (await session.scalars(select(Document.id))).all()
        first, second = [
            set(
                await session.scalars(
                    select(DocumentWord.token).where(DocumentWord.document_id == document_id)
                )
            )
            for document_id in owners
        ]
    assert len(first) == len(second) > 20
    assert first.isdisjoint(second)


async def test_X2_the_words_go_with_the_document(portal: Portal) -> None:
    anna, _ = await _customer(portal)
    document = await _store(portal, anna, "Bestätigung", await _letter("Bestätigung"))
    await _index(portal)
    async with portal.transaction() as session:
        await session.execute(delete(Document).where(Document.id == document.id))
        assert await session.scalar(select(func.count()).select_from(DocumentWord)) == 0


async def test_X2_without_the_customers_key_nothing_is_found(portal: Portal) -> None:
    anna, token = await _customer(portal)
    await _store(portal, anna, "Bestätigung", await _letter("Bestätigung"))
    await _index(portal)
    await portal.house.keys.destroy(anna.uid)
    assert await _find(portal, token, "Kündigung") == []


async def test_X2_what_came_by_a_customer_number_is_found_with_the_new_key(portal: Portal) -> None:
    anna, token = await _customer(portal)
    async with portal.transaction() as session:
        known = await factories.customer(session, "Anna")
        seller = await factories.institution(session)
        session.add(CustomerNumber(institution_id=seller.id, number="S1", customer_id=known.id))
    await _store(portal, known, "Bestätigung", await _letter("Bestätigung"))
    await _index(portal)
    async with portal.transaction() as session:
        await customers.link_customer_number(
            session, customer_id=anna.id, institution_key=seller.key, number="S1"
        )
        assert await session.scalar(select(func.count()).select_from(DocumentWord)) == 0
    assert await _index(portal) == 1
    assert await _find(portal, token, "Kündigung") == ["Bestätigung"]


async def test_X2_a_hostile_pdf_holds_nobody_up(portal: Portal) -> None:
    anna, token = await _customer(portal)
    loop = pdf(
        "", "/Contents 4 0 R /Resources << /XObject << /A 4 0 R >> >>", "<< /Kids [4 0 R] >>"
    )
    for number, content in enumerate((b"%PDF-1.7", loop, b"%PDF-1.7\n" + bytes(100_000))):
        await _store(portal, anna, f"Seltsam {number}", content)
    await _store(portal, anna, "Bestätigung", await _letter("Bestätigung"))
    assert await _index(portal) == 4
    assert await _find(portal, token, "Kündigung") == ["Bestätigung"]
    assert len(await _find(portal, token, "seltsam")) == 3


async def test_X2_a_batch_is_one_customers(portal: Portal) -> None:
    anna, _ = await _customer(portal)
    ben, _ = await _customer(portal, "Ben")
    for number in range(BATCH + 1):
        await _store(portal, anna, f"Rechnung {number}", b"%PDF-1.7")
    await _store(portal, ben, "Rechnung", b"%PDF-1.7")
    assert [await index_documents(portal.house) for _ in range(4)] == [BATCH, 1, 1, 0]


async def test_X2_a_word_of_nearly_every_letter_finds_the_same_as_a_rare_one(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, token = await _customer(portal)
    jonas, _ = await _customer(portal, "Jonas")
    for number in range(4):
        await _store(portal, anna, f"Rechnung {number}", pdf())
        await _store(portal, jonas, f"Rechnung {number}", pdf())
    await _index(portal)
    rare = [await _find(portal, token, text) for text in ("Rechnung", "rech 2", "Police")]
    assert [len(found) for found in rare] == [4, 1, 0]
    for few, many in ((1, 3_000), (1, 1)):
        monkeypatch.setattr("backend.services.postbox_terms._FEW", few)
        monkeypatch.setattr("backend.services.postbox_terms._MANY", many)
        found = [await _find(portal, token, text) for text in ("Rechnung", "rech 2", "Police")]
        assert found == rare
