"""The index of an export: one page without scripts that opens its files by relative links."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from backend.clock import BERLIN
from backend.models.documents import DocumentDirection
from backend.services.exports.filed_documents import Damage
from backend.services.exports.self_added_files import self_added_index
from backend.services.letters import written_day
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping

    from backend.models.documents import Document
    from backend.models.user_accounts import Locale
    from backend.services.exports.filed_documents import Filing

# The file is opened from a disk, where no header protects it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; --line: #8886; --warn: #a3261b; }
@media (prefers-color-scheme: dark) { :root { --warn: #ff9b8f; } }
body {
  font: 1.0625rem/1.5 system-ui, sans-serif;
  max-width: 70rem; margin: 2rem auto; padding: 0 1rem;
}
h1, h2 { line-height: 1.25; margin-top: 2rem; }
p { max-width: 42rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: .5rem 1rem .5rem 0; }
tr { border-bottom: 1px solid var(--line); }
time { white-space: nowrap; }
code { font-size: .8125rem; overflow-wrap: anywhere; }
strong { color: var(--warn); }
@media (max-width: 40rem) {
  thead { position: absolute; clip-path: inset(50%); }
  tr, td { display: block; }
  td { padding: 0; }
  tr { padding: .75rem 0; }
}
"""


async def index_pieces(
    filing: Filing,
    *,
    about: Mapping[str, object],
    recipients: Mapping[int, str],
    damaged: Mapping[int, Damage],
    self_added_damaged: Mapping[int, Damage],
) -> AsyncIterator[bytes]:
    """Yield the page: what is here, each document with its SHA-256, and the customer's rights.

    `about` fills the placeholders of the texts, `recipients` names institutions by id, `damaged`
    and `self_added_damaged` hold what could not be read, by id.
    """
    yield _head(filing, about).encode()
    for direction in DocumentDirection:
        rows = _rows(filing, direction, recipients, damaged)
        async for text in _section(filing, direction, rows):
            yield text.encode()
    async for piece in self_added_index(filing, self_added_damaged):
        yield piece
    yield _foot(filing.locale, about).encode()


def _head(filing: Filing, about: Mapping[str, object]) -> str:
    locale = filing.locale
    title = escape(word("export.title", locale, **about))
    lines = "".join(f"<p>{escape(text)}</p>" for text in _paragraphs("export.lead", locale, about))
    data = escape(word("export.data_link", locale))
    return (
        f'<!doctype html>\n<html lang="{locale.value}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{title}</h1>\n{lines}\n<p><a href="daten.json">{data}</a></p>\n'
    )


async def _section(
    filing: Filing, direction: DocumentDirection, rows: AsyncGenerator[str]
) -> AsyncIterator[str]:
    locale = filing.locale
    title = escape(filing.folder(direction))
    yield f"<h2>{title}</h2>\n"
    first = await anext(rows, None)
    if first is None:
        yield f"<p>{escape(word(f'export.none_{direction.value}', locale))}</p>\n"
        return
    party = "sender" if direction is DocumentDirection.INCOMING else "recipient"
    columns = ("day", party, "subject", "sha256")
    # Roles are said: on narrow screens cells stand below each other and would lose them.
    heads = "".join(
        f'<th role="columnheader" scope="col">{escape(word(f"export.{name}", locale))}</th>'
        for name in columns
    )
    yield (
        f'<table role="table" aria-label="{title}">\n'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>\n'
        f'<tbody role="rowgroup">\n{first}'
    )
    async for row in rows:
        yield row
    yield "</tbody>\n</table>\n"


async def _rows(
    filing: Filing,
    direction: DocumentDirection,
    recipients: Mapping[int, str],
    damaged: Mapping[int, Damage],
) -> AsyncGenerator[str]:
    async for document, path in filing.documents(direction):
        day = document.received_at.astimezone(BERLIN).date()
        is_incoming = direction is DocumentDirection.INCOMING
        party = document.sender if is_incoming else recipients[document.institution_id]
        cells = (
            f'<time datetime="{day.isoformat()}">{written_day(day, filing.locale)}</time>',
            escape(party),
            _subject(document, path, damaged.get(document.id), filing.locale),
            f"<code>{escape(document.sha256)}</code>",
        )
        line = "".join(f'<td role="cell">{cell}</td>' for cell in cells)
        yield f'<tr role="row">{line}</tr>\n'


def _subject(document: Document, path: str, damage: Damage | None, locale: Locale) -> str:
    subject = escape(document.subject)
    link = f'<a href="{quote(path)}">{subject}</a>'
    if damage is None:
        return link
    said = escape(word(f"export.{damage.value}", locale))
    shown = subject if damage is Damage.MISSING else link
    return f"{shown}<br><strong>{said}</strong>"


def _foot(locale: Locale, about: Mapping[str, object]) -> str:
    parts = []
    for key in ("retention", "rights"):
        parts.append(f"<h2>{escape(word(f'export.{key}_title', locale))}</h2>\n")
        parts += [
            f"<p>{escape(text)}</p>\n" for text in _paragraphs(f"export.{key}", locale, about)
        ]
    return "".join(parts) + "</main>\n</body>\n</html>\n"


def _paragraphs(key: str, locale: Locale, about: Mapping[str, object]) -> list[str]:
    return word(key, locale, **about).strip().split("\n\n")
