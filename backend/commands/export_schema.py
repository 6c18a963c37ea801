"""`kundenportal export-schema`: print the GraphQL schema."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from backend.commands.parsing import add_command

if TYPE_CHECKING:
    import argparse

    from backend.commands.parsing import Subcommands

_DESCRIPTION = """\
Print the GraphQL schema of the customer portal in SDL.

example:
  kundenportal export-schema > backend/schema/schema.graphql
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    add_command(
        commands,
        "export-schema",
        run,
        summary="print the GraphQL schema",
        description=_DESCRIPTION,
    )


def run(_arguments: argparse.Namespace) -> int:
    """Print the schema to standard output."""
    from backend.schema.printing import printed_schema  # noqa: PLC0415  # costs --help's time

    sys.stdout.write(printed_schema())
    return 0
