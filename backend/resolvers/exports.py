"""Resolve what a customer can take along."""

import strawberry

from backend.context import Info
from backend.services import exports
from backend.services.exports import DataExport


async def describe_export(info: Info) -> DataExport:
    """Tell how much the viewer would take along, and from when on they may."""
    context = info.context
    async with context.transaction() as session:
        return await exports.describe_export(context.house, session, context.signed_in)


def download_url_of(
    root: strawberry.Parent[DataExport],  # noqa: ARG001  # it is the same for everybody
    info: Info,
) -> str:
    """Return where it can be fetched, in the language of this request."""
    return f"/export.zip?locale={info.context.locale.value}"
