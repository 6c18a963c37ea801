"""Resolve what the viewer submitted to institutions, and what became of it."""

from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.ids import decode_id
from backend.models.contracts import Contract
from backend.models.submissions import Submission
from backend.paging import DEFAULT_PAGE, Page
from backend.resolvers.contracts import After, First
from backend.resolvers.contracts import find_contract as find_visible_contract
from backend.services import submission_lists, submissions
from backend.services.sessions import Viewer


@strawberry.input(description="Which submissions to list; conditions add up.")
class SubmissionFilter:
    """Conditions on submissions."""

    is_open: bool | None = strawberry.field(
        default=None, description="Only those without an answer, or only those with one."
    )
    is_unread_refusal: bool = strawberry.field(
        default=False, description="Only those whose refusal the viewer has yet to read."
    )


async def list_submissions(
    root: strawberry.Parent[Viewer],
    info: Info,
    filter: Annotated[  # noqa: A002  # the argument's name in GraphQL
        SubmissionFilter | None, strawberry.argument(description="Conditions; none: all.")
    ] = None,
    first: First = DEFAULT_PAGE,
    after: After = None,
) -> Page[Submission]:
    """List the viewer's submissions."""
    wanted = filter or SubmissionFilter()
    async with info.context.transaction() as session:
        return await submission_lists.list_submissions(
            session,
            customer_id=root.customer_id,
            wanted=submission_lists.SubmissionFilter(wanted.is_open, wanted.is_unread_refusal),
            first=first,
            after=after,
        )


async def subject_of(root: strawberry.Parent[Submission], info: Info) -> str:
    """Unseal what it is about."""
    return await submissions.subject_of(info.context.house.cipher, root)


async def refusal_reason_of(root: strawberry.Parent[Submission], info: Info) -> str | None:
    """Unseal why it was refused."""
    return await submissions.refusal_reason_of(info.context.house.cipher, root)


async def contract_of(root: strawberry.Parent[Submission], info: Info) -> Contract | None:
    """Return the contract that it is about, as far as the viewer may see it."""
    if root.contract_id is None:
        return None
    async with info.context.transaction() as session:
        return await find_visible_contract(session, info.context, root.contract_id)


async def mark_submission_read(
    info: Info,
    submission: Annotated[strawberry.ID, strawberry.argument(description="Which one.")],
) -> Submission:
    """Record that the viewer saw the answer."""
    context = info.context
    async with context.transaction() as session:
        return await submission_lists.mark_submission_read(
            session,
            customer_id=context.signed_in.customer_id,
            submission_id=decode_id(submission, "Submission"),
            now=context.house.clock.now(),
        )


async def find_submission(session: AsyncSession, context: Context, row: int) -> Submission | None:
    """Find one of the viewer's submissions for `node`."""
    return await submission_lists.find_submission(
        session, customer_id=context.signed_in.customer_id, submission_id=row
    )
