"""`kundenportal product-mail`: product information for customers who agreed to it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
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

    from backend.commands.parsing import Subcommands
    from backend.services.product_information import MailingReport
    from backend.settings import Settings

_DESCRIPTION = """\
Send product information by e-mail to those customers of an institution who agreed to it by
double opt-in. The consent is checked for each one now and again when the mail leaves. Nobody
gets the same mail twice: run it again after an interruption, or to reach who agreed since.

example:
  kundenportal product-mail --institution sach --subject "Neu: Fahrradschutz" --text mail.txt

exit code:
  0  done, with or without recipients
  1  the database can't be used
  2  wrong usage
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = add_command(
        commands,
        "product-mail",
        run,
        summary="send product information to those who agreed",
        description=_DESCRIPTION,
    )
    parser.add_argument("--institution", metavar="KEY", required=True, help="who sends it")
    parser.add_argument("--subject", required=True, help="its subject")
    parser.add_argument(
        "--text",
        metavar="FILE",
        type=Path,
        required=True,
        help="its text, UTF-8; the way to take the consent back is added",
    )


def run(arguments: argparse.Namespace) -> int:
    """Enqueue, and tell how many."""
    subject = arguments.subject.strip()
    try:
        text = arguments.text.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{arguments.text} can't be read as UTF-8", WRONG_USAGE) from error
    if not subject or not subject.isprintable() or not text:
        raise CommandError("a mail needs a subject of one line and a text", WRONG_USAGE)
    report = asyncio.run(_send(load_settings(), arguments.institution, subject, text))
    sys.stdout.write(f"mails: {report.enqueued}, left out: {report.left_out}\n")
    return 0


def _show(report: MailingReport) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{report.enqueued} mails\x1b[K\r")


async def _send(settings: Settings, institution_key: str, subject: str, text: str) -> MailingReport:
    from backend.services.imports import (  # noqa: PLC0415  # costs start time
        UnknownInstitutionKeyError,
        require_institution,
    )
    from backend.services.product_information import send_mailing  # noqa: PLC0415  # as above

    async with current_house(settings) as house:
        try:
            async with house.sessions() as session:
                institution = await require_institution(session, institution_key)
        except UnknownInstitutionKeyError as error:
            raise CommandError(str(error), WRONG_USAGE) from error
        return await send_mailing(house, institution, subject=subject, text=text, on_progress=_show)
