"""`kundenportal import`: read files of insurers and banks."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from backend.commands.environment import (
    FAILED,
    WRONG_USAGE,
    CommandError,
    current_house,
    load_settings,
)
from backend.commands.parsing import add_command

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from rich.progress import Progress

    from backend.commands.parsing import Subcommands
    from backend.services.imports import FileReport
    from backend.settings import Settings

_FORMATS = ("auto", "gdv", "camt", "mt940", "csv", "manifest", "accounts")
_SHOWN_FINDINGS = 10
_DESCRIPTION = """\
Read files, or all files below folders, into the portal. The content tells the format:
GDV (contracts), camt.052/053/054 and MT940 (statements), CSV exports, accounts (JSON lines
of the bank's master data), manifest.json with its PDFs (postbox).

Records are written whole or not at all; what can't be used is reported with line, record and
field while the rest goes on. Reading a file again changes nothing, so that an import that was
interrupted is simply started again.

examples:
  kundenportal import bestand.gdv
  kundenportal import --institution bank statements/ --report report.json
  kundenportal import letters/manifest.json --institution leben

exit code:
  0  everything usable was imported, with or without findings
  1  at least one file gave nothing
  2  wrong usage
"""


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = add_command(
        commands,
        "import",
        run,
        summary="read files of insurers and banks",
        description=_DESCRIPTION,
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file or folder")
    parser.add_argument(
        "--format",
        choices=_FORMATS,
        default="auto",
        help="read every file as this format instead of asking its content",
    )
    parser.add_argument(
        "--institution",
        metavar="KEY",
        help="institution that all files belong to; without it the files tell",
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE.json", help="write what happened to each file"
    )


def run(arguments: argparse.Namespace) -> int:
    """Import and tell; a report file is written even when a file gave nothing."""
    missing = [str(path) for path in arguments.paths if not path.exists()]
    if missing:
        raise CommandError(f"no such file or folder: {', '.join(missing)}", WRONG_USAGE)
    report: Path | None = arguments.report
    if report is not None and not report.parent.is_dir():
        raise CommandError(f"no such folder: {report.parent}", WRONG_USAGE)
    reports = asyncio.run(
        _import(load_settings(), arguments.paths, arguments.format, arguments.institution)
    )
    if report is not None:
        content = json.dumps([one.as_json() for one in reports], ensure_ascii=False, indent=2)
        report.write_text(content + "\n", encoding="utf-8")
    if not reports:
        raise CommandError("there is no file to import")
    return 0 if all(one.is_usable for one in reports) else FAILED


async def _import(
    settings: Settings, paths: Sequence[Path], feed_format: str, institution_key: str | None
) -> list[FileReport]:
    from backend.services.imports import (  # noqa: PLC0415  # costs start time of --help
        FeedFormat,
        UnknownInstitutionKeyError,
        import_file,
        require_institution,
    )

    async with current_house(settings) as house:
        try:
            if institution_key is not None:
                async with house.sessions() as session:
                    await require_institution(session, institution_key)
        except UnknownInstitutionKeyError as error:
            raise CommandError(str(error), WRONG_USAGE) from error
        reports = []
        with _progress() as progress:
            for file in _files(paths):
                task = progress.add_task(file.name, total=file.stat().st_size)
                report = await import_file(
                    house,
                    file,
                    feed_format=None if feed_format == "auto" else FeedFormat(feed_format),
                    institution_key=institution_key,
                    on_progress=lambda done, task=task: progress.update(task, completed=done),  # type: ignore[misc]
                )
                progress.remove_task(task)
                progress.console.print(_told(report), markup=False, highlight=False)
                reports.append(report)
        return reports


def _files(paths: Sequence[Path]) -> list[Path]:
    from backend.services.imports.files import list_feeds  # noqa: PLC0415  # as above

    return [file for path in paths for file in (list_feeds(path) if path.is_dir() else [path])]


def _progress() -> Progress:
    """A bar with bytes and time left; nothing moves when the output is no terminal."""
    from rich.console import Console  # noqa: PLC0415  # as above
    from rich.progress import (  # noqa: PLC0415  # as above
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(soft_wrap=True),
        disable=not sys.stdout.isatty(),
        transient=True,
    )


def _told(report: FileReport) -> str:
    from backend.services.imports.report import describe  # noqa: PLC0415  # as above

    counts = f"{report.accepted} accepted, {report.duplicates} known, {report.rejected} rejected"
    name = report.format or "unknown format"
    lines = [f"{report.path}: {name}, {report.records} records, {counts}"]
    lines += [f"  {describe(finding)}" for finding in report.findings[:_SHOWN_FINDINGS]]
    more = len(report.findings) - _SHOWN_FINDINGS
    if more > 0:
        lines.append(f"  and {more} more findings (--report writes all)")
    return "\n".join(lines)
