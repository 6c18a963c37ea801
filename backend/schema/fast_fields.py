"""Fields answered without detours: most values of an answer are nothing but attributes."""

from __future__ import annotations

from asyncio import Future
from operator import attrgetter
from types import CoroutineType
from typing import TYPE_CHECKING, Any, TypeGuard

from graphql import GraphQLInputObjectType, GraphQLObjectType
from strawberry.schema.schema_converter import GraphQLCoreConverter

from backend.schema.fields import RESOLVE_KEY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from graphql import GraphQLSchema


def resolve_directly(schema: GraphQLSchema) -> None:
    """Let graphql-core itself read attributes, work out values and load relations.

    Strawberry wraps each field in a resolver of its own, which costs about as much as the rest
    of the execution. A field with an argument or an access check keeps its own.
    """
    for kind in schema.type_map.values():
        if not isinstance(kind, GraphQLObjectType):
            continue
        for field in kind.fields.values():
            definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
            if definition is None:
                continue
            resolve = definition.metadata.get(RESOLVE_KEY)
            if resolve is None and definition.is_basic_field:
                resolve = _reading(attrgetter(definition.python_name))
            if resolve is not None:
                field.resolve = resolve


def know_one_of(schema: GraphQLSchema) -> None:
    """Let graphql-core itself refuse an input of which not exactly one field is given.

    Strawberry marks such types for readers only, and would fail while executing.
    """
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            definition = kind.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
            kind.is_one_of = definition is not None and definition.is_one_of


def _reading(getter: Callable[[Any], object]) -> Callable[..., object]:
    def read(source: Any, _info: object) -> object:
        return getter(source)

    return read


def is_promised(value: Any) -> TypeGuard[Awaitable[Any]]:
    """Tell graphql-core what to await: resolvers return coroutines, data loaders futures."""
    kind = type(value)
    return kind is CoroutineType or kind is Future
