"""Proving a new e-mail address or phone number: with the proof the change holds (F18)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend import database
from backend.clock import berlin_today
from backend.errors import ConfirmationRefusedError, WrongTanError
from backend.models.security_events import SecurityEventKind
from backend.models.sign_in import ChallengeKind
from backend.models.user_accounts import UserAccount
from backend.services import challenges, outbox, tans
from backend.services.account_changes import change_account
from backend.services.attempts import Limit, count_first, subject_of_client
from backend.services.email_addresses import masked_address
from backend.services.passwords import queued
from backend.services.phone_numbers import masked_number
from backend.services.security_events import record_event
from backend.values import Value

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse


class EmailAddressChanged(Value):
    """The new address holds, for signing in and for notices."""

    email_address: str


class PhoneNumberChanged(Value):
    """The new number holds, from the next session on also for approvals."""

    masked_phone_number: str


async def confirm_email_address(
    house: SignInHouse, *, token: str, client_address: str
) -> EmailAddressChanged:
    """Change the address of whoever asked for the link that carries this token (F18).

    The link may be opened anywhere, signed in or not. Old and new address are told.

    Raises:
        ConfirmationRefusedError: unknown, used or too old, or somebody else has the address.
        TooManyAttemptsError: this client tried too often.
    """
    rule = house.policy.sign_in.passkey_attempts_per_client_per_quarter_hour
    attempts = rule.on(berlin_today(house.clock))
    subject = subject_of_client(client_address)
    await count_first(
        house.sessions,
        Limit("email_link", subject, attempts, timedelta(minutes=15)),
        clock=house.clock,
    )
    try:
        async with database.writing(house.sessions) as session:
            return await _change_email_address(session, house, token)
    except IntegrityError as error:
        raise ConfirmationRefusedError from error


@queued
async def confirm_phone_number(
    house: SignInHouse, *, viewer: Viewer, challenge: str, tan: str
) -> PhoneNumberChanged:
    """Compare the TAN that the new number received and change the number (F18, F22).

    Raises:
        WrongTanError: with how many attempts are left.
        ConfirmationRefusedError: unknown, another's, used, too old or tried too often.
        TooManyAttemptsError: the account's limits per hour and day.
        HashingBusyError: too many are hashed at once.
    """
    attempts = house.policy.sign_in.tan_attempts.on(berlin_today(house.clock))
    async with database.writing(house.sessions) as session:
        guess = await challenges.count_guess(
            session,
            ChallengeKind.CONFIRM_PHONE_NUMBER,
            secret=challenge,
            attempts=attempts,
            clock=house.clock,
            user_account_id=viewer.id,
        )
        if guess is None or guess.contact is None:
            raise ConfirmationRefusedError
        await tans.count_tan_guess(session, house, user_account_id=viewer.id)
    if not await house.password_hasher.verify(guess.tan_hash, tan.strip()):
        raise WrongTanError(attempts - guess.attempts)
    async with database.writing(house.sessions) as session:
        is_first = await challenges.close_challenge(
            session, challenge_id=guess.challenge_id, clock=house.clock
        )
        if not is_first:
            raise ConfirmationRefusedError
        return await _change_phone_number(session, house, viewer, guess.contact)


async def _change_email_address(
    session: AsyncSession, house: SignInHouse, token: str
) -> EmailAddressChanged:
    used = await challenges.use_link(
        session, ChallengeKind.CONFIRM_EMAIL_ADDRESS, secret=token, clock=house.clock
    )
    if used is None or used.user_account_id is None or used.contact is None:
        raise ConfirmationRefusedError
    new = used.contact
    account = (
        await session.scalars(select(UserAccount).where(UserAccount.id == used.user_account_id))
    ).one()
    old, locale = account.email_address, account.locale
    await change_account(session, account.id, email_address=new)
    record_event(
        session,
        SecurityEventKind.EMAIL_ADDRESS_CHANGED,
        user_account_id=account.id,
        clock=house.clock,
        detail=masked_address(new),
    )
    for address in (old, new):
        await outbox.enqueue_worded_mail(
            session,
            house.outbox,
            "email_address_changed",
            email_address=address,
            locale=locale,
            old=masked_address(old),
            new=masked_address(new),
        )
    return EmailAddressChanged(new)


async def _change_phone_number(
    session: AsyncSession, house: SignInHouse, viewer: Viewer, number: str
) -> PhoneNumberChanged:
    await change_account(
        session, viewer.id, phone_number=number, phone_number_changed_at=house.clock.now()
    )
    masked = masked_number(number)
    record_event(
        session,
        SecurityEventKind.PHONE_NUMBER_CHANGED,
        user_account_id=viewer.id,
        clock=house.clock,
        detail=masked,
    )
    await outbox.enqueue_worded_mail(
        session,
        house.outbox,
        "phone_number_changed",
        email_address=viewer.email_address,
        locale=viewer.locale,
        old=masked_number(viewer.phone_number),
        new=masked,
    )
    return PhoneNumberChanged(masked)
