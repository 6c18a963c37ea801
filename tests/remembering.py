"""Devices in software: keys that sign as a browser's do, and signing in with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from tests import registering
from tests.authenticator import encode
from tests.signing_in import PASSWORD, ask_for_tan, last_tan

if TYPE_CHECKING:
    import httpx

    from tests.portal import Portal

ADD, SIGN_IN, SESSION = "device registration", "device sign-in", "device session"
RECOVERY = "device recovery"
URL = "https://portal.test"

CONFIRM = """mutation ($input: ConfirmSignInInput!) { confirmSignIn(input: $input) { __typename
    ... on SignedIn { bearerToken device { id name assuranceLevel isCurrent } }
    ... on Refusal { message } } }"""
COMPLETE = """mutation ($input: CompleteRegistrationInput!) { completeRegistration(input: $input) {
    __typename ... on SignedIn { bearerToken device { id } } ... on Refusal { message } } }"""
WITH_DEVICE = """mutation ($input: SignInWithPasswordInput!) {
  signInWithPassword(input: $input) { __typename
    ... on TanRequired { challenge maskedPhoneNumber }
    ... on DeviceProofRequired { challenge expiresAt } ... on Refusal { message } } }"""
CONFIRM_WITH_DEVICE = """mutation ($input: ConfirmSignInWithDeviceInput!) {
  confirmSignInWithDevice(input: $input) { __typename
    ... on SignedIn { bearerToken device { id }
      viewer { emailAddress session { assuranceLevel } } }
    ... on Refusal { message } ... on TooManyAttempts { retryAt } } }"""
DEVICES = """{ viewer { session { assuranceLevel } devices { id name createdAt lastUsedAt origin
  addedNetwork assuranceLevel isLocked isCurrent tookOverAt } } }"""


@dataclass
class SoftwareDevice:
    """A key that never leaves this object; `id` is what the portal calls the device."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    id: str = ""

    @property
    def public_key(self) -> str:
        """The public half as a browser exports it."""
        return encode(
            self.key.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )

    def sign(self, challenge: str, purpose: str = SIGN_IN, url: str = URL) -> str:
        """Sign as WebCrypto does: r and s, 32 bytes each."""
        message = f"kundenportal {purpose}\n{url}\n{challenge}".encode()
        r, s = utils.decode_dss_signature(self.key.sign(message, ec.ECDSA(hashes.SHA256())))
        return encode(r.to_bytes(32) + s.to_bytes(32))

    def introduction(self, challenge: str) -> dict[str, str]:
        """Return what asks to be remembered."""
        return {"publicKey": self.public_key, "signature": self.sign(challenge, ADD)}


async def remember(
    portal: Portal,
    email_address: str = "anna@example.org",
    headers: dict[str, str] | None = None,
) -> tuple[SoftwareDevice, str]:
    """Sign in by TAN, have the device remembered, and return it with the session's token."""
    device = SoftwareDevice()
    challenge = (await ask_for_tan(portal, email_address))["challenge"]
    given = {
        "challenge": challenge,
        "tan": await last_tan(portal),
        "newDevice": device.introduction(challenge),
        "transport": "BEARER",
    }
    data = await portal.execute(CONFIRM, {"input": given}, headers=headers)
    result = data["confirmSignIn"]
    assert result["__typename"] == "SignedIn", result
    device.id = result["device"]["id"]
    return device, result["bearerToken"]


async def register_with_device(portal: Portal) -> tuple[SoftwareDevice, str]:
    """Register from the first to the last step, the device remembered; as `remember`."""
    device = SoftwareDevice()
    secret = await registering.confirm_address(portal)
    await registering.ask_for_tan(portal, secret)
    signed_in = await registering.run(
        portal,
        COMPLETE,
        registration=secret,
        tan=await last_tan(portal),
        newDevice=device.introduction(secret),
        transport="BEARER",
    )
    device.id = signed_in["device"]["id"]
    return device, signed_in["bearerToken"]


async def ask(
    portal: Portal,
    device: str | None,
    email_address: str = "anna@example.org",
    password: str = PASSWORD,
) -> dict[str, Any]:
    """Hand in the password and name a device; return what is asked next."""
    given = {"emailAddress": email_address, "password": password, "device": device}
    data = await portal.execute(WITH_DEVICE, {"input": given})
    result: dict[str, Any] = data["signInWithPassword"]
    return result


async def confirm_with_device(portal: Portal, challenge: str, signature: str) -> dict[str, Any]:
    """Hand in a signature as an app does."""
    given = {"challenge": challenge, "signature": signature, "transport": "BEARER"}
    data = await portal.execute(CONFIRM_WITH_DEVICE, {"input": given})
    result: dict[str, Any] = data["confirmSignInWithDevice"]
    return result


async def sign_in_with(
    portal: Portal, device: SoftwareDevice, email_address: str = "anna@example.org"
) -> dict[str, Any]:
    """Sign in by password and the device's key; return the result."""
    asked = await ask(portal, device.id, email_address)
    assert asked["__typename"] == "DeviceProofRequired", asked
    return await confirm_with_device(portal, asked["challenge"], device.sign(asked["challenge"]))


async def devices_of(portal: Portal, token: str) -> list[dict[str, Any]]:
    """Return the viewer's devices as they are listed."""
    data = await portal.execute(DEVICES, token=token)
    found: list[dict[str, Any]] = data["viewer"]["devices"]
    return found


async def level_of_session(portal: Portal, token: str) -> str:
    """Return the level of a session."""
    data = await portal.execute(DEVICES, token=token)
    level: str = data["viewer"]["session"]["assuranceLevel"]
    return level


async def post_confirmation(
    portal: Portal, challenge: str, tan: str, new_device: dict[str, str]
) -> httpx.Response:
    """Hand in a TAN with a device to remember, whatever comes of it."""
    given = {"challenge": challenge, "tan": tan, "newDevice": new_device}
    return await portal.post(CONFIRM, {"input": given})
