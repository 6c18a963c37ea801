"""Resolve the signed-in customer and objects by id."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.errors import NotFoundError
from backend.ids import decode_any_id
from backend.paging import LARGEST_PAGE
from backend.services import contracts, institutions
from backend.services.sessions import Viewer

Finder = Callable[[AsyncSession, Context, int], Awaitable[object | None]]


async def get_viewer(info: Info) -> Viewer | None:
    """Return the signed-in customer, if any."""
    return info.context.viewer


async def session_of(root: strawberry.Parent[Viewer]) -> Viewer:
    """Return the session; the viewer carries its data."""
    return root


async def get_node(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]  # noqa: A002
) -> object | None:
    """Return one object of the viewer."""
    return (await _find_all(info.context, [id]))[0]


async def get_nodes(
    info: Info,
    ids: Annotated[list[strawberry.ID], strawberry.argument(description="Their ids.")],
) -> list[object | None]:
    """Return objects of the viewer in the order asked."""
    return await _find_all(info.context, ids[:LARGEST_PAGE])


async def _find_all(context: Context, ids: list[strawberry.ID]) -> list[object | None]:
    async with context.transaction() as session:
        return [await _find(session, context, text) for text in ids]


async def _find(session: AsyncSession, context: Context, text: str) -> object | None:
    try:
        kind, row_id = decode_any_id(text)
    except NotFoundError:
        return None
    finder = _FINDERS.get(kind)
    if finder is None or (context.viewer is None and kind != "Institution"):
        return None
    return await finder(session, context, row_id)


async def _find_contract(
    session: AsyncSession, context: Context, contract_id: int
) -> object | None:
    return await contracts.find_contract(
        session,
        customer_id=context.signed_in.customer_id,
        contract_id=contract_id,
        today=context.today,
        policy=context.house.policy,
    )


async def _find_institution(
    session: AsyncSession, _context: Context, institution_id: int
) -> object | None:
    return (await institutions.load_institutions(session, [institution_id])).get(institution_id)


async def _find_viewer(
    _session: AsyncSession, context: Context, account_id: int
) -> object | None:
    return context.signed_in if account_id == context.signed_in.id else None


# Every type that implements Node stands here; a test walks the schema to be sure.
_FINDERS: dict[str, Finder] = {
    "Contract": _find_contract,
    "Institution": _find_institution,
    "Viewer": _find_viewer,
}
