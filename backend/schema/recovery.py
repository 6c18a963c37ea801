"""GraphQL mutations for getting back in when a password or every factor is lost."""

from datetime import datetime
from typing import Annotated

import strawberry

from backend.access import PUBLIC
from backend.models import recoveries as models
from backend.resolvers import recovery as resolvers
from backend.schema.device_refusals import DeviceRefused
from backend.schema.fields import attribute, mutation, represents
from backend.schema.recovery_refusals import (
    RecoveryProofRefused,
    RecoveryRefused,
    RecoveryWayUnavailable,
)
from backend.schema.refusals import InvalidInput, PasskeyRefused, TooManyAttempts, WrongTan
from backend.schema.sign_in import SignedIn
from backend.services import recovery as recoveries
from backend.services import recovery_passwords, recovery_proofs, recovery_tans
from backend.services.recovery_ways import RecoveryWay


@strawberry.type(
    description="If the address has an account, a mail is on its way. The answer never tells."
)
class RecoveryStarted:
    email_address: str = attribute(PUBLIC, "Where the mail goes, if anywhere.")
    expires_at: datetime = attribute(PUBLIC, "Until when its link is good.")

    is_type_of = represents(recoveries.RecoveryStarted)


@strawberry.type(description="A letter with a code, to the address that an institution has.")
class RecoveryLetter:
    requested_at: datetime = attribute(PUBLIC, "When it was asked for.")
    expires_at: datetime = attribute(PUBLIC, "Until when its code is good.")

    is_type_of = represents(models.RecoveryLetter)


@strawberry.type(description="The mailbox is proved; it is never enough alone.")
class RecoveryAddressConfirmed:
    recovery: str = attribute(PUBLIC, "A secret: hand it to the steps that follow.")
    email_address: str = attribute(PUBLIC, "The mailbox that was proved.")
    expires_at: datetime = attribute(PUBLIC, "Until when the recovery can be completed.")
    ways: list[RecoveryWay] = attribute(
        PUBLIC, "What can be shown beside the mailbox, the quicker first; may be none."
    )
    letter: RecoveryLetter | None = attribute(
        PUBLIC, "A letter that is on its way, or whose code can be entered."
    )

    is_type_of = represents(recoveries.RecoveryAddressConfirmed)


@strawberry.type(description="The new password waits for the signature of a passkey.")
class RecoveryPasskeyRequired:
    options: str = attribute(PUBLIC, "PublicKeyCredential options as JSON (WebAuthn Level 3).")
    expires_at: datetime = attribute(PUBLIC, "Until when the recovery can be completed.")

    is_type_of = represents(recovery_passwords.RecoveryPasskeyRequired)


@strawberry.type(description="The new password waits for the signature of a remembered device.")
class RecoveryDeviceRequired:
    challenge: str = attribute(
        PUBLIC, "The device signs it as `kundenportal device recovery` (see Devices)."
    )
    expires_at: datetime = attribute(PUBLIC, "Until when the recovery can be completed.")

    is_type_of = represents(recovery_passwords.RecoveryDeviceRequired)


@strawberry.type(description="The code of the letter was right; password and phone come next.")
class RecoveryLetterAccepted:
    masked_phone_number: str = attribute(PUBLIC, "The account's present number, mostly hidden.")
    expires_at: datetime = attribute(PUBLIC, "Until when the recovery can be completed.")

    is_type_of = represents(recovery_proofs.RecoveryLetterAccepted)


@strawberry.type(description="A TAN is on its way; the newest one counts.")
class RecoveryTanSent:
    masked_phone_number: str = attribute(PUBLIC, "Where it went, mostly hidden.")
    expires_at: datetime = attribute(PUBLIC, "Until when it is good.")

    is_type_of = represents(recovery_tans.RecoveryTanSent)


