"""The customer schema: everything a customer's client can read and change."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from backend.schema import (
    account_changes,
    account_locks,
    account_statements,
    approvals,
    bank_account_changes,
    bank_account_refusals,
    claim_refusals,
    claims,
    consents,
    contracts,
    conversations,
    device_refusals,
    devices,
    documents,
    institutions,
    passkeys,
    personal_details,
    policy,
    push_subscriptions,
    recovery,
    recovery_refusals,
    refusals,
    registration,
    savings,
    scalars,
    self_added_contracts,
    sign_in,
    submissions,
    support_refusals,
    support_requests,
    terms,
    transactions,
    uploads,
    user_agreements,
    user_sessions,
    viewer,
)
from backend.schema.fast_fields import know_one_of, resolve_directly


@strawberry.type(description="Everything a client can read.")
class Query(
    viewer.ViewerQueries,
    institutions.InstitutionQueries,
    policy.PolicyQueries,
    terms.TermsQueries,
):
    pass


@strawberry.type(description="Everything a client can change.")
class Mutation(
    registration.RegistrationMutations,
    sign_in.SignInMutations,
    recovery.RecoveryMutations,
    passkeys.PasskeyMutations,
    devices.DeviceMutations,
    user_sessions.UserSessionMutations,
    push_subscriptions.PushMutations,
    account_locks.AccountLockMutations,
    approvals.ApprovalRequests,
    account_changes.AccountChangeMutations,
    documents.DocumentMutations,
    bank_account_changes.BankAccountMutations,
    personal_details.PersonalDetailsMutations,
    consents.ConsentMutations,
    user_agreements.UserAgreementMutations,
    conversations.ConversationMutations,
    submissions.SubmissionMutations,
    support_requests.SupportRequestMutations,
    claims.ClaimMutations,
    account_statements.SelfAddedAccountMutations,
    self_added_contracts.SelfAddedMutations,
):
    pass


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    types=[
        contracts.InsuranceContract,
        savings.SavingsAccount,
        savings.FixedTermDeposit,
        transactions.Transaction,
        uploads.Upload,
    ],
    config=StrawberryConfig(scalar_map=scalars.SCALARS),
    exception_handlers=[
        *refusals.exception_handlers,
        *recovery_refusals.exception_handlers,
        *device_refusals.exception_handlers,
        *claim_refusals.exception_handlers,
        *bank_account_refusals.exception_handlers,
        *support_refusals.exception_handlers,
        *account_statements.exception_handlers,
        *self_added_contracts.exception_handlers,
    ],
)

resolve_directly(schema._schema)  # noqa: SLF001  # Strawberry offers no public name for it
know_one_of(schema._schema)  # noqa: SLF001  # as above
