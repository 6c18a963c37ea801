"""Signed requests: what is verified, against the RFC's own vector and everything left out."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from backend.message_signatures import (
    OLDEST,
    SKEW,
    SignatureRefusedError,
    SignedMessage,
    _verifier,
    sign_message,
    verify_message,
)
from backend.signatures import SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
KEY = SigningKey(bytes(range(32)))
KEYS = {"sach-1": KEY.public_key}
URL = "https://portal.test/core/acknowledgements"
BODY = b'{"submission": "1"}'


def _signed(now: datetime = NOW, nonce: str = "n1", key: SigningKey = KEY) -> SignedMessage:
    message = SignedMessage("POST", URL, {"Content-Type": "application/json"}, BODY)
    sign_message(message, key, key_id="sach-1", now=now, nonce=nonce)
    return message


def test_the_vector_of_rfc_9421_for_ed25519_verifies() -> None:
    """RFC 9421, B.2.6, with test-key-ed25519 of B.1.4."""
    message = SignedMessage(
        "POST",
        "https://example.com/foo?param=Value&Pet=dog",
        {
            "Host": "example.com",
            "Date": "Tue, 20 Apr 2021 02:07:55 GMT",
            "Content-Type": "application/json",
            "Content-Length": "18",
            "Signature-Input": (
                'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
                ';created=1618884473;keyid="test-key-ed25519"'
            ),
            "Signature": (
                "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5"
                "lIp5WPpBKRCw==:"
            ),
        },
        b'{"hello": "world"}',
    )
    key = base64.urlsafe_b64decode("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs=")
    at = datetime.fromtimestamp(1618884473, tz=UTC)
    verifier = _verifier({"test-key-ed25519": key}, at)
    (result,) = verifier.verify(message, max_age=OLDEST)
    assert result.parameters["keyid"] == "test-key-ed25519"


def test_what_was_signed_a_moment_ago_verifies() -> None:
    verified = verify_message(_signed(), KEYS, now=NOW + timedelta(minutes=1))
    assert (verified.key_id, verified.nonce) == ("sach-1", "n1")


def _changed(**changes: object) -> Callable[[SignedMessage], SignedMessage]:
    def change(message: SignedMessage) -> SignedMessage:
        values = {name: getattr(message, name) for name in ("method", "url", "headers", "body")}
        return SignedMessage(**values | changes)

    return change


def _with_header(name: str, value: str | None) -> Callable[[SignedMessage], SignedMessage]:
    def change(message: SignedMessage) -> SignedMessage:
        kept = {key: text for key, text in message.headers.items() if key.lower() != name.lower()}
        headers = kept if value is None else kept | {name: value}
        return SignedMessage(message.method, message.url, headers, message.body)

    return change


def _covering(*components: str) -> Callable[[SignedMessage], SignedMessage]:
    """Sign less than has to be covered, with the right key."""

    def change(message: SignedMessage) -> SignedMessage:
        text = message.headers["Signature-Input"]
        covered = " ".join(f'"{one}"' for one in components)
        return _with_header("Signature-Input", f"sig1=({covered}){text.partition(')')[2]}")(message)

    return change


@pytest.mark.parametrize(
    "change",
    [
        _changed(body=b'{"submission": "2"}'),
        _changed(body=b""),
        _changed(method="PUT"),
        _changed(url="https://portal.test/elsewhere"),
        _changed(url="http://portal.test/core/acknowledgements"),
        _with_header("Signature", None),
        _with_header("Signature-Input", None),
        _with_header("Content-Digest", None),
        _with_header("Content-Digest", "sha-256=:AAAA:"),
        _with_header("Content-Type", "text/plain"),
        _with_header("Signature", "sig1=:AAAA:"),
        _with_header("Signature", "sig1=(no structured field"),
        _with_header("Signature-Input", "sig1"),
        _covering("@method", "@target-uri", "content-type"),
        _covering("content-digest"),
    ],
)
def test_what_was_changed_or_left_out_is_refused(
    change: Callable[[SignedMessage], SignedMessage],
) -> None:
    with pytest.raises(SignatureRefusedError):
        verify_message(change(_signed()), KEYS, now=NOW)


@pytest.mark.parametrize(
    "signed_at",
    [NOW - OLDEST - SKEW - timedelta(seconds=1), NOW + SKEW + timedelta(seconds=1)],
)
def test_too_old_and_from_the_future_are_refused(signed_at: datetime) -> None:
    with pytest.raises(SignatureRefusedError, match="too old"):
        verify_message(_signed(signed_at), KEYS, now=NOW)


def test_an_unknown_key_and_another_ones_signature_are_refused() -> None:
    with pytest.raises(SignatureRefusedError):
        verify_message(_signed(), {"bank-1": KEY.public_key}, now=NOW)
    with pytest.raises(SignatureRefusedError):
        verify_message(_signed(key=SigningKey(bytes(32))), KEYS, now=NOW)


@pytest.mark.parametrize("nonce", ["", "n" * 101])
def test_a_signature_needs_a_nonce_of_bearable_length(nonce: str) -> None:
    with pytest.raises(SignatureRefusedError, match="nonce"):
        verify_message(_signed(nonce=nonce), KEYS, now=NOW)


def test_a_second_signature_beside_is_refused() -> None:
    message = _signed()
    other = _signed(key=SigningKey(bytes(32)))
    message.headers["Signature"] += ", " + other.headers["Signature"].replace("sig1", "sig2")
    message.headers["Signature-Input"] += ", " + other.headers["Signature-Input"].replace(
        "sig1", "sig2"
    )
    with pytest.raises(SignatureRefusedError):
        verify_message(message, KEYS, now=NOW)
