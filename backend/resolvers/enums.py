"""The enums of the models as GraphQL knows them, every value described.

Declared before any resolver's annotations are read: Strawberry would otherwise make
a second, nameless definition of each.
"""

from backend.inspection.refusals import UploadRefusal
from backend.models.approvals import ApprovalMethod
from backend.models.consents import (
    ConsentPurpose,
    ConsentState,
    DecisionChannel,
    DeliveryChannel,
)
from backend.models.contracts import (
    ContractKind,
    ContractStatus,
    LineOfBusiness,
    PaymentFrequency,
)
from backend.models.devices import DeviceOrigin
from backend.models.documents import DocumentDirection, DocumentKind
from backend.models.forms import FormCategory
from backend.models.institutions import InstitutionKind
from backend.models.notices import NoticeChannel, NoticeFailure, NoticeState
from backend.models.receipts import ReceiptKind
from backend.models.retained_records import RetainedKind
from backend.models.security_events import SecurityEventKind
from backend.models.sign_in import AssuranceLevel
from backend.models.submissions import SubmissionKind, SubmissionState
from backend.models.terms import TermsKind
from backend.models.uploads import UploadState
from backend.models.user_accounts import Locale
from backend.resolvers.described_enums import declare
from backend.services.postbox import DocumentOrder
from backend.services.recovery_ways import RecoveryWay

