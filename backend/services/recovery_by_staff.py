"""Staff begin a recovery for a customer who calls; they prove and set nothing (X19, F29)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from backend import database
from backend.errors import NotFoundError
from backend.models.user_accounts import UserAccount
from backend.services.audit import append_audit
from backend.services.customers import find_by_number
from backend.services.recovery import enqueue_recovery
from backend.services.recovery_letters import request_letter
from backend.services.sign_in_house import SignInHouse
from backend.values import Value

if TYPE_CHECKING:
    from datetime import datetime


class StaffHouse(SignInHouse, Protocol):
    """What beginning a recovery needs of the portal's wiring; `actor` is who does it."""

    @property
    def actor(self) -> str: ...  # noqa: D102


class RecoveryBegun(Value):
    """Until when link and code are good; None for what was not asked for."""

    link_expires_at: datetime | None
    code_expires_at: datetime | None


async def begin_recovery(
    house: StaffHouse, *, institution_key: str, number: str, sends_link: bool, sends_letter: bool
) -> RecoveryBegun:
    """Send the link to the registered address, the letter to the address on file, or both.

    Whoever asks names a customer number and nothing else: no password, phone or address goes in
    here, and none comes out (OWASP ASVS 5.0, 6.4.6). The audit log says who it was.

    Raises:
        NotFoundError: nobody with a user account has this number.
        RecoveryWayUnavailableError: no institution has an address and a birth date.
    """
    async with database.writing(house.sessions) as session:
        customer = await find_by_number(session, institution_key=institution_key, number=number)
        if customer is None:
            raise NotFoundError
        account = await session.scalar(
            select(UserAccount).where(UserAccount.customer_id == customer.id).with_for_update()
        )
        if account is None:
            raise NotFoundError
        link = letter = None
        if sends_link:
            link = await enqueue_recovery(
                session, house, email_address=account.email_address, locale=account.locale
            )
        if sends_letter:
            letter = await request_letter(session, house, account, is_limited=False)
        await append_audit(
            session,
            actor=house.actor,
            action="recovery.begun",
            subject=customer.uid,
            detail={"institution": institution_key, "link": sends_link, "letter": sends_letter},
            clock=house.clock,
        )
        return RecoveryBegun(
            None if link is None else link.expires_at,
            None if letter is None else letter.expires_at,
        )
