"""Consents as a client gives them: the operations, and the links that came by mail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from backend.services.outbox_delivery import deliver_mails, deliver_product_mails
from tests.signing_in import mail_payloads

if TYPE_CHECKING:
    from tests.portal import Portal

CONSENTS = """query ($locale: Locale!) { viewer { consents { id purpose state decidedAt
  text(locale: $locale) { locale version title text sha256 } } } }"""
GRANT = """mutation ($input: GrantConsentInput!) { grantConsent(input: $input) { __typename
  ... on Consent { id purpose state decidedAt } ... on Refusal { message }
  ... on InvalidInput { fields { path message } } ... on TooManyAttempts { retryAt } } }"""
WITHDRAW = """mutation ($input: WithdrawConsentInput!) { withdrawConsent(input: $input) { __typename
  ... on Consent { id purpose state decidedAt } ... on Refusal { message } } }"""
CONFIRM = """mutation ($input: ConfirmConsentInput!) { confirmConsent(input: $input) { __typename
  ... on ConsentConfirmed { purpose } ... on Refusal { message } } }"""
HISTORY = """query ($first: Int!, $after: String) { viewer { settingsHistory(first: $first,
  after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { __typename
    ... on ConsentDecision { purpose state decidedThrough decidedAt
      agreedText { version sha256 text } }
    ... on DeliveryDecision { institution { key } channel decidedAt
      agreedText { version sha256 text } } } } } }"""

EMAIL = "PRODUCT_INFORMATION_BY_EMAIL"
PHONE = "PRODUCT_INFORMATION_BY_PHONE"
ANALYSIS = "TRANSACTION_ANALYSIS"


async def consents_of(portal: Portal, token: str, locale: str = "DE") -> dict[str, dict[str, Any]]:
    """Return the consents by purpose."""
    data = await portal.execute(CONSENTS, {"locale": locale}, token=token)
    return {row["purpose"]: row for row in data["viewer"]["consents"]}


async def grant(portal: Portal, token: str, purpose: str, **values: str) -> dict[str, Any]:
    """Agree to the text of a purpose, as the page does."""
    consent = (await consents_of(portal, token))[purpose]
    given = {"consent": consent["id"], "text": consent["text"]["sha256"]} | values
    data = await portal.execute(GRANT, {"input": given}, token=token)
    result: dict[str, Any] = data["grantConsent"]
    return result


async def withdraw(portal: Portal, token: str, purpose: str) -> dict[str, Any]:
    """Take a consent back, as the page does."""
    consent = (await consents_of(portal, token))[purpose]
    given = {"consent": consent["id"]}
    data = await portal.execute(WITHDRAW, {"input": given}, token=token)
    result: dict[str, Any] = data["withdrawConsent"]
    return result


async def confirm(portal: Portal, secret: str) -> dict[str, Any]:
    """Follow a link, signed in nowhere."""
    data = await portal.execute(CONFIRM, {"input": {"token": secret}})
    result: dict[str, Any] = data["confirmConsent"]
    return result


async def links(portal: Portal) -> list[str]:
    """Return the secrets of the links in the mails that wait, oldest first."""
    texts = [mail["text"] for mail in await mail_payloads(portal)]
    return [found[1] for text in texts if (found := re.search(r"/confirm-consent#(\S+)", text))]


async def agree_by_email(portal: Portal, token: str) -> None:
    """Give the consent by e-mail and confirm it."""
    assert (await grant(portal, token, EMAIL))["state"] == "PENDING"
    assert await confirm(portal, (await links(portal))[-1]) == {
        "__typename": "ConsentConfirmed",
        "purpose": EMAIL,
    }


async def history(portal: Portal, token: str, first: int = 100) -> list[dict[str, Any]]:
    """Return what was decided, the newest first."""
    data = await portal.execute(HISTORY, {"first": first}, token=token)
    nodes: list[dict[str, Any]] = data["viewer"]["settingsHistory"]["nodes"]
    return nodes


async def deliver(portal: Portal) -> None:
    """Let the worker deliver everything that is due."""
    while await deliver_mails(portal.house) + await deliver_product_mails(portal.house):
        pass
