"""Serves the sandbox: the demo world, caught mail and text messages, and a clock that travels."""

from __future__ import annotations

import asyncio
import secrets
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from backend import database
from backend.app import create_app, open_house
from backend.clock import TravellingClock
from backend.demo.claims import hand_in_for_pia
from backend.demo.conversations import write_for_berta
from backend.demo.core_panel import CorePanel, write_group_file
from backend.demo.devices import old_phone
from backend.demo.files import write_world
from backend.demo.late_post import MAILDIR, deliver_late_post
from backend.demo.load import STARTS_AT, create_accounts, is_loaded
from backend.demo.mail_catcher import mail_catcher
from backend.demo.newcomers import issue_codes_to_newcomers, letters_to_newcomers
from backend.demo.personas import PASSWORD, PAUL, PERSONAS
from backend.demo.printed_letters import watched_printers
from backend.demo.submissions import submit_for_berta
from backend.migrate import upgrade_database
from backend.services.imports import import_file
from backend.services.print_jobs import FOLDER
from backend.settings import Secret, Settings
from backend.values import Value
from backend.web.sandbox import Sandbox
from backend.web.server import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from backend.demo.newcomers import LetterToNewcomer
    from backend.demo.personas import Persona
    from backend.demo.printed_letters import ReadLetter
    from backend.house import House
    from backend.services.imports import FileReport

HOST = "127.0.0.1"
_SMS_TOKEN_BYTES = 16


class World(Value):
    """What its people have in hand: letters of newcomers, and keys of devices by persona."""

    letters: Sequence[LetterToNewcomer]
    devices: Mapping[str, Mapping[str, object]]


def sandbox_settings(
    data_dir: Path, port: int, smtp_port: int, sms_token: str, group_file: Path | None = None
) -> Settings:
    """Return settings that keep the sandbox on this machine, whatever the environment says."""
    return Settings(
        sandbox=True,
        data_dir=data_dir,
        host=HOST,
        port=port,
        public_url=f"http://localhost:{port}",
        smtp_host=HOST,
        smtp_port=smtp_port,
        smtp_starttls=False,
        sms_url=f"http://localhost:{port}/sandbox/sms",
        sms_token=Secret(sms_token),
        push_services=f"http://localhost:{port}/sandbox/push",
        import_dir=data_dir / "inbox",
        bounce_maildir=data_dir / MAILDIR,
        group_file=group_file,
    )


def serve_sandbox(data_dir: Path, port: int, say: Callable[[str], None]) -> None:
    """Prepare the world if it is not there yet, then serve until interrupted."""
    sms_token = secrets.token_urlsafe(_SMS_TOKEN_BYTES)
    smtp_port = _free_port()
    clock = TravellingClock(start=STARTS_AT, path=data_dir / "clock")
    url = f"http://localhost:{port}"
    panel = CorePanel(url, clock)
    group_file = write_group_file(data_dir, url, panel.key.public_key)
    settings = sandbox_settings(data_dir, port, smtp_port, sms_token, group_file)
    world = asyncio.run(prepare(settings, clock, say))
    sandbox = Sandbox(
        personas=[_shown(persona, world) for persona in PERSONAS],
        password=PASSWORD,
        clock=clock,
        sms_token=sms_token,
        more_routes=panel.routes(),
    )

    def catch(sender: str, recipient: str, subject: str, text: str) -> None:
        sandbox.catch("MAIL", sender, recipient, subject, text)

    def catch_letter(letter: LetterToNewcomer | ReadLetter) -> None:
        sandbox.catch("LETTER", letter.sender, letter.recipient, letter.subject, letter.text)

    for letter in world.letters:
        catch_letter(letter)
    printers = watched_printers(settings.data_dir / FOLDER, catch_letter)
    with mail_catcher(smtp_port, catch), printers:
        say(f"Serving on {url}; personas: {url}/sandbox")
        app = create_app(settings, clock=clock, sandbox=sandbox)
        serve(app, host=HOST, port=port, log_level="warning", access_log=False)


async def prepare(settings: Settings, clock: TravellingClock, say: Callable[[str], None]) -> World:
    """Create the database and load the world; done before, it only looks."""
    engine = database.create_engine(settings.database)
    await upgrade_database(engine)
    await engine.dispose()
    async with open_house(settings, clock=clock) as house:
        if await is_loaded(house):
            return await _what_people_hold(house)
        say("Loading the demo world Musterland …")
        reports: list[FileReport] = []
        for institution_key, file in write_world(settings.data_dir / "feeds", house.group):
            reports.append(await import_file(house, file, institution_key=institution_key))
        await create_accounts(house)
        reports += await deliver_late_post(house)
        await submit_for_berta(house)
        await write_for_berta(house)
        reports += await hand_in_for_pia(house)
        for line in _told(reports):
            say(line)
        await issue_codes_to_newcomers(house)
        return await _what_people_hold(house)


async def _what_people_hold(house: House) -> World:
    async with database.reading(house.sessions) as session:
        return World(letters_to_newcomers(house), {PAUL.key: await old_phone(session)})


def _told(reports: list[FileReport]) -> Iterator[str]:
    """One line per format; a file with findings has a line of its own, with the first of them."""
    for feed_format in dict.fromkeys(report.format for report in reports):
        alike = [report for report in reports if report.format == feed_format]
        accepted = sum(report.accepted for report in alike)
        findings = sum(len(report.findings) for report in alike)
        yield (
            f"  {feed_format or 'unknown':9} {len(alike):3} files {accepted:5} records"
            f" {findings:3} findings"
        )
        for report in alike:
            if report.findings:
                yield f"    {Path(report.path).name}: {report.first_problem}"


def _shown(persona: Persona, world: World) -> Mapping[str, object]:
    return {
        "device": world.devices.get(persona.key),
        "key": persona.key,
        "name": persona.display_name,
        "email": persona.email,
        "phone": persona.phone,
        "language": persona.language,
        "proves_de": persona.proves_de,
        "proves_en": persona.proves_en,
    }


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as server:
        port: int = server.getsockname()[1]
        return port
