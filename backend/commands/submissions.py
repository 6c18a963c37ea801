"""`kundenportal submissions`: what waits for an answer, and the service desk's side of it."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from backend.clock import BERLIN
from backend.commands.environment import WRONG_USAGE, CommandError, current_house, load_settings
from backend.commands.parsing import add_command

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable

    from backend.commands.parsing import Subcommands
    from backend.house import House

_DESCRIPTION = """\
Changes and claims on their way to core systems: without content, each with the reason why it has
no answer yet. An empty list is what you want to see.

  list      what has no answer; --stuck: only what does not mend itself
  show      what was submitted, as the core system gets it; needs --case-handler and --reason, is
            audited, and the customer reads both in the security log
  evidence  the files that were sent along as proof, such as a marriage certificate, written
            into a new folder below --to; needs and tells the same as show
  confirm   it is done; needs --case-handler
  refuse    it can't be done; needs --case-handler and --reason, which the customer reads
  key       the public key with which the portal signs what it sends

examples:
  kundenportal submissions --stuck --json
  kundenportal submissions show 5f1c… --case-handler "Petra Muster" --reason "Umleitung"
  kundenportal submissions evidence 5f1c… --to ~/pruefung --case-handler "Petra Muster" \\
    --reason "Namensänderung prüfen"
  kundenportal submissions confirm 5f1c… --case-handler "Petra Muster"

exit code:
  0  done; nothing is stuck
  1  --stuck found something, there is no such submission, it was answered the other way, or its
     files can't be handed out: it says why
  2  wrong usage
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = add_command(
        commands,
        "submissions",
        run,
        summary="see what core systems have not answered, and answer it",
        description=_DESCRIPTION,
    )
    parser.add_argument(
        "what", nargs="?", choices=sorted(_ACTIONS), default="list", help="default: list"
    )
    parser.add_argument("reference", nargs="?", help="reference of a submission")
    parser.add_argument("--stuck", action="store_true", help="only what does not mend itself")
    parser.add_argument("--json", action="store_true", help="for machines: one object a line")
    parser.add_argument("--case-handler", metavar="NAME", help="who reads or answers")
    parser.add_argument("--reason", metavar="TEXT", help="why it is read, or was refused")
    parser.add_argument("--to", metavar="FOLDER", type=Path, help="where evidence is written")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for."""
    action, needed = _ACTIONS[arguments.what]
    missing = [name for name in needed if not getattr(arguments, name)]
    if missing:
        names = ", ".join(name.replace("_", "-") for name in missing)
        raise CommandError(f"submissions {arguments.what} needs: {names}", WRONG_USAGE)
    return asyncio.run(_within_house(action, arguments))


async def _within_house(
    action: Callable[[House, argparse.Namespace], Awaitable[int]], arguments: argparse.Namespace
) -> int:
    from backend.errors import ConflictError, NotFoundError  # noqa: PLC0415  # start time

    async with current_house(load_settings()) as house:
        try:
            return await action(house, arguments)
        except NotFoundError:
            raise CommandError(f"there is no submission {arguments.reference}") from None
        except ConflictError:
            raise CommandError("it was answered the other way before") from None


async def _list(house: House, arguments: argparse.Namespace) -> int:
    from backend.services.submission_watch import list_open  # noqa: PLC0415  # as above

    async with house.sessions() as session:
        found = await list_open(session, group=house.group, now=house.clock.now())
    shown = [one for one in found if one.is_stuck or not arguments.stuck]
    for one in shown:
        if arguments.json:
            sys.stdout.write(json.dumps(asdict(one), default=str) + "\n")
        else:
            since = one.created_at.astimezone(BERLIN)
            sys.stdout.write(
                f"{one.uid}  {one.institution_key:<10} {one.kind:<24} {since:%Y-%m-%d %H:%M}\n"
                f"    {one.state}: {one.why}\n"
            )
    return 1 if arguments.stuck and shown else 0


async def _show(house: House, arguments: argparse.Namespace) -> int:
    from backend.services.submission_desk import show_submission  # noqa: PLC0415  # as above

    event = await show_submission(
        house,
        uid=arguments.reference,
        case_handler=arguments.case_handler,
        reason=arguments.reason,
    )
    sys.stdout.write(json.dumps(event, ensure_ascii=False, indent=1) + "\n")
    return 0


async def _evidence(house: House, arguments: argparse.Namespace) -> int:
    from backend.ports import PortError  # noqa: PLC0415  # as above
    from backend.services.documents import ContentMismatchError  # noqa: PLC0415  # as above
    from backend.services.submission_evidence import (  # noqa: PLC0415  # as above
        EvidenceDeletedError,
        NoEvidenceError,
        write_evidence,
    )

    try:
        folder = await write_evidence(
            house,
            uid=arguments.reference,
            folder=arguments.to,
            case_handler=arguments.case_handler,
            reason=arguments.reason,
        )
    except NoEvidenceError:
        raise CommandError("no file was sent along") from None
    except EvidenceDeletedError:
        raise CommandError("its files were deleted with their customer") from None
    except ContentMismatchError:
        raise CommandError("a file is not the one that was sent in; nothing was written") from None
    except FileExistsError as error:
        raise CommandError(f"{error.filename or error} is there already") from None
    except (PortError, OSError) as error:
        raise CommandError(f"the files can't be handed out: {error}") from None
    for file in sorted(folder.iterdir()):
        sys.stdout.write(f"{file}\n")
    return 0


async def _confirm(house: House, arguments: argparse.Namespace) -> int:
    return await _answer(house, arguments, "CONFIRMED")


async def _refuse(house: House, arguments: argparse.Namespace) -> int:
    return await _answer(house, arguments, "REFUSED", arguments.reason)


async def _answer(
    house: House, arguments: argparse.Namespace, outcome: str, reason: str = ""
) -> int:
    from backend.feeds.acknowledgement_records import (  # noqa: PLC0415  # as above
        AcknowledgedOutcome,
        Acknowledgement,
    )
    from backend.services.submission_desk import answer_submission  # noqa: PLC0415  # as above

    answer = Acknowledgement(arguments.reference, AcknowledgedOutcome(outcome), reason)
    has_changed = await answer_submission(house, answer=answer, case_handler=arguments.case_handler)
    sys.stdout.write("done\n" if has_changed else "it was answered so before\n")
    return 0


async def _key(house: House, _arguments: argparse.Namespace) -> int:
    from backend.signatures import key_id_of  # noqa: PLC0415  # as above

    key = (await house.core_signer.load()).public_key
    sys.stdout.write(f"key id      {key_id_of(key)}\npublic key  {key.hex()}\n")
    return 0


_ACTIONS: dict[
    str, tuple[Callable[[House, argparse.Namespace], Awaitable[int]], tuple[str, ...]]
] = {
    "confirm": (_confirm, ("reference", "case_handler")),
    "evidence": (_evidence, ("reference", "case_handler", "reason", "to")),
    "key": (_key, ()),
    "list": (_list, ()),
    "refuse": (_refuse, ("reference", "case_handler", "reason")),
    "show": (_show, ("reference", "case_handler", "reason")),
}
