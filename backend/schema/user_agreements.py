"""GraphQL types of the user agreement and its end."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from backend.access import PUBLIC, SIGNED_IN
from backend.models.retained_records import RetainedKind
from backend.resolvers import user_agreements as resolvers
from backend.schema.approvals import ApprovalRequired
from backend.schema.fields import attribute, command, represents
from backend.schema.refusals import (
    ApprovalMethodUnavailable,
    NotFound,
    NotSignedIn,
    TooManyAttempts,
    WithdrawalPeriodOver,
)
from backend.services import agreement_withdrawal, deletion_work, self_service_deletion


@strawberry.type(description="The free agreement about the use of the portal.")
class UserAgreement:
    concluded_at: datetime = attribute(SIGNED_IN, "When it was concluded, by registering.")
    last_withdrawal_date: date | None = attribute(
        SIGNED_IN,
        "The last civil day in Berlin on which it can be withdrawn; null once that is over.",
    )

    is_type_of = represents(agreement_withdrawal.UserAgreement)


@strawberry.type(description="Records of one kind that stay locked after a deletion, by law.")
class LockedRecords:
    kind: RetainedKind = attribute(SIGNED_IN, "What they are.")
    institution: str | None = attribute(
        SIGNED_IN, "Name of the institution they are of; null for the group."
    )
    end_date: date = attribute(SIGNED_IN, "The day after which the last of them is deleted.")

    is_type_of = represents(deletion_work.LockedRecords)


@strawberry.type(description="What deleting the user account would delete and lock, as of now.")
class DeletionPreview:
    contract_count: int = attribute(SIGNED_IN, "Contracts and accounts that leave the portal.")
    document_count: int = attribute(SIGNED_IN, "Documents that are deleted.")
    locked_records: list[LockedRecords] = attribute(
        SIGNED_IN, "What the law keeps, read by nobody."
    )

    is_type_of = represents(self_service_deletion.DeletionPreview)


@strawberry.type(
    description="The user account is deleted and nobody is signed in any more; a signed "
    "certificate follows by mail."
)
class UserAccountDeleted:
    email_address: str = attribute(PUBLIC, "Where the certificate goes.")

    is_type_of = represents(self_service_deletion.UserAccountDeleted)


@strawberry.type(
    description="The withdrawal was received and the user account is deleted; nobody is signed in "
    "any more. The receipt follows by mail."
)
class AgreementWithdrawn:
    withdrawn_at: datetime = attribute(PUBLIC, "When it was received.")
    email_address: str = attribute(PUBLIC, "Where the receipt goes.")

    is_type_of = represents(agreement_withdrawal.AgreementWithdrawn)


DeleteUserAccountResult = Annotated[
    ApprovalRequired | ApprovalMethodUnavailable | TooManyAttempts | NotSignedIn,
    strawberry.union("DeleteUserAccountResult", description="What to approve, or a refusal."),
]
WithdrawFromAgreementResult = Annotated[
    AgreementWithdrawn | WithdrawalPeriodOver | NotFound | NotSignedIn,
    strawberry.union("WithdrawFromAgreementResult", description="The withdrawal, or a refusal."),
]


@strawberry.type
class UserAgreementMutations:
    delete_user_account: DeleteUserAccountResult = command(
        SIGNED_IN,
        resolvers.delete_user_account,
        "Delete the user account and everything the portal holds about the viewer, once approved.",
    )
    withdraw_from_agreement: WithdrawFromAgreementResult = command(
        SIGNED_IN,
        resolvers.withdraw_from_agreement,
        "Withdraw from the user agreement within two weeks; needs no approval. The user account is "
        "deleted at once.",
    )
