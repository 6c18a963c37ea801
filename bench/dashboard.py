"""Requests a second of the portal as a share of a handwritten handler, on both databases."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.load import ask, drive
from bench.queries import ALL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.load import Measured

CONCURRENCY = 32
_ROUNDS = 3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--scale", type=int, nargs=2, default=(1_000, 100_000))
    parser.add_argument("--requests", type=int, default=600)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    arguments = parser.parse_args()
    kinds = ["sqlite", "postgresql"] if arguments.database == "both" else [arguments.database]
    for kind in kinds:
        with _database(kind) as (url, folder):
            print(f"\n{kind}: {arguments.customers:,} customers", flush=True)
            _prepare(url, folder, arguments.customers, with_transactions=True)
            _observe(url, folder, arguments.requests)
            _compare(url, folder, arguments.requests)
        _scale(kind, arguments.scale, arguments.requests)


def _observe(url: str, folder: Path, requests: int) -> None:
    """The portal alone, as it is run: how fast it starts and what it needs."""
    with _server(url, folder, "backend.cli", "serve") as (port, (first, operation), memory):
        token, account = _token(url, folder)
        print(
            f"  start to first answer {first:.2f} s, to first GraphQL answer {operation:.2f} s, "
            f"memory after start {memory():.0f} MB"
        )
        for query in ALL.values():
            _drive(port, _request(port, token, "/graphql", query, {"id": account}), requests)
        print(f"  memory after the load {memory():.0f} MB", flush=True)


def _compare(url: str, folder: Path, requests: int) -> None:
    with _server(url, folder, "bench.server") as (port, _seconds, _memory):
        token, account = _token(url, folder)
        for name, query in ALL.items():
            _compare_one(port, token, account, name, query, requests)


def _compare_one(  # one row of a table
    port: int, token: str, account: str, name: str, query: str, requests: int
) -> None:
    portal = _request(port, token, "/graphql", query, {"id": account})
    by_hand = _request(port, token, f"/handwritten/{name}", "")
    answers = [asyncio.run(ask(port, request)) for request in (portal, by_hand)]
    if json.loads(answers[0]) != json.loads(answers[1]):
        raise SystemExit(f"{name}: the two answers differ:\n{answers[0]!r}\n{answers[1]!r}")
    ours: list[Measured] = []
    theirs: list[Measured] = []
    for _ in range(_ROUNDS):
        theirs.append(_drive(port, by_hand, requests))
        ours.append(_drive(port, portal, requests))
    best, bar = (max(found, key=lambda one: one.per_second) for found in (ours, theirs))
    print(
        f"  {name:13} {len(answers[0]):6} bytes  portal {best.per_second:7.0f}/s "
        f"(p50 {best.p50 * 1000:.1f} ms, p99 {best.p99 * 1000:.1f} ms)  by hand "
        f"{bar.per_second:7.0f}/s (p50 {bar.p50 * 1000:.1f} ms)  "
        f"share {best.per_second / bar.per_second:.1%}",
        flush=True,
    )


def _scale(kind: str, sizes: tuple[int, int], requests: int) -> None:
    """Both sizes at once, asked in turn: what else the machine does then slows both."""
    with ExitStack() as stack:
        asked = []
        for customers in sizes:
            url, folder = stack.enter_context(_database(kind))
            _prepare(url, folder, customers, with_transactions=False)
            port, _seconds, _memory = stack.enter_context(_server(url, folder, "bench.server"))
            token, _account = _token(url, folder)
            asked.append((port, _request(port, token, "/graphql", ALL["dashboard"])))
        rounds = [
            [1 / _drive(port, request, requests).per_second for port, request in asked]
            for _ in range(_ROUNDS)
        ]
    small, large = (min(of_size) for of_size in zip(*rounds, strict=True))
    print(
        f"  {kind}: dashboard at {sizes[1]:,} customers costs {large / small:.2f} times "
        f"that at {sizes[0]:,}",
        flush=True,
    )


def _drive(port: int, request: bytes, requests: int) -> Measured:
    return asyncio.run(drive(port, request, concurrency=CONCURRENCY, requests=requests))


def _request(
    port: int, token: str, path: str, query: str, variables: dict[str, str] | None = None
) -> bytes:
    body = json.dumps({"query": query, "variables": variables}).encode()
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


@contextmanager
def _database(kind: str) -> Iterator[tuple[str, Path]]:
    folder = Path(tempfile.mkdtemp(prefix="kundenportal-bench-"))
    try:
        if kind == "sqlite":
            yield f"sqlite+aiosqlite:///{folder / 'portal.db'}", folder
        else:
            from tests.servers import postgres_server  # noqa: PLC0415  # slow to import

            with postgres_server() as server:
                yield server.new_database(), folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _environment(url: str, folder: Path, port: int = 0) -> dict[str, str]:
    return os.environ | {
        "KUNDENPORTAL_DATABASE_URL": url,
        "KUNDENPORTAL_DATA_DIR": str(folder),
        "KUNDENPORTAL_PORT": str(port),
        "KUNDENPORTAL_PUBLIC_URL": f"http://localhost:{port}",
        # The documents of these worlds have no content: reading their words would only disturb.
        "KUNDENPORTAL_WORKER_IN_PROCESS": "false",
    }


def _prepare(url: str, folder: Path, customers: int, *, with_transactions: bool) -> None:
    subprocess.run(
        [sys.executable, "-m", "bench.prepare", str(customers), str(int(with_transactions))],
        env=_environment(url, folder), check=True,
    )  # fmt: skip


def _token(url: str, folder: Path) -> tuple[str, str]:
    """Sign in a customer in the middle of the world; return the token and an account's id."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.prepare", "token"],
        env=_environment(url, folder), check=True, capture_output=True, text=True,
    )  # fmt: skip
    token, account = done.stdout.split()
    return token, account


@contextmanager
def _server(
    url: str, folder: Path, *program: str
) -> Iterator[tuple[int, tuple[float, float], Callable[[], float]]]:
    """Start a server; tell its port, when it gave its first answers, and its memory in MB."""
    from tests.servers import free_port  # noqa: PLC0415  # as above

    port = free_port()
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *program], env=_environment(url, folder, port)
    )
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://localhost:{port}/health", timeout=1):
                    break
            except OSError:
                if process.poll() is not None:
                    raise SystemExit("the server did not start") from None
                time.sleep(0.01)
        first = time.perf_counter() - started
        asyncio.run(ask(port, _request(port, "", "/graphql", "{ portal { groupName } }")))
        operation = time.perf_counter() - started

        def memory() -> float:
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
            return int(status.partition("VmRSS:")[2].split()[0]) / 1024

        yield port, (first, operation), memory
    finally:
        process.terminate()
        process.wait(timeout=20)


if __name__ == "__main__":
    main()
