"""GraphQL mutation that locks a user account at once."""

from datetime import datetime
from typing import Annotated

import strawberry

from backend.access import SIGNED_IN
from backend.resolvers import account_locks as resolvers
from backend.schema.fields import attribute, command, represents
from backend.schema.refusals import NotSignedIn
from backend.schema.user_sessions import SecurityEvent
from backend.services import account_locks


@strawberry.type(
    description=(
        "Nothing signs in any more: sessions have ended, devices are locked, passkeys and password "
        "are gone. The way back is to renew them."
    )
)
class UserAccountLocked:
    locked_at: datetime = attribute(SIGNED_IN, "Since when.")
    security_events: list[SecurityEvent] = attribute(
        SIGNED_IN, "What happened before, the newest first: ten entries at most."
    )

    is_type_of = represents(account_locks.UserAccountLocked)


LockUserAccountResult = Annotated[
    UserAccountLocked | NotSignedIn,
    strawberry.union("LockUserAccountResult", description="The lock, or a refusal."),
]


@strawberry.type
class AccountLockMutations:
    lock_user_account: LockUserAccountResult = command(
        SIGNED_IN,
        resolvers.lock_user_account,
        "Lock the viewer's user account at once, without any approval; this session ends too.",
    )
