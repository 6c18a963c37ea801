"""`kundenportal desk`: the institution's side of the messenger."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING

from backend.commands.environment import WRONG_USAGE, CommandError, current_house, load_settings
from backend.commands.parsing import add_command

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable

    from backend.commands.parsing import Subcommands
    from backend.house import House
    from backend.services.desk_reading import ReadMessage

_DESCRIPTION = """\
Read and answer what customers wrote.

  list    conversations that wait for an answer: number, institution, since when; no content;
          with --institution only what is for it, not what is for the support desk
  show    what was written in one; needs --case-handler and --reason, is audited, and the
          customer reads both in the security log
  answer  answer one in the name of its institution; the text comes on stdin and the
          customer gets a notice by mail without its content
  feed    what was written to --institution since message --after, as JSON lines, for the
          institution's own system; audited

examples:
  kundenportal desk list --institution sach
  kundenportal desk show 12 --case-handler "Petra Muster" --reason "Anruf vom 21.11."
  kundenportal desk answer 12 --case-handler "Petra Muster" < answer.txt
  kundenportal desk feed --institution sach --after 340 > messages.jsonl

exit code:
  0  done
  1  no such conversation, or the database can't be used
  2  wrong usage
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = add_command(
        commands, "desk", run, summary="read and answer messages", description=_DESCRIPTION
    )
    parser.add_argument("what", choices=sorted(_ACTIONS), help="what to do")
    parser.add_argument("conversation", nargs="?", type=int, help="number of a conversation")
    parser.add_argument("--institution", metavar="KEY", help="only messages to this one")
    parser.add_argument("--case-handler", metavar="NAME", help="who reads or answers")
    parser.add_argument("--reason", metavar="TEXT", help="why it is read")
    parser.add_argument("--after", metavar="ID", type=int, default=0, help="last message known")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for."""
    action, needed = _ACTIONS[arguments.what]
    missing = [name for name in needed if not getattr(arguments, name)]
    if missing:
        names = ", ".join(name.replace("_", "-") for name in missing)
        raise CommandError(f"desk {arguments.what} needs: {names}", WRONG_USAGE)
    asyncio.run(_within_house(action, arguments))
    return 0


async def _within_house(
    action: Callable[[House, argparse.Namespace], Awaitable[None]], arguments: argparse.Namespace
) -> None:
    from backend.errors import InvalidInputError, NotFoundError  # noqa: PLC0415  # start time

    async with current_house(load_settings()) as house:
        try:
            await action(house, arguments)
        except NotFoundError:
            raise CommandError(f"there is no conversation {arguments.conversation}") from None
        except InvalidInputError:
            message = "an answer has between 1 and 5,000 characters"
            raise CommandError(message, WRONG_USAGE) from None


async def _list(house: House, arguments: argparse.Namespace) -> None:
    from backend.services.desk import list_waiting  # noqa: PLC0415  # as above

    async with house.sessions() as session:
        waiting = await list_waiting(session, institution_key=arguments.institution)
    for one in waiting:
        sys.stdout.write(
            f"{one.id:>8}  {one.institution_key:<12}  {one.last_message_at:%Y-%m-%d %H:%M}  "
            f"{one.unread_count} unread{'  support' if one.is_support_request else ''}\n"
        )


async def _show(house: House, arguments: argparse.Namespace) -> None:
    from backend.services.desk import show_conversation  # noqa: PLC0415  # as above

    for message in await show_conversation(
        house,
        conversation_id=arguments.conversation,
        case_handler=arguments.case_handler,
        reason=arguments.reason,
    ):
        author = message.case_handler or message.sender.value
        sys.stdout.write(
            f"--- {message.sent_at:%Y-%m-%d %H:%M}  {author}: {message.subject}\n{message.text}\n"
        )
        for file in message.attachments:
            sys.stdout.write(f"[{file.file_name}]\n{file.text or ''}")


async def _answer(house: House, arguments: argparse.Namespace) -> None:
    from backend.services.desk import answer_conversation  # noqa: PLC0415  # as above

    await answer_conversation(
        house,
        conversation_id=arguments.conversation,
        case_handler=arguments.case_handler,
        text=await asyncio.to_thread(sys.stdin.read),
    )


async def _feed(house: House, arguments: argparse.Namespace) -> None:
    from backend.services.desk import feed_messages  # noqa: PLC0415  # as above

    async for message in feed_messages(
        house, institution_key=arguments.institution, after_id=arguments.after
    ):
        sys.stdout.write(json.dumps(_as_json(message), ensure_ascii=False) + "\n")


def _as_json(message: ReadMessage) -> dict[str, object]:
    return {
        "id": message.id,
        "conversation": message.conversation_id,
        "subject": message.subject,
        "text": message.text,
        "sentAt": message.sent_at.isoformat(),
        "attachments": [file.file_name for file in message.attachments],
    }


_ACTIONS: dict[
    str, tuple[Callable[[House, argparse.Namespace], Awaitable[None]], tuple[str, ...]]
] = {
    "answer": (_answer, ("conversation", "case_handler")),
    "feed": (_feed, ("institution",)),
    "list": (_list, ()),
    "show": (_show, ("conversation", "case_handler", "reason")),
}
