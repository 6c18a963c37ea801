"""Plain attributes read without detours: most values of an answer are nothing but attributes."""

from __future__ import annotations

from operator import attrgetter
from types import CoroutineType
from typing import TYPE_CHECKING, Any, TypeGuard

from graphql import GraphQLObjectType
from strawberry.schema.schema_converter import GraphQLCoreConverter

from backend.schema.fields import GETTER_KEY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from graphql import GraphQLSchema


def use_plain_getters(schema: GraphQLSchema) -> None:
    """Let graphql-core read plain attributes itself.

    Strawberry wraps each field in a resolver of its own, which costs about as much as the rest
    of the execution. A field with a resolver, an argument or an access check keeps its own.
    """
    for kind in schema.type_map.values():
        if not isinstance(kind, GraphQLObjectType):
            continue
        for field in kind.fields.values():
            definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
            if definition is None:
                continue
            getter = definition.metadata.get(GETTER_KEY)
            if getter is None and definition.is_basic_field:
                getter = attrgetter(definition.python_name)
            if getter is not None:
                field.resolve = _reading(getter)


def _reading(getter: Callable[[Any], object]) -> Callable[..., object]:
    def read(source: Any, _info: object) -> object:
        return getter(source)

    return read


def is_coroutine(value: Any) -> TypeGuard[Awaitable[Any]]:
    """Tell graphql-core what to await: resolvers here return coroutines or plain values."""
    return type(value) is CoroutineType
