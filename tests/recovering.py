"""Getting back in as a client does: the operations, what arrived by mail, phone and post."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend.models.customers import Customer, CustomerNumber
from backend.models.recoveries import Recovery, RecoveryLetter
from backend.models.sign_in import UserSession
from backend.models.user_accounts import Passkey, UserAccount
from backend.services import recovery_letters
from backend.services.letters import typeset
from backend.services.outbox_delivery import send_recovery_links, write_recovery_letters
from tests import factories
from tests.registering import run
from tests.signing_in import (
    PASSWORD,
    add_passkey,
    authenticator_for,
    last_tan,
    mail_payloads,
    person,
)

if TYPE_CHECKING:
    import pytest

    from backend.services.letters import PrintableLetter
    from tests.authenticator import Authenticator
    from tests.portal import Portal

ADDRESS = "anna@example.org"
NEW_PASSWORD = "Zwölf graue Reiher am Kanal"
CODE = re.compile(r"^> (\S+)$", re.MULTILINE)

_REFUSED = """... on Refusal { message } ... on TooManyAttempts { retryAt }"""
_FIELDS = "... on InvalidInput { fields { path message } }"
_SIGNED_IN = "... on SignedIn { bearerToken viewer { displayName } }"


def _document(name: str, *answers: str) -> str:
    kind = f"{name[0].upper()}{name[1:]}Input"
    wanted = " ".join(("__typename", *answers, _REFUSED))
    return f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {wanted} }} }}"


START = _document("startRecovery", "... on RecoveryStarted { emailAddress expiresAt }", _FIELDS)
CONFIRM_ADDRESS = _document(
    "confirmRecoveryAddress",
    """... on RecoveryAddressConfirmed { recovery emailAddress expiresAt ways
       letter { requestedAt expiresAt } }""",
)
CHOOSE_PASSWORD = _document(
    "chooseRecoveryPassword",
    "... on RecoveryPasskeyRequired { options expiresAt }",
    "... on RecoveryDeviceRequired { challenge expiresAt }",
    _FIELDS,
)
RECOVER_WITH_DEVICE = _document("recoverWithDevice", _SIGNED_IN)
RECOVER_WITH_PASSKEY = _document("recoverWithPasskey", _SIGNED_IN)
REQUEST_LETTER = _document(
    "requestRecoveryLetter", "... on RecoveryLetter { requestedAt expiresAt }"
)
PROVE_LETTER = _document(
    "proveRecoveryLetter", "... on RecoveryLetterAccepted { maskedPhoneNumber expiresAt }"
)
SEND_TAN = _document(
    "sendRecoveryTan", "... on RecoveryTanSent { maskedPhoneNumber expiresAt }", _FIELDS
)
COMPLETE = _document("completeRecovery", _SIGNED_IN, "... on WrongTan { attemptsLeft }")


@dataclass
class Lost:
    """A customer who can't sign in any more, with what was set up before."""

    account: UserAccount
    token: str
    device: Authenticator


async def somebody(portal: Portal, *, has_address: bool = True, **values: Any) -> Lost:
    """Write a customer of an insurer with an account, a session and a passkey."""
    account = await person(portal, **values)
    if has_address:
        async with portal.transaction() as session:
            seller = await factories.institution(session)
            owner = await session.get_one(Customer, account.customer_id)
            session.add(CustomerNumber(institution_id=seller.id, number="S1", customer_id=owner.id))
            contract = await factories.insurance_contract(session, None)
            place = {"street": "Lindenweg 7", "postal_code": "70173", "city": "Stuttgart"}
            await factories.partner(session, contract, owner, country="D", **place)
    token = await portal.sign_in(account)
    device = authenticator_for(portal)
    await add_passkey(portal, token, device)
    return Lost(account, token, device)


async def start(portal: Portal, address: str = ADDRESS) -> dict[str, Any]:
    """Ask for a link, which the worker then sends."""
    result = await run(portal, START, emailAddress=address)
    await send_recovery_links(portal.house)
    return result


async def last_link(portal: Portal) -> str:
    """Return the token of the newest link that was mailed."""
    text = (await mail_payloads(portal))[-1]["text"]
    found = re.search(r"https://portal\.test/zugang-wiederherstellen#(\S+)", text)
    assert found is not None, text
    return found[1]


async def follow(portal: Portal, token: str) -> dict[str, Any]:
    """Hand in the token of a link."""
    data = await portal.execute(CONFIRM_ADDRESS, {"input": {"token": token}})
    result: dict[str, Any] = data["confirmRecoveryAddress"]
    return result


