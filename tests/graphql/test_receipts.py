"""Receipts as customers and app developers meet them: listed, downloaded, published (M1, X8)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from backend.ids import encode_id
from backend.models.receipts import Receipt, ReceiptEntry, ReceiptKind
from backend.services.receipt_verification import Left, verify_receipt
from backend.services.receipts import Submission, issue_receipt
from backend.services.tree_heads import publish_tree_head
from tests.approving import approve, approve_with_passkey, ask, ask_for_password, send_tan
from tests.signing_in import add_passkey, authenticator_for, person, wrong

if TYPE_CHECKING:
    import httpx
    import pytest

    from backend.models.user_accounts import UserAccount
    from tests.portal import Portal

RECEIPTS = """query ($first: Int! = 20, $after: String) { viewer {
  receipts(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    edges { cursor } nodes { id kind subject sha256 issuedAt position downloadUrl } } } }"""
NODE = "query ($id: ID!) { node(id: $id) { __typename ... on Receipt { position } } }"
APPROVE = """mutation ($input: ApproveWithTanInput!) { approveWithTan(input: $input) { __typename
  ... on Approved { bearerToken receipt { id subject position downloadUrl } } } }"""


async def _change_email_address(portal: Portal, token: str) -> tuple[dict[str, Any], str]:
    """Approve a change; return its receipt and the session's new token."""
    approval = await ask(
        portal, "changeEmailAddress", {"emailAddress": "neu@example.org"}, token=token
    )
    tan = await send_tan(portal, token, approval["id"])
    given = {"approval": approval["id"], "tan": tan, "transport": "BEARER"}
    result = (await portal.execute(APPROVE, {"input": given}, token=token))["approveWithTan"]
    assert result["__typename"] == "Approved", result
    return result["receipt"], result["bearerToken"]


async def _receipts(portal: Portal, token: str, **variables: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await portal.execute(RECEIPTS, variables, token=token))["viewer"]
    listed: dict[str, Any] = found["receipts"]
    return listed


