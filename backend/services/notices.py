"""Notices of new documents: sent, logged with their outcome, on paper where none gets through."""

from __future__ import annotations

import enum
import logging
from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, bindparam, exists, func, select, update

from backend.models.customers import CustomerNumber
from backend.models.documents import Document
from backend.models.institutions import Institution
from backend.models.notices import Notice, NoticeChannel, NoticeFailure
from backend.models.print_orders import PrintOrder
from backend.models.user_accounts import UserAccount
from backend.services.outbox import enqueue_worded_mail
from backend.services.print_orders import order_print
from backend.services.push_notices import PushPage, enqueue_pushes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.policy import Policy
    from backend.services.outbox import Outbox

_log = logging.getLogger(__name__)

_CUSTOMER = bindparam("customer_id", type_=Notice.customer_id.type)
_LAST_FAILURE = (
    select(Notice.email_address, func.max(Notice.failed_at))
    .join(
        UserAccount,
        and_(
            UserAccount.customer_id == Notice.customer_id,
            # To an address that was changed since, nothing goes any more.
            UserAccount.email_address == Notice.email_address,
        ),
    )
    .where(
        Notice.customer_id == _CUSTOMER,
        Notice.channel == NoticeChannel.MAIL,
        Notice.failed_at.is_not(None),
    )
    .group_by(Notice.email_address)
)


class Paper(enum.Enum):
    """What became of a letter whose mail did not get through; the values are for operators."""

    PRINTED = "printed"
    ORDERED = "to be printed"
    UNREADABLE = "its content can't be read: send it"
    RETRIEVED = "not needed, the customer has it"
    NONE = "no customer number at the institution: send it"


class FailedNotice(NamedTuple):
    """A mail that did not get through, as operators see it: nothing of the customer's."""

    institution_key: str
    external_id: str
    notice: Notice
    paper: Paper


async def enqueue_notice(
    session: AsyncSession, outbox: Outbox, *, document: Document, account: UserAccount
) -> Notice:
    """Tell a customer that a new document waits in the postbox (F24-F26).

    The mail says nothing about the letter, points to the spam folder and comes from the trustee.
    No setting is asked: it can't be switched off (F31). Browsers that asked for it show it, too.
    """
    message_id = await enqueue_worded_mail(
        session, outbox, "notice", email_address=account.email_address, locale=account.locale
    )
    notice = Notice(
        customer_id=account.customer_id,
        document_id=document.id,
        channel=NoticeChannel.MAIL,
        message_id=message_id,
        email_address=account.email_address,
        created_at=outbox.clock.now(),
    )
    session.add(notice)
    for message_id in await enqueue_pushes(session, outbox, account=account, page=PushPage.POSTBOX):
        session.add(
            Notice(
                customer_id=account.customer_id,
                document_id=document.id,
                channel=NoticeChannel.PUSH,
                message_id=message_id,
                created_at=outbox.clock.now(),
            )
        )
    await session.flush()
    return notice


async def note_announced(session: AsyncSession, message_id: str, *, clock: Clock) -> None:
    """Write that a message was taken, if it is a notice; the first time counts."""
    await session.execute(
        update(Notice)
        .where(Notice.message_id == message_id, Notice.announced_at.is_(None))
        .values(announced_at=clock.now())
        .execution_options(synchronize_session=False)
    )


async def note_failed(
    session: AsyncSession,
    outbox: Outbox,
    message_id: str,
    *,
    failure: NoticeFailure,
    detail: str,
) -> bool:
    """Write that a message did not get through, if it is a notice; tell whether that is news.

    A document whose mail failed goes out on paper, unless the customer has got its content
    already: it was opened or downloaded. The digital copy stays (F30).
    """
    failed = (
        await session.execute(
            update(Notice)
            .where(Notice.message_id == message_id, Notice.failed_at.is_(None))
            .values(failed_at=outbox.clock.now(), failure=failure, detail=detail)
            .returning(Notice.channel, Notice.document_id)
            .execution_options(synchronize_session=False)
        )
    ).one_or_none()
    if failed is None:
        return False
    if failed.channel is NoticeChannel.MAIL:
        _log.warning("notice_failed", extra={"message_id": message_id, "failure": failure.value})
        document = await session.get_one(Document, failed.document_id)
        if document.first_retrieved_at is None:
            await _send_paper_instead(session, outbox, document)
    return True


