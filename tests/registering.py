"""Registering as a client does: the operations, what was typed, and what arrived."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend.models.user_accounts import UserAccount
from tests.signing_in import last_tan, mail_payloads

if TYPE_CHECKING:
    from tests.portal import Portal

PASSWORD = "Sieben Zwerge im Wald"
ADDRESS = "wilma@example.org"

TERMS = """query ($locale: Locale!) { terms(locale: $locale) {
  kind locale version startDate title text sha256 } }"""
_REFUSED = """... on Refusal { message } ... on TooManyAttempts { retryAt }
  ... on InvalidInput { fields { path message } }"""
START = f"""mutation ($input: StartRegistrationInput!) {{
  startRegistration(input: $input) {{ __typename
    ... on RegistrationStarted {{ emailAddress expiresAt }} {_REFUSED} }} }}"""
CONFIRM_ADDRESS = """mutation ($input: ConfirmRegistrationAddressInput!) {
  confirmRegistrationAddress(input: $input) { __typename
    ... on RegistrationAddressConfirmed { registration maskedPhoneNumber expiresAt }
    ... on Refusal { message } ... on TooManyAttempts { retryAt } } }"""
SEND_TAN = """mutation ($input: SendRegistrationTanInput!) {
  sendRegistrationTan(input: $input) { __typename
    ... on RegistrationTanSent { maskedPhoneNumber expiresAt }
    ... on Refusal { message } ... on TooManyAttempts { retryAt } } }"""
COMPLETE = """mutation ($input: CompleteRegistrationInput!) {
  completeRegistration(input: $input) { __typename
    ... on SignedIn { bearerToken viewer { displayName emailAddress maskedPhoneNumber
      contracts { totalCount } savingsAccounts { id } postbox { unreadCount }
      deliveryPreferences { channel } session { assuranceLevel } } }
    ... on WrongTan { attemptsLeft } ... on Refusal { message }
    ... on TooManyAttempts { retryAt } } }"""
LINK = """mutation ($input: LinkCustomerNumberInput!) {
  linkCustomerNumber(input: $input) { __typename
    ... on CustomerNumberLinked { institution { key } }
    ... on Refusal { message } ... on TooManyAttempts { retryAt } } }"""


async def run(
    portal: Portal, document: str, *, token: str | None = None, **values: object
) -> dict[str, Any]:
    """Execute a mutation of one field and return its result."""
    data = await portal.execute(document, {"input": values}, token=token)
    result: dict[str, Any] = next(iter(data.values()))
    return result


async def form(portal: Portal, **values: object) -> dict[str, object]:
    """Return what Wilma types; both texts as they are in force."""
    portal_terms, postbox_terms = (await portal.execute(TERMS, {"locale": "DE"}))["terms"]
    return {
        "emailAddress": ADDRESS,
        "password": PASSWORD,
        "phoneNumber": "0151 12345678",
        "givenName": "Wilma",
        "familyName": "Widerruf",
        "birthDate": "1970-02-28",
        "portalTerms": portal_terms["sha256"],
        "postboxTerms": postbox_terms["sha256"],
    } | values


async def start(portal: Portal, **values: object) -> dict[str, Any]:
    """Take the first step."""
    data = await portal.execute(START, {"input": await form(portal, **values)})
    result: dict[str, Any] = data["startRegistration"]
    return result


async def last_link(portal: Portal) -> str:
    """Return the token of the newest link that was mailed."""
    text = (await mail_payloads(portal))[-1]["text"]
    found = re.search(r"https://portal\.test/confirm-registration#(\S+)", text)
    assert found is not None, text
    return found[1]


async def confirm_address(portal: Portal, **values: object) -> str:
    """Start, follow the link and return the secret for the next steps."""
    await start(portal, **values)
    answer = await portal.execute(CONFIRM_ADDRESS, {"input": {"token": await last_link(portal)}})
    secret: str = answer["confirmRegistrationAddress"]["registration"]
    return secret


async def ask_for_tan(portal: Portal, secret: str) -> dict[str, Any]:
    """Ask for a TAN."""
    return await run(portal, SEND_TAN, registration=secret)


async def complete(portal: Portal, secret: str, tan: str) -> dict[str, Any]:
    """Hand in a TAN as an app does."""
    return await run(portal, COMPLETE, registration=secret, tan=tan, transport="BEARER")


async def register(portal: Portal, **values: object) -> str:
    """Register from the first to the last step and return the bearer token."""
    secret = await confirm_address(portal, **values)
    await ask_for_tan(portal, secret)
    signed_in = await complete(portal, secret, await last_tan(portal))
    assert signed_in["__typename"] == "SignedIn", signed_in
    token: str = signed_in["bearerToken"]
    return token


async def accounts(portal: Portal) -> list[UserAccount]:
    """Return every user account."""
    async with portal.transaction() as session:
        return list(await session.scalars(select(UserAccount).order_by(UserAccount.id)))


def wrong(tan: str) -> str:
    """Return a TAN that is none."""
    return f"{(int(tan) + 1) % 10**6:06}"
