"""`kundenportal deletion`: deleting user accounts through customer service, and after a restore."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from backend.commands.environment import (
    WRONG_USAGE,
    CommandError,
    current_house,
    load_settings,
)
from backend.commands.parsing import add_command

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator

    from backend.commands.parsing import Subcommands
    from backend.settings import Settings

_DESCRIPTION = """\
Delete user accounts through customer service: one employee asks for it, another one confirms.
The customer is told by mail both times, the second time with a signed certificate. Everything
is written into the audit log.

  request   ask for the deletion of the account behind a customer number; prints its id
  confirm   confirm a request that somebody else made; the account is deleted at once
  list      show requests that wait, and deletions that are under way
  reapply   delete again whom a restored backup brought back; the server does this at its start,
            by the newest entries of the journal: this goes through all of them
  wipe      rewrite the files of the main database, so that they hold nothing of what was
            deleted; locks each table meanwhile (PostgreSQL: VACUUM FULL, CHECKPOINT)

examples:
  kundenportal deletion request --institution sach --customer-number S100010
  kundenportal deletion confirm 7
  kundenportal deletion reapply

exit code:
  0  done
  1  refused: no such account or request, or you made the request yourself
  2  wrong usage
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = add_command(
        commands, "deletion", run, summary="delete user accounts", description=_DESCRIPTION
    )
    parser.add_argument("what", choices=[*_ACTIONS], help="see above")
    parser.add_argument("id", type=int, nargs="?", metavar="ID", help="which request to confirm")
    parser.add_argument("--institution", metavar="KEY", help="whose customer number it is")
    parser.add_argument("--customer-number", metavar="NUMBER", help="whose account is to go")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked, and say what was done."""
    asyncio.run(_run(load_settings(), arguments))
    return 0


async def _run(settings: Settings, arguments: argparse.Namespace) -> None:
    async for line in _ACTIONS[arguments.what](settings, arguments):
        sys.stdout.write(f"{line}\n")


async def _request(settings: Settings, arguments: argparse.Namespace) -> AsyncIterator[str]:
    from backend import database  # noqa: PLC0415  # costs start time of --help
    from backend.errors import NotFoundError  # noqa: PLC0415  # as above
    from backend.services import deletion_requests  # noqa: PLC0415  # as above

    if not (arguments.institution and arguments.customer_number):
        raise CommandError("request needs --institution and --customer-number", WRONG_USAGE)
    async with current_house(settings) as house:
        try:
            async with database.writing(house.sessions) as session:
                request = await deletion_requests.request_deletion(
                    session,
                    house,
                    institution_key=arguments.institution,
                    number=arguments.customer_number,
                )
        except NotFoundError:
            raise CommandError("nobody with this number has a user account") from None
        except deletion_requests.AlreadyRequestedError as error:
            raise CommandError(f"request {error.request_id} waits already") from None
    yield f"request {request.id}: somebody else confirms it until {request.expires_at:%Y-%m-%d}"


async def _confirm(settings: Settings, arguments: argparse.Namespace) -> AsyncIterator[str]:
    from backend import database  # noqa: PLC0415  # costs start time of --help
    from backend.errors import NotFoundError  # noqa: PLC0415  # as above
    from backend.services import deletion_requests  # noqa: PLC0415  # as above
    from backend.services.user_account_deletion import finish_deletions  # noqa: PLC0415

    if arguments.id is None:
        raise CommandError("confirm needs the id of a request", WRONG_USAGE)
    async with current_house(settings) as house:
        try:
            async with database.writing(house.sessions) as session:
                await deletion_requests.confirm_deletion(session, house, request_id=arguments.id)
        except NotFoundError:
            raise CommandError("there is no such request, or it is too old") from None
        except deletion_requests.SamePersonError:
            raise CommandError("you made this request: somebody else has to confirm it") from None
        await finish_deletions(house)
    yield "deleted; the certificate leaves with the next mails"


async def _list(settings: Settings, _: argparse.Namespace) -> AsyncIterator[str]:
    from backend.services import deletion_requests  # noqa: PLC0415  # costs start time of --help
    from backend.services.user_account_deletion import list_unfinished  # noqa: PLC0415

    async with current_house(settings) as house, house.sessions() as session:
        for request in await deletion_requests.list_requests(session, clock=house.clock):
            yield (
                f"request {request.id}  customer {request.customer_uid}  by {request.requested_by}"
                f"  until {request.expires_at:%Y-%m-%d}"
            )
        for deletion in await list_unfinished(session):
            yield (
                f"under way  customer {deletion.customer_uid}  {deletion.reason.value}"
                f"  since {deletion.begun_at:%Y-%m-%d %H:%M}"
            )


async def _reapply(settings: Settings, _: argparse.Namespace) -> AsyncIterator[str]:
    from backend.services.restored_deletions import reapply_deletions  # noqa: PLC0415  # as above

    async with current_house(settings) as house:
        found = await reapply_deletions(house, from_the_beginning=True)
    yield f"deleted again: {found}"


async def _wipe(settings: Settings, _: argparse.Namespace) -> AsyncIterator[str]:
    from backend.erasure import wipe_thoroughly  # noqa: PLC0415  # costs start time of --help
    from backend.models.tables import Base  # noqa: PLC0415  # as above

    async with current_house(settings) as house:
        tables = [table.name for table in Base.metadata.sorted_tables]
        async for step in wipe_thoroughly(house.sessions, tables):
            yield step.words


_ACTIONS = {
    "request": _request,
    "confirm": _confirm,
    "list": _list,
    "reapply": _reapply,
    "wipe": _wipe,
}
