"""The download centre over GraphQL and by URL, on both databases (F110)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from backend.ids import encode_id
from backend.models.forms import Form
from backend.models.institutions import Institution
from backend.services.imports import import_file
from tests import factories
from tests.security.hostile_pdfs import pdf
from tests.services import feed_files as feeds

if TYPE_CHECKING:
    from pathlib import Path

    from tests.portal import Portal

FORMS = """query ($locale: Locale! = DE, $filter: FormFilter, $first: Int! = 20, $after: String) {
  viewer { forms(locale: $locale, filter: $filter, first: $first, after: $after) { totalCount
    pageInfo { hasNextPage endCursor } nodes { id title(locale: $locale) version downloadUrl size
      description(locale: $locale) category institution { key } } } } }"""


@pytest.fixture
async def token(portal: Portal) -> str:
    async with portal.transaction() as session:
        anna = await factories.customer(session)
        user = await factories.user_account(session, anna)
    return await portal.sign_in(user)


async def _offer(
    portal: Portal, folder: Path, *forms: dict[str, Any], key: str = "sach", **values: Any
) -> None:
    path = feeds.forms_file(folder, *forms, **values)
    report = await import_file(portal.house, path, institution_key=key)
    assert report.findings == []


def _titled(name: str, de: str, en: str, **values: Any) -> dict[str, Any]:
    return feeds.form(name, title={"de": de, "en": en}, **values)


async def _list(portal: Portal, token: str, **variables: Any) -> dict[str, Any]:
    data = await portal.execute(FORMS, variables, token=token)
    found: dict[str, Any] = data["viewer"]["forms"]
    return found


async def _titles(portal: Portal, token: str, search: str | None = None) -> list[str]:
    found = await _list(portal, token, filter={"search": search})
    assert found["totalCount"] == len(found["nodes"])
    return [node["title"] for node in found["nodes"]]


async def test_F110_forms_come_by_title_in_the_language_asked_for(
    portal: Portal, token: str, tmp_path: Path
) -> None:
    await _offer(
        portal,
        tmp_path,
        _titled("1", "Zahnersatz", "Dentures"),
        _titled("2", "Änderung der Anschrift", "New address"),
        _titled("3", "Bezugsrecht", "Beneficiary"),
    )
    assert await _titles(portal, token) == ["Änderung der Anschrift", "Bezugsrecht", "Zahnersatz"]
    english = await _list(portal, token, locale="EN")
    assert [node["title"] for node in english["nodes"]] == [
        "Beneficiary",
        "Dentures",
        "New address",
    ]


async def test_F110_pages_go_on_where_the_last_one_ended(
    portal: Portal, token: str, tmp_path: Path
) -> None:
    await _offer(portal, tmp_path, *(_titled(f"F{n}", "Antrag", "Form") for n in range(5)))
    seen: list[str] = []
    after = None
    while True:
        page = await _list(portal, token, first=2, after=after)
        assert page["totalCount"] == 5
        seen += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize(
    "search",
    ["schadenanzeige", "SCHADENANZEIGEN", "schad", "notice loss", "loss notice", "müll", "waste"],
)
async def test_F110_a_form_is_found_by_words_of_both_languages_in_any_form(
    portal: Portal, token: str, tmp_path: Path, search: str
) -> None:
    await _offer(
        portal,
        tmp_path,
        feeds.form("A", keywords=["Müllbrand", "waste"]),
        _titled("B", "SEPA-Mandat", "SEPA mandate"),
    )
    assert await _titles(portal, token, search) == ["Schadenanzeige"]


async def test_F110_forms_are_filtered_by_what_they_are_for(
    portal: Portal, token: str, tmp_path: Path
) -> None:
    await _offer(
        portal,
        tmp_path,
        _titled("A", "Schadenanzeige", "Notice of loss", category="CLAIM"),
        _titled("B", "Kontovollmacht", "Authority", category="AUTHORISATION"),
    )
    for category, titles in (("CLAIM", ["Schadenanzeige"]), ("PAYMENT", [])):
        found = await _list(portal, token, filter={"category": category})
        assert [node["title"] for node in found["nodes"]] == titles
        assert found["totalCount"] == len(titles)
    both = await _list(portal, token, filter={"category": "CLAIM", "search": "kontovollmacht"})
    assert both["totalCount"] == 0


@pytest.mark.parametrize("search", ["kündigung", "schadenanzeige mandat", "!?"])
async def test_F110_a_search_that_fits_nothing_finds_nothing(
    portal: Portal, token: str, tmp_path: Path, search: str
) -> None:
    await _offer(portal, tmp_path, feeds.form("A"), _titled("B", "SEPA-Mandat", "SEPA mandate"))
    assert await _titles(portal, token, search) == []


async def test_F110_each_institution_has_its_own_forms(
    portal: Portal, token: str, tmp_path: Path
) -> None:
    await _offer(portal, tmp_path / "s", _titled("1", "Schaden", "Loss"))
    await _offer(portal, tmp_path / "b", _titled("1", "Vollmacht", "Authority"), key="bank")
    async with portal.transaction() as session:
        bank = await session.scalar(select(Institution.id).where(Institution.key == "bank"))
    found = await _list(portal, token, filter={"institution": encode_id("Institution", bank or 0)})
    assert [(node["title"], node["institution"]["key"]) for node in found["nodes"]] == [
        ("Vollmacht", "bank")
    ]
    assert (await _list(portal, token, filter={"institution": "no-id"}))["nodes"] == []


async def test_F110_a_new_version_takes_over_on_its_first_day_and_ends_on_its_last(
    portal: Portal, token: str, tmp_path: Path
) -> None:
    today = portal.clock.now().date()
    soon, end = today + timedelta(days=3), today + timedelta(days=5)
    await _offer(portal, tmp_path / "1", feeds.form())
    other = pdf(pages=2)
    later = feeds.form(content=other, version="2", valid_from=f"{soon}", valid_until=f"{end}")
    await _offer(portal, tmp_path / "2", later, content=other)

    async def versions() -> list[str]:
        return [node["version"] for node in (await _list(portal, token))["nodes"]]

    assert await versions() == ["1"]
    portal.clock.travel_to(portal.clock.now() + timedelta(days=3))
    async with portal.transaction() as session:
        user = await factories.user_account(
            session, await factories.customer(session, "Bea"), email_address="bea@example.org"
        )
    token = await portal.sign_in(user)
    assert await versions() == ["2"]
    [old, new] = await _ids(portal)
    assert (await _status(portal, token, old), await _status(portal, token, new)) == (404, 200)
    portal.clock.travel_to(portal.clock.now() + timedelta(days=3))
    async with portal.transaction() as session:
        user = await factories.user_account(
            session, await factories.customer(session, "Cem"), email_address="cem@example.org"
        )
    token = await portal.sign_in(user)
    assert await versions() == []
    assert (await _status(portal, token, old), await _status(portal, token, new)) == (404, 404)


async def test_F110_a_withdrawn_form_is_gone_from_list_node_and_download(
    portal: Portal, token: str, tmp_path: Path
) -> None:
    await _offer(portal, tmp_path / "1", feeds.form())
    [form] = await _ids(portal)
    assert await _status(portal, token, form) == 200
    await _offer(portal, tmp_path / "2", {"form": "F-1", "withdrawn": True})
    assert (await _list(portal, token))["nodes"] == []
    node = await portal.execute(
        "query ($id: ID!) { node(id: $id) { id } }", {"id": form}, token=token
    )
    assert node == {"node": None}
    assert await _status(portal, token, form) == 404


async def test_F110_a_form_is_downloaded_as_a_file_that_can_do_nothing_here(
    portal: Portal, token: str, tmp_path: Path
) -> None:
    await _offer(portal, tmp_path, feeds.form(file="Schäden 1.pdf"))
    [node] = (await _list(portal, token))["nodes"]
    headers = {"Authorization": f"Bearer {token}"}
    answer = await portal.client.get(node["downloadUrl"], headers=headers)
    assert (answer.status_code, answer.content) == (200, feeds.FORM_PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].endswith("filename*=UTF-8''Sch%C3%A4den%201.pdf")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert int(answer.headers["content-length"]) == node["size"] == len(feeds.FORM_PDF)


async def test_F110_nobody_downloads_a_form_without_signing_in(
    portal: Portal, token: str, tmp_path: Path
) -> None:
    await _offer(portal, tmp_path, feeds.form())
    [node] = (await _list(portal, token))["nodes"]
    assert (await portal.client.get(node["downloadUrl"])).status_code == 401
    assert await _status(portal, token, encode_id("Form", 999_999)) == 404
    assert await _status(portal, token, encode_id("Document", 1)) == 404


async def _ids(portal: Portal) -> list[str]:
    async with portal.transaction() as session:
        ids = await session.scalars(select(Form.id).order_by(Form.id))
        return [encode_id("Form", one) for one in ids]


async def _status(portal: Portal, token: str, form: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return (await portal.client.get(f"/forms/{form}/x.pdf", headers=headers)).status_code
