"""How fields are declared: the class annotation gives the GraphQL type, `access` who may read.

`attribute` reads a plain attribute of the row; `computed` works a value out of it; `field` calls a
resolver; `relation` loads through a batch function, all parents of one list at once; `mutation`
takes one input type.
"""

from __future__ import annotations

import inspect
from functools import wraps
from typing import TYPE_CHECKING, Any

import strawberry
from strawberry.field_extensions import InputMutationExtension
from strawberry.utils.str_converters import to_camel_case

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from strawberry.types.field import StrawberryField

    from backend.access import Access
    from backend.context import BatchFunction, Info

ACCESS_KEY = "access"
# How graphql-core answers a field by itself, with parent and info: see `fast_fields`.
RESOLVE_KEY = "resolve"


class _DescribedInput(InputMutationExtension):
    """Makes one input type of a mutation's arguments and describes that type too."""

    def apply(self, field: StrawberryField) -> None:
        super().apply(field)
        made: Any = field.arguments[0].type_annotation.annotation
        name = to_camel_case(field.name)
        made.__strawberry_definition__.description = f"What `{name}` needs."
        field.arguments[0].description = f"What `{name}` needs."


def attribute(access: Access, description: str, *, name: str | None = None) -> Any:
    """Declare a plain attribute; `name` is the one in GraphQL if it differs.

    Its object was reached through a field that checked access, so nothing is wrapped here.
    """
    return strawberry.field(description=description, name=name, metadata={ACCESS_KEY: access})


def computed(access: Access, resolver: Callable[..., object], description: str) -> Any:
    """Declare a field worked out of its object alone, by a function of `root` or `root, info`.

    Its object was reached through a field that checked access.
    """
    takes_info = "info" in inspect.signature(resolver).parameters
    return strawberry.field(
        resolver=resolver,
        description=description,
        metadata={
            ACCESS_KEY: access,
            RESOLVE_KEY: resolver if takes_info else lambda root, _info: resolver(root),
        },
    )


def field(access: Access, resolver: Callable[..., Awaitable[object]], description: str) -> Any:
    """Declare a field that a resolver answers."""
    return strawberry.field(
        resolver=_guarded(access, resolver),
        description=description,
        metadata={ACCESS_KEY: access},
    )


def relation(
    access: Access,
    batch: BatchFunction,
    description: str,
    *,
    key: str = "id",
    default: Callable[[], object] = lambda: None,
) -> Any:
    """Declare a relation; `key` is the parent's attribute, `default` stands for nothing found."""

    def load(root: Any, info: Info) -> Any:
        value = getattr(root, key)
        return default() if value is None else info.context.load(batch, value, default=default)

    # The class annotation declares the type; Strawberry needs the parameters' names only.
    load.__annotations__ = {"root": strawberry.Parent[object], "info": strawberry.Info}
    return strawberry.field(
        resolver=load, description=description, metadata={ACCESS_KEY: access, RESOLVE_KEY: load}
    )


def mutation(access: Access, resolver: Callable[..., Awaitable[object]], description: str) -> Any:
    """Declare a mutation whose arguments form one input type."""
    return strawberry.mutation(
        resolver=_guarded(access, resolver),
        description=description,
        extensions=[_DescribedInput()],
        metadata={ACCESS_KEY: access},
    )


def command(access: Access, resolver: Callable[..., Awaitable[object]], description: str) -> Any:
    """Declare a mutation that needs no input."""
    return strawberry.mutation(
        resolver=_guarded(access, resolver),
        description=description,
        metadata={ACCESS_KEY: access},
    )


def represents(*kinds: type) -> Any:
    """Tell Strawberry which Python objects a GraphQL type stands for: `is_type_of = …`."""

    def is_type_of(obj: object, _info: object) -> bool:
        return isinstance(obj, kinds)

    return staticmethod(is_type_of)


def _guarded(
    access: Access, resolver: Callable[..., Awaitable[object]]
) -> Callable[..., Awaitable[object]]:
    parameters = inspect.signature(resolver).parameters
    # A field of an object without `info` is reached only through a field that was checked.
    if not access.needs_sign_in or ("info" not in parameters and "root" in parameters):
        return resolver

    @wraps(resolver)
    async def guarded(*args: Any, info: Info, **kwargs: Any) -> object:
        access.check(info.context.viewer)
        return await resolver(*args, info=info, **kwargs)

    return guarded
