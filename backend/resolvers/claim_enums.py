"""The enums of claims as GraphQL knows them; declared early, as those in `enums`."""

from backend.claim_envelope import ClaimsKeyAlgorithm
from backend.models.claims import ClaimFormat, ClaimKind, ClaimStatus
from backend.resolvers.described_enums import declare
from backend.services.claims import ClaimAction

declare(
    ClaimKind,
    "What is handed in to be paid back.",
    MEDICAL_INVOICE="A doctor's or hospital's invoice.",
    THERAPY_OR_AID="Therapies and medical aids.",
    PRESCRIPTION="A prescription.",
    REFERRAL="A referral order.",
    TREATMENT_PLAN="A treatment and cost plan.",
    FOREIGN_INVOICE="An invoice from abroad, on travel health insurance.",
)
declare(
    ClaimFormat,
    "What a sealed file is.",
    PHOTOS="A PDF that the app made of photos: its pages are pictures and nothing else.",
    PDF="Any PDF without active content; where E_INVOICE is taken it may carry its invoice in XML.",
    IMAGE="One JPEG, PNG or HEIC.",
    E_INVOICE="An invoice in XML: UN/CEFACT CII or UBL.",
)
declare(
    ClaimStatus,
    "Where a claim stands; it only moves forward.",
    RECEIVED="The portal has the sealed file.",
    FILE_REFUSED="The file can't be used; `refusalMessage` says why and what to do. Final.",
    HANDED_OVER="The claims department has it.",
    IN_REVIEW="The claims department works on it.",
    DECIDED="It is decided.",
    PAID="The money is on its way. Final.",
)
declare(
    ClaimsKeyAlgorithm,
    "How files are sealed to a key; an app that does not know one asks to be updated.",
    X25519="HPKE: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.",
    MLKEM768_X25519="HPKE: the hybrid of ML-KEM-768 and X25519 (X-Wing), HKDF-SHA256, AES-256-GCM.",
)
declare(
    ClaimAction,
    "What the customer can do about a claim next.",
    WAIT="Nothing.",
    SEND_AGAIN="Hand it in again as a new claim; `refusalMessage` says how.",
    READ_STATEMENT="Read the benefit statement.",
)
