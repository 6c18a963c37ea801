"""Telling a customer that there is news about a claim, without saying what about (F53)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from backend.models.user_accounts import UserAccount
from backend.services.outbox import enqueue_worded_mail
from backend.services.push_notices import PushPage, enqueue_pushes

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.outbox import Outbox


async def tell_customer(session: AsyncSession, outbox: Outbox, customer_id: int) -> None:
    """Tell by mail, and in browsers, that there is news; whoever has left hears nothing."""
    account = await account_of(session, customer_id)
    if account is not None:
        await enqueue_worded_mail(
            session,
            outbox,
            "claim_news",
            email_address=account.email_address,
            locale=account.locale,
        )
        await enqueue_pushes(session, outbox, account=account, page=PushPage.OVERVIEW)


async def account_of(session: AsyncSession, customer_id: int) -> UserAccount | None:
    """Return the user account of a customer, if there is one."""
    return (
        await session.scalars(select(UserAccount).where(UserAccount.customer_id == customer_id))
    ).one_or_none()
