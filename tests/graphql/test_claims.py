"""Claims: who can hand in what, sealed, once per key, with a receipt; on both databases."""

from __future__ import annotations

import asyncio
import json
import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLScalarType, get_named_type
from sqlalchemy import func, select, update

from backend.ids import decode_id, encode_id
from backend.models.claims import Claim, ClaimDocument, ClaimPart
from backend.models.contracts import Contract, LineOfBusiness, Partner, PartyRole
from backend.models.outbox import OutboxMessage
from backend.models.receipts import Receipt
from backend.models.user_accounts import UserAccount
from backend.services.claim_documents import forget_old_claim_documents
from backend.services.claim_opening import open_claims
from backend.services.claims_keys import tend_claims_keys
from backend.services.customer_rows import delete_rows
from tests import factories, schema_walk
from tests.claiming import CII, KEY, SUBMIT, UBL, carrying, claimant, photo_pdf, worker_of
from tests.rules import set_rule
from tests.security.hostile_files import photo
from tests.security.hostile_pdfs import pdf

if TYPE_CHECKING:
    from tests.claiming import Claimant
    from tests.portal import Portal

CLAIMABLE = """query ($k: ClaimKind!) { viewer { claimableContracts(kind: $k) {
  contract { number } formats largestBytes mostPages isOpenToDesktops } } }"""


async def _claimable(pia: Claimant, kind: str) -> list[dict[str, Any]]:
    data = await pia.portal.execute(CLAIMABLE, {"k": kind}, token=pia.token)
    found: list[dict[str, Any]] = data["viewer"]["claimableContracts"]
    return found


async def _count(portal: Portal, model: Any) -> int:
    async with portal.transaction() as session:
        return await session.scalar(select(func.count()).select_from(model)) or 0


def _package(portal: Portal) -> dict[str, bytes]:
    out = portal.house.settings.claims_out
    return {
        path.name: path.read_bytes()
        for folder in (out.iterdir() if out.exists() else ())
        for path in folder.iterdir()
    }


async def test_M5_a_sealed_claim_goes_from_the_device_to_the_claims_department(
    portal: Portal,
) -> None:
    pia = await claimant(portal)
    sealing = await pia.send(await pia.seal())
    claim = await pia.submit(sealing)
    assert claim["__typename"] == "Claim"
    assert (claim["kind"], claim["format"], claim["status"], claim["nextAction"]) == (
        *("MEDICAL_INVOICE", "PHOTOS", "RECEIVED", "WAIT"),
    )
    assert claim["idempotencyKey"] == sealing.idempotency_key
    assert claim["receipt"]["kind"] == "CLAIM"
    assert claim["receipt"]["sha256"] == claim["document"]["sha256"] == sealing.sha256
    assert claim["receipt"]["subject"].startswith("Beleg einreichen: Arztrechnung bei Musterland")
    assert claim["steps"] == [{"status": "RECEIVED", "occurredOn": "2026-11-21"}]
    assert await open_claims(worker_of(portal)) == 1
    [listed] = await pia.claims()
    assert listed["status"] == "HANDED_OVER"
    assert [step["status"] for step in listed["steps"]] == ["RECEIVED", "HANDED_OVER"]
    package = _package(portal)
    assert sorted(package) == ["beleg.pdf", "manifest.json", "quittung.json"]
    manifest = json.loads(package["manifest.json"])
    assert manifest["kind"] == "MEDICAL_INVOICE"
    assert manifest["sealedSha256"] == sealing.sha256
    assert manifest["file"]["size"] == len(package["beleg.pdf"])
    assert json.loads(package["quittung.json"])["statement"]["sha256"] == sealing.sha256
    assert await open_claims(worker_of(portal)) == 0


async def test_F50_kinds_show_the_contracts_of_their_line(portal: Portal) -> None:
    pia = await claimant(portal, number="K-1")
    async with portal.transaction() as session:
        for number, line in (
            ("R-1", LineOfBusiness.TRAVEL_HEALTH),
            ("H-1", LineOfBusiness.HOUSEHOLD),
        ):
            await factories.insurance_contract(
                session, pia.customer, number=number, line_of_business=line
            )
    [health] = await _claimable(pia, "PRESCRIPTION")
    [travel] = await _claimable(pia, "FOREIGN_INVOICE")
    assert (health["contract"]["number"], travel["contract"]["number"]) == ("K-1", "R-1")
    assert health["formats"] == ["PHOTOS", "IMAGE"]
    assert (health["largestBytes"], health["mostPages"]) == (20_000_000, 50)


