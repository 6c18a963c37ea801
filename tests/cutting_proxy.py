"""A network that breaks: forwards to a server until as many bytes went there as it is allowed."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.servers import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


@dataclass
class CuttingProxy:
    """`budgets` are the bytes after which connections break, one after the other; then none does.

    While `is_down`, each connection breaks at once; breaking the last budget of a list takes the
    network down if `stays_down`.
    """

    target: int
    port: int = 0
    budgets: list[int] = field(default_factory=list)
    stays_down: bool = False
    is_down: bool = False
    forwarded: int = 0
    cuts: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def passes(self, size: int) -> bool:
        """Count bytes on their way to the server, and say whether they get there."""
        with self._lock:
            if self.is_down:
                return False
            if self.budgets and self.budgets[0] < size:
                self.budgets.pop(0)
                self.cuts += 1
                self.is_down = self.stays_down and not self.budgets
                return False
            if self.budgets:
                self.budgets[0] -= size
            self.forwarded += size
            return True


@contextmanager
def cutting_proxy(target: int) -> Generator[CuttingProxy]:
    """Run the network before a port of this machine."""
    with socket.create_server((HOST, 0)) as server:
        proxy = CuttingProxy(target, server.getsockname()[1])
        thread = threading.Thread(target=_accept, args=(server, proxy))
        thread.start()
        try:
            yield proxy
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def _accept(server: socket.socket, proxy: CuttingProxy) -> None:
    with suppress(OSError):  # the test is over
        while True:
            client, _ = server.accept()
            try:
                upstream = socket.create_connection((HOST, proxy.target))
            except OSError:  # the server starts still
                client.close()
                continue
            for source, sink in ((client, upstream), (upstream, client)):
                passes = proxy.passes if source is client else _always
                threading.Thread(target=_pump, args=(source, sink, passes), daemon=True).start()


def _always(_size: int) -> bool:
    return True


def _pump(source: socket.socket, sink: socket.socket, passes: Callable[[int], bool]) -> None:
    """Forward one direction; when it ends, so does the other."""
    with source:
        with suppress(OSError):
            while (chunk := source.recv(16_384)) and passes(len(chunk)):
                sink.sendall(chunk)
        for one in (source, sink):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
