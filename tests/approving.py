"""Approving as a client does: the operations, and the steps between asking and the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend.models.approvals import Approval
from backend.models.user_accounts import UserAccount
from tests.authenticator import HONEST, Authenticator, Forgery
from tests.signing_in import PASSWORD, last_tan

if TYPE_CHECKING:
    from tests.portal import Portal

NEW_PASSWORD = "Zwölf graue Reiher am Kanal"

REQUIRED = """__typename
    ... on ApprovalRequired { approval { id summary methods expiresAt } }
    ... on Refusal { message } ... on TooManyAttempts { retryAt }"""
APPROVED = """__typename
    ... on Approved { bearerToken viewer { displayName } outcome { __typename
      ... on PasswordChanged { endedSessions } ... on PasskeyRemoved { name }
      ... on PasskeyChallenge { challenge options } ... on DeviceRemoved { name }
      ... on DeviceReplaced { name } ... on DeviceUnlocked { device { id isLocked } }
      ... on EmailAddressToConfirm { emailAddress expiresAt }
      ... on PhoneNumberToConfirm { challenge maskedPhoneNumber expiresAt }
      ... on UserAccountDeleted { emailAddress }
      ... on BankAccountChanged { institution { key } accounts { id maskedIban state startDate } }
      ... on PersonalDetailsChanged { changes { id kind state before after effectiveDate
        institution { key } evidence { subject } } }
      ... on BankAccountsShown { hideAt shownAccounts { iban account { id maskedIban } } } } }
    ... on Refusal { message } ... on TooManyAttempts { retryAt }"""
MUTATIONS = {
    "changePassword": REQUIRED + " ... on InvalidInput { fields { path message } }",
    "changeEmailAddress": REQUIRED + " ... on InvalidInput { fields { path message } }",
    "changePhoneNumber": REQUIRED + " ... on InvalidInput { fields { path message } }",
    "changeBankAccount": REQUIRED
    + """ ... on InvalidInput { fields { path message } }
      ... on BankAccountChanged { accounts { id maskedIban state startDate } }
      ... on NotChangeableHere { contact { name phone } }""",
    "changePersonalDetails": REQUIRED
    + """ ... on InvalidInput { fields { path message } }
      ... on PersonalDetailsChanged { changes { id state after } }
      ... on NotChangeableHere { contact { name phone } }""",
    "removePasskey": REQUIRED,
    "unlockDevice": REQUIRED,
    "removeDevice": REQUIRED,
    "replaceDevice": REQUIRED,
    "renameDevice": """__typename ... on Device { name } ... on Refusal { message }
      ... on InvalidInput { fields { path message } }""",
    "lockDevice": "__typename ... on Device { isLocked } ... on Refusal { message }",
    "requestApprovalTan": """__typename ... on Refusal { message }
      ... on TooManyAttempts { retryAt }
      ... on ApprovalTanSent { maskedPhoneNumber expiresAt approval { summary } }""",
    "approvalPasskeyOptions": """__typename ... on Refusal { message }
      ... on ApprovalPasskeyOptions { options }""",
    "approveWithTan": APPROVED + " ... on WrongTan { attemptsLeft }",
    "approveWithPasskey": APPROVED,
    "confirmEmailAddress": """__typename ... on EmailAddressChanged { emailAddress }
      ... on Refusal { message } ... on TooManyAttempts { retryAt }""",
    "confirmPhoneNumber": """__typename ... on PhoneNumberChanged { maskedPhoneNumber }
      ... on Refusal { message } ... on WrongTan { attemptsLeft }
      ... on TooManyAttempts { retryAt }""",
    "endSession": "__typename ... on UserSession { deviceName } ... on Refusal { message }",
}


async def send(
    portal: Portal,
    name: str,
    given: dict[str, Any],
    *,
    token: str | None,
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Send one of the mutations and return its result."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    document = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {MUTATIONS[name]} }} }}"
    data = await portal.execute(document, {"input": given}, token=token, headers=headers)
    result: dict[str, Any] = data[name]
    return result


async def ask(
    portal: Portal, name: str, given: dict[str, Any], *, token: str, language: str = "de"
) -> dict[str, Any]:
    """Ask for a sensitive operation and return the approval that it requires."""
    result = await send(portal, name, given, token=token, headers={"Accept-Language": language})
    assert result["__typename"] == "ApprovalRequired", result
    approval: dict[str, Any] = result["approval"]
    return approval


async def ask_for_password(portal: Portal, token: str, new: str = NEW_PASSWORD) -> str:
    """Ask for a new password and return the approval's id."""
    given = {"currentPassword": PASSWORD, "newPassword": new}
    approval = await ask(portal, "changePassword", given, token=token)
    found: str = approval["id"]
    return found


async def send_tan(portal: Portal, token: str, approval: str) -> str:
    """Ask for the TAN of an approval and return it as the phone shows it."""
    result = await send(portal, "requestApprovalTan", {"approval": approval}, token=token)
    assert result["__typename"] == "ApprovalTanSent", result
    return await last_tan(portal)


async def approve_with_tan(portal: Portal, token: str, approval: str, tan: str) -> dict[str, Any]:
    """Hand in a TAN as an app does and return the result."""
    given = {"approval": approval, "tan": tan, "transport": "BEARER"}
    return await send(portal, "approveWithTan", given, token=token)


async def approve(portal: Portal, token: str, approval: str) -> dict[str, Any]:
    """Approve by TAN, which must succeed, and return what came of it."""
    tan = await send_tan(portal, token, approval)
    result = await approve_with_tan(portal, token, approval, tan)
    assert result["__typename"] == "Approved", result
    return result


async def options_for(portal: Portal, token: str, approval: str) -> str:
    """Ask what a passkey shall sign."""
    result = await send(portal, "approvalPasskeyOptions", {"approval": approval}, token=token)
    assert result["__typename"] == "ApprovalPasskeyOptions", result
    options: str = result["options"]
    return options


async def send_signature(
    portal: Portal, token: str, approval: str, credential: str
) -> dict[str, Any]:
    """Hand in a signature as an app does and return the result."""
    given = {"approval": approval, "credential": credential, "transport": "BEARER"}
    return await send(portal, "approveWithPasskey", given, token=token)


async def approve_with_passkey(
    portal: Portal, token: str, approval: str, device: Authenticator, forgery: Forgery = HONEST
) -> dict[str, Any]:
    """Go through the ceremony and return the result."""
    options = await options_for(portal, token, approval)
    return await send_signature(portal, token, approval, device.sign(options, forgery))


async def stored(portal: Portal) -> Approval:
    """Return the approval that was opened last, as it is stored."""
    async with portal.transaction() as session:
        return (await session.scalars(select(Approval).order_by(Approval.id.desc()).limit(1))).one()


async def account_of(portal: Portal, account: UserAccount) -> UserAccount:
    """Return an account as it is now."""
    async with portal.transaction() as session:
        return (
            await session.scalars(select(UserAccount).where(UserAccount.id == account.id))
        ).one()


async def has_password(portal: Portal, account: UserAccount, password: str) -> bool:
    """Tell whether an account has this password now."""
    current = await account_of(portal, account)
    return await portal.house.password_hasher.verify(current.password_hash, password)
