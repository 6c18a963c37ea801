"""GET /graphiql: the explorer for developers, in the sandbox only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.values import Value
from backend.web.security_headers import content_security_policy

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from backend.web.spa import BuiltSpa

PAGE = "graphiql.html"
# Its editor writes style elements, brings its icons as a font in a data URL and fills markup.
POLICY = content_security_policy(
    style_src="'self' 'unsafe-inline'",
    font_src="'self' data:",
    require_trusted_types_for=None,
    trusted_types=None,
)


class GraphiqlPage(Value):
    """The explorer's page of a build."""

    spa: BuiltSpa

    async def serve(self, request: Request) -> Response:
        """Answer with the page under a policy that is as wide as its editor needs."""
        return await self.spa.page(request, PAGE, headers={"Content-Security-Policy": POLICY})