async def test_F51_a_foreign_invoice_on_the_wrong_contract_is_refused(portal: Portal) -> None:
    pia = await claimant(portal)
    refused = await pia.hand_in(kind="FOREIGN_INVOICE")
    assert refused["__typename"] == "ContractNotEligible"
    assert await _count(portal, Claim) == 0


async def test_F52_a_co_insured_person_finds_no_contract_and_is_refused(portal: Portal) -> None:
    pia, jonas = (
        await claimant(portal),
        await claimant(portal, "Jonas", start_date=date(2027, 1, 1)),
    )
    async with portal.transaction() as session:
        row = await session.get_one(Contract, decode_id(pia.contract, "Contract"))
        await factories.partner(session, row, jonas.customer, role=PartyRole.INSURED, sequence=1)
    assert await _claimable(jonas, "MEDICAL_INVOICE") == []
    # His own contract begins next year; hers is not his; the third was never there.
    for contract in (jonas.contract, pia.contract, encode_id("Contract", 999_999)):
        refused = await jonas.hand_in(contract=contract)
        assert refused["__typename"] == "ContractNotEligible"
    assert await _count(portal, Claim) == 0


async def test_F56_an_insurer_takes_no_pdf_and_the_refusal_names_the_other_way(
    portal: Portal,
) -> None:
    pia = await claimant(portal)
    refused = await pia.hand_in(format="PDF")
    assert (refused["__typename"], refused["formats"]) == (
        "FormatNotAccepted",
        ["PHOTOS", "IMAGE"],
    )
    assert "Fotografieren" in refused["message"]
    assert await _count(portal, Claim) == 0


@pytest.mark.parametrize(
    ("system", "accepted", "answer"),
    [
        ("Windows NT 10.0", ("HEALTH_FUND",), "DesktopNotAccepted"),
        ("X11; Linux x86_64", ("HEALTH_FUND",), "DesktopNotAccepted"),
        ("Windows NT 10.0", ("INSURER",), "Claim"),
        ("iPhone; CPU iPhone OS 19_0 like Mac OS X", (), "Claim"),
        ("Linux; Android 16; K", (), "Claim"),
    ],
)
async def test_F49_policy_says_whether_a_desktop_browser_may_hand_in(
    portal: Portal,
    system: str,
    accepted: tuple[str, ...],
    answer: str,
) -> None:
    set_rule(portal.house.policy.claims, "desktop_browsers", accepted)
    pia = await claimant(portal)
    [told] = await _claimable(pia, "MEDICAL_INVOICE")
    assert told["isOpenToDesktops"] is ("INSURER" in accepted)
    sealing = await pia.send(await pia.seal())
    browser = {"User-Agent": f"Mozilla/5.0 ({system}) Chrome/150.0.0.0", "Accept-Language": "de"}
    data = await portal.execute(SUBMIT, {"i": sealing.input}, token=pia.token, headers=browser)
    claim = data["submitClaim"]
    assert claim["__typename"] == answer
    if answer != "Claim":
        assert "Smartphone" in claim["message"]
        assert (await _count(portal, Claim), await _count(portal, Receipt)) == (0, 0)


async def test_F56_a_fund_takes_a_pdf_too(portal: Portal) -> None:
    async with portal.transaction() as session:
        fund = await factories.institution(session, "bkk")
    pia = await claimant(portal, institution_id=fund.id)
    claim = await pia.hand_in(pdf("", "/Resources << /Font << >> >>"), format="PDF")
    assert claim["__typename"] == "Claim"
    await open_claims(worker_of(portal))
    assert [one["status"] for one in await pia.claims()] == ["HANDED_OVER"]


