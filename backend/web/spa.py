"""The built browser app: hashed assets for ever, everything else fresh, one page for all paths."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from typing import TYPE_CHECKING

import anyio.to_thread
from starlette.responses import Response

from backend.clock import berlin_today
from backend.values import Value
from backend.web.unsupported import render_unsupported

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

    from backend.house import House

# Addresses that the server answers itself: below them no page of the app exists.
SERVER_PATHS = re.compile(
    r"/(?:graphql|graphiql|sandbox|documents|forms|savings-accounts|self-added-accounts|self-added-documents|receipts|health)(?:/|$)"
)
INDEX = "index.html"
# Pages of their own routes, and what only the server reads.
_NEVER_BY_NAME = frozenset(
    {"graphiql.html", "sandbox.html", "verify.html", "persisted-documents.json"}
)
# Pages beside the app, which need no session.
_PAGES = {"/quittung-pruefen": "verify.html"}
_LARGEST_TO_COMPRESS = 1 << 20
_SMALLEST_TO_COMPRESS = 1 << 10
_FOR_EVER = "public, max-age=31536000, immutable"
_FRESH = "no-cache"
_COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg+xml")
_NOT_BUILT = (
    "<!doctype html><html lang=de><meta charset=utf-8><title>Kundenportal</title>"
    "<h1>The app for the browser is not built</h1><p>Run <code>make setup</code>, then start "
    "again. The GraphQL endpoint works without it.</p></html>"
)


class BuiltFile(Value):
    """One file as it is sent; `encoded` holds it by content encoding, the best first."""

    content: bytes
    encoded: dict[str, bytes]
    media_type: str
    etag: str
    cache_control: str

    def respond(self, request: Request, *, headers: dict[str, str] | None = None) -> Response:
        """Answer a GET or HEAD: 304 when the browser has it, else in an encoding it takes."""
        all_headers = {
            "ETag": self.etag,
            "Cache-Control": self.cache_control,
            "Vary": "Accept-Encoding",
        } | (headers or {})
        if self.etag in _etags(request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=all_headers)
        body = self.content
        accepted = _accepted_encodings(request.headers.get("accept-encoding", ""))
        for encoding, encoded in self.encoded.items():
            if encoding in accepted:
                body = encoded
                all_headers["Content-Encoding"] = encoding
                break
        all_headers["Content-Length"] = str(len(body))
        return Response(
            b"" if request.method == "HEAD" else body,
            media_type=self.media_type,
            headers=all_headers,
        )


class BuiltSpa:
    """The files of one build; only names that stood in its folder at start are ever opened."""

    def __init__(self, folder: Path) -> None:
        self._paths = {
            path.relative_to(folder).as_posix(): path
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.is_symlink()
        }
        self._files: dict[str, BuiltFile] = {}

    @property
    def is_built(self) -> bool:
        """Whether there is an app to serve."""
        return INDEX in self._paths

    async def serve(self, request: Request) -> Response:
        """Answer any path that no other route took: a file, or the app's page."""
        path = request.url.path
        name = path.removeprefix("/")
        if name == "unsupported.html":
            return self._unsupported(request)
        if path in _PAGES:
            return await self.page(request, _PAGES[path])
        if name in self._paths and name not in _NEVER_BY_NAME:
            return await self.page(request, name)
        if SERVER_PATHS.match(path) or "." in path.rpartition("/")[2]:
            return Response("Not found\n", 404, media_type="text/plain")
        return await self.page(request, INDEX)

    async def page(
        self, request: Request, name: str, *, headers: dict[str, str] | None = None
    ) -> Response:
        """Answer with a named page of the build; 503 and what to do when it is not built."""
        if name not in self._paths:
            body = "" if request.method == "HEAD" else _NOT_BUILT
            return Response(
                body, 503, media_type="text/html", headers={"Cache-Control": "no-store"}
            )
        file = self._files.get(name)
        if file is None:
            file = self._files[name] = await anyio.to_thread.run_sync(self._read, name)
        return file.respond(request, headers=headers)

    def _unsupported(self, request: Request) -> Response:
        house: House = request.app.state.house
        browsers = house.policy.clients.minimum_browsers.on(berlin_today(house.clock))
        page = "" if request.method == "HEAD" else render_unsupported(house.group, browsers)
        return Response(page, media_type="text/html", headers={"Cache-Control": _FRESH})

    def _read(self, name: str) -> BuiltFile:
        content = self._paths[name].read_bytes()
        media_type = _media_type(name)
        return BuiltFile(
            content=content,
            encoded=self._encode(name, content, media_type),
            media_type=media_type,
            etag=f'"{hashlib.sha256(content).hexdigest()[:32]}"',
            cache_control=_FOR_EVER if name.startswith("assets/") else _FRESH,
        )

    def _encode(self, name: str, content: bytes, media_type: str) -> dict[str, bytes]:
        encoded = {
            encoding: self._paths[name + suffix].read_bytes()
            for encoding, suffix in (("br", ".br"), ("gzip", ".gz"))
            if name + suffix in self._paths
        }
        is_worth_it = _SMALLEST_TO_COMPRESS <= len(content) <= _LARGEST_TO_COMPRESS
        if not encoded and is_worth_it and media_type.startswith(_COMPRESSIBLE):
            encoded["gzip"] = gzip.compress(content, mtime=0)
        return encoded


def _media_type(name: str) -> str:
    if name.endswith(".webmanifest"):
        return "application/manifest+json"
    if name.endswith((".js", ".mjs")):  # what the system's table says differs by machine
        return "text/javascript"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _accepted_encodings(header: str) -> set[str]:
    accepted = set()
    for part in header.split(","):
        name, _, quality = part.partition(";")
        if quality.strip().replace(" ", "") not in ("q=0", "q=0.0"):
            accepted.add(name.strip().lower())
    return accepted


def _etags(header: str) -> set[str]:
    return {part.strip().removeprefix("W/") for part in header.split(",")}
