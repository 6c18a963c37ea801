"""An export holds everything of its customer, and nothing of anybody else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests import factories
from tests.exporting import exported_columns, take_along
from tests.security import canary_world
from tests.security.canary_world import CANARY
from tests.sqlite_only import database_url  # noqa: F401

if TYPE_CHECKING:
    from tests.portal import Portal


async def test_X13_an_export_holds_its_customers_canaries_and_no_foreign_ones(
    portal: Portal,
) -> None:
    async with portal.transaction() as session:
        anna = await factories.user_account(session, await factories.customer(session))
    async with portal.transaction() as session:
        owner = await factories.customer(session, "Bea", "Beispiel")
        bea = await canary_world.plant(session, portal.house, owner)
    hers = await take_along(portal, await portal.sign_in(bea))
    annas = await take_along(portal, await portal.sign_in(anna))

    assert sum(CANARY.encode() in content for content in hers.files.values()) == 7
    assert hers.index.count(CANARY) >= 20
    empty = {name for name, value in hers.data.items() if not value}
    # Her approvals are open; nobody else is named in her contracts.
    assert empty == {"approvals", "otherPersonsInContracts", "lettersOnPaperOnly"}
    told = json.dumps(hers.data)
    for name, columns in exported_columns().items():
        for column in columns & canary_world.texts_of(name):
            if name != "approval":
                assert f"{CANARY}-{name}-{column}-" in told, (name, column)

    assert CANARY not in json.dumps(annas.data) + annas.index
    assert annas.files == {}