async def open_recovery(portal: Portal) -> str:
    """Start, follow the link and return the secret for the next steps."""
    await start(portal)
    confirmed = await follow(portal, await last_link(portal))
    assert confirmed["__typename"] == "RecoveryAddressConfirmed", confirmed
    secret: str = confirmed["recovery"]
    return secret


async def choose_password(
    portal: Portal, secret: str, password: str = NEW_PASSWORD
) -> dict[str, Any]:
    """Hand in the new password."""
    return await run(portal, CHOOSE_PASSWORD, recovery=secret, newPassword=password)


async def send_signature(portal: Portal, secret: str, credential: str) -> dict[str, Any]:
    """Hand in the signature of a passkey as an app does."""
    given = {"recovery": secret, "credential": credential, "transport": "BEARER"}
    return await run(portal, RECOVER_WITH_PASSKEY, **given)


async def request_letter(portal: Portal, secret: str) -> dict[str, Any]:
    """Ask for a letter, which the worker then writes."""
    result = await run(portal, REQUEST_LETTER, recovery=secret)
    await write_recovery_letters(portal.house)
    return result


async def prove_letter(
    portal: Portal, secret: str, code: str, birth_date: str = "1984-03-12"
) -> dict[str, Any]:
    """Hand in code and birth date."""
    given = {"recovery": secret, "activationCode": code, "birthDate": birth_date}
    return await run(portal, PROVE_LETTER, **given)


async def send_tan(portal: Portal, secret: str, **values: object) -> dict[str, Any]:
    """Hand in the new password, and a number if it changes."""
    data = await portal.execute(
        SEND_TAN, {"input": {"recovery": secret, "newPassword": NEW_PASSWORD} | values}
    )
    result: dict[str, Any] = data["sendRecoveryTan"]
    return result


async def complete(portal: Portal, secret: str, tan: str) -> dict[str, Any]:
    """Hand in a TAN as an app does."""
    return await run(portal, COMPLETE, recovery=secret, tan=tan, transport="BEARER")


async def prove(portal: Portal, letters: list[str]) -> str:
    """Go as far as the code of a letter: return the secret of the recovery that may go on."""
    await request_letter(portal, await open_recovery(portal))
    secret = await open_recovery(portal)
    accepted = await prove_letter(portal, secret, code_in(letters))
    assert accepted["__typename"] == "RecoveryLetterAccepted", accepted
    return secret


async def recover(portal: Portal, letters: list[str], **values: object) -> dict[str, Any]:
    """Go all the way with a letter and return what came of it."""
    secret = await prove(portal, letters)
    await send_tan(portal, secret, **values)
    return await complete(portal, secret, await last_tan(portal))


def code_in(letters: list[str]) -> str:
    """Return the code of the newest letter."""
    found = CODE.search(letters[-1])
    assert found is not None, letters[-1]
    return found[1]


def watch_letters(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the texts of the letters that are written."""
    seen: list[str] = []

    async def record(letter: PrintableLetter) -> bytes:
        seen.append(letter.body)
        return await typeset(letter)

    monkeypatch.setattr(recovery_letters, "typeset", record)
    return seen


async def recoveries(portal: Portal) -> list[Recovery]:
    """Return every recovery that is going on."""
    async with portal.transaction() as session:
        return list(await session.scalars(select(Recovery).order_by(Recovery.id)))


async def sent_letters(portal: Portal) -> list[RecoveryLetter]:
    """Return every letter that was asked for."""
    async with portal.transaction() as session:
        return list(await session.scalars(select(RecoveryLetter).order_by(RecoveryLetter.id)))


async def what_signs_in(portal: Portal, lost: Lost) -> dict[str, object]:
    """Return all that a recovery could change of an account, to see that nothing did."""
    async with portal.transaction() as session:
        account = await session.get_one(UserAccount, lost.account.id)
        kept = {
            column.name: getattr(account, column.name) for column in UserAccount.__table__.columns
        }
        passkeys = select(Passkey.name, Passkey.user_account_id)
        kept["passkeys"] = [tuple(row) for row in await session.execute(passkeys)]
        sessions = select(UserSession.token_hash, UserSession.ended_at)
        kept["sessions"] = [tuple(row) for row in await session.execute(sessions)]
    kept["old password"] = await portal.house.password_hasher.verify(
        account.password_hash, PASSWORD
    )
    return kept