async def _fetch(portal: Portal, path: str, token: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return await portal.client.get(path, headers=headers)


async def _issue(portal: Portal, account: UserAccount, count: int) -> None:
    async with portal.transaction() as session:
        for number in range(count):
            await issue_receipt(
                session,
                portal.house,
                kind=ReceiptKind.APPROVED_OPERATION,
                customer_id=account.customer_id,
                submission=Submission.of_values(f"Test {number}", {"number": number}),
            )


async def _counts(portal: Portal) -> tuple[int | None, int | None]:
    async with portal.transaction() as session:
        return (
            await session.scalar(select(func.count(Receipt.id))),
            await session.scalar(select(func.count(ReceiptEntry.position))),
        )


async def test_X8_what_was_approved_has_a_receipt_that_verifies_offline(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    receipt, token = await _change_email_address(portal, token)
    [listed] = (await _receipts(portal, token))["nodes"]
    assert listed["id"] == receipt["id"]
    assert listed["kind"] == "APPROVED_OPERATION"
    assert listed["subject"] == "Ihre E-Mail-Adresse ändern in neu@example.org"
    assert listed["position"] == 0
    answer = await _fetch(portal, receipt["downloadUrl"], token)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert 'filename="quittung-0.json"' in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    found = verify_receipt(answer.content)
    assert found.problems == []
    assert found.receipt is not None
    assert found.receipt.statement.sha256 == listed["sha256"]
    assert found.receipt.statement.issuer == portal.house.group.name
    assert json.loads(found.receipt.content or "") == {
        "input": {"email_address": "neu@example.org"},
        "method": "TAN",
        "operation": "change_email_address",
        "subject": listed["subject"],
    }


async def test_M1_a_passkey_approval_has_one_and_secrets_are_not_in_it(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    device = authenticator_for(portal)
    await add_passkey(portal, token, device)
    approval = await ask_for_password(portal, token)
    result = await approve_with_passkey(portal, token, approval, device)
    token = result["bearerToken"]
    [listed] = (await _receipts(portal, token))["nodes"]
    file = (await _fetch(portal, listed["downloadUrl"], token)).text
    assert "argon2" not in file
    content = json.loads(json.loads(file)["content"])
    assert content["method"] == "PASSKEY"
    assert list(content["input"]) == ["secretSha256"]


async def test_M1_what_was_refused_has_no_receipt_and_no_place(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    approval = await ask_for_password(portal, token)
    tan = await send_tan(portal, token, approval)
    given = {"approval": approval, "tan": wrong(tan), "transport": "BEARER"}
    result = await portal.execute(APPROVE, {"input": given}, token=token)
    assert result["approveWithTan"]["__typename"] == "WrongTan"
    assert await _counts(portal) == (0, 0)


async def test_M1_without_the_signing_key_nothing_is_executed(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    approval = await ask_for_password(portal, token)
    tan = await send_tan(portal, token, approval)

    async def fail() -> None:
        raise OSError("the key database is away")

    monkeypatch.setattr(type(portal.house.signer), "load", lambda _: fail())
    given = {"approval": approval, "tan": tan, "transport": "BEARER"}
    answer = await portal.post(APPROVE, {"input": given}, token=token)
    assert answer.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    monkeypatch.undo()
    assert await _counts(portal) == (0, 0)
    result = await approve(portal, token, await ask_for_password(portal, token))
    assert result["outcome"]["__typename"] == "PasswordChanged"


async def test_X8_receipts_come_newest_first_and_page_by_page(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    empty = await _receipts(portal, token)
    assert (empty["totalCount"], empty["nodes"]) == (0, [])
    await _issue(portal, account, 5)
    positions, after = [], None
    while True:
        page = await _receipts(portal, token, first=2, after=after)
        assert page["totalCount"] == 5
        positions += [node["position"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert positions == [4, 3, 2, 1, 0]
    answer = await portal.post(RECEIPTS, {"after": "bm9uc2Vuc2U="}, token=token)
    assert answer.json()["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"


async def test_M1_somebody_elses_receipt_is_like_one_that_does_not_exist(portal: Portal) -> None:
    owner, other = await person(portal), await person(portal, "zweite@example.org")
    await _issue(portal, owner, 1)
    mine, theirs = await portal.sign_in(owner), await portal.sign_in(other)
    [receipt] = (await _receipts(portal, mine))["nodes"]
    absent = encode_id("Receipt", 999)
    assert (await portal.execute(NODE, {"id": receipt["id"]}, token=mine))["node"] == {
        "__typename": "Receipt",
        "position": 0,
    }
    assert (await portal.execute(NODE, {"id": receipt["id"]}, token=theirs))["node"] is None
    paths = (receipt["downloadUrl"], f"/receipts/{absent}/quittung-0.json", "/receipts/x/y.json")
    answers = [await _fetch(portal, path, theirs) for path in paths]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert (await _fetch(portal, receipt["downloadUrl"])).status_code == 401
    assert (await _receipts(portal, theirs))["totalCount"] == 0


async def test_M1_everybody_can_compare_a_receipt_with_what_is_published(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    assert (await _fetch(portal, "/receipts/tree-heads.json")).json()["heads"] == []
    for _ in range(3):
        await _issue(portal, account, 2)
        await publish_tree_head(portal.house)
        portal.clock.travel_to(portal.clock.now() + timedelta(days=1))
    token = await portal.sign_in(account)
    key = await _fetch(portal, "/receipts/public-key.json")
    heads = await _fetch(portal, "/receipts/tree-heads.json")
    assert [head["statement"]["treeSize"] for head in heads.json()["heads"]] == [2, 4, 6]
    for receipt in (await _receipts(portal, token))["nodes"]:
        file = await _fetch(portal, receipt["downloadUrl"], token)
        found = verify_receipt(
            file.content, public_key_file=key.content, tree_heads_file=heads.content
        )
        assert (found.problems, found.left) == ([], [])
    since = heads.json()["heads"][1]["statement"]["day"]
    later = await _fetch(portal, f"/receipts/tree-heads.json?since={since}")
    assert later.json()["heads"] == heads.json()["heads"][1:]
    assert (await _fetch(portal, "/receipts/tree-heads.json?since=gestern")).status_code == 400


async def test_M1_a_receipt_can_be_downloaded_before_its_day_is_signed(portal: Portal) -> None:
    account = await person(portal)
    await _issue(portal, account, 1)
    token = await portal.sign_in(account)
    [receipt] = (await _receipts(portal, token))["nodes"]
    found = verify_receipt((await _fetch(portal, receipt["downloadUrl"], token)).content)
    assert found.problems == []
    assert Left.TREE_HEAD in found.left


async def test_M1_the_signing_key_stays_the_same_and_never_leaves(portal: Portal) -> None:
    first, second = [await portal.house.signer.load() for _ in range(2)]
    assert first.public_key == second.public_key
    published = (await _fetch(portal, "/receipts/public-key.json")).json()
    assert published["publicKey"] == first.public_key.hex()
    assert first.private_key.hex() not in repr(first)
    stored = (portal.house.settings.data_dir / "keys.db").read_bytes()
    assert first.private_key not in stored
