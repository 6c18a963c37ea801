"""Limits on how a GraphQL document is written, checked in one pass before it is validated.

Validation compares fields of equal name pair by pair: these limits bound that work. Measured on
one slow core, a document at every limit costs less than 50 ms (bench/costly_documents.py).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from graphql import FieldNode, FloatValueNode, IntValueNode, Node, StringValueNode

from backend.values import Value
from backend.web.refused import RequestRefusedError

if TYPE_CHECKING:
    from graphql import DocumentNode

LONGEST_DOCUMENT = 32_000
MOST_TOKENS = 1000
LONGEST_TEXT = 10_000
LONGEST_NUMBER = 40
# Pairs of fields with one response name, which may have to be compared with each other.
MOST_PAIRS = 2000
# `__typename` stands in every selection that a client's cache wrote, and is compared fast.
MOST_TYPENAME_PAIRS = 5000
MOST_OF = {
    "operation_definition": 10,
    "fragment_definition": 40,
    "variable_definition": 50,
    "directive": 50,
    "object_field": 50,
}
MOST_ALIASES = 50


class Shape(Value):
    """What one pass over a document counted; `visited` is the work that it took."""

    visited: int
    kinds: Counter[str]
    aliases: int
    names: Counter[str]


def check_shape(document: DocumentNode) -> Shape:
    """Count what a document consists of.

    Raises:
        RequestRefusedError: it is beyond a limit of this module.
    """
    shape = _count(document)
    for kind, most in MOST_OF.items():
        if shape.kinds[kind] > most:
            raise _too_complex(f"at most {most} of {kind.replace('_', ' ')}")
    if shape.aliases > MOST_ALIASES:
        raise _too_complex(f"at most {MOST_ALIASES} aliases")
    typenames = shape.names.pop("__typename", 0)
    if (
        sum(_pairs(count) for count in shape.names.values()) > MOST_PAIRS
        or _pairs(typenames) > MOST_TYPENAME_PAIRS
    ):
        raise _too_complex("fewer fields of the same name")
    return shape


def check_text(text: str) -> None:
    """Check a text that a client wrote, in a document or a variable.

    Databases take neither NUL nor lone surrogates, and no search pattern beyond 50,000 bytes.

    Raises:
        RequestRefusedError: it can't be stored or searched for.
    """
    if len(text) > LONGEST_TEXT:
        raise RequestRefusedError("TEXT", f"A text has at most {LONGEST_TEXT} characters.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise RequestRefusedError("TEXT", "A text holds no half characters.") from error
    if "\x00" in text:
        raise RequestRefusedError("TEXT", "A text holds no NUL.")


def _count(document: DocumentNode) -> Shape:
    kinds: Counter[str] = Counter()
    names: Counter[str] = Counter()
    aliases = 0
    waiting: list[Node] = [document]
    while waiting:
        node = waiting.pop()
        kinds[node.kind] += 1
        match node:
            case FieldNode(alias=None):
                names[node.name.value] += 1
            case FieldNode(alias=alias) if alias is not None:
                names[alias.value] += 1
                aliases += 1
            case StringValueNode():
                check_text(node.value)
            case IntValueNode() | FloatValueNode() if len(node.value) > LONGEST_NUMBER:
                raise _too_complex(f"numbers of at most {LONGEST_NUMBER} digits")
        waiting.extend(_children(node))
    return Shape(kinds.total(), kinds, aliases, names)


def _children(node: Node) -> list[Node]:
    children: list[Node] = []
    for key in node.keys:
        value = getattr(node, key, None)
        if isinstance(value, Node):
            children.append(value)
        elif isinstance(value, (list, tuple)):
            children.extend(value)
    return children


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _too_complex(limit: str) -> RequestRefusedError:
    return RequestRefusedError("TOO_COMPLEX", f"This document is too complex: {limit}, please.")
