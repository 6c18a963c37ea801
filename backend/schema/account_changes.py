"""GraphQL mutations that change what signs in and where messages go, and what approves them."""

from datetime import datetime
from typing import Annotated

import strawberry

from backend.access import PUBLIC, SIGNED_IN
from backend.resolvers import account_changes as resolvers
from backend.resolvers import approvals as approval_resolvers
from backend.schema.approvals import ApprovalRequired
from backend.schema.bank_account_changes import BankAccountChanged, BankAccountsShown
from backend.schema.devices import DeviceRemoved, DeviceReplaced, DeviceUnlocked
from backend.schema.fields import attribute, mutation, represents
from backend.schema.passkeys import PasskeyChallenge
from backend.schema.personal_details import PersonalDetailsChanged
from backend.schema.receipts import Receipt
from backend.schema.refusals import (
    ApprovalExpired,
    ApprovalMethodUnavailable,
    ApprovalUsedUp,
    ConfirmationRefused,
    Conflict,
    InvalidInput,
    NotFound,
    NotSignedIn,
    PasskeyRefused,
    TooManyAttempts,
    WrongTan,
)
from backend.schema.user_agreements import UserAccountDeleted
from backend.schema.viewer import Viewer
from backend.services import account_changes, contact_changes, contact_confirmation


@strawberry.type(description="The new password holds.")
class PasswordChanged:
    ended_sessions: int = attribute(SIGNED_IN, "How many other sessions have ended with it.")

    is_type_of = represents(account_changes.PasswordChanged)


@strawberry.type(description="The passkey does not sign in any more.")
class PasskeyRemoved:
    name: str = attribute(SIGNED_IN, "How the customer called it.")

    is_type_of = represents(account_changes.PasskeyRemoved)


@strawberry.type(
    description="A link is on its way to the new address; until it is followed nothing changes."
)
class EmailAddressToConfirm:
    email_address: str = attribute(SIGNED_IN, "The new address.")
    expires_at: datetime = attribute(SIGNED_IN, "Until when the link is good.")

    is_type_of = represents(contact_changes.EmailAddressToConfirm)


@strawberry.type(
    description="A TAN is on its way to the new number; until it is confirmed nothing changes."
)
class PhoneNumberToConfirm:
    challenge: str = attribute(SIGNED_IN, "Hand it to `confirmPhoneNumber` with the TAN.")
    masked_phone_number: str = attribute(SIGNED_IN, "The new number, mostly hidden.")
    expires_at: datetime = attribute(SIGNED_IN, "Until when the TAN is good.")

    is_type_of = represents(contact_changes.PhoneNumberToConfirm)


@strawberry.type(description="The new address holds, for signing in and for notices.")
class EmailAddressChanged:
    email_address: str = attribute(PUBLIC, "The new address.")

    is_type_of = represents(contact_confirmation.EmailAddressChanged)


@strawberry.type(
    description="The new number holds; it approves from the next sign-in on, not in this session."
)
class PhoneNumberChanged:
    masked_phone_number: str = attribute(SIGNED_IN, "The new number, mostly hidden.")

    is_type_of = represents(contact_confirmation.PhoneNumberChanged)


ApprovedOutcome = Annotated[
    PasswordChanged
    | PasskeyChallenge
    | PasskeyRemoved
    | DeviceUnlocked
    | DeviceRemoved
    | DeviceReplaced
    | EmailAddressToConfirm
    | PhoneNumberToConfirm
    | UserAccountDeleted
    | BankAccountChanged
    | BankAccountsShown
    | PersonalDetailsChanged,
    strawberry.union("ApprovedOutcome", description="What an approved operation came to."),
]


@strawberry.type(
    description="The stored operation was executed; the session has a new token, or ended."
)
class Approved:
    outcome: ApprovedOutcome = attribute(SIGNED_IN, "What it came to.")
    receipt: Receipt = attribute(SIGNED_IN, "Proves what was approved, and when.")
    viewer: Viewer = attribute(SIGNED_IN, "The viewer, to read anew what has changed.")
    bearer_token: str | None = attribute(
        SIGNED_IN,
        "The session's new token; only for transport BEARER. The old one has ended. Null as well "
        "if the session ended with the device it was on.",
    )

    is_type_of = represents(approval_resolvers.Approved)


