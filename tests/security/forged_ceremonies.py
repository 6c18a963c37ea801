"""Forged passkey ceremonies by name: each differs from an honest one in one thing."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec

from tests.authenticator import (
    ATTESTED,
    BACKED_UP,
    BACKUP_ELIGIBLE,
    USER_PRESENT,
    USER_VERIFIED,
    Authenticator,
    Forgery,
    encode,
)

OTHER_KEY = ec.generate_private_key(ec.SECP256R1())
OTHER_CHALLENGE = encode(bytes(32))

# What both ceremonies must refuse.
FORGED_CLIENTS = {
    "another site": Forgery({"origin": "https://evil.test"}),
    "a subdomain": Forgery({"origin": "https://www.portal.test"}),
    "without TLS": Forgery({"origin": "http://portal.test"}),
    "another port": Forgery({"origin": "https://portal.test:8443"}),
    "no origin": Forgery({"origin": None}),
    "framed by another site": Forgery({"crossOrigin": True}),
    "framed, written as text": Forgery({"crossOrigin": "true"}),
    "framed, written as a number": Forgery({"crossOrigin": 1}),
    "a foreign page on top": Forgery({"topOrigin": "https://evil.test"}),
    "a foreign page on top and framed": Forgery(
        {"crossOrigin": True, "topOrigin": "https://evil.test"}
    ),
    "our page on top, but framed": Forgery(
        {"crossOrigin": True, "topOrigin": "https://portal.test"}
    ),
    "another challenge": Forgery({"challenge": OTHER_CHALLENGE}),
    "no challenge": Forgery({"challenge": ""}),
    "another relying party": Forgery(rp_id="evil.test"),
    "nobody present": Forgery(flags_off=USER_PRESENT),
    "nobody verified": Forgery(flags_off=USER_VERIFIED),
    "backed up though it can't be": Forgery(flags_on=BACKED_UP),
}
FORGED_ASSERTIONS = FORGED_CLIENTS | {
    "a registration instead": Forgery({"type": "webauthn.create"}),
    "a payment instead": Forgery({"type": "payment.get"}),
    "no user handle": Forgery(drops_user_handle=True),
    "another user handle": Forgery(user_handle=bytes(32)),
    "signed by another key": Forgery(key=OTHER_KEY),
    "an unknown credential": Forgery(raw_id=bytes(32)),
    "a counter that stands still": Forgery(sign_count=1),
    "a counter that went back": Forgery(sign_count=0),
    "a device-bound key now synced": Forgery(flags_on=BACKUP_ELIGIBLE | BACKED_UP),
}
FORGED_REGISTRATIONS = FORGED_CLIENTS | {
    "an assertion instead": Forgery({"type": "webauthn.get"}),
    "no credential inside": Forgery(flags_off=ATTESTED),
    "another id outside than inside": Forgery(raw_id=bytes(32)),
    "a statement where there is none": Forgery(attestation={"attStmt": {"alg": -7}}),
    "an unknown attestation": Forgery(attestation={"fmt": "homemade"}),
    "a packed attestation without signature": Forgery(attestation={"fmt": "packed"}),
}


def in_the_name_of(other: Authenticator) -> dict[str, Forgery]:
    """Return how one customer's device answers with what is another's."""
    return {
        "another customer's user handle": Forgery(user_handle=other.user_handle),
        "another customer's credential": Forgery(raw_id=other.credential_id),
        "another customer's credential and handle": Forgery(
            raw_id=other.credential_id, user_handle=other.user_handle
        ),
        "another customer's key": Forgery(key=other.key),
    }
