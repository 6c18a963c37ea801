"""What migrations make is what the models say, on both databases."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import ops
from sqlalchemy import inspect, select, update

from backend import migrations, models  # noqa: F401  # the latter fills the metadata
from backend.database import create_engine
from backend.migrations.writing import write_conditions
from backend.models.claims import Claim
from backend.models.documents import SubjectPart
from backend.models.tables import CONDITION, Base
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from tests.portal import Portal

CONDITIONS = {
    index.name: index.info[CONDITION]
    for table in Base.metadata.tables.values()
    for index in table.indexes
    if CONDITION in index.info
}


async def test_a_migrated_database_has_the_tables_columns_and_indexes_of_the_models(
    database_url: str,
) -> None:
    assert await _asked(database_url, _differences) == []


async def test_partial_indexes_have_the_conditions_of_the_models(database_url: str) -> None:
    assert await _asked(database_url, _conditions) == CONDITIONS
    assert len(CONDITIONS) >= 5


def test_a_written_migration_has_the_condition_for_both_databases() -> None:
    upgrade = ops.UpgradeOps(
        [
            ops.CreateTableOp("unrelated", []),
            ops.ModifyTableOps(
                "notice",
                [
                    ops.CreateIndexOp("ix_notice_failed", "notice", ["customer_id", "failed_at"]),
                    ops.CreateIndexOp("ix_notice_to", "notice", ["customer_id"]),
                ],
            ),
        ]
    )
    script = ops.MigrationScript("0", upgrade, ops.DowngradeOps([]))

    write_conditions(None, None, [script])

    failed, to = upgrade.ops[1].ops  # type: ignore[attr-defined]
    assert {name: str(value) for name, value in failed.kw.items()} == {
        "sqlite_where": "failed_at IS NOT NULL",
        "postgresql_where": "failed_at IS NOT NULL",
    }
    assert to.kw == {}


async def test_M5_claims_that_were_there_before_keep_their_contract_and_its_number(
    portal: Portal, database_url: str
) -> None:
    async with portal.transaction() as session:
        pia = await factories.customer(session)
        contract = await factories.insurance_contract(session, pia)
        await factories.claim(session, pia, contract_id=contract.id)
        await factories.claim(session, pia)
        await session.execute(update(Claim).values(sealed_contract_id=None, contract_number=None))
    await _take_back_and_apply(database_url, since="0026")
    async with portal.transaction() as session:
        columns = select(Claim.sealed_contract_id, Claim.contract_number).order_by(Claim.id)
        kept = [tuple(row) for row in await session.execute(columns)]
        assert kept == [(contract.id, contract.number), (None, None)]


async def test_F34_subjects_that_were_there_before_are_cut_into_the_same_parts(
    portal: Portal, database_url: str
) -> None:
    odd = ("Ihre ÄNDERUNG", "GROẞE Straße", "ΕΛΛΆΣ", " ", "Beitragsrechnung " * 10)
    async with portal.transaction() as session:
        for name in ("Anna", "Ben"):
            owner = await factories.customer(session, name)
            for subject in (*odd, *(f"Brief {number}" for number in range(60))):
                await factories.document(session, owner, portal.clock.now(), subject=subject)
    written = await _parts(portal)
    await _take_back_and_apply(database_url, since="0030")
    assert await _parts(portal) == written
    # A subject of nothing but spaces has no part.
    assert len({document_id for _, _, document_id in written}) == 2 * (4 + 60)


async def _parts(portal: Portal) -> set[tuple[int, bytes, int]]:
    async with portal.transaction() as session:
        parts = (await session.scalars(select(SubjectPart))).all()
        return {(row.customer_id, row.part, row.document_id) for row in parts}


async def _take_back_and_apply(database_url: str, *, since: str) -> None:
    engine = create_engine(database_url)
    async with engine.connect() as connection:
        options = await connection.execution_options(sqlite_begin="IMMEDIATE")
        await options.run_sync(_migrate_again, since)
        await options.commit()
    await engine.dispose()


def _migrate_again(connection: Connection, since: str) -> None:
    """Take back what came after a version, and apply it once more."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.downgrade(config, since)
    command.upgrade(config, "head")


async def _asked(database_url: str, question: Callable[[Connection], Any]) -> Any:
    engine = create_engine(database_url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(question)
    finally:
        await engine.dispose()


def _differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection)
    found: list[Any] = compare_metadata(context, Base.metadata)
    return found


def _conditions(connection: Connection) -> dict[str | None, str]:
    inspector = inspect(connection)
    return {
        index["name"]: re.sub(r"[()]", "", str(condition))
        for table in inspector.get_table_names()
        for index in inspector.get_indexes(table)
        for option, condition in index.get("dialect_options", {}).items()
        if option.endswith("_where")
    }
