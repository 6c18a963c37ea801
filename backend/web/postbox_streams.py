"""Streams that tell signed-in customers that their postbox changed; one query serves them all."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backend import database
from backend.services.postbox_changes import Look, look_at_postboxes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Mapping

    from backend.house import House
    from backend.services.sessions import Viewer

LOOK_EVERY_SECONDS = 1.0
# Before a proxy takes a silent connection for a dead one.
HEARTBEAT_SECONDS = 20.0
MOST_STREAMS = 2_000
MOST_STREAMS_OF_A_SESSION = 12

_BEGINNING = b"retry: 3000\n\n"
_CHANGED = b"event: change\ndata: postbox\n\n"
_SIGNED_OUT = b"event: end\ndata: session\n\n"
_HEARTBEAT = b":\n\n"

_log = logging.getLogger(__name__)


class TooManyStreamsError(Exception):
    """The session, or the process, has as many streams as it may have."""


@dataclass(eq=False, slots=True)
class Stream:
    """What one connection waits for: several changes in a row come as one."""

    session_id: int
    last: Look | None = None
    wakes: asyncio.Event = field(default_factory=asyncio.Event)
    has_changed: bool = False
    is_signed_out: bool = False
    is_over: bool = False


class PostboxStreams:
    """The streams of this process.

    While there are any, one task looks at all their postboxes every second. Sessions that ended
    take their streams with them; one whose token was renewed has to come again with the new one.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._streams: set[Stream] = set()
        self._of_session: Counter[int] = Counter()
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._streams)

    async def open(self, viewer: Viewer) -> Stream | None:
        """Begin a stream, which must be closed; None if the session is over by now.

        What is written from here on is told: whoever asks for the postbox after this misses
        nothing.

        Raises:
            TooManyStreamsError: enough is enough.
        """
        if (
            len(self._streams) >= MOST_STREAMS
            or self._of_session[viewer.session_id] >= MOST_STREAMS_OF_A_SESSION
        ):
            raise TooManyStreamsError
        stream = Stream(viewer.session_id)
        # Counted before the first look, so that many at once are no more than one by one.
        self._streams.add(stream)
        self._of_session[stream.session_id] += 1
        try:
            stream.last = (await self._look_at({stream.session_id})).get(stream.session_id)
        finally:
            if stream.last is None:
                self.close(stream)
        if stream.last is None:
            return None
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch(), name="postbox_streams")
        return stream

    async def events_of(self, stream: Stream) -> AsyncIterator[bytes]:
        """Tell of changes until the session is over; whoever iterates closes the stream."""
        yield _BEGINNING
        while not stream.is_over:
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await stream.wakes.wait()
            except TimeoutError:
                yield _HEARTBEAT
                continue
            stream.wakes.clear()
            if stream.has_changed:
                stream.has_changed = False
                yield _CHANGED
        if stream.is_signed_out:
            yield _SIGNED_OUT

    def close(self, stream: Stream) -> None:
        """Forget a stream; closing it twice changes nothing."""
        if stream in self._streams:
            self._streams.remove(stream)
            self._of_session[stream.session_id] -= 1
            if not self._of_session[stream.session_id]:
                del self._of_session[stream.session_id]

    def end_all(self) -> None:
        """Let every connection end, so that the server can stop; browsers come again."""
        for stream in self._streams:
            stream.is_over = True
            stream.wakes.set()

    async def stop(self) -> None:
        """End what looks after changes."""
        self.end_all()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _watch(self) -> None:
        while self._streams:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            # What opens during the look was not looked at: no look does not mean signed out.
            begun = [stream for stream in self._streams if stream.last is not None]
            try:
                looks = await self._look_at({stream.session_id for stream in begun})
            except Exception as error:  # noqa: BLE001  # a database that is down comes back
                _log.warning("postboxes_not_looked_at", exc_info=error)
            else:
                for stream in begun:
                    _tell(stream, looks.get(stream.session_id))

    async def _look_at(self, session_ids: Collection[int]) -> Mapping[int, Look]:
        house = self._house
        async with database.reading(house.sessions) as session:
            return await look_at_postboxes(
                session, session_ids=session_ids, clock=house.clock, policy=house.policy
            )


def _tell(stream: Stream, look: Look | None) -> None:
    if stream.last is None or look == stream.last:
        return
    if look is None:
        stream.is_over = stream.is_signed_out = True
    elif look.token_hash != stream.last.token_hash:
        stream.is_over = True
    else:
        stream.last = look
        stream.has_changed = True
    stream.wakes.set()
