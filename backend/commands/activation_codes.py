"""`kundenportal activation-codes`: letters for customers who have no user account yet."""

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

    from backend.commands.parsing import Subcommands
    from backend.services.activation_letters import IssueReport
    from backend.settings import Settings

_DESCRIPTION = """\
Issue activation codes for the customers of an institution who have neither a user account
nor a code that can still be used, and write a letter for each into print/ in the data
folder: PDFs (PDF/A, PDF/UA) and manifest.json, one folder per print job. A folder appears
when it is complete. Codes stand in the letters only; delete them once they are printed.
Run it again whenever new customers came in: nobody gets a second letter before the first
code has run out.

example:
  kundenportal activation-codes --institution leben

exit code:
  0  done, with or without letters
  1  another run is going on, or the database can't be used
  2  wrong usage
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = add_command(
        commands,
        "activation-codes",
        run,
        summary="write letters with activation codes",
        description=_DESCRIPTION,
    )
    parser.add_argument(
        "--institution", metavar="KEY", required=True, help="whose customers get letters"
    )


def run(arguments: argparse.Namespace) -> int:
    """Issue, and tell how many."""
    report = asyncio.run(_issue(load_settings(), arguments.institution))
    sys.stdout.write(
        f"letters: {report.letters}, customers without address: {report.without_address}, "
        f"without birth date: {report.without_birth_date}\n"
    )
    for folder in report.folders:
        sys.stdout.write(f"{folder}\n")
    return 0


def _show(report: IssueReport) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{report.letters} letters\x1b[K\r")


async def _issue(settings: Settings, institution_key: str) -> IssueReport:
    from backend.services.activation_letters import issue_codes  # noqa: PLC0415  # costs start time
    from backend.services.imports import (  # noqa: PLC0415  # as above
        UnknownInstitutionKeyError,
        require_institution,
    )
    from backend.services.job_folders import FolderBusyError  # noqa: PLC0415  # as above

    async with current_house(settings) as house:
        try:
            async with house.sessions() as session:
                institution = await require_institution(session, institution_key)
            return await issue_codes(house, institution, on_progress=_show)
        except UnknownInstitutionKeyError as error:
            raise CommandError(str(error), WRONG_USAGE) from error
        except FolderBusyError as error:
            raise CommandError(f"another run writes into {error}") from error
