"""The certificate by which anybody verifies what the portal has signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from backend.web.downloads import SAFE_HEADERS, attachment

if TYPE_CHECKING:
    from starlette.requests import Request

    from backend.house import House


async def download_signing_certificate(request: Request) -> Response:
    """Serve the certificate as PEM, to everybody."""
    house: House = request.app.state.house
    return Response(
        await house.document_signer.certificate(),
        media_type="application/x-pem-file",
        headers=SAFE_HEADERS | attachment("signing-certificate.pem"),
    )