@pytest.mark.parametrize(
    ("format_name", "content", "name"),
    [
        ("E_INVOICE", CII, "beleg.xml"),
        ("E_INVOICE", UBL, "beleg.xml"),
        ("PDF", carrying(("factur-x.xml", CII)), "beleg.pdf"),
    ],
)
async def test_X9_a_fund_takes_e_invoices(
    portal: Portal, format_name: str, content: bytes, name: str
) -> None:
    async with portal.transaction() as session:
        fund = await factories.institution(session, "bkk")
    pia = await claimant(portal, institution_id=fund.id)
    await pia.hand_in(content, format=format_name)
    await open_claims(worker_of(portal))
    assert [one["status"] for one in await pia.claims()] == ["HANDED_OVER"]
    assert set(_package(portal)) == {name, "manifest.json", "quittung.json"}


@pytest.mark.parametrize(
    ("format_name", "content", "refusal"),
    [
        ("E_INVOICE", pdf(), "TYPE_NOT_ALLOWED"),
        ("PDF", CII, "TYPE_NOT_ALLOWED"),
        ("PDF", carrying(("note.txt", b"hello")), "EMBEDDED_FILE"),
        ("E_INVOICE", b"<?xml version='1.0'?><a/>", "TYPE_NOT_ALLOWED"),
    ],
)
async def test_X9_what_is_no_e_invoice_is_refused_and_nothing_is_handed_over(
    portal: Portal, format_name: str, content: bytes, refusal: str
) -> None:
    async with portal.transaction() as session:
        fund = await factories.institution(session, "bkk")
    pia = await claimant(portal, institution_id=fund.id)
    await pia.hand_in(content, format=format_name)
    await open_claims(worker_of(portal))
    [claim] = await pia.claims()
    assert (claim["status"], claim["refusal"]) == ("FILE_REFUSED", refusal)
    assert _package(portal) == {}


async def test_X9_an_insurer_takes_no_e_invoice_and_the_refusal_names_the_other_way(
    portal: Portal,
) -> None:
    pia = await claimant(portal)
    refused = await pia.hand_in(CII, format="E_INVOICE")
    assert (refused["__typename"], refused["formats"]) == (
        "FormatNotAccepted",
        ["PHOTOS", "IMAGE"],
    )
    assert "Fotografieren" in refused["message"]
    assert await _count(portal, Claim) == 0


async def test_F60_the_same_key_is_the_same_claim_for_ever(portal: Portal) -> None:
    pia = await claimant(portal)
    sealing = await pia.send(await pia.seal())
    first = await pia.submit(sealing)
    assert await pia.submit(sealing) == first
    await open_claims(worker_of(portal))
    portal.clock.travel_to(portal.clock.now() + timedelta(days=400))
    async with portal.transaction() as session:
        await forget_old_claim_documents(session, clock=portal.clock)
    pia.token = await _sign_in_again(portal, pia)
    # The device lost its answer and sends everything anew, the same bytes.
    again = await pia.submit(await pia.send(sealing))
    assert again["id"] == first["id"]
    assert (await _count(portal, Claim), await _count(portal, Receipt)) == (1, 1)


async def _sign_in_again(portal: Portal, pia: Claimant) -> str:
    async with portal.transaction() as session:
        account = (
            await session.scalars(
                select(UserAccount).where(UserAccount.customer_id == pia.customer.id)
            )
        ).one()
    return await portal.sign_in(account)


async def test_F60_the_key_with_something_else_is_a_conflict(portal: Portal) -> None:
    pia = await claimant(portal)
    sealing = await pia.send(await pia.seal())
    await pia.submit(sealing)
    other = await pia.send(await pia.seal(idempotency_key=sealing.idempotency_key))
    for answer in (
        await pia.submit(other),
        await pia.submit(sealing, kind="PRESCRIPTION"),
        await pia.submit(sealing, format="IMAGE"),
        await pia.submit(sealing, idempotencyKey=str(uuid.uuid4())),
    ):
        assert answer["__typename"] == "Conflict"
    assert await _count(portal, Claim) == 1


