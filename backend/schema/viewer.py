"""GraphQL type of the signed-in customer: the personal root."""

from datetime import datetime

import strawberry

from backend.access import PUBLIC, SIGNED_IN
from backend.models.sign_in import AssuranceLevel
from backend.resolvers import approvals as approval_resolvers
from backend.resolvers import bank_accounts as bank_account_resolvers
from backend.resolvers import claims as claim_resolvers
from backend.resolvers import consents as consent_resolvers
from backend.resolvers import (
    contracts,
    devices,
    endings,
    exports,
    nodes,
    notices,
    passkeys,
    receipts,
    savings,
    user_agreements,
    user_sessions,
)
from backend.resolvers import conversations as conversation_resolvers
from backend.resolvers import forms as form_resolvers
from backend.resolvers import personal_details as personal_detail_resolvers
from backend.resolvers import push_subscriptions as push_resolvers
from backend.resolvers import self_added_contracts as self_added_resolvers
from backend.resolvers import submissions as submission_resolvers
from backend.resolvers import support_requests as support_resolvers
from backend.resolvers import viewer as resolvers
from backend.schema.approvals import Approval
from backend.schema.bank_account_changes import CheckIbanResult, ReviewBankAccountResult
from backend.schema.claims import ClaimableContract, ClaimConnection, ClaimsKey
from backend.schema.consents import Consent, DeliveryPreference, SettingsDecisionConnection
from backend.schema.contracts import ContractConnection
from backend.schema.conversations import ConversationConnection
from backend.schema.devices import Device
from backend.schema.documents import Postbox
from backend.schema.endings import Ending
from backend.schema.exports import DataExport
from backend.schema.fields import attribute, field, represents
from backend.schema.forms import FormConnection
from backend.schema.nodes import Node, node_id
from backend.schema.passkeys import Passkey
from backend.schema.personal_details import PersonalDetails, ReviewPersonalDetailsResult
from backend.schema.push_subscriptions import PushSubscription
from backend.schema.receipts import ReceiptConnection
from backend.schema.savings import SavingsProduct
from backend.schema.self_added_contracts import SelfAddedData
from backend.schema.submissions import SubmissionConnection
from backend.schema.support_requests import Diagnostics
from backend.schema.user_agreements import DeletionPreview, UserAgreement
from backend.schema.user_sessions import SecurityEventConnection, UserSession
from backend.services.sessions import Viewer as SignedInViewer


@strawberry.type(description="The session through which the viewer is here.")
class Session:
    signed_in_at: datetime = attribute(SIGNED_IN, "When it began.")
    expires_at: datetime = attribute(SIGNED_IN, "When it ends in any case.")
    idle_expires_at: datetime = attribute(SIGNED_IN, "When it ends unless used before.")
    assurance_level: AssuranceLevel = attribute(SIGNED_IN, "How well the viewer is known.")


