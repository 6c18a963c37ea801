"""What the viewer submitted and what became of it, over GraphQL (M2, X8)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from backend.feeds.acknowledgement_records import AcknowledgedOutcome, Acknowledgement
from backend.ids import encode_id
from backend.models.contracts import PartyRole
from backend.models.receipts import ReceiptKind
from backend.services import receipts
from backend.services.acknowledgements import acknowledge
from backend.services.receipts import issue_receipt
from tests import factories
from tests.signing_in import person
from tests.submitting import SUBJECT, reload, submit_in, submitted

if TYPE_CHECKING:
    from backend.models.submissions import Submission
    from backend.models.user_accounts import UserAccount
    from tests.portal import Portal

LIST = """query ($first: Int, $after: String, $filter: SubmissionFilter) { viewer {
  submissions(first: $first, after: $after, filter: $filter) {
    totalCount pageInfo { hasNextPage endCursor } nodes { reference subject state } } } }"""
DETAIL = """query ($id: ID!) { node(id: $id) { ... on Submission {
  id reference kind subject institution { name } contract { number } state createdAt dueAt
  transmittedAt answeredAt refusalReason answerReadAt steps { state occurredAt }
  receipt { position } } } }"""
READ = """mutation ($id: ID!) { markSubmissionRead(input: { submission: $id }) { __typename
  ... on Submission { answerReadAt } ... on Refusal { message } } }"""
UNREAD = {"filter": {"isUnreadRefusal": True}}


async def _refuse(portal: Portal, submission: Submission, reason: str = "Unbekannt.") -> None:
    async with portal.transaction() as session:
        answer = Acknowledgement(submission.uid, AcknowledgedOutcome.REFUSED, reason)
        await acknowledge(session, portal.house, institution_key="sach", answer=answer)


async def _list(portal: Portal, token: str, **variables: Any) -> dict[str, Any]:
    data = await portal.execute(LIST, {"first": 20} | variables, token=token)
    found: dict[str, Any] = data["viewer"]["submissions"]
    return found


async def _read(portal: Portal, token: str, submission_id: str) -> dict[str, Any]:
    data = await portal.execute(READ, {"id": submission_id}, token=token)
    answered: dict[str, Any] = data["markSubmissionRead"]
    return answered


async def test_M2_the_list_shows_the_newest_first_page_by_page(portal: Portal) -> None:
    account = await person(portal)
    uids = [
        (await submitted(portal, account.customer_id, subject=f"Nummer {number}")).uid
        for number in range(3)
    ]
    token = await portal.sign_in(account)
    first = await _list(portal, token, first=2)
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    second = await _list(portal, token, first=2, after=first["pageInfo"]["endCursor"])
    found = [*first["nodes"], *second["nodes"]]
    assert [node["reference"] for node in found] == uids[::-1]
    assert found[0] == {"reference": uids[2], "subject": "Nummer 2", "state": "RECEIVED"}


async def test_M2_a_refused_submission_tells_every_step_and_the_reason(portal: Portal) -> None:
    account = await person(portal)
    async with portal.transaction() as session:
        contract = await factories.insurance_contract(
            session, await factories.customer(session), number="SV-1"
        )
        submission = await submit_in(session, portal, account.customer_id, contract_id=contract.id)
        receipt = await issue_receipt(
            session,
            portal.house,
            kind=ReceiptKind.APPROVED_OPERATION,
            customer_id=account.customer_id,
            submission=receipts.Submission.of_values(SUBJECT, {}),
        )
    began = portal.clock.now()
    portal.clock.travel_to(began + timedelta(hours=1))
    await _refuse(portal, submission, "Die IBAN gehört zu keinem Konto.")
    token = await portal.sign_in(account)
    node_id = encode_id("Submission", submission.id)
    node = (await portal.execute(DETAIL, {"id": node_id}, token=token))["node"]
    assert node == {
        "id": node_id,
        "reference": submission.uid,
        "kind": "BANK_ACCOUNT_CHANGED",
        "subject": SUBJECT,
        "institution": {"name": "Musterland Sachversicherung AG"},
        # The contract is another's: that it is in the change does not show it.
        "contract": None,
        "state": "REFUSED",
        "createdAt": "2026-11-21T11:00:00+00:00",
        "dueAt": "2026-11-21T11:00:00+00:00",
        "transmittedAt": None,
        "answeredAt": "2026-11-21T12:00:00+00:00",
        "refusalReason": "Die IBAN gehört zu keinem Konto.",
        "answerReadAt": None,
        "steps": [
            {"state": "RECEIVED", "occurredAt": "2026-11-21T11:00:00+00:00"},
            {"state": "REFUSED", "occurredAt": "2026-11-21T12:00:00+00:00"},
        ],
        "receipt": {"position": receipt.position},
    }


async def test_M2_the_contract_shows_to_whom_it_belongs(portal: Portal) -> None:
    async with portal.transaction() as session:
        owner = await factories.customer(session)
        account = await factories.user_account(session, owner)
        contract = await factories.insurance_contract(session, owner, number="SV-1")
        await factories.partner(session, contract, owner, role=PartyRole.INSURED, sequence=1)
    submission = await submitted(portal, account.customer_id, contract_id=contract.id)
    token = await portal.sign_in(account)
    node_id = encode_id("Submission", submission.id)
    node = (await portal.execute(DETAIL, {"id": node_id}, token=token))["node"]
    assert node["contract"] == {"number": "SV-1"}


async def test_M2_a_refusal_waits_until_it_was_read_once(portal: Portal) -> None:
    account = await person(portal)
    submission = await submitted(portal, account.customer_id)
    await submitted(portal, account.customer_id)
    token = await portal.sign_in(account)
    assert (await _list(portal, token, **UNREAD))["totalCount"] == 0
    await _refuse(portal, submission)
    assert (await _list(portal, token, **UNREAD))["totalCount"] == 1
    node_id = encode_id("Submission", submission.id)
    first = await _read(portal, token, node_id)
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=1))
    assert await _read(portal, token, node_id) == first
    assert first == {"__typename": "Submission", "answerReadAt": "2026-11-21T11:00:00+00:00"}
    assert (await _list(portal, token, **UNREAD))["totalCount"] == 0


@pytest.mark.parametrize(("is_open", "count"), [(True, 1), (False, 1), (None, 2)])
async def test_M2_open_and_answered_ones_can_be_told_apart(
    portal: Portal, *, is_open: bool | None, count: int
) -> None:
    account = await person(portal)
    await _refuse(portal, await submitted(portal, account.customer_id))
    await submitted(portal, account.customer_id)
    token = await portal.sign_in(account)
    found = await _list(portal, token, filter={"isOpen": is_open})
    assert found["totalCount"] == count


async def test_M2_reading_what_has_no_answer_yet_records_nothing(portal: Portal) -> None:
    account = await person(portal)
    submission = await submitted(portal, account.customer_id)
    token = await portal.sign_in(account)
    answered = await _read(portal, token, encode_id("Submission", submission.id))
    assert answered == {"__typename": "Submission", "answerReadAt": None}


async def test_M2_foreign_and_absent_submissions_answer_alike(portal: Portal) -> None:
    mine, other = await person(portal), await person(portal, email_address="o@example.org")
    submission = await submitted(portal, other.customer_id)
    await _refuse(portal, submission)
    token = await portal.sign_in(mine)
    foreign = encode_id("Submission", submission.id)
    absent = encode_id("Submission", 10**9)
    read = [await _read(portal, token, one) for one in (foreign, absent, "nonsense")]
    assert read[0]["__typename"] == "NotFound"
    assert read[0] == read[1] == read[2]
    assert (await portal.execute(DETAIL, {"id": foreign}, token=token))["node"] is None
    assert (await _list(portal, token))["totalCount"] == 0
    assert (await reload(portal, submission)).answer_read_at is None


async def test_M2_whoever_is_not_signed_in_marks_nothing(portal: Portal) -> None:
    account: UserAccount = await person(portal)
    submission = await submitted(portal, account.customer_id)
    await _refuse(portal, submission)
    data = await portal.execute(READ, {"id": encode_id("Submission", submission.id)})
    assert data["markSubmissionRead"]["__typename"] == "NotSignedIn"
    assert (await reload(portal, submission)).answer_read_at is None
