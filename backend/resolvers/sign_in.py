"""Resolve signing in and out."""

import enum
from dataclasses import dataclass
from typing import Annotated

import strawberry

from backend.context import Context, Info
from backend.services import passkey_sign_in, sign_in, user_sessions
from backend.services.passkeys import PasskeyChallenge
from backend.services.sessions import Viewer
from backend.services.sign_in import TanRequired


@strawberry.enum(description="How a client carries its session.")
class SessionTransport(enum.Enum):
    """How a client carries its session."""

    COOKIE = strawberry.enum_value("cookie", description="For browsers: an HttpOnly cookie.")
    BEARER = strawberry.enum_value("bearer", description="For apps: the token in the answer.")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has signed in, and the token if the client carries it itself."""

    viewer: Viewer
    bearer_token: str | None


@dataclass(frozen=True, slots=True)
class SignedOut:
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


async def sign_in_with_password(
    info: Info,
    email_address: Annotated[str, strawberry.argument(description="The account's address.")],
    password: Annotated[str, strawberry.argument(description="The account's password.")],
) -> TanRequired:
    """Check the password and send a TAN."""
    context = info.context
    return await sign_in.ask_for_tan(
        context.house,
        email_address=email_address,
        password=password,
        client_address=context.client_address,
    )


async def confirm_sign_in(
    info: Info,
    challenge: Challenge,
    tan: Annotated[str, strawberry.argument(description="The digits of the short message.")],
    transport: Transport = SessionTransport.COOKIE,
) -> SignedIn:
    """Compare the TAN and sign in."""
    context = info.context
    signed_in = await sign_in.confirm(
        context.house, challenge=challenge, tan=tan, replaced=context.viewer
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


def carry(context: Context, signed_in: sign_in.SignedIn, transport: SessionTransport) -> SignedIn:
    """Hand the token over the way the client asked for; the rest of the operation is signed in."""
    context.viewer = signed_in.viewer
    match transport:
        case SessionTransport.COOKIE:
            context.session_change.issued_token = signed_in.token
            return SignedIn(signed_in.viewer, None)
        case SessionTransport.BEARER:
            return SignedIn(signed_in.viewer, signed_in.token)
