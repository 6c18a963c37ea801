"""The built app as a browser gets it."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from tests.portal import Portal, open_portal
from tests.sqlite_only import database_url  # noqa: F401

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from backend.clock import StoppedClock
    from backend.settings import Settings

INDEX = "<!doctype html><title>Portal</title>"
SCRIPT = "console.log('portal');\n" * 200


@pytest.fixture
async def built(settings: Settings, clock: StoppedClock) -> AsyncIterator[Portal]:
    spa = settings.data_dir / "no-spa"
    files = {
        "index.html": INDEX,
        "graphiql.html": "explorer",
        "sandbox.html": "sandbox",
        "persisted-documents.json": "{}",
        "service-worker.js": "self.oninstall = null;",
        "theme.js": "//",
        "manifest.webmanifest": "{}",
        "icons/icon.svg": "<svg/>",
        "assets/index-abc.js": SCRIPT,
        "assets/precompressed-abc.js": "plain",
        "assets/precompressed-abc.js.br": "as brotli",
        "assets/precompressed-abc.js.gz": "as gzip",
        ".hidden": "hidden",
    }
    for name, content in files.items():
        path = spa / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    (settings.data_dir / "secret.txt").write_text("secret", encoding="utf-8")
    (spa / "link.txt").symlink_to(settings.data_dir / "secret.txt")
    async with open_portal(settings, clock) as opened:
        yield opened


@pytest.mark.parametrize(
    "path", ["/", "/index.html", "/anmelden", "/postfach/RG9rdW1lbnQ6MQ", "/vertraege/a/b?c=d"]
)
async def test_every_page_is_the_app(built: Portal, path: str) -> None:
    response = await built.client.get(path)
    assert response.status_code == 200
    assert response.text == INDEX
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/absent.js",
        "/favicon.ico",
        "/graphiql",
        "/graphiql.html",
        "/sandbox",
        "/sandbox.html",
        "/sandbox/api/mails",
        "/persisted-documents.json",
        "/documents/absent",
        "/forms/absent",
        "/savings-accounts/absent",
        "/receipts/absent",
        "/verify.html",
        "/link.txt",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "//etc/passwd.txt",
    ],
)
async def test_what_is_no_page_is_not_found(built: Portal, path: str) -> None:
    response = await built.client.get(path)
    assert response.status_code == 404
    assert "secret" not in response.text


@pytest.mark.parametrize(
    ("path", "media_type", "cache_control"),
    [
        ("/assets/index-abc.js", "text/javascript; charset=utf-8", "immutable"),
        ("/service-worker.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/theme.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("/icons/icon.svg", "image/svg+xml", "no-cache"),
    ],
)
async def test_only_hashed_files_are_kept_for_ever(
    built: Portal, path: str, media_type: str, cache_control: str
) -> None:
    response = await built.client.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    assert response.headers["cache-control"].endswith(cache_control)


async def test_a_file_that_the_browser_has_is_not_sent_again(built: Portal) -> None:
    first = await built.client.get("/assets/index-abc.js")
    etag = first.headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        again = await built.client.get("/assets/index-abc.js", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
    changed = await built.client.get("/assets/index-abc.js", headers={"If-None-Match": '"x"'})
    assert changed.status_code == 200


async def test_head_tells_the_size_without_the_content(built: Portal) -> None:
    headers = {"Accept-Encoding": "identity"}
    response = await built.client.head("/assets/index-abc.js", headers=headers)
    assert response.status_code == 200
    assert response.content == b""
    assert response.headers["content-length"] == str(len(SCRIPT))


async def test_text_is_compressed_for_those_who_take_it(built: Portal) -> None:
    async def sent(accepts: str) -> tuple[str | None, int]:
        path = "/assets/index-abc.js"
        async with built.client.stream("GET", path, headers={"Accept-Encoding": accepts}) as got:
            raw = b"".join([chunk async for chunk in got.aiter_raw()])
        return got.headers.get("content-encoding"), len(raw)

    assert await sent("gzip, br") == ("gzip", len(gzip.compress(SCRIPT.encode(), mtime=0)))
    assert await sent("gzip;q=0") == (None, len(SCRIPT))
    assert await sent("identity") == (None, len(SCRIPT))
    assert (await built.client.get("/assets/index-abc.js")).text == SCRIPT


@pytest.mark.parametrize(
    ("accepts", "content"), [("br, gzip", "as brotli"), ("gzip", "as gzip"), ("", "plain")]
)
async def test_what_the_build_compressed_is_sent_as_it_is(
    built: Portal, accepts: str, content: str
) -> None:
    path = "/assets/precompressed-abc.js"
    async with built.client.stream("GET", path, headers={"Accept-Encoding": accepts}) as response:
        raw = b"".join([chunk async for chunk in response.aiter_raw()])
    assert raw.decode() == content
    assert response.headers["vary"] == "Accept-Encoding"


async def test_F17_an_old_browser_gets_a_plain_page_with_phone_and_address(portal: Portal) -> None:
    response = await portal.client.get("/unsupported.html")
    contact = portal.house.group.customer_service
    assert response.status_code == 200
    for shown in (contact.phone, contact.street, contact.city, contact.email, "Firefox 115"):
        assert shown in response.text
    assert "<script" not in response.text
    assert "zu alt" in response.text
    assert "too old" in response.text


async def test_without_a_build_the_page_says_what_to_do(portal: Portal) -> None:
    response = await portal.client.get("/")
    assert response.status_code == 503
    assert "make setup" in response.text
    assert (await portal.client.head("/")).content == b""


async def test_only_reading_is_possible(built: Portal) -> None:
    assert (await built.client.post("/")).status_code == 405
    assert (await built.client.delete("/index.html")).status_code == 405
