"""The command-line program `kundenportal`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from backend.commands import (
    activation_codes,
    audit,
    bounces,
    claims_keys,
    deletion,
    desk,
    export_schema,
    import_files,
    migrate,
    new_migration,
    notices,
    product_mail,
    recovery,
    retained,
    sandbox,
    serve,
    stats,
    submissions,
    verify_receipt,
    worker,
)
from backend.commands.environment import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMANDS = (
    serve,
    worker,
    migrate,
    import_files,
    activation_codes,
    recovery,
    product_mail,
    notices,
    bounces,
    audit,
    claims_keys,
    deletion,
    retained,
    desk,
    submissions,
    stats,
    verify_receipt,
    sandbox,
    export_schema,
    new_migration,
)
_INTERRUPTED = 130

_DESCRIPTION = "The customer portal: serve it, feed it, look after it."
_EPILOG = """\
first steps:
  kundenportal migrate                      create the database
  kundenportal import feeds/                read files of insurers and banks
  kundenportal stats                        see what came in
  kundenportal serve                        open the portal

Settings are environment variables with the prefix KUNDENPORTAL_, such as
KUNDENPORTAL_DATA_DIR and KUNDENPORTAL_DATABASE_URL; docs/operations.md lists them.
`kundenportal COMMAND --help` explains a command with examples.
"""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with all commands."""
    parser = argparse.ArgumentParser(
        prog="kundenportal",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.register(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit code: 0 done, 1 failed, 2 wrong usage."""
    parsed = build_parser().parse_args(arguments)
    try:
        exit_code: int = parsed.run(parsed)
    except CommandError as error:
        print(f"kundenportal: {error}", file=sys.stderr)  # noqa: T201  # its way to speak
        return error.exit_code
    except KeyboardInterrupt:
        return _INTERRUPTED
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
