"""GET /postbox/changes: server-sent events that say no more than that the postbox changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response, StreamingResponse

from backend.web import session_cookie
from backend.web.downloads import refuse
from backend.web.postbox_streams import PostboxStreams, Stream, TooManyStreamsError
from backend.web.refused import RequestRefusedError
from backend.web.request_guard import check_origin

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from backend.house import House

RETRY_AFTER_SECONDS = 60
_MEDIA_TYPE = "text/event-stream"
# Proxies must neither keep nor collect what is meant to arrive at once.
_HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}


async def stream_changes(request: Request) -> Response:
    """Tell the viewer of changes for as long as the session lasts.

    A stream does not count as use: an open page keeps no session alive. What changed is not said;
    the client asks for it, with all the checks that asking has.
    """
    house: House = request.app.state.house
    streams: PostboxStreams = request.app.state.postbox_streams
    try:
        check_origin(request, house.settings)
    except RequestRefusedError:
        return refuse(request, 403, "refusal.foreign_page")
    viewer = await session_cookie.authenticate(request, house)
    if viewer is None:
        return refuse(request, 401, "refusal.not_signed_in")
    if request.method == "HEAD":
        return Response(headers=_HEADERS, media_type=_MEDIA_TYPE)
    try:
        stream = await streams.open(viewer)
    except TooManyStreamsError:
        retry = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        return refuse(request, 429, "refusal.too_many_attempts", headers=retry)
    if stream is None:
        return refuse(request, 401, "refusal.not_signed_in")
    return _Events(streams, stream)


class _Events(StreamingResponse):
    """The events of a stream; it is closed whenever and however the connection ends."""

    def __init__(self, streams: PostboxStreams, stream: Stream) -> None:
        super().__init__(streams.events_of(stream), headers=_HEADERS, media_type=_MEDIA_TYPE)
        self._streams = streams
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._streams.close(self._stream)
