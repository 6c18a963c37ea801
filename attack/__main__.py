"""Runs every attack, or those that are named; exit code 1 when a bound did not hold."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any

from attack.tally import Tally
from attack.target import open_target
from backend.logs import configure_logs
from tests.scratch import use_memory

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAMS = (
    "tan_guessing",
    "changed_operations",
    "forged_passkeys",
    "enumeration",
    "session_fixation",
    "cross_site_requests",
    "sms_pumping",
    "core_system_faults",
    "kills_during_delivery",
    "parallel_changes",
    "parallel_claims",
)


async def run(name: str, database: str, *size: int) -> list[str]:
    """Run one attack on a portal of its own and return the bounds that did not hold."""
    program = import_module(f"attack.{name}")
    print(f"== {name} on {database}: {(program.__doc__ or '').splitlines()[0]}", flush=True)
    started = time.monotonic()
    tally = Tally()
    policy = getattr(program, "policy_file", None)
    more: dict[str, Any] = getattr(program, "more_settings", dict)()
    server = getattr(program, "SERVER", "attack.server")
    async with open_target(database, policy and policy(), server, **more) as target:
        await program.attack(target, tally, *size)
    tally.count(f"{time.monotonic() - started:.0f} s")
    return [f"{name}: {bound}" for bound in tally.broken]


def databases_of(name: str) -> tuple[str, ...]:
    """Return on which databases an attack is run unless one is named."""
    found: tuple[str, ...] = getattr(import_module(f"attack.{name}"), "DATABASES", ("sqlite",))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m attack", description=__doc__)
    parser.add_argument("program", nargs="*", default=[], help=", ".join(PROGRAMS))
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    given = parser.parse_args(arguments)
    if unknown := set(given.program) - set(PROGRAMS):
        parser.error(f"no such program: {', '.join(sorted(unknown))}")
    configure_logs("ERROR")
    use_memory()
    broken = []
    for name in given.program or PROGRAMS:
        for database in [given.database] if given.database else databases_of(name):
            broken += asyncio.run(run(name, database))
    print("\n".join(["", *(broken or ["every bound held"])]))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
