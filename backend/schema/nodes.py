"""The Node interface and the fields every list shares."""

from collections.abc import Callable
from typing import Any

import strawberry

from backend.access import PUBLIC
from backend.ids import encode_id
from backend.schema.fields import ACCESS_KEY, RESOLVE_KEY, attribute

NODE_KINDS_KEY = "node_kinds"


def node_id(*kinds: str, kind_of: Callable[[Any], str] | None = None) -> Any:
    """Declare the opaque id of a type; each kind has its finder in `resolvers.nodes.FINDERS`.

    `kind_of` tells it of an object, where objects of one type lie in several tables.
    """

    def resolve(root: Any, info: strawberry.Info) -> strawberry.ID:  # noqa: ARG001
        told = kinds[0] if kind_of is None else kind_of(root)
        return strawberry.ID(encode_id(told, root.id))

    resolve.__annotations__["root"] = strawberry.Parent[object]
    return strawberry.field(
        resolver=resolve,
        description="Opaque id, good for `node`.",
        metadata={ACCESS_KEY: PUBLIC, NODE_KINDS_KEY: kinds, RESOLVE_KEY: resolve},
    )


@strawberry.interface(description="An object that can be asked for by its id.")
class Node:
    id: strawberry.ID = attribute(PUBLIC, "Opaque id, good for `node`.")


@strawberry.type(description="Where a page of a list ends.")
class PageInfo:
    has_next_page: bool = attribute(PUBLIC, "Whether more rows follow.")
    end_cursor: str | None = attribute(PUBLIC, "Hand it as `after` to get the next page.")
