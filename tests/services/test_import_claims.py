"""Decisions about claims by feed: forward only, each step told, the statement linked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from backend.feeds.detect import FeedFormat, detect
from backend.models.claims import Claim
from backend.models.consents import DeliveryChannel, DeliveryDecision
from backend.models.customers import CustomerNumber
from backend.models.documents import DocumentKind
from backend.models.outbox import OutboxMessage, OutboxTopic
from backend.services.claim_opening import open_claims
from backend.services.imports import import_file
from backend.services.outbox import open_payload
from tests import factories
from tests.claiming import claimant, worker_of
from tests.noticing import print_orders
from tests.services.feed_files import letter, manifest_file

if TYPE_CHECKING:
    from pathlib import Path

    from backend.services.imports import FileReport
    from tests.claiming import Claimant
    from tests.portal import Portal


async def _handed_over(portal: Portal) -> tuple[Claimant, str]:
    pia = await claimant(portal)
    await pia.hand_in()
    await open_claims(worker_of(portal))
    async with portal.transaction() as session:
        return pia, (await session.scalars(select(Claim.uid))).one()


def _line(claim: str, status: str, day: int, **values: Any) -> dict[str, Any]:
    return {
        "claim": claim,
        "status": status,
        "on": f"2026-11-{day}",
        "updated_at": f"2026-11-{day}T06:00:00+01:00",
    } | values


async def _read(portal: Portal, folder: Path, *lines: dict[str, Any] | str) -> FileReport:
    path = folder / "claims.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts), encoding="utf-8")
    return await import_file(portal.house, path)


async def _mails(portal: Portal) -> int:
    async with portal.transaction() as session:
        mails = select(func.count(OutboxMessage.id)).where(OutboxMessage.topic == OutboxTopic.MAIL)
        return await session.scalar(mails) or 0


async def test_X1_a_decision_moves_a_claim_on_and_keeps_the_days(
    portal: Portal, tmp_path: Path
) -> None:
    pia, uid = await _handed_over(portal)
    amounts = {"amount_claimed": "123.45", "amount_reimbursed": "98.7", "currency": "EUR"}
    report = await _read(
        portal, tmp_path, _line(uid, "IN_REVIEW", 23), _line(uid, "PAID", 27, **amounts)
    )
    assert (report.accepted, report.findings) == (2, [])
    [claim] = await pia.claims()
    assert claim["status"] == "PAID"
    assert claim["steps"][1:] == [
        {"status": "HANDED_OVER", "occurredOn": "2026-11-21"},
        {"status": "IN_REVIEW", "occurredOn": "2026-11-23"},
        {"status": "PAID", "occurredOn": "2026-11-27"},
    ]
    assert claim["amountClaimed"] == {"amount": "123.45", "currency": "EUR"}
    assert claim["amountReimbursed"] == {"amount": "98.70", "currency": "EUR"}
    assert (await _read(portal, tmp_path, _line(uid, "PAID", 27, **amounts))).duplicates == 1
    assert await _mails(portal) == 2


async def test_F53_the_mail_about_a_step_says_nothing_about_it(
    portal: Portal, tmp_path: Path
) -> None:
    _, uid = await _handed_over(portal)
    await _read(portal, tmp_path, _line(uid, "DECIDED", 25, amount_claimed="7.00", currency="EUR"))
    async with portal.transaction() as session:
        mail = (
            await session.scalars(
                select(OutboxMessage).where(OutboxMessage.topic == OutboxTopic.MAIL)
            )
        ).one()
    content = await open_payload(
        portal.house.sealer, message_id=mail.message_id, payload=mail.payload
    )
    said = content["subject"] + content["text"]
    assert "Neuigkeiten" in said
    for secret in ("Arzt", "Beleg", "7,00", "7.00", uid, "Privat", "DECIDED", "entschieden"):
        assert secret not in said


async def test_F54_the_benefit_statement_is_linked_once_it_lies_in_the_postbox(
    portal: Portal, tmp_path: Path
) -> None:
    pia, uid = await _handed_over(portal)
    await _read(portal, tmp_path, _line(uid, "DECIDED", 25, statement="LB-17"))
    [waiting] = await pia.claims()
    assert (waiting["benefitStatement"], waiting["nextAction"]) == (None, "WAIT")
    async with portal.transaction() as session:
        eva = await factories.customer(session, "Eva")
        for owner, number in ((eva, "LB-18"), (pia.customer, "LB-17")):
            await factories.document(
                session,
                owner,
                portal.clock.now(),
                external_id=number,
                kind=DocumentKind.BENEFIT_STATEMENT,
                subject=f"Leistungsabrechnung {number}",
            )
    [claim] = await pia.claims()
    assert claim["benefitStatement"] == {"subject": "Leistungsabrechnung LB-17"}
    assert claim["nextAction"] == "READ_STATEMENT"
    # Another customer's document never shows, whatever the feed says.
    await _read(portal, tmp_path, _line(uid, "DECIDED", 26, statement="LB-18"))
    assert (await pia.claims())[0]["benefitStatement"] is None


@pytest.mark.parametrize(("channel", "on_paper"), [("POSTBOX", 0), ("PAPER", 1)])
async def test_F55_the_benefit_statement_comes_on_paper_as_well_if_that_was_chosen(
    portal: Portal, tmp_path: Path, channel: str, on_paper: int
) -> None:
    pia, uid = await _handed_over(portal)
    async with portal.transaction() as session:
        sach = await factories.institution(session, "sach")
        session.add_all(
            (
                CustomerNumber(institution_id=sach.id, number="S-18", customer_id=pia.customer.id),
                DeliveryDecision(
                    customer_id=pia.customer.id,
                    institution_id=sach.id,
                    channel=DeliveryChannel[channel],
                    decided_at=portal.clock.now(),
                ),
            )
        )
    await _read(portal, tmp_path, _line(uid, "DECIDED", 25, statement="LB-17"))
    statement = letter("LB-17", customer_number="S-18", kind="BENEFIT_STATEMENT")
    path = manifest_file(tmp_path / "statement", statement)
    assert (await import_file(portal.house, path, institution_key="sach")).accepted == 1
    assert len(await print_orders(portal)) == on_paper
    # Digitally it comes either way.
    assert (await pia.claims())[0]["benefitStatement"] == {"subject": "Ihre Rechnung"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"claim": "f" * 32}, "claim"),
        ({"claim": "nonsense"}, "claim"),
        ({"status": "HANDED_OVER"}, "status"),
        ({"status": "IN_REVIEW"}, "status"),
        ({"on": "25.11.2026"}, "on"),
        ({"amount_claimed": "-1"}, "amount_claimed"),
        ({"amount_claimed": 7}, "amount_claimed"),
        ({"amount_claimed": "7.00", "currency": None}, "currency"),
        ({"updated_at": "2026-11-26T06:00:00"}, "updated_at"),
    ],
)
async def test_X1_a_line_that_is_no_use_is_a_finding_and_changes_nothing(
    portal: Portal, tmp_path: Path, change: dict[str, Any], field: str
) -> None:
    pia, uid = await _handed_over(portal)
    await _read(portal, tmp_path, _line(uid, "DECIDED", 25))
    before = await pia.claims()
    report = await _read(portal, tmp_path, _line(uid, "PAID", 26) | change, "{broken")
    assert (report.accepted, report.rejected >= 2) == (0, True)
    assert field in {finding.field for finding in report.findings}
    assert await pia.claims() == before
    assert await _mails(portal) == 1


async def test_X1_a_claim_that_nobody_has_yet_and_a_refused_one_are_not_decided(
    portal: Portal, tmp_path: Path
) -> None:
    pia = await claimant(portal)
    await pia.hand_in()
    async with portal.transaction() as session:
        uid = (await session.scalars(select(Claim.uid))).one()
    assert (await _read(portal, tmp_path, _line(uid, "PAID", 26))).rejected == 1
    await open_claims(worker_of(portal))
    path = tmp_path / "claims.jsonl"
    foreign = await import_file(portal.house, path, institution_key="bank")
    assert (foreign.accepted, foreign.rejected) == (0, 1)
    assert (await pia.claims())[0]["status"] == "HANDED_OVER"
    assert (await import_file(portal.house, path, institution_key="sach")).accepted == 1


def test_the_format_is_told_from_the_content() -> None:
    assert detect(json.dumps(_line("f" * 32, "PAID", 26)).encode()) is FeedFormat.CLAIMS