declare(
    InstitutionKind,
    "What an institution is.",
    INSURER="An insurance company.",
    BANK="A bank.",
    HEALTH_FUND="A statutory health insurance fund (Krankenkasse).",
)
declare(
    ContractKind,
    "What a contract is.",
    INSURANCE="An insurance contract.",
    SAVINGS_ACCOUNT="Money at call (Tagesgeld).",
    FIXED_TERM_DEPOSIT="Money until a day of maturity (Festgeld).",
)
declare(
    ContractStatus,
    "Where a contract stands.",
    ACTIVE="In force.",
    ENDED="Over, as agreed.",
    CANCELLED="Cancelled by one side.",
    SUSPENDED="At rest: no premium, less or no cover.",
)
declare(
    LineOfBusiness,
    "The insurance line.",
    LIFE="Life insurance.",
    PENSION="Private pension insurance.",
    HEALTH="Private health insurance.",
    TRAVEL_HEALTH="Health insurance abroad.",
    ACCIDENT="Accident insurance.",
    LIABILITY="Liability insurance.",
    MOTOR="Motor insurance.",
    LEGAL_PROTECTION="Legal protection insurance.",
    HOUSEHOLD="Household contents insurance.",
    RESIDENTIAL_BUILDING="Residential building insurance.",
    TRAVEL="Travel insurance.",
    OTHER="A line that has no name here.",
)
declare(
    PaymentFrequency,
    "How often a premium is due.",
    MONTHLY="Every month.",
    QUARTERLY="Every three months.",
    HALF_YEARLY="Every six months.",
    YEARLY="Every year.",
    SINGLE="Once.",
    NONE="No premium is due.",
    OTHER="As agreed.",
)
declare(
    DocumentDirection,
    "Who sent a document.",
    INCOMING="The house, to the customer.",
    OUTGOING="The customer, to the house.",
)
declare(
    DocumentKind,
    "What a document is.",
    LETTER="A letter.",
    INVOICE="An invoice.",
    POLICY="A policy or an addendum to it.",
    BENEFIT_STATEMENT="What was paid for a claim, and why.",
    ACCOUNT_STATEMENT="A statement of account.",
    DECISION="A decision, such as an official notice of a health fund.",
    CERTIFICATE="A certificate for somebody else.",
    CONFIRMATION="A confirmation of what the customer did.",
    OTHER="Anything else.",
)
declare(
    FormCategory,
    "What a form is for.",
    CONTRACT="To change or end a contract.",
    CLAIM="To report a loss or claim a benefit.",
    PAYMENT="For payments and taxes.",
    PERSONAL_DETAILS="About the customer and their family.",
    AUTHORISATION="To let somebody act or tell.",
    OTHER="For anything else.",
)
declare(
    NoticeChannel,
    "By what the viewer was told of a document.",
    MAIL="A mail of the trustee.",
    PUSH="A message of the browser.",
)
declare(
    NoticeState,
    "How far a notice has come.",
    PENDING="It waits to be sent.",
    ANNOUNCED="The mail server or push service took it.",
    FAILED="It did not get through.",
)
declare(
    NoticeFailure,
    "Why a notice did not get through.",
    REFUSED="It was refused for good.",
    GIVEN_UP="Nobody took it for days.",
    BOUNCED="It was taken and sent back.",
)
declare(
    DocumentOrder,
    "How the postbox is sorted, by arrival.",
    NEWEST_FIRST="The newest first.",
    OLDEST_FIRST="The oldest first.",
)
declare(
    ConsentPurpose,
    "What a customer can agree to.",
    PRODUCT_INFORMATION_BY_EMAIL="Advertising by e-mail.",
    PRODUCT_INFORMATION_BY_PHONE="Advertising by phone.",
    TRANSACTION_ANALYSIS="Looking through transactions for savings opportunities.",
)
declare(
    ConsentState,
    "Whether a customer agreed.",
    GRANTED="The customer agreed.",
    NOT_GRANTED="The customer did not agree, or withdrew.",
    PENDING="Waits for a confirmation by mail.",
)
declare(
    DeliveryChannel,
    "How letters reach the customer.",
    POSTBOX="In the postbox only.",
    PAPER="On paper, with a copy in the postbox.",
)
declare(
    AssuranceLevel,
    "How well the house knows the viewer.",
    BASIC="By what an institution had on file.",
    SMART="By an identity verification.",
    SMARTHEALTH="By an identity verification that health data need.",
)
declare(
    DeviceOrigin,
    "What proved the customer when a device was added.",
    SIGN_IN_TAN="The TAN of a sign-in.",
    REGISTRATION_TAN="The TAN of the registration.",
)
declare(Locale, "A language of the portal.", DE="German.", EN="English.")
declare(
    DecisionChannel,
    "Through what a customer decided.",
    PORTAL="In the portal, signed in.",
    EMAIL_LINK="By the link of a mail, which proves the address.",
)
declare(
    TermsKind,
    "Which text of the user agreement.",
    PORTAL="The terms of use of the portal.",
    POSTBOX="The terms of use of the postbox.",
)
declare(
    ApprovalMethod,
    "How an approval is given.",
    PASSKEY="By a passkey that signs the operation.",
    TAN="By a TAN in a text message that names the operation.",
)
declare(
    RetainedKind,
    "What stays locked after a deletion because the law demands it.",
    ACCOUNTING="Accounting records of insurers and banks: statements and transactions.",
    HEALTH_BENEFIT="Benefit documents of a health fund.",
    PHONE_CONSENT="Proof of a consent to marketing by phone.",
    WITHDRAWAL_PROOF="Proof of a withdrawal from the user agreement.",
)
declare(
    SecurityEventKind,
    "What happened to the security of a user account.",
    REGISTERED="The user account was opened.",
    CUSTOMER_NUMBER_LINKED="What an institution holds was linked by a code.",
    SIGNED_IN="Somebody signed in.",
    SIGN_IN_FAILED="A sign-in or a password was wrong.",
    PASSKEY_ADDED="A passkey was added.",
    PASSKEY_REMOVED="A passkey was removed.",
    PASSWORD_CHANGED="The password was changed.",  # noqa: S106  # the name of an event
    EMAIL_ADDRESS_CHANGED="The e-mail address was changed.",
    PHONE_NUMBER_CHANGED="The mobile number was changed.",
    SESSION_ENDED="A session was ended by hand or by a new password.",
    DEVICE_ADDED="A device was remembered.",
    DEVICE_RENAMED="A device was renamed.",
    DEVICE_LOCKED="A device was locked.",
    DEVICE_UNLOCKED="A device was unlocked.",
    DEVICE_REMOVED="A device was removed.",
    DEVICE_REPLACED="A new device took the place of an old one.",
    USER_ACCOUNT_LOCKED="The user account was locked by the customer.",
    USER_ACCOUNT_UNLOCKED="The user account was unlocked with new credentials.",
    APPROVAL_GIVEN="An operation was approved and executed.",
    APPROVAL_REFUSED="An approval was tried and refused.",
    DATA_EXPORTED="All documents and data were downloaded.",
    RECOVERY_STARTED="Somebody asked for a link to get back in.",
    RECOVERY_LETTER_REQUESTED="A letter with a code to get back in was asked for.",
    RECOVERY_REFUSED="A proof to get back in was wrong.",
    RECOVERED="Access was regained; everything that signed in before was removed.",
    CONVERSATION_SHOWN="A case handler read a conversation; who and why stands in the detail.",
    SUBMISSION_SHOWN="A case handler read what was submitted; who and why stands in the detail.",
)
declare(
    RecoveryWay,
    "What is shown beside the mailbox to get back in.",
    PASSKEY="A passkey signs the new password.",
    DEVICE="A remembered device signs the new password.",
    LETTER="A code that comes by letter to the address that an institution has.",
)
declare(
    UploadState,
    "How far a file has come.",
    QUARANTINED="Received; it is being inspected.",
    ACCEPTED="Good to be used.",
    REFUSED="Not taken; `refusal` says why.",
)
declare(
    UploadRefusal,
    "Why a file was not taken.",
    EMPTY="Nothing is in it.",
    TOO_LARGE="More bytes than allowed.",
    TYPE_NOT_ALLOWED="A kind of file that this institution does not take.",
    TYPE_MISMATCH="Another kind of file than it was said to be.",
    DAMAGED="Cut off, or not readable.",
    TOO_MANY_PIXELS="A larger image than allowed.",
    HIDDEN_CONTENT="Another file hides in it, before, within or behind.",
    MALWARE="A known pattern of malware.",
    ENCRYPTED="Encrypted.",
    ACTIVE_CONTENT="It contains programs or acts by itself.",
    EMBEDDED_FILE="Other files are attached to it.",
    TOO_COMPLEX="More pages, parts or unpacked data than allowed.",
    NO_BANK_FILE="No bank file of a format that is read.",
    UNUSABLE_STATEMENT="A bank file without one readable statement.",
    NO_ENTRIES="A bank file with neither transactions nor a balance.",
    TOO_MANY_ENTRIES="More transactions in one bank file than allowed.",
    NOT_OF_PHOTOS="A PDF with text where only photos are taken.",
    CHECK_FAILED="The inspection did not come to an end.",
)
declare(
    ReceiptKind,
    "What a receipt is about.",
    APPROVED_OPERATION="An operation that the customer approved, as it was stored and shown.",
    CUSTOMER_NUMBER_LINK="A customer number that was linked by the code of a letter.",
    SENT_MESSAGE="A message to an institution.",
    SUPPORT_REQUEST="A message to the support desk, with or without technical data.",
    CLAIM="A sealed file that was handed in to be paid back; the hash is that of the sealed file.",
)
declare(
    SubmissionKind,
    "What was submitted to an institution.",
    BANK_ACCOUNT_CHANGED="Another bank account for premiums or payouts.",
    PERSONAL_DETAILS_CHANGED="Another name or address.",
    CLAIM_SUBMITTED="A claim with its documents.",
)
declare(
    SubmissionState,
    "Where a submission stands; it only moves forward.",
    RECEIVED="The portal has it.",
    TRANSMITTED="The institution's core system has it.",
    REROUTED="The core system did not answer in time; the service desk was asked instead.",
    CONFIRMED="Done.",
    REFUSED="Refused; `refusalReason` says why.",
)
