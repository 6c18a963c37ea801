"""What `daten.json` holds beside the documents: which tables, which columns, whose rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, select

from backend.models.approvals import Approval, ApprovalState
from backend.models.bank_accounts import BankAccount, SepaMandate
from backend.models.claims import Claim, ClaimDocument, ClaimStep
from backend.models.consents import ConsentDecision, DeliveryDecision, ProductMail
from backend.models.contracts import Contract, Partner, PartyRole
from backend.models.customers import Customer, CustomerNumber
from backend.models.devices import Device
from backend.models.documents import Document
from backend.models.notices import Notice
from backend.models.personal_details import PersonalDetailsChange
from backend.models.push_subscriptions import PushSubscription
from backend.models.receipts import Receipt
from backend.models.security_events import SecurityEvent
from backend.models.sign_in import UserSession
from backend.models.terms import AcceptedTerms
from backend.models.transactions import Statement, Transaction
from backend.models.uploads import Upload
from backend.models.user_accounts import Passkey, UserAccount
from backend.services.exports.part import CUSTOMER, Part
from backend.services.exports.self_added_parts import SELF_ADDED_PARTS

if TYPE_CHECKING:
    from sqlalchemy import BindParameter

_ACCOUNT = bindparam("user_account_id", type_=UserAccount.id.type)
# Those that show to the customer: what F40 hides is not in an export either.
_CONTRACTS: BindParameter[int] = bindparam("contract_ids", expanding=True)

PARTS = (
    Part(
        "person",
        Customer,
        ("given_name", "family_name", "birth_date", "created_at"),
        Customer.id == CUSTOMER,
        is_single=True,
    ),
    Part(
        "userAccount",
        UserAccount,
        (
            *("email_address", "phone_number", "phone_number_changed_at", "locale", "created_at"),
            "locked_at",
        ),
        UserAccount.id == _ACCOUNT,
        is_single=True,
    ),
    Part(
        "customerNumbers",
        CustomerNumber,
        ("institution_id", "number"),
        CustomerNumber.customer_id == CUSTOMER,
    ),
    Part(
        "acceptedTerms",
        AcceptedTerms,
        ("kind", "version", "locale", "sha256", "accepted_at"),
        AcceptedTerms.user_account_id == _ACCOUNT,
    ),
    Part(
        "consents",
        ConsentDecision,
        (
            *("purpose", "state", "decided_through", "text_version", "text_sha256"),
            *("email_address", "decided_at"),
        ),
        ConsentDecision.customer_id == CUSTOMER,
    ),
    Part(
        "deliveryChannels",
        DeliveryDecision,
        ("institution_id", "channel", "text_version", "text_sha256", "decided_at"),
        DeliveryDecision.customer_id == CUSTOMER,
    ),
    Part(
        "productMails",
        ProductMail,
        ("institution_id", "subject", "enqueued_at"),
        ProductMail.customer_id == CUSTOMER,
    ),
    Part(
        "pushSubscriptions",
        PushSubscription,
        ("created_at",),
        PushSubscription.user_account_id == _ACCOUNT,
    ),
    Part(
        "notices",
        Notice,
        (
            *("channel", "email_address", "created_at", "announced_at", "failed_at", "failure"),
            "detail",
        ),
        Notice.customer_id == CUSTOMER,
    ),
    # What never lay in the postbox; what did is in the list of documents.
    Part(
        "lettersOnPaperOnly",
        Document,
        (
            *("institution_id", "subject", "sender", "document_date", "received_at"),
            *("is_official_decision", "sha256"),
        ),
        and_(Document.customer_id == CUSTOMER, Document.is_paper_only.is_(True)),
    ),
    Part(
        "contracts",
        Contract,
        (
            *("id", "institution_id", "kind", "origin", "number", "line_code", "product_name"),
            *("status", "start_date", "end_date", "line_of_business", "premium_amount"),
            *("premium_currency", "payment_frequency", "main_due_date", "details", "coverages"),
            *("iban", "bic", "currency", "balance", "balance_on", "interest_rate"),
            *("maturity_date", "source_as_of", "created_at", "updated_at"),
        ),
        Contract.id.in_(_CONTRACTS),
    ),
    # Their own entry as the contract has it; of others, only what the contract's page shows.
    Part(
        "ownEntriesInContracts",
        Partner,
        (
            *("contract_id", "role", "customer_number", "salutation", "title", "given_name"),
            *("family_name", "is_legal_entity", "birth_date", "street", "postal_code", "city"),
            *("country", "phone_number", "email_address"),
        ),
        and_(Partner.contract_id.in_(_CONTRACTS), Partner.customer_id == CUSTOMER),
    ),
    Part(
        "otherPersonsInContracts",
        Partner,
        ("contract_id", "role", "title", "given_name", "family_name"),
        and_(
            Partner.contract_id.in_(_CONTRACTS),
            Partner.customer_id.is_distinct_from(CUSTOMER),
            Partner.role.in_((PartyRole.INSURED, PartyRole.ACCOUNT_HOLDER)),
        ),
    ),
    Part(
        "bankAccounts",
        BankAccount,
        (
            *("contract_id", "purpose", "iban", "bic", "bank_name", "holder", "is_valid"),
            *("valid_from", "valid_to", "version", "state", "changed_at", "refused_because"),
        ),
        BankAccount.contract_id.in_(_CONTRACTS),
    ),
    Part(
        "personalDetailsChanges",
        PersonalDetailsChange,
        (
            *("institution_id", "kind", "version", "state", "before", "street", "postal_code"),
            *("city", "country", "title", "given_name", "family_name", "effective_from"),
            *("changed_at", "answered_at", "applied_at", "refused_because"),
        ),
        PersonalDetailsChange.customer_id == CUSTOMER,
    ),
    Part(
        "sepaMandates",
        SepaMandate,
        (
            *("contract_id", "mandate_reference", "creditor_identifier", "iban", "holder"),
            *("signed_on", "last_used_on", "is_use_told", "expires_on", "status", "starts_on"),
            *("ended_on", "text_version", "text_sha256"),
        ),
        SepaMandate.contract_id.in_(_CONTRACTS),
    ),
    Part(
        "statements",
        Statement,
        (
            *("contract_id", "kind", "number", "sequence_number", "from_date", "to_date"),
            *("opening_balance", "closing_balance", "imported_at"),
        ),
        Statement.contract_id.in_(_CONTRACTS),
    ),
    Part(
        "transactions",
        Transaction,
        (
            *("contract_id", "value_date", "booking_date", "amount", "currency", "is_pending"),
            *("is_reversal", "counterparty_name", "counterparty_iban", "remittance_information"),
            *("booking_text", "end_to_end_id", "mandate_reference", "creditor_identifier"),
            "bank_reference",
        ),
        Transaction.contract_id.in_(_CONTRACTS),
    ),
    Part(
        "claims",
        Claim,
        (
            *("id", "uid", "institution_id", "contract_id", "contract_number", "kind", "format"),
            *("status", "refusal", "submitted_at", "claimed_amount", "reimbursed_amount"),
            "currency",
        ),
        Claim.customer_id == CUSTOMER,
        node="Claim",
    ),
    Part(
        "claimSteps",
        ClaimStep,
        ("claim_id", "status", "occurred_on"),
        ClaimStep.claim_id.in_(select(Claim.id).where(Claim.customer_id == CUSTOMER)),
    ),
    # Sealed to the claims department: nobody but it can open them.
    Part(
        "claimDocuments",
        ClaimDocument,
        ("size", "sha256", "received_bytes", "is_complete", "created_at", "expires_at"),
        ClaimDocument.customer_id == CUSTOMER,
    ),
    *SELF_ADDED_PARTS,
    # What was sent and nothing uses yet; its content may be hostile and stays where it is.
    Part(
        "uploads",
        Upload,
        (
            *("purpose", "institution_id", "file_name", "media_type", "size", "sha256", "state"),
            *("refusal", "created_at", "expires_at"),
        ),
        Upload.customer_id == CUSTOMER,
    ),
    Part(
        "passkeys",
        Passkey,
        ("name", "is_synced", "assurance_level", "created_at", "last_used_at"),
        Passkey.user_account_id == _ACCOUNT,
    ),
    Part(
        "devices",
        Device,
        (
            *("name", "assurance_level", "origin", "added_network", "created_at"),
            *("last_used_at", "took_over_at", "locked_at", "removed_at"),
        ),
        Device.user_account_id == _ACCOUNT,
    ),
    Part(
        "sessions",
        UserSession,
        (
            *("device_name", "assurance_level", "has_opened_bank_data", "created_at"),
            *("last_seen_at", "expires_at", "ended_at"),
        ),
        UserSession.user_account_id == _ACCOUNT,
    ),
    Part(
        "approvals",
        Approval,
        ("operation", "summary", "method", "created_at", "used_at"),
        and_(Approval.user_account_id == _ACCOUNT, Approval.state == ApprovalState.APPROVED),
    ),
    Part(
        "receipts",
        Receipt,
        (
            *("issuer", "kind", "subject", "content", "sha256", "issued_at", "salt", "position"),
            *("root_hash", "public_key", "signature"),
        ),
        Receipt.customer_id == CUSTOMER,
    ),
    Part(
        "securityEvents",
        SecurityEvent,
        ("kind", "occurred_at", "device_name", "detail"),
        SecurityEvent.user_account_id == _ACCOUNT,
    ),
)
