"""Read the customer schema: where ids go in, and selections that take everything out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import UUID

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from backend.schema import schema
from backend.web.cost import BUDGET
from backend.web.operations import Operations
from backend.web.refused import RequestRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from graphql import GraphQLField, GraphQLInputType, GraphQLNamedType, GraphQLOutputType

SCHEMA = schema._schema
Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType
PAGE = 5
_NUMBERS = count()
DEEPEST = 6
NOBODYS = '"none"'
MEMBERS = 6


@dataclass(frozen=True)
class Site:
    """One place where a client hands in an id; `document` takes it as `$id`."""

    name: str
    document: str
    takes_list: bool

    def variables(self, text: str) -> dict[str, object]:
        """Return the variables that hand in an id."""
        return {"id": [text] if self.takes_list else text}


@dataclass(frozen=True)
class Way:
    """The shortest way to a type that needs no argument: in words, and as an open selection."""

    path: str
    prefix: str
    kind: GraphQLObjectType | GraphQLInterfaceType


@dataclass(frozen=True)
class Place:
    """Where in an argument an id goes, and the literal around `$id`."""

    argument: str
    where: str
    literal: str
    takes_list: bool


def objects() -> Iterator[GraphQLObjectType | GraphQLInterfaceType]:
    """Yield every object type and interface of ours."""
    for name, kind in SCHEMA.type_map.items():
        if isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType)) and name[:2] != "__":
            yield kind


def fields() -> Iterator[tuple[str, str, GraphQLField]]:
    """Yield type, name and definition of every field."""
    for kind in objects():
        for name, field in kind.fields.items():
            yield kind.name, name, field


def node_types() -> set[str]:
    """Return the names of all objects that can be asked for by id."""
    node = SCHEMA.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    return {kind.name for kind in SCHEMA.get_possible_types(node)}


def selection(kind: GraphQLOutputType, depth: int, only: frozenset[str] | None = None) -> str:
    """Return a selection of everything down to a depth; "" for a leaf.

    `only` names the members of an interface or union to look into.
    """
    named = get_named_type(kind)
    if is_leaf_type(named):
        return ""
    parts = ["__typename"]
    if isinstance(named, (GraphQLObjectType, GraphQLInterfaceType)):
        parts += [
            _field(name, field, depth)
            for name, field in named.fields.items()
            if not (name == "edges" and "nodes" in named.fields and depth > 2)
        ]
    if isinstance(named, (GraphQLInterfaceType, GraphQLUnionType)):
        shared = set(named.fields) if isinstance(named, GraphQLInterfaceType) else set()
        members = SCHEMA.get_possible_types(named)
        for member in members:
            own = [
                _alias(member, name, members) + text
                for name, field in member.fields.items()
                if name not in shared and (text := _field(name, field, depth))
            ]
            if only is not None and member.name not in only:
                continue
            parts.append(f"... on {member.name} {{ {' '.join(own)} }}" if any(own) else "")
    return "{ " + " ".join(part for part in parts if part) + " }"


def _alias(owner: GraphQLObjectType, name: str, members: Sequence[GraphQLObjectType]) -> str:
    """Give a field a name of its own where members of a union disagree about its type."""
    types = {str(member.fields[name].type) for member in members if name in member.fields}
    return f"{owner.name}_{name}: " if len(types) > 1 else ""


def _field(name: str, field: GraphQLField, depth: int) -> str:
    is_leaf = is_leaf_type(get_named_type(field.type))
    if not is_leaf and depth <= 0:
        return ""
    arguments = {"first": str(PAGE)} if "first" in field.args else {}
    for key, argument in field.args.items():
        if is_required_argument(argument):
            text = _example(argument.type)
            if text is None:
                return ""  # an id: its sites ask for it
            arguments[key] = text
    listed = ", ".join(f"{key}: {text}" for key, text in arguments.items())
    return f"{name}{f'({listed})' if listed else ''} {selection(field.type, depth - 1)}".strip()


def _example(kind: GraphQLInputType, an_id: str | None = None) -> str | None:
    """Return a literal of a type; `an_id` stands for ids, without it what needs one has none."""
    if isinstance(kind, GraphQLNonNull):
        return _example(kind.of_type, an_id)
    if isinstance(kind, GraphQLList):
        inner = _example(kind.of_type, an_id)
        return None if inner is None else f"[{inner}]"
    if isinstance(kind, GraphQLEnumType):
        first: str = next(iter(kind.values))
        return first
    if isinstance(kind, GraphQLInputObjectType) and kind.is_one_of:
        name, field = next(iter(kind.fields.items()))
        return f"{{{name}: {_example(field.type, NOBODYS)}}}"
    if isinstance(kind, GraphQLInputObjectType):
        inner_fields = {
            name: _example(field.type, an_id)
            for name, field in kind.fields.items()
            if is_required_input_field(field)
        }
        listed = ", ".join(f"{name}: {text}" for name, text in inner_fields.items())
        return None if None in inner_fields.values() else f"{{{listed}}}"
    examples: dict[str, str] = {
        "Int": "1",
        "Boolean": "true",
        # Different ones: under the same idempotency key nothing is carried out twice.
        "String": f'"x{next(_NUMBERS)}"',
        "Decimal": '"1.00"',
        "Date": '"2026-01-01"',
        "UUID": f'"{UUID(int=next(_NUMBERS))}"',
    }
    return examples.get(kind.name, an_id if kind.name == "ID" else None)


def inventory_documents() -> list[str]:
    """Return documents that together take out everything a viewer can see."""
    roots = [
        _richest(partial(_wrapped, "{ %s }", name, field))
        for name, field in _fields_of("Query").items()
        if name != "viewer" and _field(name, field, 1)
    ]
    viewer = [
        _richest(partial(_wrapped, "{ viewer { __typename id %s } }", name, field))
        for name, field in _fields_of("Viewer").items()
    ]
    return roots + viewer


def _wrapped(around: str, name: str, field: GraphQLField, depth: int) -> str:
    return around % _field(name, field, depth)


def _richest(document: Callable[[int], str]) -> str:
    """Return the document of the greatest depth that the request guards let pass."""
    guard = Operations(SCHEMA, persisted={}, persisted_only=False)
    refused = RequestRefusedError("NONE", "")
    for depth in range(DEEPEST, -1, -1):
        try:
            prepared = guard.find(document_id=None, text=document(depth))
            if all(one.cost_at_most <= BUDGET for one in prepared.operations.values()):
                return document(depth)
        except RequestRefusedError as refusal:
            refused = refusal
    raise AssertionError(f"{refused.message}: {document(0)}")


def id_sites() -> list[Site]:
    """Return every place of the schema where an id goes in, found by walking it."""
    return [
        _site(way, name, field, place, only)
        for way in _reachable()
        for name, field in way.kind.fields.items()
        for key, argument in field.args.items()
        for place in _id_places(key, argument.type)
        for only in _some_members(field.type)
    ]


def _some_members(kind: GraphQLOutputType) -> Iterator[frozenset[str] | None]:
    """Yield members of a large interface some at a time: one document would be refused for all."""
    named = get_named_type(kind)
    if not isinstance(named, GraphQLInterfaceType):
        yield None
        return
    members = SCHEMA.get_possible_types(named)
    for start in range(0, len(members), MEMBERS):
        yield frozenset(member.name for member in members[start : start + MEMBERS])


def _site(
    way: Way, name: str, field: GraphQLField, place: Place, only: frozenset[str] | None
) -> Site:
    operation = "mutation" if way.prefix == "mutation" else "query"
    opening = "" if way.prefix == "mutation" else way.prefix
    variable = "[ID!]!" if place.takes_list else "ID!"
    others = [
        f"{key}: {_example(argument.type)}"
        for key, argument in field.args.items()
        if is_required_argument(argument) and key != place.argument
    ]
    arguments = ", ".join([f"{place.argument}: {place.literal}", *others])
    closing = " }" * opening.count("{")
    return Site(
        name=f"{way.path}.{name}({place.where})",
        document=_richest(
            lambda depth: (
                f"{operation} ($id: {variable}) {{ {opening} {name}({arguments}) "
                f"{selection(field.type, depth, only)}{closing} }}"
            )
        ),
        takes_list=place.takes_list,
    )


def _reachable() -> Iterator[Way]:
    """Yield each object type with the way to it."""
    seen = set()
    waiting: list[tuple[str, str, GraphQLNamedType]] = [
        ("Query", "", SCHEMA.type_map["Query"]),
        ("Mutation", "mutation", SCHEMA.type_map["Mutation"]),
    ]
    while waiting:
        path, prefix, kind = waiting.pop(0)
        if kind.name in seen:
            continue
        seen.add(kind.name)
        if isinstance(kind, (GraphQLInterfaceType, GraphQLUnionType)):
            waiting += [
                (path, f"{prefix} ... on {member.name} {{", member)
                for member in SCHEMA.get_possible_types(kind)
            ]
        if isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType)):
            yield Way(path, prefix, kind)
            if prefix != "mutation":
                waiting += _next(path, prefix, kind)


def _next(
    path: str, prefix: str, kind: GraphQLObjectType | GraphQLInterfaceType
) -> list[tuple[str, str, GraphQLNamedType]]:
    return [
        (f"{path}.{name}", f"{prefix} {name} {{", get_named_type(field.type))
        for name, field in kind.fields.items()
        if not is_leaf_type(get_named_type(field.type))
        and not any(map(is_required_argument, field.args.values()))
    ]


def _id_places(argument: str, kind: GraphQLInputType) -> Iterator[Place]:
    """Yield every place for an id in an argument."""
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if isinstance(inner, GraphQLList):
        if get_named_type(inner).name == "ID":
            yield Place(argument, "list", "$id", takes_list=True)
        else:
            for place in _id_places(argument, inner.of_type):
                yield replace(place, literal=f"[{place.literal}]")
    elif isinstance(inner, GraphQLInputObjectType):
        for name, field in inner.fields.items():
            for place in _id_places(argument, field.type):
                others = "".join(
                    # Another id beside it is nobody's.
                    f", {other}: {_example(one.type, NOBODYS)}"
                    for other, one in inner.fields.items()
                    if other != name and is_required_input_field(one)
                )
                yield replace(
                    place,
                    where=f"{name}.{place.where}",
                    literal=f"{{{name}: {place.literal}{others}}}",
                )
    elif getattr(inner, "name", "") == "ID":
        yield Place(argument, "id", "$id", takes_list=False)


def _fields_of(name: str) -> dict[str, GraphQLField]:
    kind = SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    return dict(kind.fields)


def texts_of(value: Any, key: str) -> Iterator[str]:
    """Yield every text under a key, however deep in an answer."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name == key and isinstance(one, str):
                yield one
            yield from texts_of(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from texts_of(one, key)