async def test_F60_fifty_at_once_become_one_claim(portal: Portal) -> None:
    pia = await claimant(portal)
    sealing = await pia.send(await pia.seal())
    answers = await asyncio.gather(*(pia.submit(sealing) for _ in range(50)))
    assert {answer["id"] for answer in answers} == {answers[0]["id"]}
    assert (await _count(portal, Claim), await _count(portal, Receipt)) == (1, 1)


async def test_a_file_that_is_not_complete_can_be_submitted_later(portal: Portal) -> None:
    pia = await claimant(portal)
    sealing = await pia.seal()
    started = await pia.start(sealing.sealed)
    sealing.document = started["id"]
    early = await pia.submit(sealing)
    assert (early["__typename"], early["fields"][0]["path"]) == ("InvalidInput", ["document"])
    await pia.patch(started["uploadUrl"], 0, sealing.sealed)
    assert (await pia.submit(sealing))["__typename"] == "Claim"


async def test_M5_what_waited_on_a_device_is_taken_until_its_key_is_destroyed(
    portal: Portal,
) -> None:
    pia = await claimant(portal)
    sealing = await pia.send(await pia.seal())
    worker = worker_of(portal)
    portal.clock.travel_to(portal.clock.now() + timedelta(days=91))
    assert await tend_claims_keys(worker) == 1
    pia.token = await _sign_in_again(portal, pia)
    fresh = (await portal.execute(KEY, token=pia.token))["viewer"]["claimsKey"]["id"]
    assert fresh != sealing.key
    sealing = await pia.send(sealing)
    assert (await pia.submit(sealing))["__typename"] == "Claim"
    late = await pia.send(await pia.seal(key=sealing.key))
    portal.clock.travel_to(portal.clock.now() + timedelta(days=60))
    pia.token = await _sign_in_again(portal, pia)
    late = await pia.send(late)
    refused = await pia.submit(late)
    assert refused["__typename"] == "ClaimsKeyExpired"
    # The key stays while a sealed file waits for it, and goes once that is opened.
    await tend_claims_keys(worker)
    keys = portal.house.settings.claims_keys
    before = len(list(keys.iterdir()))
    await open_claims(worker)
    assert (await pia.claims())[0]["status"] == "HANDED_OVER"
    await tend_claims_keys(worker)
    assert len(list(keys.iterdir())) == before - 1


@pytest.mark.parametrize(
    ("content", "format_", "refusal", "words"),
    [
        (b"", "PHOTOS", "EMPTY", "leer"),
        (b"nothing of the kind", "PHOTOS", "TYPE_NOT_ALLOWED", "Art von Datei"),
        (photo(), "PHOTOS", "TYPE_NOT_ALLOWED", "Art von Datei"),
        (photo()[:-40], "IMAGE", "DAMAGED", "nicht lesen"),
        (photo_pdf()[:-300], "PHOTOS", "DAMAGED", "nicht lesen"),
        (pdf("/OpenAction << /S /Launch >>"), "PHOTOS", "ACTIVE_CONTENT", "Programme"),
        (pdf("", "/Resources << /Font << >> >>"), "PHOTOS", "NOT_OF_PHOTOS", "Text"),
        (pdf(), "PHOTOS", "NOT_OF_PHOTOS", "nur Fotos"),
        (photo_pdf(pages=51), "PHOTOS", "TOO_COMPLEX", "zu viele Seiten"),
    ],
)
async def test_X1_a_file_that_is_no_use_is_refused_with_what_to_do(
    portal: Portal, content: bytes, format_: str, refusal: str, words: str
) -> None:
    pia = await claimant(portal)
    await pia.hand_in(content, format=format_)
    await open_claims(worker_of(portal))
    [claim] = await pia.claims()
    assert (claim["status"], claim["refusal"]) == ("FILE_REFUSED", refusal)
    assert words in claim["refusalMessage"]
    assert claim["refusalMessage"].endswith("Bitte reichen Sie ihn neu ein.")
    assert claim["nextAction"] == "SEND_AGAIN"
    assert _package(portal) == {}
    assert [info.key async for info in portal.house.objects.list()] == []
    assert await _count(portal, OutboxMessage) == 1


