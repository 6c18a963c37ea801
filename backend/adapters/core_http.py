"""Events to core systems over HTTP: a signed POST of JSON with an idempotency key."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Self

import httpx

from backend.message_signatures import SignedMessage, sign_message
from backend.ports import DeliveryDeferredError, DeliveryRefusedError
from backend.signatures import key_id_of

if TYPE_CHECKING:
    import ssl

    from backend.clock import Clock
    from backend.signatures import Signer

# Answers that blame the event itself; all others blame the moment or the set-up of either side.
_REFUSING = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.GONE,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}
_NONCE_BYTES = 16


class HttpCoreSystems:
    """Port CoreSystems; `async with` holds the connections.

    Signed by RFC 9421 over method, address, content type, digest and idempotency key. Any 2xx means
    taken over. Redirects are not followed: the signature is for the address that is configured.
    """

    def __init__(
        self,
        signer: Signer,
        clock: Clock,
        *,
        timeout_seconds: float = 2.0,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        self._signer = signer
        self._clock = clock
        self._client = httpx.AsyncClient(
            timeout=timeout_seconds, verify=tls_context or True, trust_env=False
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def transmit(self, url: str, event: bytes, idempotency_key: str) -> None:
        """Hand in an event; one whose answer was lost may have been taken over."""
        key = await self._signer.load()
        headers = {"Content-Type": "application/json", "Idempotency-Key": idempotency_key}
        sign_message(
            SignedMessage("POST", url, headers, event),
            key,
            key_id=key_id_of(key.public_key),
            now=self._clock.now(),
            nonce=secrets.token_urlsafe(_NONCE_BYTES),
        )
        try:
            answer = await self._client.post(url, content=event, headers=headers)
        except httpx.HTTPError as error:
            reason = type(error).__name__
            raise DeliveryDeferredError(f"the core system is not usable: {reason}") from error
        if answer.is_success:
            return
        if answer.status_code in _REFUSING:
            raise DeliveryRefusedError(f"the core system refused the event ({answer.status_code})")
        raise DeliveryDeferredError(f"the core system deferred the event ({answer.status_code})")
