"""A feed beside personal details that a customer changed: what it overwrites, what stands (F88)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend.ids import encode_id
from backend.models.contracts import Contract
from backend.models.customers import Customer
from backend.models.personal_details import PersonalDetailsState
from backend.models.uploads import UploadState
from backend.services.imports import import_file
from tests import factories
from tests.changing_details import (
    NEW,
    NEW_LINE,
    OLD_LINE,
    Resident,
    change,
    changes,
    details_of,
    move,
    partners,
)
from tests.core_answers import settle, submissions
from tests.services import feed_files as feeds

if TYPE_CHECKING:
    from pathlib import Path

    from backend.services.imports import FileReport
    from tests.portal import Portal

TODAY = date(2026, 11, 21)
TOMORROW = TODAY + timedelta(days=1)
OLD = {"street": "Lindenweg 7", "postal_code": "70173", "city": "Stuttgart", "country": "D"}
BROUGHT = {"street": "Am Kanal 3", "postal_code": "50667", "city": "Köln", "country": "D"}
OTHER = OLD | {"street": "Woanders 1"}
NAMES = "{ viewer { displayName personalDetails { name { line } } } }"
STANDS = "the customer has changed the address since: the change stands"


async def _resident(portal: Portal, folder: Path) -> Resident:
    """Import Anna's contract with her address and sign her in."""
    await _import(portal, folder, feeds.DAY)
    async with portal.transaction() as session:
        contract = (await session.scalars(select(Contract))).one()
        anna = (await session.scalars(select(Customer))).one()
        account = await factories.user_account(session, anna)
    institution = encode_id("Institution", contract.institution_id)
    return Resident(anna, account, [contract], [institution], await portal.sign_in(account))


async def _import(
    portal: Portal, folder: Path, as_of: date, address: dict[str, str] | None = None, **values: Any
) -> FileReport:
    partner = feeds.anna(**(address or OLD), **values)
    path = folder / f"{as_of}-{(address or OLD)['street']}.gdv"
    feeds.gdv_file(path, feeds.contract("HR1", partner), as_of=as_of)
    return await import_file(portal.house, path)


async def _address(portal: Portal, anna: Resident) -> str:
    [shown] = await details_of(portal, await portal.sign_in(anna.account))
    line: str = shown["address"]["line"]
    return line


async def test_F88_a_feed_that_is_not_newer_than_the_answer_overwrites_nothing(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await _resident(portal, tmp_path)
    await move(portal, anna)
    await settle(portal, (await submissions(portal))[0])
    for address in (OLD, OTHER):
        report = await _import(portal, tmp_path, TODAY, address)
        assert (report.first_problem or "").endswith(STANDS)
        assert await _address(portal, anna) == NEW_LINE


async def test_F88_a_feed_that_brings_the_new_address_is_no_conflict(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await _resident(portal, tmp_path)
    await move(portal, anna)
    await settle(portal, (await submissions(portal))[0])
    for day in (TODAY, TOMORROW):
        report = await _import(portal, tmp_path, day, BROUGHT)
        assert not report.first_problem
        assert await _address(portal, anna) == NEW_LINE
    [change] = await changes(portal)
    assert change.state is PersonalDetailsState.CONFIRMED


async def test_F88_a_feed_that_brings_the_new_address_before_the_answer_is_no_conflict(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await _resident(portal, tmp_path)
    await move(portal, anna)
    report = await _import(portal, tmp_path, TOMORROW, BROUGHT)
    assert not report.first_problem
    [submission] = await submissions(portal)
    await settle(portal, submission)
    assert await _address(portal, anna) == NEW_LINE
    assert len(await submissions(portal)) == 1


async def test_F88_a_newer_feed_with_another_address_wins(portal: Portal, tmp_path: Path) -> None:
    anna = await _resident(portal, tmp_path)
    await move(portal, anna)
    await settle(portal, (await submissions(portal))[0])
    report = await _import(portal, tmp_path, TOMORROW, OTHER)
    assert not report.first_problem
    assert await _address(portal, anna) == "Woanders 1, 70173 Stuttgart"
    [change] = await changes(portal)
    assert (change.before, change.after) == (OLD_LINE, NEW_LINE)


async def test_F88_a_change_without_an_answer_leaves_feeds_alone(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await _resident(portal, tmp_path)
    await move(portal, anna, NEW)
    await _import(portal, tmp_path, TOMORROW, OTHER)
    assert await _address(portal, anna) == "Woanders 1, 70173 Stuttgart"
    assert [one.street for one in await partners(portal)] == ["Woanders 1"]


async def test_F88_a_name_that_was_given_up_comes_back_only_with_a_newer_feed(
    portal: Portal, tmp_path: Path
) -> None:
    anna = await _resident(portal, tmp_path)
    async with portal.transaction() as session:
        upload = await factories.upload(session, anna.customer.id, state=UploadState.ACCEPTED)
    name = {"name": {"givenName": "Anna", "familyName": "Neumann"}}
    await change(portal, anna, name, evidence=[encode_id("Upload", upload.id)])
    await settle(portal, (await submissions(portal))[0])
    names = []
    for day, address in ((TODAY, OTHER), (TOMORROW, OLD)):
        await _import(portal, tmp_path, day, address)
        data = await portal.execute(NAMES, token=await portal.sign_in(anna.account))
        [shown] = data["viewer"]["personalDetails"]
        names.append((data["viewer"]["displayName"], shown["name"]["line"]))
    assert names == [("Anna Neumann", "Anna Neumann"), ("Anna Beispiel", "Anna Beispiel")]
