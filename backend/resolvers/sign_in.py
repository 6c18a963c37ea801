"""Resolve signing in and out."""

import enum
from typing import Annotated

import strawberry

from backend.context import Context, Info
from backend.ids import decode_filter_id
from backend.models.devices import Device
from backend.services import (
    device_proofs,
    passkey_sign_in,
    password_sign_in,
    sign_in,
    user_sessions,
)
from backend.services.devices import NewDevice
from backend.services.passkeys import PasskeyChallenge
from backend.services.password_sign_in import DeviceProofRequired, TanRequired
from backend.services.sessions import Viewer
from backend.values import Value


@strawberry.enum(description="How a client carries its session.")
class SessionTransport(enum.Enum):
    """How a client carries its session."""

    COOKIE = strawberry.enum_value("cookie", description="For browsers: an HttpOnly cookie.")
    BEARER = strawberry.enum_value("bearer", description="For apps: the token in the answer.")


class SignedIn(Value):
    """Who has signed in, and the token if the client carries it itself."""

    viewer: Viewer
    bearer_token: str | None
    device: Device | None


@strawberry.input(description="A device to remember, with the proof that it holds its key.")
class NewDeviceInput:
    """A device to remember."""

    public_key: str = strawberry.field(
        description="ES256 (P-256) as SubjectPublicKeyInfo in DER, base64url."
    )
    signature: str = strawberry.field(
        description="Over `kundenportal device registration`, the portal's address and the "
        "challenge, a line each; r and s in 64 bytes, base64url."
    )


class SignedOut(Value):
    """The session has ended."""

    is_signed_out: bool


Transport = Annotated[
    SessionTransport,
    strawberry.argument(description="BEARER for apps, COOKIE for browsers."),
]
Challenge = Annotated[str, strawberry.argument(description="The challenge that was asked for.")]
Credential = Annotated[
    str, strawberry.argument(description="`PublicKeyCredential.toJSON()` as text.")
]


Signature = Annotated[
    str,
    strawberry.argument(
        description="By the device's key (ES256): r and s in 64 bytes, base64url. What is signed "
        "is described under Devices in the API's documentation."
    ),
]
RememberedDevice = Annotated[
    NewDeviceInput | None,
    strawberry.argument(description="Remember this device; it then signs in without a TAN."),
]


async def sign_in_with_password(
    info: Info,
    email_address: Annotated[str, strawberry.argument(description="The account's address.")],
    password: Annotated[str, strawberry.argument(description="The account's password.")],
    device: Annotated[
        strawberry.ID | None,
        strawberry.argument(description="A remembered device: its key takes the TAN's place."),
    ] = None,
) -> TanRequired | DeviceProofRequired:
    """Check the password and ask for the second factor."""
    context = info.context
    return await password_sign_in.ask_for_second_factor(
        context.house,
        email_address=email_address,
        password=password,
        client_address=context.client_address,
        device_id=decode_filter_id(device, "Device"),
    )


async def confirm_sign_in(
    info: Info,
    challenge: Challenge,
    tan: Annotated[str, strawberry.argument(description="The digits of the short message.")],
    new_device: RememberedDevice = None,
    transport: Transport = SessionTransport.COOKIE,
) -> SignedIn:
    """Compare the TAN and sign in."""
    context = info.context
    signed_in = await password_sign_in.confirm(
        context.house,
        challenge=challenge,
        tan=tan,
        new_device=device_to_remember(context, new_device),
        replaced=context.viewer,
    )
    return carry(context, signed_in, transport)


async def confirm_sign_in_with_device(
    info: Info,
    challenge: Challenge,
    signature: Signature,
    transport: Transport = SessionTransport.COOKIE,
) -> SignedIn:
    """Verify the device's signature and sign in."""
    context = info.context
    signed_in = await device_proofs.confirm_with_device(
        context.house, challenge=challenge, signature=signature, replaced=context.viewer
    )
    return carry(context, signed_in, transport)


async def start_passkey_sign_in(info: Info) -> PasskeyChallenge:
    """Ask for a passkey."""
    context = info.context
    return await passkey_sign_in.start_sign_in(context.house, client_address=context.client_address)


async def sign_in_with_passkey(
    info: Info,
    challenge: Challenge,
    credential: Credential,
    transport: Transport = SessionTransport.COOKIE,
) -> SignedIn:
    """Verify the passkey and sign in."""
    context = info.context
    signed_in = await passkey_sign_in.finish_sign_in(
        context.house,
        challenge=challenge,
        credential=credential,
        client_address=context.client_address,
        replaced=context.viewer,
    )
    return carry(context, signed_in, transport)


async def sign_out(info: Info) -> SignedOut:
    """End the session, if there is one, and clear the cookie."""
    context = info.context
    if context.viewer is not None:
        async with context.transaction() as session:
            await user_sessions.sign_out(session, viewer=context.viewer, clock=context.house.clock)
    context.viewer = None
    context.session_change.issued_token = None
    context.session_change.is_ended = True
    return SignedOut(is_signed_out=True)


def device_to_remember(context: Context, given: NewDeviceInput | None) -> NewDevice | None:
    """Return what the client wants remembered, with where it is."""
    if given is None:
        return None
    return NewDevice(given.public_key, given.signature, context.client_address)


def carry(context: Context, signed_in: sign_in.SignedIn, transport: SessionTransport) -> SignedIn:
    """Hand the token over the way the client asked for; the rest of the operation is signed in."""
    context.viewer = signed_in.viewer
    match transport:
        case SessionTransport.COOKIE:
            context.session_change.issued_token = signed_in.token
            return SignedIn(signed_in.viewer, None, signed_in.device)
        case SessionTransport.BEARER:
            return SignedIn(signed_in.viewer, signed_in.token, signed_in.device)