ApproveWithTanResult = Annotated[
    Approved
    | WrongTan
    | ApprovalExpired
    | ApprovalUsedUp
    | ApprovalMethodUnavailable
    | Conflict
    | NotFound
    | TooManyAttempts
    | NotSignedIn,
    strawberry.union("ApproveWithTanResult", description="The outcome, or a refusal."),
]
ApproveWithPasskeyResult = Annotated[
    Approved
    | PasskeyRefused
    | ApprovalExpired
    | ApprovalUsedUp
    | Conflict
    | NotFound
    | TooManyAttempts
    | NotSignedIn,
    strawberry.union("ApproveWithPasskeyResult", description="The outcome, or a refusal."),
]
ChangePasswordResult = Annotated[
    ApprovalRequired | InvalidInput | ApprovalMethodUnavailable | TooManyAttempts | NotSignedIn,
    strawberry.union("ChangePasswordResult", description="What to approve, or a refusal."),
]
ChangeEmailAddressResult = Annotated[
    ApprovalRequired | InvalidInput | ApprovalMethodUnavailable | TooManyAttempts | NotSignedIn,
    strawberry.union("ChangeEmailAddressResult", description="What to approve, or a refusal."),
]
ChangePhoneNumberResult = Annotated[
    ApprovalRequired | InvalidInput | ApprovalMethodUnavailable | TooManyAttempts | NotSignedIn,
    strawberry.union("ChangePhoneNumberResult", description="What to approve, or a refusal."),
]
RemovePasskeyResult = Annotated[
    ApprovalRequired | NotFound | ApprovalMethodUnavailable | TooManyAttempts | NotSignedIn,
    strawberry.union("RemovePasskeyResult", description="What to approve, or a refusal."),
]
ConfirmEmailAddressResult = Annotated[
    EmailAddressChanged | ConfirmationRefused | TooManyAttempts,
    strawberry.union("ConfirmEmailAddressResult", description="The change, or a refusal."),
]
ConfirmPhoneNumberResult = Annotated[
    PhoneNumberChanged | WrongTan | ConfirmationRefused | TooManyAttempts | NotSignedIn,
    strawberry.union("ConfirmPhoneNumberResult", description="The change, or a refusal."),
]


@strawberry.type
class AccountChangeMutations:
    approve_with_tan: ApproveWithTanResult = mutation(
        SIGNED_IN,
        approval_resolvers.approve_with_tan,
        "Approve with a TAN; the stored operation is executed.",
    )
    approve_with_passkey: ApproveWithPasskeyResult = mutation(
        SIGNED_IN,
        approval_resolvers.approve_with_passkey,
        "Approve with a passkey; the stored operation is executed.",
    )
    change_password: ChangePasswordResult = mutation(
        SIGNED_IN,
        resolvers.change_password,
        "Change the password, once approved; all other sessions then end.",
    )
    change_email_address: ChangeEmailAddressResult = mutation(
        SIGNED_IN,
        resolvers.change_email_address,
        "Change the e-mail address, once approved and confirmed by a link to the new one.",
    )
    confirm_email_address: ConfirmEmailAddressResult = mutation(
        PUBLIC,
        resolvers.confirm_email_address,
        "Confirm a new e-mail address by the token of the link that it received.",
    )
    change_phone_number: ChangePhoneNumberResult = mutation(
        SIGNED_IN,
        resolvers.change_phone_number,
        "Change the mobile number, once approved by the old one and confirmed by the new one.",
    )
    confirm_phone_number: ConfirmPhoneNumberResult = mutation(
        SIGNED_IN,
        resolvers.confirm_phone_number,
        "Confirm a new mobile number by the TAN that it received.",
    )
    remove_passkey: RemovePasskeyResult = mutation(
        SIGNED_IN, resolvers.remove_passkey, "Remove a passkey, once approved."
    )
