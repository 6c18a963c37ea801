"""`kundenportal claims-keys`: the keys to which devices seal claims."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from backend.commands.environment import current_house, load_settings
from backend.commands.parsing import add_command

if TYPE_CHECKING:
    import argparse

    from backend.commands.parsing import Subcommands
    from backend.models.claims import ClaimsKey
    from backend.settings import Settings

_DESCRIPTION = """\
List the keys of the claims department: when each was made, until when devices seal to it,
and when its private half was destroyed. The worker makes new ones in time by itself; --new
makes one now, of the kind that KUNDENPORTAL_CLAIMS_HPKE says. Run it where the worker runs:
the private keys lie in KUNDENPORTAL_CLAIMS_KEYS_DIR.

example:
  kundenportal claims-keys --new
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = add_command(
        commands, "claims-keys", run, summary="list and renew claims keys", description=_DESCRIPTION
    )
    parser.add_argument("--new", action="store_true", help="make a key that devices seal to")


def run(arguments: argparse.Namespace) -> int:
    """List the keys, after making one if asked to."""
    for key in asyncio.run(_keys(load_settings(), makes_one=arguments.new)):
        sys.stdout.write(f"{_line(key)}\n")
    return 0


async def _keys(settings: Settings, *, makes_one: bool) -> list[ClaimsKey]:
    from backend import database  # noqa: PLC0415  # costs start time of --help
    from backend.services.claims_keys import add_key, list_keys  # noqa: PLC0415  # as above

    async with current_house(settings) as house:
        if makes_one:
            await add_key(house)
        async with database.reading(house.sessions) as session:
            return list(await list_keys(session))


def _line(key: ClaimsKey) -> str:
    ends = f"until {key.expires_at:%Y-%m-%d}"
    if key.destroyed_at is not None:
        ends = f"destroyed {key.destroyed_at:%Y-%m-%d}"
    return f"{key.uid}  {key.algorithm.name}  since {key.created_at:%Y-%m-%d}  {ends}"
