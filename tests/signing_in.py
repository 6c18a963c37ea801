"""Signing in as a client does: the operations, the people, and what their phone received."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend.models.outbox import OutboxMessage, OutboxTopic
from backend.services import passkeys, sessions
from backend.services.outbox import open_payload
from tests import factories
from tests.authenticator import HONEST, Authenticator, Forgery

if TYPE_CHECKING:
    from email.message import EmailMessage

    import httpx

    from backend.models.user_accounts import UserAccount
    from backend.services.passkeys import PasskeyChallenge
    from tests.portal import Portal

PASSWORD = "Sieben Zwerge im Wald"
_password_hash: list[str] = []

SIGN_IN_WITH_PASSWORD = """mutation ($input: SignInWithPasswordInput!) {
  signInWithPassword(input: $input) { __typename
    ... on TanRequired { challenge maskedPhoneNumber expiresAt }
    ... on Refusal { message }
    ... on TooManyAttempts { retryAt }
    ... on InvalidInput { fields { path message } } } }"""
CONFIRM_SIGN_IN = """mutation ($input: ConfirmSignInInput!) {
  confirmSignIn(input: $input) { __typename
    ... on SignedIn { bearerToken viewer { displayName contracts { totalCount } } }
    ... on Refusal { message }
    ... on TooManyAttempts { retryAt } } }"""
START_PASSKEY_SIGN_IN = "mutation { startPasskeySignIn { challenge options } }"
SIGN_IN_WITH_PASSKEY = """mutation ($input: SignInWithPasskeyInput!) {
  signInWithPasskey(input: $input) { __typename
    ... on SignedIn { bearerToken viewer { displayName } }
    ... on Refusal { message }
    ... on TooManyAttempts { retryAt } } }"""
START_PASSKEY_REGISTRATION = """mutation { startPasskeyRegistration { __typename
    ... on PasskeyChallenge { challenge options }
    ... on ApprovalRequired { approval { id summary methods } } ... on Refusal { message } } }"""
ADD_PASSKEY = """mutation ($input: AddPasskeyInput!) {
  addPasskey(input: $input) { __typename
    ... on Passkey { id name createdAt lastUsedAt isSynced }
    ... on Refusal { message }
    ... on InvalidInput { fields { path message } } } }"""
SIGN_OUT = "mutation { signOut { isSignedOut } }"
WHO_AM_I = "{ viewer { displayName } }"


@dataclass
class CaughtSms:
    """An SMS port that keeps what it is given; `failure` is raised instead."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    failure: Exception | None = None

    async def send(self, phone_e164: str, text: str, idempotency_key: str) -> None:
        if self.failure is not None:
            raise self.failure
        self.sent.append((phone_e164, text, idempotency_key))


@dataclass
class CaughtMail:
    """A mail port that keeps what it is given; `failure` is raised instead."""

    sent: list[EmailMessage] = field(default_factory=list)
    failure: Exception | None = None

    async def send(self, message: EmailMessage) -> None:
        if self.failure is not None:
            raise self.failure
        self.sent.append(message)


async def person(
    portal: Portal, email_address: str = "anna@example.org", **values: Any
) -> UserAccount:
    """Write a customer with a user account and the password."""
    if not _password_hash:  # the same for all: hashing costs more than the rest
        _password_hash.append(await portal.house.password_hasher.hash(PASSWORD))
    async with portal.transaction() as session:
        owner = await factories.customer(session)
        return await factories.user_account(
            session,
            owner,
            email_address=email_address,
            **{"password_hash": _password_hash[0]} | values,
        )


async def ask_for_tan(
    portal: Portal, email_address: str = "anna@example.org", password: str = PASSWORD
) -> dict[str, Any]:
    """Take the first step and return its result."""
    given = {"input": {"emailAddress": email_address, "password": password}}
    data = await portal.execute(SIGN_IN_WITH_PASSWORD, given)
    result: dict[str, Any] = data["signInWithPassword"]
    return result


async def last_tan(portal: Portal) -> str:
    """Return the TAN that was sent last, as the phone shows it."""
    text = (await sms_payloads(portal))[-1]["text"]
    found = re.match(r"\d{6}", text)
    assert found is not None, text
    return found.group()


async def sms_payloads(portal: Portal) -> list[dict[str, str]]:
    """Return what waits in the outbox for phones, oldest first."""
    return await _payloads(portal, OutboxTopic.SMS)


async def mail_payloads(portal: Portal) -> list[dict[str, str]]:
    """Return the mails that wait in the outbox, oldest first."""
    return await _payloads(portal, OutboxTopic.MAIL)


async def confirm(
    portal: Portal, challenge: str, tan: str, **values: Any
) -> tuple[dict[str, Any], httpx.Response]:
    """Take the second step and return its result with the response around it."""
    given = {"input": {"challenge": challenge, "tan": tan} | values}
    response = await portal.post(CONFIRM_SIGN_IN, given)
    answer = response.json()
    assert "errors" not in answer, answer
    return answer["data"]["confirmSignIn"], response


def wrong(tan: str) -> str:
    """Return another TAN."""
    return f"{(int(tan) + 1) % 10**6:06d}"


async def add_passkey(
    portal: Portal, token: str, authenticator: Authenticator, forgery: Forgery = HONEST
) -> dict[str, Any]:
    """Register a credential with the viewer's account and return the result."""
    asked = await open_ceremony(portal, token)
    credential = authenticator.register(asked.options, forgery)
    given = {"challenge": asked.challenge, "credential": credential, "name": "Mein Telefon"}
    data = await portal.execute(ADD_PASSKEY, {"input": given}, token=token)
    result: dict[str, Any] = data["addPasskey"]
    return result


async def open_ceremony(portal: Portal, token: str) -> PasskeyChallenge:
    """Ask for a new passkey as if that had been approved."""
    async with portal.transaction() as session:
        viewer = await sessions.authenticate(
            session, token=token, clock=portal.clock, policy=portal.house.policy
        )
        assert viewer is not None
        return await passkeys.open_ceremony(session, portal.house, viewer=viewer)


async def sign_in_with_passkey(
    portal: Portal, authenticator: Authenticator, forgery: Forgery = HONEST
) -> dict[str, Any]:
    """Go through the ceremony for an app and return the result."""
    asked = (await portal.execute(START_PASSKEY_SIGN_IN))["startPasskeySignIn"]
    return await send_assertion(
        portal, asked["challenge"], authenticator.sign(asked["options"], forgery)
    )


async def send_assertion(portal: Portal, challenge: str, credential: str) -> dict[str, Any]:
    """Hand in an answer to a challenge and return the result."""
    given = {"challenge": challenge, "credential": credential, "transport": "BEARER"}
    data = await portal.execute(SIGN_IN_WITH_PASSKEY, {"input": given})
    result: dict[str, Any] = data["signInWithPasskey"]
    return result


def authenticator_for(portal: Portal, **values: Any) -> Authenticator:
    """Return a new device at the portal's own page."""
    settings = portal.house.settings
    return Authenticator(origin=settings.origin, rp_id=settings.relying_party_id, **values)


async def _payloads(portal: Portal, topic: OutboxTopic) -> list[dict[str, str]]:
    async with portal.transaction() as session:
        rows = await session.scalars(
            select(OutboxMessage).where(OutboxMessage.topic == topic).order_by(OutboxMessage.id)
        )
        return [
            await open_payload(portal.house.sealer, message_id=row.message_id, payload=row.payload)
            for row in rows
        ]
