"""Resolve getting back in."""

from datetime import date
from typing import Annotated

import strawberry

from backend.context import Info
from backend.ids import decode_filter_id
from backend.models.recoveries import RecoveryLetter
from backend.resolvers.sign_in import (
    Credential,
    SessionTransport,
    Signature,
    SignedIn,
    Transport,
    carry,
)
from backend.services import recovery as recoveries
from backend.services import (
    recovery_devices,
    recovery_passwords,
    recovery_proofs,
    recovery_tans,
)
from backend.services.recovery import RecoveryAddressConfirmed, RecoveryStarted
from backend.services.recovery_passwords import RecoveryDeviceRequired, RecoveryPasskeyRequired
from backend.services.recovery_proofs import RecoveryLetterAccepted
from backend.services.recovery_tans import NewCredentials, RecoveryTanSent

Secret = Annotated[
    str, strawberry.argument(description="The secret that `confirmRecoveryAddress` gave.")
]
NewPassword = Annotated[str, strawberry.argument(description="12 to 128 characters.")]


async def start_recovery(
    info: Info,
    email_address: Annotated[str, strawberry.argument(description="The account's address.")],
) -> RecoveryStarted:
    """Let a link go to the address."""
    context = info.context
    return await recoveries.start_recovery(
        context.house,
        email_address=email_address,
        locale=context.locale,
        client_address=context.client_address,
    )


async def confirm_recovery_address(
    info: Info,
    token: Annotated[str, strawberry.argument(description="What stands behind # in the link.")],
) -> RecoveryAddressConfirmed:
    """Take the token of the mail link."""
    return await recoveries.confirm_recovery_address(
        info.context.house, token=token, client_address=info.context.client_address
    )


async def choose_recovery_password(
    info: Info,
    recovery: Secret,
    new_password: NewPassword,
    device: Annotated[
        strawberry.ID | None,
        strawberry.argument(description="The remembered device that signs; null: a passkey."),
    ] = None,
) -> RecoveryPasskeyRequired | RecoveryDeviceRequired:
    """Keep the new password and ask for a signature."""
    return await recovery_passwords.choose_recovery_password(
        info.context.house,
        recovery=recovery,
        new_password=new_password,
        device_id=decode_filter_id(device, "Device"),
        client_address=info.context.client_address,
    )


async def recover_with_device(
    info: Info,
    recovery: Secret,
    device: Annotated[strawberry.ID, strawberry.argument(description="The remembered device.")],
    signature: Signature,
    transport: Transport = SessionTransport.COOKIE,
) -> SignedIn:
    """Verify the device's signature, set the password and sign in."""
    context = info.context
    signed_in = await recovery_devices.recover_with_device(
        context.house,
        recovery=recovery,
        device_id=decode_filter_id(device, "Device") or 0,
        signature=signature,
        client_address=context.client_address,
        replaced=context.viewer,
    )
    return carry(context, signed_in, transport)


async def recover_with_passkey(
    info: Info,
    recovery: Secret,
    credential: Credential,
    transport: Transport = SessionTransport.COOKIE,
) -> SignedIn:
    """Verify the passkey, set the password and sign in."""
    context = info.context
    signed_in = await recovery_passwords.recover_with_passkey(
        context.house,
        recovery=recovery,
        credential=credential,
        client_address=context.client_address,
        replaced=context.viewer,
    )
    return carry(context, signed_in, transport)


async def request_recovery_letter(info: Info, recovery: Secret) -> RecoveryLetter:
    """Let a letter go to the address on file."""
    return await recovery_proofs.request_recovery_letter(
        info.context.house, recovery=recovery, client_address=info.context.client_address
    )


async def prove_recovery_letter(
    info: Info,
    recovery: Secret,
    activation_code: Annotated[
        str, strawberry.argument(description="As the letter has it; case and dashes don't matter.")
    ],
    birth_date: Annotated[date, strawberry.argument(description="The customer's date of birth.")],
) -> RecoveryLetterAccepted:
    """Compare code and birth date."""
    return await recovery_proofs.prove_recovery_letter(
        info.context.house,
        recovery=recovery,
        activation_code=activation_code,
        birth_date=birth_date,
        client_address=info.context.client_address,
    )


async def send_recovery_tan(
    info: Info,
    recovery: Secret,
    new_password: NewPassword,
    phone_number: Annotated[
        str | None,
        strawberry.argument(
            description="A new mobile number of a Schengen state; null keeps the present one."
        ),
    ] = None,
) -> RecoveryTanSent:
    """Keep the new credentials and send a TAN."""
    return await recovery_tans.send_recovery_tan(
        info.context.house,
        recovery=recovery,
        new=NewCredentials(new_password, phone_number),
        client_address=info.context.client_address,
    )


async def complete_recovery(
    info: Info,
    recovery: Secret,
    tan: Annotated[str, strawberry.argument(description="The digits of the short message.")],
    transport: Transport = SessionTransport.COOKIE,
) -> SignedIn:
    """Compare the TAN, replace all credentials and sign in."""
    context = info.context
    signed_in = await recovery_tans.complete_recovery(
        context.house, recovery=recovery, tan=tan, replaced=context.viewer
    )
    return carry(context, signed_in, transport)
