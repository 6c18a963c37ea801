"""Letters with activation codes: who gets one, what the printers get, what the database keeps."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from sqlalchemy import select, update

from backend import database
from backend.models.activation_codes import ActivationCode
from backend.models.customers import CustomerNumber
from backend.services import activation_letters, job_folders
from backend.services.activation_codes import hash_code, make_code
from backend.services.activation_letters import IssueReport, issue_codes
from backend.services.job_folders import FolderBusyError
from backend.services.letters import typeset
from tests import factories

if TYPE_CHECKING:
    from pathlib import Path

    from backend.models.customers import Customer
    from backend.services.letters import PrintableLetter
    from tests.portal import Portal

CODE = re.compile(r"^> ([0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3})$", re.MULTILINE)


@pytest.fixture
def bodies(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts of the letters that are made."""
    seen: list[str] = []

    async def record(letter: PrintableLetter) -> bytes:
        seen.append(letter.body)
        return await typeset(letter)

    monkeypatch.setattr(activation_letters, "typeset", record)
    return seen


async def _customer(
    portal: Portal, number: str, *, street: str | None = "Lindenweg 7", **values: Any
) -> Customer:
    async with portal.transaction() as session:
        seller = await factories.institution(session)
        owner = await factories.customer(session, **values)
        session.add(CustomerNumber(institution_id=seller.id, number=number, customer_id=owner.id))
        contract = await factories.insurance_contract(session, None)
        await factories.partner(
            session,
            contract,
            owner,
            street=street,
            postal_code="70173",
            city="Stuttgart",
            country="D",
        )
        return owner


async def _issue(portal: Portal) -> IssueReport:
    async with portal.transaction() as session:
        seller = await factories.institution(session)
    return await issue_codes(portal.house, seller)


async def _codes(portal: Portal) -> list[ActivationCode]:
    async with portal.transaction() as session:
        return list(await session.scalars(select(ActivationCode).order_by(ActivationCode.id)))


def _manifest(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return read


async def test_a_customer_without_account_gets_a_letter_with_a_code(
    portal: Portal, bodies: list[str]
) -> None:
    await _customer(portal, "S1")
    report = await _issue(portal)
    assert (report.letters, report.without_address, report.without_birth_date) == (1, 0, 0)
    (folder,) = report.folders
    assert folder.parent == portal.house.settings.data_dir / "print"
    content = (folder / "000001.pdf").read_bytes()
    assert _manifest(folder) == {
        "job": folder.name,
        "kind": "activation_code",
        "letters": [
            {
                "file": "000001.pdf",
                "sha256": hashlib.sha256(content).hexdigest(),
                "customer_number": "S1",
                "name": "Anna Beispiel",
                "street": "Lindenweg 7",
                "postal_code": "70173",
                "city": "Stuttgart",
                "country": "D",
            }
        ],
    }
    with pikepdf.open(folder / "000001.pdf") as pdf:
        assert pdf.open_metadata()["pdfuaid:part"] == "1"
    (body,) = bodies
    assert "Ihre Kundennummer: S1" in body
    assert "bis zum 20. Januar 2027" in body
    found = CODE.search(body)
    assert found is not None
    (row,) = await _codes(portal)
    assert row.code_hash == hash_code(found[1])
    assert row.print_job == folder.name
    assert row.expires_at == portal.clock.now() + timedelta(days=60)


async def test_a_code_stands_in_its_letter_and_nowhere_else(
    portal: Portal, bodies: list[str]
) -> None:
    await _customer(portal, "S1")
    report = await _issue(portal)
    found = CODE.search(bodies[0])
    assert found is not None
    assert found[1] not in (report.folders[0] / "manifest.json").read_text(encoding="utf-8")
    (row,) = await _codes(portal)
    assert found[1] not in repr(vars(row))
    for path in (report.folders[0], *report.folders[0].iterdir()):
        assert path.stat().st_mode & 0o077 == 0


async def test_nobody_gets_a_second_letter_before_the_first_code_has_run_out(
    portal: Portal,
) -> None:
    await _customer(portal, "S1")
    assert (await _issue(portal)).letters == 1
    again = await _issue(portal)
    assert (again.letters, again.folders) == (0, [])
    portal.clock.travel_to(portal.clock.now() + timedelta(days=60))
    assert (await _issue(portal)).letters == 1


async def test_a_code_that_was_guessed_at_too_often_is_replaced(portal: Portal) -> None:
    await _customer(portal, "S1")
    await _issue(portal)
    async with portal.transaction() as session:
        await session.execute(update(ActivationCode).values(attempts=5))
    assert (await _issue(portal)).letters == 1


async def test_who_has_an_account_or_another_institution_gets_none(portal: Portal) -> None:
    owner = await _customer(portal, "S1")
    async with portal.transaction() as session:
        await factories.user_account(session, owner)
        bank = await factories.institution(session, "bank")
        other = await factories.customer(session)
        session.add(CustomerNumber(institution_id=bank.id, number="B1", customer_id=other.id))
    report = await _issue(portal)
    assert (report.letters, report.folders) == (0, [])
    assert await _codes(portal) == []


async def test_who_cannot_get_or_use_a_letter_is_counted(portal: Portal) -> None:
    await _customer(portal, "S1", street=None)
    await _customer(portal, "S2", birth_date=None)
    report = await _issue(portal)
    assert (report.letters, report.without_address, report.without_birth_date) == (0, 1, 1)
    assert await _codes(portal) == []


async def test_many_letters_come_in_several_jobs(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activation_letters, "BATCH", 2)
    for number in range(5):
        await _customer(portal, f"S{number}")
    report = await _issue(portal)
    assert report.letters == 5
    assert [len(_manifest(folder)["letters"]) for folder in report.folders] == [2, 2, 1]
    assert len({row.code_hash for row in await _codes(portal)}) == 5


async def test_a_run_that_dies_before_its_codes_are_kept_leaves_no_letter(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _customer(portal, "S1")

    async with portal.transaction() as session:
        seller = await factories.institution(session)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(database, "writing", die)
        with pytest.raises(KeyboardInterrupt):
            await issue_codes(portal.house, seller)
    folder = portal.house.settings.data_dir / "print"
    assert len(job_folders.unfinished_jobs(folder)) == 1
    report = await _issue(portal)
    assert report.letters == 1
    assert job_folders.unfinished_jobs(folder) == []
    assert len(report.folders) == len(await _codes(portal)) == 1


async def test_a_run_that_dies_before_the_printers_get_it_is_finished_by_the_next(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _customer(portal, "S1")

    def die(*_: object) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(job_folders, "hand_over", die)
        with pytest.raises(KeyboardInterrupt):
            await _issue(portal)
    (row,) = await _codes(portal)
    report = await _issue(portal)
    assert report.letters == 0
    assert [folder.name for folder in report.folders] == [row.print_job]
    assert len(_manifest(report.folders[0])["letters"]) == 1


async def test_two_runs_at_once_do_not_write_to_one_person_twice(portal: Portal) -> None:
    await _customer(portal, "S1")
    folder = portal.house.settings.data_dir / "print"
    with job_folders.locked(folder), pytest.raises(FolderBusyError):
        await _issue(portal)
    assert (await _issue(portal)).letters == 1


def test_codes_are_long_and_never_alike() -> None:
    codes = {make_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(CODE.match(f"> {code}") for code in codes)
