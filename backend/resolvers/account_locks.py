"""Resolve locking the user account."""

from backend.context import Info
from backend.services import account_locks
from backend.services.account_locks import UserAccountLocked


async def lock_user_account(info: Info) -> UserAccountLocked:
    """Lock everything; the browser forgets its cookie."""
    context = info.context
    async with context.transaction() as session:
        locked = await account_locks.lock_user_account(
            session, context.house, viewer=context.signed_in
        )
    context.session_change.is_ended = True
    return locked
