"""`kundenportal serve`: the portal over HTTP."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

from backend import garbage
from backend.commands.environment import (
    CommandError,
    clock_of,
    load_settings,
    require_current_database,
)
from backend.commands.parsing import add_command

if TYPE_CHECKING:
    import argparse

    from backend.commands.parsing import Subcommands

_DESCRIPTION = """\
Serve the portal on KUNDENPORTAL_HOST and KUNDENPORTAL_PORT (127.0.0.1:8000), behind a
server that speaks TLS for KUNDENPORTAL_PUBLIC_URL. The worker runs along unless
KUNDENPORTAL_WORKER_IN_PROCESS=false.

example:
  KUNDENPORTAL_PORT=9000 kundenportal serve
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    add_command(commands, "serve", run, summary="serve the portal", description=_DESCRIPTION)


def run(_arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    settings = load_settings()
    asyncio.run(require_current_database(settings))
    garbage.pause()
    from backend.app import create_app  # noqa: PLC0415  # costs start time of --help
    from backend.web.server import serve  # noqa: PLC0415  # as above

    failures: list[Exception] = []

    def loaded(failure: Exception | None) -> None:
        if failure is not None:
            failures.append(failure)
            signal.raise_signal(signal.SIGTERM)  # uvicorn ends in good order

    address = f"http://{settings.host}:{settings.port}"
    sys.stderr.write(f"The portal listens on {address} for {settings.public_url}\n")
    serve(
        create_app(
            settings, clock=clock_of(settings), when_loaded=loaded, when_built=garbage.resume
        ),
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level.lower() if settings.log_level != "INFO" else "warning",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
    )
    if failures:
        raise CommandError(f"the portal can't be served: {failures[0]}")
    return 0