async def test_M5_a_claim_is_opened_although_its_contract_was_deleted_meanwhile(
    portal: Portal,
) -> None:
    pia = await claimant(portal)
    sealing = await pia.send(await pia.seal())
    claim = await pia.submit(sealing)
    # A feed names another holder, whose user account then goes, and with it the contract.
    async with portal.transaction() as session:
        next_holder = await factories.customer(session, "Jonas", "Privat")
        await session.execute(update(Partner).values(customer_id=next_holder.id))
        gone = await delete_rows(session, [next_holder.id])
    assert gone["contract"] == 1
    [listed] = await pia.claims()
    assert (listed["id"], listed["status"]) == (claim["id"], "RECEIVED")
    # Whoever lost the answer still gets this claim, and no other contract's.
    assert (await pia.submit(sealing))["id"] == claim["id"]
    other = encode_id("Contract", decode_id(pia.contract, "Contract") + 1)
    assert (await pia.submit(sealing, contract=other))["__typename"] == "Conflict"

    assert await open_claims(worker_of(portal)) == 1
    [listed] = await pia.claims()
    assert (listed["status"], listed["refusal"]) == ("HANDED_OVER", None)
    package = _package(portal)
    assert package["beleg.pdf"].startswith(b"%PDF-")
    manifest = json.loads(package["manifest.json"])
    assert manifest["sealedSha256"] == sealing.sha256
    assert manifest["contractNumber"] == claim["contract"]["number"]
    assert await _count(portal, Claim) == 1


async def test_M5_a_file_bound_to_another_claim_is_refused(portal: Portal) -> None:
    pia = await claimant(portal)
    sealing = await pia.send(await pia.seal())
    await pia.submit(sealing, idempotencyKey=str(uuid.uuid4()))
    changed = bytearray((await pia.seal()).sealed)
    changed[-1] ^= 1
    other = await pia.seal()
    other.sealed = bytes(changed)
    await pia.submit(await pia.send(other))
    await open_claims(worker_of(portal))
    assert {claim["refusal"] for claim in await pia.claims()} == {"DAMAGED"}
    assert _package(portal) == {}


def test_F56_F62_nothing_takes_a_remark_or_a_title() -> None:
    kinds = schema_walk.SCHEMA.type_map
    for name in ("SubmitClaimInput", "StartClaimDocumentInput"):
        kind = kinds[name]
        assert isinstance(kind, GraphQLInputObjectType)
        texts = {
            field
            for field, value in kind.fields.items()
            if isinstance(leaf := get_named_type(value.type), GraphQLScalarType)
            and leaf.name == "String"
        }
        # A checksum is held to 64 hexadecimal digits.
        assert texts <= {"sha256"}
    shown = {field for owner, field, _ in schema_walk.fields() if owner.startswith("Claim")}
    assert not shown & {"title", "remark", "remarks", "note", "notes", "comment", "text"}


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ({"size": 88}, ["size"]),
        ({"size": 20_004_896 + 1176 + 1}, ["size"]),
        ({"size": -1}, ["size"]),
        ({"sha256": "A" * 64}, ["sha256"]),
        ({"sha256": "Rechnung von Dr. Muster"}, ["sha256"]),
    ],
)
async def test_M5_a_file_of_no_use_is_not_even_announced(
    portal: Portal, told: dict[str, Any], path: list[str]
) -> None:
    pia = await claimant(portal)
    refused = await pia.start(bytes(1000), **told)
    assert (refused["__typename"], refused["fields"][0]["path"]) == ("InvalidInput", path)
    assert await _count(portal, ClaimDocument) == 0


async def test_another_customers_file_and_claim_are_absent(portal: Portal) -> None:
    pia, eva = await claimant(portal), await claimant(portal, "Eva")
    sealing = await pia.send(await pia.seal())
    stolen = await eva.submit(sealing, contract=eva.contract)
    assert stolen["__typename"] == "NotFound"
    claim = await pia.submit(sealing)
    node = "query ($id: ID!) { node(id: $id) { __typename } }"
    for foreign in (claim["id"], sealing.document):
        assert await portal.execute(node, {"id": foreign}, token=eva.token) == {"node": None}
        assert (await portal.execute(node, {"id": foreign}, token=pia.token))["node"]
    assert await _count(portal, ClaimPart) == 1
