"""The postbox over GraphQL, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, select, update

from backend.clock import BERLIN
from backend.feeds.records import Salutation
from backend.ids import encode_id
from backend.models.customers import CustomerNumber
from backend.models.documents import Document, DocumentDirection, SubjectPart
from backend.services import customers
from tests import factories

if TYPE_CHECKING:
    from backend.models.customers import Customer
    from tests.portal import Portal

DOCUMENTS = """query ($filter: DocumentFilter, $orderBy: DocumentOrder! = NEWEST_FIRST,
  $first: Int! = 20, $after: String) {
  viewer { postbox { unreadCount
    documents(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
      __typename ... on InvalidPeriod { message } ... on DocumentConnection { totalCount
        nodes { id subject isUnread contract { number } institution { key } downloadUrl }
        pageInfo { hasNextPage endCursor } } } } } }"""
OPEN = """mutation ($document: ID!) { openDocument(input: {document: $document}) {
  __typename ... on Document { isUnread firstOpenedAt } ... on Refusal { message } } }"""

ARCHIVE = """mutation ($document: ID!) { archiveDocument(input: {document: $document}) {
  __typename ... on Document { archivedAt } ... on Refusal { message } } }"""
UNARCHIVE = """mutation ($document: ID!) { unarchiveDocument(input: {document: $document}) {
  __typename ... on Document { archivedAt } ... on Refusal { message } } }"""
# More than what is looked up of a subject: only its end is.
LONG = "a" + "b" * 30 + " Beitragsanpassungsmitteilung"


async def _anna(portal: Portal) -> tuple[str, Customer]:
    async with portal.transaction() as session:
        anna = await factories.customer(session)
        user = await factories.user_account(session, anna)
    return await portal.sign_in(user), anna


async def _write(
    portal: Portal, owner: Customer, *rows: tuple[str, datetime], **values: Any
) -> list[Document]:
    async with portal.transaction() as session:
        return [
            await factories.document(session, owner, received_at, subject=subject, **values)
            for subject, received_at in rows
        ]


def _at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


async def _postbox(portal: Portal, token: str, **variables: Any) -> dict[str, Any]:
    data = await portal.execute(DOCUMENTS, variables, token=token)
    postbox: dict[str, Any] = data["viewer"]["postbox"]
    return postbox


async def _subjects(portal: Portal, token: str, **variables: Any) -> list[str]:
    documents = (await _postbox(portal, token, **variables))["documents"]
    return [node["subject"] for node in documents["nodes"]]


async def test_F32_the_postbox_sorts_by_arrival_and_pages_both_ways(portal: Portal) -> None:
    token, anna = await _anna(portal)
    same = _at(3)
    await _write(portal, anna, ("A", _at(1)), ("C", same), ("B", same), ("D", _at(4)))
    for order, expected in (("NEWEST_FIRST", "DBCA"), ("OLDEST_FIRST", "ACBD")):
        seen: list[str] = []
        after = None
        for has_next in (True, False):
            page = (await _postbox(portal, token, orderBy=order, first=2, after=after))["documents"]
            assert page["totalCount"] == 4
            assert page["pageInfo"]["hasNextPage"] is has_next
            after = page["pageInfo"]["endCursor"]
            seen += [node["subject"] for node in page["nodes"]]
        assert "".join(seen) == expected


async def test_F33_the_postbox_filters_by_contract_and_institution(portal: Portal) -> None:
    token, anna = await _anna(portal)
    async with portal.transaction() as session:
        contract = await factories.insurance_contract(session, anna, number="HR-1")
    await _write(portal, anna, ("about", _at(1)), contract_id=contract.id)
    await _write(portal, anna, ("from the fund", _at(2)), institution_key="bkk")
    fund = (await _postbox(portal, token))["documents"]["nodes"][0]["institution"]
    assert fund == {"key": "bkk"}
    about = {"contract": encode_id("Contract", contract.id)}
    assert await _subjects(portal, token, filter=about) == ["about"]
    sender = {"institution": encode_id("Institution", contract.institution_id)}
    assert await _subjects(portal, token, filter=sender) == ["about"]
    assert await _subjects(portal, token, filter={"contract": "nonsense"}) == []


async def test_F40_a_hidden_contract_neither_shows_at_its_document_nor_filters(
    portal: Portal,
) -> None:
    token, anna = await _anna(portal)
    async with portal.transaction() as session:
        couple = await factories.insurance_contract(session, None, number="COUPLE")
        await factories.partner(session, couple, anna, salutation=Salutation.COUPLE)
        future = await factories.insurance_contract(
            session, anna, number="FUTURE", start_date=date(2026, 11, 22)
        )
    await _write(portal, anna, ("couple", _at(1)), contract_id=couple.id)
    await _write(portal, anna, ("future", _at(2)), contract_id=future.id)
    nodes = (await _postbox(portal, token))["documents"]["nodes"]
    assert [(node["subject"], node["contract"]) for node in nodes] == [
        ("future", None),
        ("couple", None),
    ]
    for contract in (couple, future):
        hidden = {"contract": encode_id("Contract", contract.id)}
        assert await _subjects(portal, token, filter=hidden) == []
    portal.clock.travel_to(_at(22, 0, 0))
    token = await portal.sign_in(await _account_of(portal, anna))
    assert await _subjects(
        portal, token, filter={"contract": encode_id("Contract", future.id)}
    ) == ["future"]


async def _account_of(portal: Portal, customer: Customer) -> Any:
    from sqlalchemy import select  # noqa: PLC0415

    from backend.models.user_accounts import UserAccount  # noqa: PLC0415

    async with portal.transaction() as session:
        statement = select(UserAccount).where(UserAccount.customer_id == customer.id)
        return (await session.scalars(statement)).one()


async def test_F34_the_subject_is_searched_without_case_umlauts_included(portal: Portal) -> None:
    token, anna = await _anna(portal)
    await _write(portal, anna, ("Ihre ÄNDERUNG", _at(1)), ("Beitragsrechnung", _at(2)))
    assert await _subjects(portal, token, filter={"subject": "änderung"}) == ["Ihre ÄNDERUNG"]
    assert await _subjects(portal, token, filter={"subject": "_"}) == []


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("grosse", ["GROẞE Straße"]),
        ("große", ["GROẞE Straße"]),
        ("strasse", ["GROẞE Straße"]),
        ("ŻÓŁTY", ["żółty list"]),
        ("ελλάδα", ["ΕΛΛΆΔΑ"]),
        ("aäöüéèàçñøåæœšžčřď" * 3, []),
        ("100 %", ["Zu 100 % BEZAHLT"]),
        ("zu 1__", []),
    ],
)
async def test_F34_any_part_of_a_subject_is_found_in_any_case(
    portal: Portal, term: str, expected: list[str]
) -> None:
    token, anna = await _anna(portal)
    subjects = ("GROẞE Straße", "żółty list", "ΕΛΛΆΔΑ", "Zu 100 % BEZAHLT")
    await _write(portal, anna, *((subject, _at(1)) for subject in subjects))
    assert await _subjects(portal, token, filter={"subject": term}) == expected


async def test_F34_what_a_subject_has_is_paged_and_counted(portal: Portal) -> None:
    token, anna = await _anna(portal)
    rows = [(f"Rechnung {number}", _at(number)) for number in range(1, 8)]
    await _write(portal, anna, *rows, ("Brief", _at(4)))
    for order, expected in (("NEWEST_FIRST", "7654321"), ("OLDEST_FIRST", "1234567")):
        seen, after = "", None
        for count in (3, 3, 1):
            page = (
                await _postbox(
                    portal,
                    token,
                    filter={"subject": "ECHNUNG"},
                    orderBy=order,
                    first=3,
                    after=after,
                )
            )["documents"]
            assert (page["totalCount"], len(page["nodes"])) == (7, count)
            after = page["pageInfo"]["endCursor"]
            seen += "".join(node["subject"][-1] for node in page["nodes"])
        assert seen == expected


# All are fetched by the index, all are counted by it, each subject is read.
_WAYS = [(200, 3_000), (0, 3_000), (0, 0)]


@pytest.mark.parametrize(("few", "many"), _WAYS)
@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("e", ["Straße 12", LONG, "Änderung"]),
        ("12", ["Straße 12"]),
        ("ß", ["Straße 12", LONG]),
        ("RUNG", ["Änderung"]),
        (" änder ", ["Änderung"]),
        ("änderungen", []),
        ("q", []),
        ("%", []),
        (LONG, [LONG]),
        ("b" + LONG[1:], []),
    ],
)
async def test_F34_what_many_subjects_have_is_found_like_what_few_have(
    portal: Portal,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    many: int,
    term: str,
    expected: list[str],
) -> None:
    monkeypatch.setattr("backend.services.postbox_terms._FEW", few)
    monkeypatch.setattr("backend.services.postbox_terms._MANY", many)
    token, anna = await _anna(portal)
    _, eve = await _anna(portal)
    mine = ("Änderung", LONG, "Straße 12")
    await _write(portal, anna, *((subject, _at(day)) for day, subject in enumerate(mine, 1)))
    await _write(portal, anna, ("e 12 ß rung", _at(22)))  # not there yet
    await _write(portal, anna, ("e 12 ß rung", _at(1)), is_paper_only=True)
    await _write(portal, eve, ("e 12 ß rung", _at(1)))
    await _write(portal, anna, ("e 12 ß rung", _at(1)), direction=DocumentDirection.OUTGOING)
    conditions = {"subject": term, "direction": "INCOMING"}
    found = (await _postbox(portal, token, filter=conditions))["documents"]
    assert [node["subject"] for node in found["nodes"]] == expected
    assert found["totalCount"] == len(expected)


async def test_F34_the_parts_of_a_subject_go_with_their_document(portal: Portal) -> None:
    token, anna = await _anna(portal)
    [gone, _] = await _write(portal, anna, ("Ihre Änderung", _at(1)), ("Ihr Schreiben", _at(2)))
    async with portal.transaction() as session:
        await session.execute(delete(Document).where(Document.id == gone.id))
        left = set(await session.scalars(select(SubjectPart.document_id)))
    assert left == {gone.id + 1}
    assert await _subjects(portal, token, filter={"subject": "ihr"}) == ["Ihr Schreiben"]


async def test_F34_what_came_by_a_customer_number_is_found_by_its_subject(portal: Portal) -> None:
    token, anna = await _anna(portal)
    async with portal.transaction() as session:
        known = await factories.customer(session, "Anna")
        seller = await factories.institution(session)
        session.add(CustomerNumber(institution_id=seller.id, number="S1", customer_id=known.id))
    await _write(portal, known, ("Ihre Änderung", _at(1)))
    assert await _subjects(portal, token, filter={"subject": "nderu"}) == []
    async with portal.transaction() as session:
        await customers.link_customer_number(
            session, customer_id=anna.id, institution_key=seller.key, number="S1"
        )
    assert await _subjects(portal, token, filter={"subject": "nderu"}) == ["Ihre Änderung"]


async def test_F35_a_period_is_half_open_in_days_of_berlin(portal: Portal) -> None:
    token, anna = await _anna(portal)
    await _write(
        portal,
        anna,
        ("last minute before", _at(9, 23, 59)),
        ("first", _at(10, 0, 0)),
        ("last", _at(10, 23, 59)),
        ("next day", _at(11, 0, 0)),
    )
    period = {"from": "2026-11-10", "to": "2026-11-11"}
    assert await _subjects(portal, token, filter=period) == ["last", "first"]
    empty = {"from": "2026-11-10", "to": "2026-11-10"}
    assert await _subjects(portal, token, filter=empty) == []
    assert len(await _subjects(portal, token, filter={"from": "1800-01-01"})) == 4
    assert len(await _subjects(portal, token, filter={"to": "2999-12-31"})) == 4


async def test_F35_a_period_that_starts_after_its_end_is_refused(portal: Portal) -> None:
    token, _ = await _anna(portal)
    postbox = await _postbox(portal, token, filter={"from": "2026-11-11", "to": "2026-11-10"})
    assert postbox["documents"] == {
        "__typename": "InvalidPeriod",
        "message": "Der Zeitraum beginnt nach seinem Ende. Bitte tauschen Sie die beiden Daten.",
    }


async def test_F83_sent_documents_are_filed_and_never_unread(portal: Portal) -> None:
    token, anna = await _anna(portal)
    await _write(portal, anna, ("received", _at(1)))
    await _write(portal, anna, ("opened", _at(2)), first_opened_at=_at(3))
    await _write(portal, anna, ("sent", _at(4)), direction=DocumentDirection.OUTGOING)
    postbox = await _postbox(portal, token)
    unread = {node["subject"]: node["isUnread"] for node in postbox["documents"]["nodes"]}
    assert unread == {"received": True, "opened": False, "sent": False}
    assert postbox["unreadCount"] == 1
    assert await _subjects(portal, token, filter={"direction": "OUTGOING"}) == ["sent"]
    assert await _subjects(portal, token, filter={"isUnread": True}) == ["received"]
    assert await _subjects(portal, token, filter={"isUnread": False}) == ["sent", "opened"]


async def test_what_arrives_later_shows_nowhere_until_then(portal: Portal) -> None:
    token, anna = await _anna(portal)
    [document] = await _write(portal, anna, ("later", _at(21, 12, 5)))
    document_id = encode_id("Document", document.id)

    async def shown() -> tuple[Any, ...]:
        postbox = await _postbox(portal, token)
        node = await portal.execute(f'{{ node(id: "{document_id}") {{ id }} }}', token=token)
        opened = await portal.execute(OPEN, {"document": document_id}, token=token)
        return (
            postbox["unreadCount"],
            postbox["documents"]["totalCount"],
            node["node"] is not None,
            opened["openDocument"]["__typename"],
        )

    assert await shown() == (0, 0, False, "NotFound")
    portal.clock.travel_to(_at(21, 12, 5))
    assert await shown() == (1, 1, True, "Document")


async def test_X6_the_first_opening_counts(portal: Portal) -> None:
    token, anna = await _anna(portal)
    [document] = await _write(portal, anna, ("letter", _at(1)))
    variables = {"document": encode_id("Document", document.id)}
    first = await portal.execute(OPEN, variables, token=token)
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=3))
    again = await portal.execute(OPEN, variables, token=token)
    expected = {"__typename": "Document", "isUnread": False}
    expected["firstOpenedAt"] = _at(21).astimezone(UTC).isoformat()
    assert first["openDocument"] == again["openDocument"] == expected


async def test_a_foreign_document_is_not_opened_and_answers_like_an_absent_one(
    portal: Portal,
) -> None:
    _, anna = await _anna(portal)
    eve, _ = await _anna(portal)
    [document] = await _write(portal, anna, ("letter", _at(1)))
    answers = [
        await portal.post(OPEN, {"document": encode_id("Document", row_id)}, token=eve)
        for row_id in (document.id, document.id + 1)
    ]
    assert answers[0].json()["data"]["openDocument"]["__typename"] == "NotFound"
    assert answers[0].content == answers[1].content
    async with portal.transaction() as session:
        stored = await session.get_one(Document, document.id)
        assert stored.first_opened_at is None


async def test_opening_without_a_session_is_refused(portal: Portal) -> None:
    answer = await portal.execute(OPEN, {"document": encode_id("Document", 1)})
    assert answer["openDocument"]["__typename"] == "NotSignedIn"


@pytest.mark.parametrize("direction", list(DocumentDirection))
async def test_F23_a_document_is_archived_and_comes_back_unchanged(
    portal: Portal, direction: DocumentDirection
) -> None:
    token, anna = await _anna(portal)
    [letter, _] = await _write(portal, anna, ("put away", _at(1)), ("kept", _at(2)))
    async with portal.transaction() as session:
        await session.execute(
            update(Document).where(Document.id == letter.id).values(direction=direction)
        )
    variables = {"document": encode_id("Document", letter.id)}
    before = await _stored(portal, letter.id)
    unread = (await _postbox(portal, token))["unreadCount"]

    archived = await portal.execute(ARCHIVE, variables, token=token)
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=3))
    assert await portal.execute(ARCHIVE, variables, token=token) == archived
    at = _at(21).astimezone(UTC).isoformat()
    assert archived["archiveDocument"] == {"__typename": "Document", "archivedAt": at}
    assert await _subjects(portal, token, filter={"isArchived": True}) == ["put away"]
    assert await _subjects(portal, token, filter={"isArchived": False}) == ["kept"]
    assert await _subjects(portal, token) == ["kept", "put away"]
    is_letter = direction is DocumentDirection.INCOMING
    assert (await _postbox(portal, token))["unreadCount"] == unread - is_letter

    back = await portal.execute(UNARCHIVE, variables, token=token)
    assert back["unarchiveDocument"] == {"__typename": "Document", "archivedAt": None}
    assert await portal.execute(UNARCHIVE, variables, token=token) == back
    assert await _stored(portal, letter.id) == before
    assert (await _postbox(portal, token))["unreadCount"] == unread


async def _stored(portal: Portal, document_id: int) -> dict[str, Any]:
    async with portal.transaction() as session:
        row = await session.get_one(Document, document_id)
        return {column.key: getattr(row, column.key) for column in Document.__table__.columns}


@pytest.mark.parametrize("mutation", ["archiveDocument", "unarchiveDocument"])
async def test_a_foreign_document_is_neither_archived_nor_taken_out_and_answers_like_an_absent_one(
    portal: Portal, mutation: str
) -> None:
    _, anna = await _anna(portal)
    eve, _ = await _anna(portal)
    [letter] = await _write(portal, anna, ("letter", _at(1)), archived_at=_at(2))
    query = ARCHIVE if mutation == "archiveDocument" else UNARCHIVE
    answers = [
        await portal.post(query, {"document": encode_id("Document", row_id)}, token=eve)
        for row_id in (letter.id, letter.id + 1)
    ]
    assert answers[0].json()["data"][mutation]["__typename"] == "NotFound"
    assert answers[0].content == answers[1].content
    signed_out = await portal.execute(query, {"document": encode_id("Document", letter.id)})
    assert signed_out[mutation]["__typename"] == "NotSignedIn"
    assert (await _stored(portal, letter.id))["archived_at"] == _at(2)


async def test_F32_counting_ends_where_nobody_reads_on_and_says_so(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.services.postbox.MOST_COUNTED", 3)
    token, anna = await _anna(portal)
    await _write(portal, anna, *((f"L{number}", _at(number)) for number in range(1, 4)))
    query = """query ($first: Int!) { viewer { postbox { documents(first: $first) {
      ... on DocumentConnection { totalCount hasMoreThanCounted nodes { subject } } } } } }"""

    async def counted(first: int) -> tuple[int, bool, int]:
        data = await portal.execute(query, {"first": first}, token=token)
        page = data["viewer"]["postbox"]["documents"]
        return page["totalCount"], page["hasMoreThanCounted"], len(page["nodes"])

    assert await counted(2) == (3, False, 2)
    await _write(portal, anna, ("L4", _at(4)), ("L5", _at(5)))
    assert await counted(2) == (3, True, 2)
    assert await counted(10) == (3, True, 5)