async def is_notice(session: AsyncSession, message_id: str) -> bool:
    """Tell whether a message of the outbox is a notice."""
    return bool(await session.scalar(select(exists().where(Notice.message_id == message_id))))


async def load_notices_of(
    session: AsyncSession, document_ids: Collection[int]
) -> Mapping[int, Sequence[Notice]]:
    """Return the notices of documents, the first one first (X6)."""
    found: dict[int, list[Notice]] = defaultdict(list)
    for notice in await session.scalars(
        select(Notice).where(Notice.document_id.in_(document_ids)).order_by(Notice.id)
    ):
        found[notice.document_id].append(notice)
    return found


async def load_print_orders_of(
    session: AsyncSession, document_ids: Collection[int]
) -> Mapping[int, PrintOrder]:
    """Return which documents were ordered on paper, too."""
    orders = await session.scalars(
        select(PrintOrder).where(PrintOrder.document_id.in_(document_ids))
    )
    return {order.document_id: order for order in orders}


async def find_notice_failed_at(
    session: AsyncSession, *, customer_id: int, now: datetime, policy: Policy
) -> datetime | None:
    """Return when the last notice to the customer's present address failed; None if it works.

    It works again once a later notice has stood for as long as mail servers may take to send one
    back: being taken alone proves nothing.
    """
    failed = (await session.execute(_LAST_FAILURE, {"customer_id": customer_id})).one_or_none()
    if failed is None:
        return None
    address, failed_at = failed
    bounces_within = timedelta(days=policy.postbox.bounce_days.on(now.date()))
    works_again = exists().where(
        Notice.customer_id == customer_id,
        Notice.email_address == address,
        Notice.failed_at.is_(None),
        Notice.announced_at > failed_at,
        Notice.announced_at <= now - bounces_within,
    )
    return None if await session.scalar(select(works_again)) else failed_at


async def list_failed(session: AsyncSession, *, since: datetime) -> Sequence[FailedNotice]:
    """Return the mails that did not get through, oldest first, and what became of the letter."""
    rows = await session.execute(
        select(Institution.key, Document, Notice, PrintOrder)
        .join(Document, Document.id == Notice.document_id)
        .join(Institution, Institution.id == Document.institution_id)
        .outerjoin(PrintOrder, PrintOrder.document_id == Document.id)
        .where(Notice.channel == NoticeChannel.MAIL, Notice.failed_at >= since)
        .order_by(Notice.failed_at, Notice.id)
    )
    return [
        FailedNotice(key, document.external_id, notice, _paper_of(document, order))
        for key, document, notice, order in rows
    ]


def _paper_of(document: Document, order: PrintOrder | None) -> Paper:
    if order is None:
        return Paper.NONE if document.first_retrieved_at is None else Paper.RETRIEVED
    if order.failed_at is not None:
        return Paper.UNREADABLE
    return Paper.ORDERED if order.print_job is None else Paper.PRINTED


async def _send_paper_instead(session: AsyncSession, outbox: Outbox, document: Document) -> None:
    is_ordered = exists().where(PrintOrder.document_id == document.id)
    is_known = exists().where(
        CustomerNumber.customer_id == document.customer_id,
        CustomerNumber.institution_id == document.institution_id,
    )
    ordered, known = (await session.execute(select(is_ordered, is_known))).one()
    if known and not ordered:
        await order_print(session, outbox, document)
    elif not known:
        # Nobody has told the institution where they live: only the address can be mended.
        _log.warning("notice_without_paper", extra={"document": document.id})
