"""Registering: what was typed waits until the address and then the phone are proved (F1)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, select, update

from backend import database
from backend.clock import berlin_today
from backend.errors import RegistrationRefusedError
from backend.models.registrations import Registration
from backend.models.user_accounts import UserAccount
from backend.services import outbox
from backend.services.attempts import Limit, count_first, subject_of_client
from backend.services.passwords import queued
from backend.services.phone_numbers import masked_number
from backend.services.registration_form import check_form
from backend.services.sessions import hash_token
from backend.values import Value

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.models.user_accounts import Locale
    from backend.services.registration_form import RegistrationForm
    from backend.services.sign_in_house import SignInHouse

LINK_PATH = "/confirm-registration"
_SECRET_BYTES = 32


class RegistrationStarted(Value):
    """A mail is on its way; until when its link is good."""

    email_address: str
    expires_at: datetime


class AddressConfirmed(Value):
    """The address is proved: the secret for the steps that follow, and where the TAN will go."""

    registration: str
    masked_phone_number: str
    expires_at: datetime


@queued
async def start_registration(
    house: SignInHouse, form: RegistrationForm, *, locale: Locale, client_address: str
) -> RegistrationStarted:
    """Keep what was typed and send a link to the address (F1).

    Known and unknown addresses answer alike after the same work: only the mailbox learns which it
    was. Nothing that was typed gets into the mail, which may reach a stranger.

    Raises:
        InvalidInputError: with every wrong field.
        TooManyAttemptsError: too many to this address, from this client or in all.
        HashingBusyError: too many are hashed at once.
    """
    checked = check_form(house, form)
    await count_first(
        house.sessions, *_limits(house, checked.email_address, client_address), clock=house.clock
    )
    password_hash = await house.password_hasher.hash(form.password)
    link = secrets.token_urlsafe(_SECRET_BYTES)
    now = house.clock.now()
    hours = house.policy.registration.email_link_hours.on(berlin_today(house.clock))
    row = Registration(
        email_address=checked.email_address,
        password_hash=password_hash,
        phone_number=checked.phone_number,
        given_name=checked.given_name,
        family_name=checked.family_name,
        birth_date=checked.birth_date,
        locale=locale,
        portal_terms_sha256=form.portal_terms,
        postbox_terms_sha256=form.postbox_terms,
        link_hash=hash_token(link),
        tan_attempts=0,
        created_at=now,
        expires_at=now + timedelta(hours=hours),
    )
    async with database.writing(house.sessions) as session:
        session.add(row)
        await _send_link(session, house, row, link, hours)
    return RegistrationStarted(row.email_address, row.expires_at)


async def confirm_address(
    house: SignInHouse, *, token: str, client_address: str
) -> AddressConfirmed:
    """Take the token of a mail link, once, and go on with whoever follows it (F1).

    The link may be opened on another device than the one that started: the steps that follow need
    the secret given here, so that nobody can go on who can't read the mail.

    Raises:
        RegistrationRefusedError: unknown, used or too old.
        TooManyAttemptsError: this client tried too often.
    """
    rule = house.policy.sign_in.passkey_attempts_per_client_per_quarter_hour
    limit = Limit(
        "email_link",
        subject_of_client(client_address),
        rule.on(berlin_today(house.clock)),
        timedelta(minutes=15),
    )
    await count_first(house.sessions, limit, clock=house.clock)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    statement = (
        update(Registration)
        .where(
            Registration.link_hash == hash_token(token),
            Registration.secret_hash.is_(None),
            Registration.expires_at > house.clock.now(),
        )
        .values(secret_hash=hash_token(secret))
        .returning(Registration)
        .execution_options(synchronize_session=False)
    )
    async with database.writing(house.sessions) as session:
        row = (await session.scalars(statement)).one_or_none()
    if row is None:
        raise RegistrationRefusedError
    return AddressConfirmed(secret, masked_number(row.phone_number), row.expires_at)


async def forget_old_registrations(session: AsyncSession, *, clock: Clock) -> int:
    """Delete registrations that nobody finished in time and return how many."""
    deleted = await session.execute(
        delete(Registration)
        .where(Registration.expires_at <= clock.now())
        .returning(Registration.id)
        .execution_options(synchronize_session=False)
    )
    return len(deleted.all())


async def _send_link(
    session: AsyncSession, house: SignInHouse, row: Registration, link: str, hours: int
) -> None:
    is_known = await session.scalar(
        select(exists().where(UserAccount.email_address == row.email_address))
    )
    await outbox.enqueue_worded_mail(
        session,
        house.outbox,
        "registration_known" if is_known else "registration",
        email_address=row.email_address,
        locale=row.locale,
        link=f"{house.settings.public_url}{LINK_PATH}#{link}",
        hours=hours,
    )


def _limits(house: SignInHouse, address: str, client_address: str) -> tuple[Limit, ...]:
    rules = house.policy.registration
    today = berlin_today(house.clock)
    day = timedelta(days=1)
    return (
        Limit("registration", address, rules.mails_per_address_per_day.on(today), day),
        Limit(
            "registration_client",
            subject_of_client(client_address),
            rules.starts_per_client_per_hour.on(today),
            timedelta(hours=1),
        ),
        Limit("registration_all", "", rules.mails_of_all_per_day.on(today), day),
    )
