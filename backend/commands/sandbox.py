"""`kundenportal sandbox`: the demo world, caught mail and a clock that travels."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from backend.commands.environment import CommandError
from backend.commands.parsing import add_command

if TYPE_CHECKING:
    import argparse

    from backend.commands.parsing import Subcommands

_DEFAULT_PORT = 8000
_DESCRIPTION = """\
Serve the demo world "Musterland" on this machine only: made-up customers, caught mail and
text messages, and a clock that travels. Its data lies apart from any real portal's.

example:
  kundenportal sandbox --port 9000
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = add_command(
        commands, "sandbox", run, summary="serve the demo world", description=_DESCRIPTION
    )
    parser.add_argument("--port", type=int, default=_DEFAULT_PORT, help="default: %(default)s")
    parser.add_argument(
        "--data-dir",
        type=Path,
        default=Path("data/sandbox"),
        metavar="DIR",
        help="where the demo world is kept (default: %(default)s)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    try:
        from backend.demo.serve import serve_sandbox  # noqa: PLC0415  # an optional extra
    except ModuleNotFoundError as error:
        message = f"the sandbox needs more packages ({error.name}): install kundenportal[sandbox]"
        raise CommandError(message) from error
    serve_sandbox(arguments.data_dir, arguments.port, _say)
    return 0


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