@strawberry.type(description="The signed-in customer.")
class Viewer(Node):
    id: strawberry.ID = node_id("Viewer")
    display_name: str = attribute(SIGNED_IN, "Name for the greeting.")
    given_name: str = attribute(SIGNED_IN, "Given name.")
    family_name: str = attribute(SIGNED_IN, "Family name.")
    email_address: str = attribute(SIGNED_IN, "Address to which notices go.")
    notice_failed_at: datetime | None = field(
        SIGNED_IN,
        notices.notice_failed_at,
        "When a notice to that address last failed; null while notices get through.",
    )
    masked_phone_number: str = attribute(SIGNED_IN, "Phone with all but its last digits hidden.")
    session: Session = field(SIGNED_IN, resolvers.viewer_itself, "This session.")
    contracts: ContractConnection = field(
        SIGNED_IN, contracts.list_contracts, "Contracts that the viewer may see."
    )
    savings_accounts: list[SavingsProduct] = field(
        SIGNED_IN,
        savings.list_savings_products,
        "Savings accounts and fixed-term deposits, joint ones included.",
    )
    endings: list[Ending] = field(
        SIGNED_IN,
        endings.list_endings,
        "What ends soon in the viewer's contracts, the next first; how soon is policy.",
    )
    self_added: SelfAddedData = field(
        SIGNED_IN,
        self_added_resolvers.get_self_added_data,
        "What the viewer added by hand of other companies; never part of `contracts`.",
    )
    iban_check: CheckIbanResult = field(
        SIGNED_IN,
        bank_account_resolvers.check_iban,
        "Whether an IBAN is good, cheap enough to ask while it is typed.",
    )
    bank_account_review: ReviewBankAccountResult = field(
        SIGNED_IN,
        bank_account_resolvers.review_bank_account,
        "What a new bank account would change for contracts, before `changeBankAccount`.",
    )
    personal_details: list[PersonalDetails] = field(
        SIGNED_IN,
        personal_detail_resolvers.list_personal_details,
        "Address and name as each institution has them that knows the viewer.",
    )
    personal_details_review: ReviewPersonalDetailsResult = field(
        SIGNED_IN,
        personal_detail_resolvers.review_personal_details,
        "What new details would change, before `changePersonalDetails`.",
    )
    postbox: Postbox = field(SIGNED_IN, resolvers.viewer_itself, "What was received and sent.")
    forms: FormConnection = field(
        SIGNED_IN,
        form_resolvers.list_forms,
        "Forms that the institutions offer to everybody who is signed in, by title.",
    )
    conversations: ConversationConnection = field(
        SIGNED_IN,
        conversation_resolvers.list_conversations,
        "Threads with institutions, the one written in last first.",
    )
    unread_message_count: int = field(
        SIGNED_IN,
        conversation_resolvers.count_unread_messages,
        "How many answers were not read yet.",
    )
    unread_conversation_count: int = field(
        SIGNED_IN,
        conversation_resolvers.count_unread_conversations,
        "In how many conversations answers were not read yet.",
    )
    diagnostics: Diagnostics = field(
        SIGNED_IN,
        support_resolvers.describe_diagnostics,
        "What the portal knows of the viewer's numbers, device and connection.",
    )
    push_subscriptions: list[PushSubscription] = field(
        SIGNED_IN,
        push_resolvers.list_subscriptions,
        "Browsers that show notices, the one that asked last first.",
    )
    delivery_preferences: list[DeliveryPreference] = field(
        SIGNED_IN,
        consent_resolvers.list_delivery_preferences,
        "How letters reach the viewer, for each institution that knows them.",
    )
    consents: list[Consent] = field(
        SIGNED_IN,
        consent_resolvers.list_consents,
        "Every purpose and where the viewer stands on it.",
    )
    settings_history: SettingsDecisionConnection = field(
        SIGNED_IN,
        consent_resolvers.list_decisions,
        "What the viewer decided about consents and delivery, the newest first.",
    )
    passkeys: list[Passkey] = field(
        SIGNED_IN, passkeys.list_passkeys, "Passkeys that sign in to this user account."
    )
    devices: list[Device] = field(
        SIGNED_IN,
        devices.list_devices,
        "Devices that are remembered, locked ones too, last used first.",
    )
    sessions: list[UserSession] = field(
        SIGNED_IN, user_sessions.list_sessions, "Where the viewer is signed in, last used first."
    )
    security_events: SecurityEventConnection = field(
        SIGNED_IN,
        user_sessions.list_security_events,
        "What happened to the security of this user account, the newest first.",
    )
    data_export: DataExport = field(
        SIGNED_IN, exports.describe_export, "Everything of the viewer, to take along."
    )
    claims: ClaimConnection = field(
        SIGNED_IN, claim_resolvers.list_claims, "What the viewer handed in, the newest first."
    )
    claimable_contracts: list[ClaimableContract] = field(
        SIGNED_IN,
        claim_resolvers.list_claimable,
        "Contracts on which the viewer can hand in a kind of document.",
    )
    claims_key: ClaimsKey | None = field(
        SIGNED_IN,
        claim_resolvers.get_claims_key,
        "What files are sealed to now; null: nothing can be handed in.",
    )
    receipts: ReceiptConnection = field(
        SIGNED_IN,
        receipts.list_receipts,
        "Proofs of what the viewer submitted, the newest first.",
    )
    submissions: SubmissionConnection = field(
        SIGNED_IN,
        submission_resolvers.list_submissions,
        "Changes and claims that went to institutions, the newest first.",
    )
    pending_approvals: list[Approval] = field(
        SIGNED_IN,
        approval_resolvers.list_pending_approvals,
        "What this session asked for and has yet to approve.",
    )

    user_agreement: UserAgreement = field(
        SIGNED_IN, user_agreements.get_agreement, "The agreement about the use of the portal."
    )
    deletion_preview: DeletionPreview = field(
        SIGNED_IN,
        user_agreements.preview_deletion,
        "What deleting the user account would delete, and what the law keeps locked until when.",
    )

    is_type_of = represents(SignedInViewer)


@strawberry.type
class ViewerQueries:
    viewer: Viewer | None = field(
        PUBLIC, resolvers.get_viewer, "The signed-in customer; null when nobody is signed in."
    )
    node: Node | None = field(
        PUBLIC,
        nodes.get_node,
        "An object of the viewer by its id; null if absent or somebody else's.",
    )
    nodes: list[Node | None] = field(
        PUBLIC,
        nodes.get_nodes,
        "Objects by id in the order asked, at most 100; null if absent or somebody else's.",
    )
