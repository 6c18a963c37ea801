"""`kundenportal recovery`: begin a recovery for a customer who calls."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from backend.clock import BERLIN
from backend.commands.environment import (
    WRONG_USAGE,
    CommandError,
    current_house,
    load_settings,
)
from backend.commands.parsing import add_command
from backend.errors import NotFoundError, RecoveryWayUnavailableError

if TYPE_CHECKING:
    import argparse
    from datetime import datetime

    from backend.commands.parsing import Subcommands
    from backend.services.recovery_by_staff import RecoveryBegun
    from backend.settings import Settings

_DESCRIPTION = """\
Begin a recovery for a customer who can't get in any more. --link sends a mail with a link to the
registered address; --letter sends a letter with a code to the address that an institution has.
Both go out as if the customer had asked in the portal: the worker sends and writes them. Nothing
is set here, and nobody on this side learns the link or the code. The audit log keeps who did it.

examples:
  kundenportal recovery --institution leben --customer-number L100001 --link
  kundenportal recovery --institution leben --customer-number L100001 --link --letter

exit code:
  0  begun
  1  nobody with a user account has this number, or no institution has an address
  2  wrong usage
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = add_command(
        commands,
        "recovery",
        run,
        summary="send a customer the link or letter to get back in",
        description=_DESCRIPTION,
    )
    parser.add_argument(
        "--institution", metavar="KEY", required=True, help="whose customer number it is"
    )
    parser.add_argument("--customer-number", metavar="NUMBER", required=True, help="the number")
    parser.add_argument("--link", action="store_true", help="send the link by mail")
    parser.add_argument("--letter", action="store_true", help="send a letter with a code")


def run(arguments: argparse.Namespace) -> int:
    """Begin it, and tell until when it can be finished."""
    if not (arguments.link or arguments.letter):
        raise CommandError("say what to send: --link, --letter or both", WRONG_USAGE)
    begun = asyncio.run(_begin(load_settings(), arguments))
    for what, until in (("link", begun.link_expires_at), ("code", begun.code_expires_at)):
        if until is not None:
            sys.stdout.write(f"{what} is good until {_written(until)}\n")
    return 0


def _written(instant: datetime) -> str:
    return f"{instant.astimezone(BERLIN):%Y-%m-%d %H:%M}"


async def _begin(settings: Settings, arguments: argparse.Namespace) -> RecoveryBegun:
    from backend.services.recovery_by_staff import (  # noqa: PLC0415  # costs start time
        begin_recovery,
    )

    async with current_house(settings) as house:
        try:
            return await begin_recovery(
                house,
                institution_key=arguments.institution,
                number=arguments.customer_number,
                sends_link=arguments.link,
                sends_letter=arguments.letter,
            )
        except NotFoundError as error:
            raise CommandError("nobody with a user account has this number") from error
        except RecoveryWayUnavailableError as error:
            raise CommandError("no institution has an address and a birth date") from error
