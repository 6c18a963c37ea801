"""SMS by a generic HTTP gateway: a POST of JSON with a bearer token and an idempotency key."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Self

import httpx

from backend.ports import DeliveryDeferredError, DeliveryRefusedError

if TYPE_CHECKING:
    import ssl

# Answers that blame the moment or our set-up, not the message.
_DEFERRING = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.PAYMENT_REQUIRED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
}


class HttpSmsSender:
    """Port SmsSender; `async with` holds the connections.

    Sends `{"to": "+49…", "text": "…"}` with the headers `Authorization: Bearer …` and
    `Idempotency-Key`; any 2xx means accepted. Redirects are not followed: they would carry the
    token elsewhere.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout_seconds: float = 2.0,
        tls_context: ssl.SSLContext | None = None,
        proxy: str | None = None,
    ) -> None:
        self._url = url
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.AsyncClient(
            headers=headers,
            timeout=timeout_seconds,
            verify=tls_context or True,
            proxy=proxy,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def send(self, phone_e164: str, text: str, idempotency_key: str) -> None:
        """Hand in a text. DeliveryRefusedError for answers that blame the message, else deferred.

        A text whose answer was lost may have gone out: the gateway tells by the idempotency key.
        """
        try:
            answer = await self._client.post(
                self._url,
                json={"to": phone_e164, "text": text},
                headers={"Idempotency-Key": idempotency_key},
            )
        except httpx.HTTPError as error:
            reason = type(error).__name__
            raise DeliveryDeferredError(f"the SMS gateway is not usable: {reason}") from error
        if answer.is_success:
            return
        if answer.is_client_error and answer.status_code not in _DEFERRING:
            raise DeliveryRefusedError(f"the SMS gateway refused the text ({answer.status_code})")
        raise DeliveryDeferredError(f"the SMS gateway deferred the text ({answer.status_code})")
