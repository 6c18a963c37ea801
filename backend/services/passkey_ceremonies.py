"""WebAuthn ceremonies: what is asked of an authenticator, and what makes its answer trusted.

The library verifies signature, challenge, origin, relying party and flags; what it leaves open
(SECURITY.md) is checked here: embedding in foreign pages, whose credential it is, repetition.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, TypeVar

from backend.lazy import lazy_module
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import timedelta

    import webauthn
    from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
    from webauthn.registration.verify_registration_response import VerifiedRegistration

    from backend.services.sessions import Viewer
    from backend.settings import Settings
else:
    webauthn = lazy_module("webauthn")

_T = TypeVar("_T")
# WebAuthn Level 3, 7.1, step 25.
_LONGEST_CREDENTIAL_ID = 1023


class KnownCredential(Value):
    """What is stored of a passkey, and the user handle that its account's credentials carry."""

    public_key: bytes
    is_synced: bool
    user_handle: bytes


class NewCredential(Value):
    """A passkey that an authenticator has just made and proved to hold."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    is_synced: bool


def request_options(
    settings: Settings, *, nonce: bytes, lifetime: timedelta, allowed: Sequence[bytes] = ()
) -> str:
    """Return the options (JSON) that ask a passkey to sign `nonce`.

    Any passkey of this site, or one of those `allowed` by their ids.
    """
    return webauthn.options_to_json(
        webauthn.generate_authentication_options(
            rp_id=settings.relying_party_id,
            challenge=nonce,
            timeout=_milliseconds(lifetime),
            allow_credentials=_descriptors(allowed),
            user_verification=webauthn.helpers.structs.UserVerificationRequirement.REQUIRED,
        )
    )


def creation_options(
    settings: Settings,
    *,
    group_name: str,
    viewer: Viewer,
    nonce: bytes,
    lifetime: timedelta,
    present: Sequence[bytes],
) -> str:
    """Return the options (JSON) that ask for a new discoverable passkey with user verification.

    `present` are the ids of the account's passkeys: an authenticator with one of them says no.
    """
    return webauthn.options_to_json(
        webauthn.generate_registration_options(
            rp_id=settings.relying_party_id,
            rp_name=group_name,
            user_id=user_handle_of(viewer.customer_uid),
            user_name=viewer.email_address,
            user_display_name=viewer.display_name,
            challenge=nonce,
            timeout=_milliseconds(lifetime),
            authenticator_selection=webauthn.helpers.structs.AuthenticatorSelectionCriteria(
                resident_key=webauthn.helpers.structs.ResidentKeyRequirement.REQUIRED,
                user_verification=webauthn.helpers.structs.UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=_descriptors(present),
        )
    )


def user_handle_of(customer_uid: str) -> bytes:
    """Return the opaque bytes by which authenticators know a customer.

    Devices and their makers keep them: they are derived from the uid, which stays in the house.
    """
    return hashlib.sha256(f"passkey user handle:{customer_uid}".encode()).digest()


def verify_assertion(
    settings: Settings,
    known: KnownCredential,
    *,
    credential: str,
    nonce: bytes,
    is_identified: bool = False,
) -> int | None:
    """Return the new sign count of a right answer to a challenge; else None.

    Who `is_identified` already was asked for a credential of theirs: an authenticator may then
    leave out whose it is (Level 3, 7.2, step 6), but never name another.
    """

    def verify() -> int | None:
        answer = webauthn.helpers.parse_authentication_credential_json(credential)
        handle = answer.response.user_handle
        if handle != known.user_handle and not (is_identified and handle is None):
            return None
        if not _is_from_our_page(answer.response.client_data_json, settings):
            return None
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=nonce,
            expected_rp_id=settings.relying_party_id,
            expected_origin=settings.origin,
            credential_public_key=known.public_key,
            # The counter is compared where it is written, in one statement.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        # Level 3, 7.2, step 19: a key does not become synced, or device-bound, later.
        return verified.new_sign_count if _is_synced(verified) == known.is_synced else None

    return _none_if_malformed(verify)


def verify_attestation(
    settings: Settings, *, credential: str, nonce: bytes
) -> NewCredential | None:
    """Return the new passkey of a right answer to a registration challenge; else None."""

    def verify() -> NewCredential | None:
        answer = webauthn.helpers.parse_registration_credential_json(credential)
        if not _is_from_our_page(answer.response.client_data_json, settings):
            return None
        verified = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=nonce,
            expected_rp_id=settings.relying_party_id,
            expected_origin=settings.origin,
            require_user_verification=True,
        )
        # The browser names the id that the authenticator signed.
        if verified.credential_id != answer.raw_id:
            return None
        if len(verified.credential_id) > _LONGEST_CREDENTIAL_ID:
            return None
        return NewCredential(
            credential_id=verified.credential_id,
            public_key=verified.credential_public_key,
            sign_count=verified.sign_count,
            is_synced=_is_synced(verified),
        )

    return _none_if_malformed(verify)


def _is_from_our_page(client_data_json: bytes, settings: Settings) -> bool:
    """Whether our own page asked, and no foreign page that frames it (Level 3, 7.2, step 13)."""
    client_data = json.loads(client_data_json)
    return (
        client_data.get("crossOrigin", False) is False
        and client_data.get("topOrigin", settings.origin) == settings.origin
    )


def credential_id_of(credential: str) -> bytes | None:
    """Return the id of the credential that an answer names; None if it names none."""

    def read() -> bytes:
        return webauthn.helpers.base64url_to_bytes(json.loads(credential)["rawId"])

    return _none_if_malformed(read)


def _none_if_malformed(read: Callable[[], _T]) -> _T | None:
    try:
        return read()
    except Exception:  # noqa: BLE001  # hostile bytes make the library's parsers raise anything
        return None


def _is_synced(verified: VerifiedAuthentication | VerifiedRegistration) -> bool:
    return (
        verified.credential_device_type
        is webauthn.helpers.structs.CredentialDeviceType.MULTI_DEVICE
    )


def _descriptors(
    credential_ids: Sequence[bytes],
) -> list[webauthn.helpers.structs.PublicKeyCredentialDescriptor]:
    return [
        webauthn.helpers.structs.PublicKeyCredentialDescriptor(id=one) for one in credential_ids
    ]


def _milliseconds(lifetime: timedelta) -> int:
    return int(lifetime.total_seconds() * 1000)
