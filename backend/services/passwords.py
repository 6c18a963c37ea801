"""Password and TAN hashing: argon2id in threads, behind a limiter with a bounded queue."""

from __future__ import annotations

import os
import time
import unicodedata
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

import anyio
import anyio.to_thread
from argon2 import PasswordHasher as Argon2
from argon2.exceptions import VerifyMismatchError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

# Compared against when an account is unknown, so that both answers cost the same. Made once, from
# 256 random bits that nobody kept: making it at every start would cost a hash.
NOBODYS_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1"
    "$4bBk6ofTZZO8x1CE/WIvow$EM1WgiwwzuB/Idq8bKLRYznJPqX23yA5Sgir98KJvho"
)
_PLACES_PER_CORE = 8
# Whoever is let in must be through long before the deadline of a request, with two hashes each:
# work for answers that nobody waits for any more would keep all others waiting, too.
_LONGEST_WAIT = 1.0
_HASHES_EACH = 2
_USUAL_SECONDS = 0.025
_T = TypeVar("_T")
_P = ParamSpec("_P")
_has_place: ContextVar[bool] = ContextVar("has_place", default=False)


class HashingBusyError(Exception):
    """More sign-ins at once than the machine can hash; answered with 503 and Retry-After."""


class PasswordHasher:
    """Argon2id with 19 MiB, two passes, one lane (OWASP); never blocks the event loop."""

    def __init__(self, cores: int | None = None) -> None:
        self._argon2 = Argon2(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._dummy = NOBODYS_HASH
        self._cores = cores or os.cpu_count() or 1
        self._limiter: anyio.CapacityLimiter | None = None
        self._places = 0
        self._seconds = _USUAL_SECONDS

    async def hash(self, secret: str) -> str:
        """Return the salted hash of a secret.

        Raises:
            HashingBusyError: too many are waiting already.
        """
        return await self._run(lambda: self._argon2.hash(_bytes_of(secret)))

    async def verify(self, secret_hash: str | None, secret: str) -> bool:
        """Compare a secret with a hash; without one do the same work and answer False.

        Raises:
            HashingBusyError: too many are waiting already.
        """

        def compare() -> bool:
            try:
                return self._argon2.verify(secret_hash or self._dummy, _bytes_of(secret))
            except VerifyMismatchError:
                return False

        return await self._run(compare) and secret_hash is not None

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one place in the queue for all that is hashed inside.

        Raises:
            HashingBusyError: all are taken.
        """
        if _has_place.get():
            yield
            return
        in_time = int(_LONGEST_WAIT / (_HASHES_EACH * self._seconds))
        if self._places >= self._cores * max(1, min(_PLACES_PER_CORE, in_time)):
            raise HashingBusyError
        self._places += 1
        held = _has_place.set(True)
        try:
            yield
        finally:
            _has_place.reset(held)
            self._places -= 1

    async def _run(self, work: Callable[[], _T]) -> _T:
        with self.place():
            if self._limiter is None:
                self._limiter = anyio.CapacityLimiter(self._cores)
            return await anyio.to_thread.run_sync(self._measured(work), limiter=self._limiter)

    def _measured(self, work: Callable[[], _T]) -> Callable[[], _T]:
        """Remember how long hashing takes lately: a busy machine lets fewer in."""

        def measured() -> _T:
            started = time.perf_counter()
            try:
                return work()
            finally:
                self._seconds += (time.perf_counter() - started - self._seconds) / 8

        return measured


class _Hashing(Protocol):
    @property
    def password_hasher(self) -> PasswordHasher: ...


_H = TypeVar("_H", bound=_Hashing)


def queued(
    service: Callable[Concatenate[_H, _P], Coroutine[Any, Any, _T]],
) -> Callable[Concatenate[_H, _P], Coroutine[Any, Any, _T]]:
    """Let a service hold its place in the queue from its first step on.

    Whoever is sent away because too many come at once has then used no attempt and no limit, and
    whoever is let in is not sent away half-way.
    """

    @wraps(service)
    async def in_its_place(house: _H, /, *given: _P.args, **named: _P.kwargs) -> _T:
        with house.password_hasher.place():
            return await service(house, *given, **named)

    return in_its_place


def _bytes_of(secret: str) -> bytes:
    # Keyboards differ in how they compose an ü (NIST SP 800-63B-4, 3.1.1.2).
    return unicodedata.normalize("NFKC", secret).encode()
