"""GraphQL mutations for signing in and out."""

from datetime import datetime
from typing import Annotated

import strawberry

from backend.access import PUBLIC
from backend.resolvers import sign_in as resolvers
from backend.schema.device_refusals import DeviceRefused
from backend.schema.devices import Device, DeviceProofRequired
from backend.schema.fields import attribute, command, mutation, represents
from backend.schema.passkeys import PasskeyChallenge
from backend.schema.refusals import InvalidInput, SignInRefused, TooManyAttempts
from backend.schema.viewer import Viewer
from backend.services import password_sign_in


@strawberry.type(description="The password was right; a TAN is on its way.")
class TanRequired:
    challenge: str = attribute(PUBLIC, "Hand it back with the TAN.")
    masked_phone_number: str = attribute(PUBLIC, "Where the TAN went, mostly hidden.")
    expires_at: datetime = attribute(PUBLIC, "Until when the TAN is good.")

    is_type_of = represents(password_sign_in.TanRequired)


@strawberry.type(description="A session has begun.")
class SignedIn:
    viewer: Viewer = attribute(PUBLIC, "Who has signed in.")
    device: Device | None = attribute(
        PUBLIC, "The device that proved itself or is remembered from now on; keep its id."
    )
    bearer_token: str | None = attribute(PUBLIC, "The session token; only for transport BEARER.")

    is_type_of = represents(resolvers.SignedIn)


@strawberry.type(description="No session any more.")
class SignedOut:
    is_signed_out: bool = attribute(PUBLIC, "Always true.")

    is_type_of = represents(resolvers.SignedOut)


SignInWithPasswordResult = Annotated[
    TanRequired | DeviceProofRequired | SignInRefused | TooManyAttempts | InvalidInput,
    strawberry.union("SignInWithPasswordResult", description="The next step, or a refusal."),
]
ConfirmSignInResult = Annotated[
    SignedIn | SignInRefused | DeviceRefused | TooManyAttempts,
    strawberry.union("ConfirmSignInResult", description="A session, or a refusal."),
]
ConfirmSignInWithDeviceResult = Annotated[
    SignedIn | SignInRefused | TooManyAttempts,
    strawberry.union("ConfirmSignInWithDeviceResult", description="A session, or a refusal."),
]
SignInWithPasskeyResult = Annotated[
    SignedIn | SignInRefused | TooManyAttempts,
    strawberry.union("SignInWithPasskeyResult", description="A session, or a refusal."),
]


@strawberry.type
class SignInMutations:
    sign_in_with_password: SignInWithPasswordResult = mutation(
        PUBLIC,
        resolvers.sign_in_with_password,
        "First step of the sign-in by password: a remembered device has to sign, or a TAN goes to "
        "the account's phone.",
    )
    confirm_sign_in: ConfirmSignInResult = mutation(
        PUBLIC,
        resolvers.confirm_sign_in,
        "Second step of the sign-in by password, by TAN; the device may be remembered with it.",
    )
    confirm_sign_in_with_device: ConfirmSignInWithDeviceResult = mutation(
        PUBLIC,
        resolvers.confirm_sign_in_with_device,
        "Second step of the sign-in by password, by the key of a remembered device.",
    )
    start_passkey_sign_in: PasskeyChallenge = command(
        PUBLIC,
        resolvers.start_passkey_sign_in,
        "Ask for a challenge to sign in with a passkey (discoverable credentials).",
    )
    sign_in_with_passkey: SignInWithPasskeyResult = mutation(
        PUBLIC, resolvers.sign_in_with_passkey, "Sign in with a passkey."
    )
    sign_out: SignedOut = command(PUBLIC, resolvers.sign_out, "End this session.")
