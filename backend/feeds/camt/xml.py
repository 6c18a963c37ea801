"""Turns a camt file into XML events in constant memory, with everything dangerous switched off."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from lxml import etree

from backend.feeds.findings import FeedError

if TYPE_CHECKING:
    from collections.abc import Iterator


CHUNK_BYTES = 1 << 16
MAX_BYTES_WITHOUT_RECORD = 1 << 24
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
    """
    parser = etree.XMLPullParser(
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
    is_checked = False
    silent_bytes = 0
    for chunk in _chunks(stream):
        silent_bytes += len(chunk)
        _feed(parser, chunk)
        for event, element in parser.read_events():
            silent_bytes = 0
            if not is_checked:
                _refuse_doctype(element)
                is_checked = True
            yield str(event), element
        if silent_bytes > MAX_BYTES_WITHOUT_RECORD:
            raise FeedError("no statement, balance or entry within 16 MiB", field="XML")
    _close(parser)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    # The declaration has to be the first byte; editors and host systems put blanks before it.
    chunk = stream.read(CHUNK_BYTES).lstrip(b" \t\r\n")
    if not chunk:
        raise FeedError("the file is empty", line=1, field="XML")
    while chunk:
        yield chunk
        chunk = stream.read(CHUNK_BYTES)


def _feed(parser: etree.XMLPullParser[Element], chunk: bytes) -> None:
    try:
        parser.feed(chunk)
    except etree.XMLSyntaxError as error:
        raise _syntax_error(error) from error


def _close(parser: etree.XMLPullParser[Element]) -> None:
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        raise _syntax_error(error) from error


def _syntax_error(error: etree.XMLSyntaxError) -> FeedError:
    reason = (error.msg or "not well-formed").split(", line ")[0]
    return FeedError(f"the XML breaks off: {reason}", line=error.lineno or None, field="XML")


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


def flatten(element: Element, leave_out: frozenset[str] = frozenset()) -> Fields:
    """Return all texts below the element by path: {"ValDt/Dt": ["2026-11-20"], "Amt@Ccy": …}.

    Reading an entry once into a dictionary costs a third of some thirty XPath look-ups.
    """
    fields: Fields = {}
    _collect(element, "", fields, leave_out)
    return fields


def _collect(element: Element, prefix: str, fields: Fields, leave_out: frozenset[str]) -> None:
    # The hottest loop of the import: a million entries are thirty million elements.
    for child in element:
        name = _without_namespace(str(child.tag))
        if name in leave_out:
            continue
        path = prefix + name
        if len(child):
            _collect(child, path + "/", fields, leave_out)
            continue
        text = child.text
        if text:
            if path in fields:
                fields[path].append(text)
            else:
                fields[path] = [text]
        if name.endswith("Amt"):
            currency = child.get("Ccy")
            if currency is not None:
                fields.setdefault(path + "@Ccy", []).append(currency)


def first(fields: Fields, *paths: str) -> str | None:
    """Return the first text found at one of the paths, None if there is none."""
    for path in paths:
        found = fields.get(path)
        if found:
            return found[0]
    return None