StartRecoveryResult = Annotated[
    RecoveryStarted | InvalidInput | TooManyAttempts,
    strawberry.union("StartRecoveryResult", description="The same for every address."),
]
ConfirmRecoveryAddressResult = Annotated[
    RecoveryAddressConfirmed | RecoveryRefused | TooManyAttempts,
    strawberry.union("ConfirmRecoveryAddressResult", description="The ways back, or a refusal."),
]
ChooseRecoveryPasswordResult = Annotated[
    RecoveryPasskeyRequired
    | RecoveryDeviceRequired
    | InvalidInput
    | RecoveryWayUnavailable
    | RecoveryRefused
    | TooManyAttempts,
    strawberry.union("ChooseRecoveryPasswordResult", description="What to sign, or a refusal."),
]
RecoverWithPasskeyResult = Annotated[
    SignedIn | PasskeyRefused | RecoveryRefused | TooManyAttempts,
    strawberry.union("RecoverWithPasskeyResult", description="A session, or a refusal."),
]
RecoverWithDeviceResult = Annotated[
    SignedIn | DeviceRefused | RecoveryRefused | TooManyAttempts,
    strawberry.union("RecoverWithDeviceResult", description="A session, or a refusal."),
]
RequestRecoveryLetterResult = Annotated[
    RecoveryLetter | RecoveryWayUnavailable | RecoveryRefused | TooManyAttempts,
    strawberry.union("RequestRecoveryLetterResult", description="The letter, or a refusal."),
]
ProveRecoveryLetterResult = Annotated[
    RecoveryLetterAccepted | RecoveryProofRefused | RecoveryRefused | TooManyAttempts,
    strawberry.union("ProveRecoveryLetterResult", description="The next step, or a refusal."),
]
SendRecoveryTanResult = Annotated[
    RecoveryTanSent | InvalidInput | RecoveryRefused | TooManyAttempts,
    strawberry.union("SendRecoveryTanResult", description="A TAN was sent, or a refusal."),
]
CompleteRecoveryResult = Annotated[
    SignedIn | WrongTan | RecoveryRefused | TooManyAttempts,
    strawberry.union("CompleteRecoveryResult", description="A session, or a refusal."),
]


@strawberry.type
class RecoveryMutations:
    start_recovery: StartRecoveryResult = mutation(
        PUBLIC,
        resolvers.start_recovery,
        "First step of getting back in: a link goes to the address, if it has an account.",
    )
    confirm_recovery_address: ConfirmRecoveryAddressResult = mutation(
        PUBLIC,
        resolvers.confirm_recovery_address,
        "Second step of getting back in: the token of the link, good once.",
    )
    choose_recovery_password: ChooseRecoveryPasswordResult = mutation(
        PUBLIC,
        resolvers.choose_recovery_password,
        "A forgotten password: the new one, which a passkey or a remembered device then signs.",
    )
    recover_with_passkey: RecoverWithPasskeyResult = mutation(
        PUBLIC,
        resolvers.recover_with_passkey,
        "Set the password that was chosen by the signature of a passkey, and sign in.",
    )
    recover_with_device: RecoverWithDeviceResult = mutation(
        PUBLIC,
        resolvers.recover_with_device,
        "Set the password that was chosen by the signature of a remembered device, and sign in.",
    )
    request_recovery_letter: RequestRecoveryLetterResult = mutation(
        PUBLIC,
        resolvers.request_recovery_letter,
        "All factors lost: a code goes by letter to the address that an institution has.",
    )
    prove_recovery_letter: ProveRecoveryLetterResult = mutation(
        PUBLIC,
        resolvers.prove_recovery_letter,
        "Compare the code of the letter and the birth date; five attempts.",
    )
    send_recovery_tan: SendRecoveryTanResult = mutation(
        PUBLIC,
        resolvers.send_recovery_tan,
        "After the letter: new password and phone, which a TAN proves.",
    )
    complete_recovery: CompleteRecoveryResult = mutation(
        PUBLIC,
        resolvers.complete_recovery,
        "Replace every old credential by the new ones, and sign in.",
    )
