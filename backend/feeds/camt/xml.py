"""Turns a camt file into XML events in constant memory, with everything dangerous switched off."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from lxml import etree

from backend.feeds.findings import FeedError
from backend.feeds.lines import UTF8_BOM, UTF16_BOMS

if TYPE_CHECKING:
    from collections.abc import Iterator


CHUNK_BYTES = 1 << 16
MAX_BYTES_WITHOUT_RECORD = 1 << 24
# What XML forbids; tab, line feed and carriage return are allowed.
_FORBIDDEN = bytes({*range(0x20)} - set(b"\t\n\r"))
_FALLBACK = "windows-1252-in-utf-8"
_DECLARED_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_NEXT_DOCUMENT = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml\s")
_LONGEST_START = 8
STATEMENT_TAGS = ("Stmt", "Rpt", "Ntfctn")
RECORD_TAGS = (*STATEMENT_TAGS, "Ntry", "TxDtls", "Bal")

Element: TypeAlias = etree._Element  # noqa: SLF001 (lxml has no public name for it)
Fields: TypeAlias = dict[str, list[str]]


@lru_cache(maxsize=1024)
def _without_namespace(tag: str) -> str:
    return tag[tag.rfind("}") + 1 :]


def local_name(element: Element) -> str:
    """Return the element's name without its namespace."""
    return _without_namespace(str(element.tag))


def read_events(stream: BinaryIO) -> Iterator[tuple[str, Element]]:
    """Yield ("start" | "end", element) for statements, balances, entries and details.

    No DTD, no entities, no network: a file with a DOCTYPE is refused, so neither "billion laughs"
    nor external entities have a foothold. The caller clears what it has read; an element that
    grows beyond 16 MiB without a record in it is refused, so memory is bounded for any input.
    Documents that were joined into one file are read one after another.
    """
    parser = _parser()
    is_checked = False
    silent_bytes = 0
    for begins_document, chunk in _chunks(stream):
        if begins_document and is_checked:
            _close(parser)
            parser, is_checked = _parser(), False
        silent_bytes += len(chunk)
        error = _feed(parser, chunk)
        for event, element in parser.read_events():
            silent_bytes = 0
            if not is_checked:
                _refuse_doctype(element)
                is_checked = True
            yield str(event), element
        if error is not None:
            raise error
        if silent_bytes > MAX_BYTES_WITHOUT_RECORD:
            raise FeedError("no statement, balance or entry within 16 MiB", field="XML")
    _close(parser)


def _parser() -> etree.XMLPullParser[Element]:
    return etree.XMLPullParser(
        events=("start", "end"),
        tag=[f"{{*}}{name}" for name in RECORD_TAGS],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _chunks(stream: BinaryIO) -> Iterator[tuple[bool, bytes]]:
    """Yield what the parser gets, each chunk with whether a document begins with it."""
    decoder = None
    is_empty = True
    for begins_document, raw in _pieces(stream):
        chunk = raw
        if begins_document:
            if decoder is not None:
                yield False, decoder.decode(b"", final=True).encode()
            if not chunk.startswith(UTF16_BOMS):
                # The declaration has to be the first byte; host systems put marks and blanks there.
                chunk = chunk.removeprefix(UTF8_BOM).lstrip(b" \t\r\n")
            decoder = _decoder_of(chunk)
        if chunk:
            is_empty = False
            yield begins_document, chunk if decoder is None else _repaired(chunk, decoder)
    if is_empty:
        raise FeedError("the file is empty", line=1, field="XML")
    if decoder is not None:
        yield False, decoder.decode(b"", final=True).encode()


def _pieces(stream: BinaryIO) -> Iterator[tuple[bool, bytes]]:
    """Cut the file where another XML declaration stands, and wherever a chunk ends."""
    held = b""
    begins_document = True
    while read := stream.read(CHUNK_BYTES):
        piece = held + read
        while found := _NEXT_DOCUMENT.search(piece, 1 if begins_document else 0):
            yield begins_document, piece[: found.start()]
            piece, begins_document = piece[found.start() :], True
        # A declaration may be cut in two here.
        held = piece[-_LONGEST_START:]
        if len(piece) > len(held):
            yield begins_document, piece[: -len(held)]
            begins_document = False
    yield begins_document, held


def _decoder_of(beginning: bytes) -> codecs.IncrementalDecoder | None:
    """Return what mends a document said to be UTF-8; the parser decodes the others itself."""
    if beginning.startswith(UTF16_BOMS) or b"\x00" in beginning[:4]:
        return None
    declared = _DECLARED_ENCODING.match(beginning)
    is_utf8 = declared is None or declared[1].lower() in {b"utf-8", b"utf8"}
    return codecs.getincrementaldecoder("utf-8")(_FALLBACK) if is_utf8 else None


def _repaired(chunk: bytes, decoder: codecs.IncrementalDecoder) -> bytes:
    """The chunk in UTF-8: banks write Windows-1252, and control characters, into what says so."""
    return decoder.decode(chunk.translate(None, _FORBIDDEN)).encode()


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_FALLBACK, _as_windows_1252)


def _feed(parser: etree.XMLPullParser[Element], chunk: bytes) -> FeedError | None:
    """Parse a chunk and return where it broke off; the events before that are there."""
    try:
        parser.feed(chunk)
    except etree.XMLSyntaxError as error:
        return _syntax_error(error.msg, error.lineno)
    # At an entity that nobody declared the parser stops in silence and begins anew.
    for problem in parser.feed_error_log.filter_from_fatals():
        return _syntax_error(problem.message, problem.line)
    return None


def _close(parser: etree.XMLPullParser[Element]) -> None:
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        raise _syntax_error(error.msg, error.lineno) from error


def _syntax_error(message: str | None, line: int | None) -> FeedError:
    reason = (message or "not well-formed").split(", line ")[0]
    return FeedError(f"the XML breaks off: {reason}", line=line or None, field="XML")


def _refuse_doctype(element: Element) -> None:
    if element.getroottree().docinfo.doctype:
        raise FeedError("a DOCTYPE is not accepted", line=1, field="DOCTYPE")


def release(element: Element, name: str) -> None:
    """Free an element that has been read and its finished sibling before it."""
    element.clear(keep_tail=True)
    previous = element.getprevious()
    parent = element.getparent()
    if previous is not None and parent is not None and local_name(previous) == name:
        parent.remove(previous)


def flatten(element: Element) -> Fields:
    """Return all texts below the element by path: {"ValDt/Dt": ["2026-11-20"], "Amt@Ccy": …}.

    Reading an entry once into a dictionary costs a third of some thirty XPath look-ups.
    """
    fields: Fields = {}
    prefix, left = "", len(element)
    outer: list[tuple[str, int]] = []
    # The hottest loop of the import: a million entries are thirty million elements.
    elements = element.iter()
    next(elements)
    for child in elements:
        path = prefix + _without_namespace(child.tag)  # type: ignore[arg-type]
        left -= 1
        children = len(child)
        if children:
            outer.append((prefix, left))
            prefix, left = path + "/", children
            continue
        text = child.text
        if text:
            if path in fields:
                fields[path].append(text)
            else:
                fields[path] = [text]
        if path[-3:] == "Amt":
            currency = child.get("Ccy")
            if currency is not None:
                fields.setdefault(path + "@Ccy", []).append(currency)
        while not left and outer:
            prefix, left = outer.pop()
    return fields


def first(fields: Fields, *paths: str) -> str | None:
    """Return the first text found at one of the paths, None if there is none."""
    for path in paths:
        found = fields.get(path)
        if found:
            return found[0]
    return None
