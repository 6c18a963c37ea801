"""Consents and delivery preferences over GraphQL, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from backend.models.consents import (
    ConsentDecision,
    ConsentPurpose,
    ConsentState,
    DeliveryChannel,
    DeliveryDecision,
)
from backend.models.customers import CustomerNumber
from tests import factories

if TYPE_CHECKING:
    from backend.models.customers import Customer
    from tests.portal import Portal

CONSENTS = "{ viewer { consents { id purpose state decidedAt } } }"
DELIVERY = "{ viewer { deliveryPreferences { institution { key } channel since } } }"
NODE = "query ($id: ID!) { node(id: $id) { ... on Consent { purpose state } } }"


async def _anna(portal: Portal) -> tuple[str, Customer]:
    async with portal.transaction() as session:
        anna = await factories.customer(session)
        user = await factories.user_account(session, anna)
    return await portal.sign_in(user), anna


async def _decide(portal: Portal, who: Customer, state: ConsentState, at: datetime) -> None:
    async with portal.transaction() as session:
        session.add(
            ConsentDecision(
                customer_id=who.id,
                purpose=ConsentPurpose.PRODUCT_INFORMATION_BY_EMAIL,
                state=state,
                text_version="1",
                decided_at=at,
            )
        )


async def _consents(portal: Portal, token: str) -> list[dict[str, Any]]:
    data = await portal.execute(CONSENTS, token=token)
    consents: list[dict[str, Any]] = data["viewer"]["consents"]
    return consents


async def test_F19_F77_nothing_is_consented_to_unless_decided(portal: Portal) -> None:
    token, _ = await _anna(portal)
    shown = [
        (row["purpose"], row["state"], row["decidedAt"]) for row in await _consents(portal, token)
    ]
    assert shown == [
        ("PRODUCT_INFORMATION_BY_EMAIL", "NOT_GRANTED", None),
        ("PRODUCT_INFORMATION_BY_PHONE", "NOT_GRANTED", None),
        ("TRANSACTION_ANALYSIS", "NOT_GRANTED", None),
    ]


async def test_F19_the_newest_decision_counts_for_its_purpose_only(portal: Portal) -> None:
    token, anna = await _anna(portal)
    await _decide(portal, anna, ConsentState.GRANTED, datetime(2026, 1, 2, tzinfo=UTC))
    await _decide(portal, anna, ConsentState.NOT_GRANTED, datetime(2026, 3, 4, tzinfo=UTC))
    await _decide(portal, anna, ConsentState.PENDING, datetime(2026, 5, 6, tzinfo=UTC))
    shown = [(row["state"], row["decidedAt"]) for row in await _consents(portal, token)]
    assert shown == [
        ("PENDING", "2026-05-06T00:00:00+00:00"),
        ("NOT_GRANTED", None),
        ("NOT_GRANTED", None),
    ]


async def test_a_foreign_consent_answers_like_an_absent_one(portal: Portal) -> None:
    token, _ = await _anna(portal)
    other_token, other = await _anna(portal)
    await _decide(portal, other, ConsentState.GRANTED, datetime(2026, 1, 2, tzinfo=UTC))
    own = (await _consents(portal, token))[0]["id"]
    foreign = (await _consents(portal, other_token))[0]["id"]
    assert own != foreign
    assert (await portal.execute(NODE, {"id": own}, token=token))["node"]["state"] == "NOT_GRANTED"
    assert await portal.execute(NODE, {"id": foreign}, token=token) == {"node": None}


async def _preferences(portal: Portal, token: str) -> list[tuple[str, str, str | None]]:
    data = await portal.execute(DELIVERY, token=token)
    return [
        (row["institution"]["key"], row["channel"], row["since"])
        for row in data["viewer"]["deliveryPreferences"]
    ]


async def _know(portal: Portal, who: Customer, *keys: str) -> None:
    async with portal.transaction() as session:
        for key in keys:
            institution = await factories.institution(session, key)
            session.add(
                CustomerNumber(
                    institution_id=institution.id, number=f"{key}-{who.id}", customer_id=who.id
                )
            )


async def test_F27_F107_post_is_digital_from_registration_but_a_health_funds_is_on_paper(
    portal: Portal,
) -> None:
    token, anna = await _anna(portal)
    await _know(portal, anna, "leben", "bank", "bkk")
    registered = factories.CREATED.isoformat()
    assert await _preferences(portal, token) == [
        ("leben", "POSTBOX", registered),
        ("bank", "POSTBOX", registered),
        ("bkk", "PAPER", None),
    ]


async def test_F28_the_newest_choice_of_the_channel_counts(portal: Portal) -> None:
    token, anna = await _anna(portal)
    await _know(portal, anna, "leben", "bkk")
    async with portal.transaction() as session:
        for key, channel, month in (
            ("leben", DeliveryChannel.POSTBOX, 2),
            ("leben", DeliveryChannel.PAPER, 3),
            ("bkk", DeliveryChannel.POSTBOX, 4),
        ):
            session.add(
                DeliveryDecision(
                    customer_id=anna.id,
                    institution_id=(await factories.institution(session, key)).id,
                    channel=channel,
                    decided_at=datetime(2026, month, 1, tzinfo=UTC),
                )
            )
    assert await _preferences(portal, token) == [
        ("leben", "PAPER", "2026-03-01T00:00:00+00:00"),
        ("bkk", "POSTBOX", "2026-04-01T00:00:00+00:00"),
    ]
