"""Documents that the built app uses: checked at start, found by their hash."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from backend.app import create_app
from backend.schema import schema
from backend.web.operations import Operations, StaleDocumentsError, load_persisted
from tests.portal import open_portal
from tests.sqlite_only import database_url  # noqa: F401

if TYPE_CHECKING:
    from pathlib import Path

    from backend.clock import StoppedClock
    from backend.settings import Settings

TODAY = "query Today { portal { isSandbox } }"
SCHEMA = schema._schema


def _write(folder: Path, *texts: str) -> dict[str, str]:
    folder.mkdir(parents=True, exist_ok=True)
    documents = {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}
    path = folder / "persisted-documents.json"
    path.write_text(json.dumps(documents), encoding="utf-8")
    return documents


async def test_a_persisted_document_is_found_by_its_hash(
    settings: Settings, clock: StoppedClock
) -> None:
    (document_id,) = _write(settings.data_dir / "no-spa", TODAY)
    only = structs.replace(settings, persisted_only=True)
    async with open_portal(only, clock) as portal:
        for spelling in (document_id, f"sha256:{document_id}"):
            response = await portal.client.post("/graphql", json={"documentId": spelling})
            assert response.json() == {"data": {"portal": {"isSandbox": False}}}
        refused = await portal.post(TODAY)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["extensions"]["code"] == "PERSISTED_ONLY"


async def test_a_persisted_document_can_be_sent_as_text_where_texts_are_answered(
    settings: Settings, clock: StoppedClock
) -> None:
    _write(settings.data_dir / "no-spa", TODAY)
    async with open_portal(settings, clock) as portal:
        assert await portal.execute(TODAY) == {"portal": {"isSandbox": False}}


async def test_a_document_of_another_schema_is_named_to_whoever_starts_the_portal(
    settings: Settings, tmp_path: Path
) -> None:
    _write(tmp_path, TODAY, "query Gone($id: ID!) { gone(id: $id) { id } }")
    failures: list[Exception | None] = []
    app = create_app(settings, spa=tmp_path, when_loaded=failures.append)
    async with app.router.lifespan_context(app):
        pass
    (stale,) = failures
    assert isinstance(stale, StaleDocumentsError)
    assert "`query Gone`" in str(stale)
    assert "Cannot query field 'gone' on type 'Query'" in str(stale)
    assert "make setup" in str(stale)


def test_a_persisted_document_beyond_the_budget_stops_the_start() -> None:
    rows = " ".join(
        f"a{n}: contracts(first: 100) {{ nodes {{ id number kind status }} }}" for n in range(25)
    )
    with pytest.raises(StaleDocumentsError, match=r"TooMuch.*more than 10000"):
        Operations(
            SCHEMA,
            persisted={"0": f"query TooMuch {{ viewer {{ {rows} }} }}"},
            persisted_only=True,
        )


def test_a_changed_document_is_not_the_one_that_was_built(tmp_path: Path) -> None:
    path = tmp_path / "persisted-documents.json"
    path.write_text(json.dumps({"0" * 64: TODAY}), encoding="utf-8")
    with pytest.raises(StaleDocumentsError, match="is not the hash of its document"):
        load_persisted(path)


@pytest.mark.parametrize("content", ["", "nonsense", "[]", '{"a": 1}'])
def test_a_damaged_file_stops_the_start(tmp_path: Path, content: str) -> None:
    path = tmp_path / "persisted-documents.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(StaleDocumentsError, match="is damaged"):
        load_persisted(path)


def test_without_a_build_there_are_none(tmp_path: Path) -> None:
    assert load_persisted(tmp_path / "persisted-documents.json") == {}
