"""Giving and taking back consents: one click each, and a log that proves both (F19, F77)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from backend import database
from backend.clock import berlin_today
from backend.errors import ConfirmationRefusedError, NotFoundError
from backend.models.consents import (
    ConsentDecision,
    ConsentPurpose,
    ConsentState,
    DecisionChannel,
)
from backend.models.customers import Customer
from backend.models.sign_in import ChallengeKind
from backend.models.user_accounts import UserAccount
from backend.services import challenges, outbox
from backend.services.attempts import Limit, count_first, subject_of_client
from backend.services.consent_texts import keep_text, name_of, require_shown
from backend.services.consents import Consent, list_consents, purpose_of
from backend.services.unsubscribing import read_token
from backend.values import Value

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.models.user_accounts import Locale
    from backend.services.dated_texts import DatedText
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse
    from backend.services.unsubscribing import UnsubscribingHouse

LINK_PATH = "/confirm-consent"
_BY_EMAIL = ConsentPurpose.PRODUCT_INFORMATION_BY_EMAIL
_DAY = timedelta(days=1)

_NEWEST = (
    select(ConsentDecision)
    .where(
        ConsentDecision.customer_id == bindparam("customer_id"),
        ConsentDecision.purpose == bindparam("purpose", type_=ConsentDecision.purpose.type),
    )
    .order_by(ConsentDecision.id.desc())
    .limit(1)
)


class ConsentConfirmed(Value):
    """The link was followed: the consent counts."""

    purpose: ConsentPurpose


async def grant_consent(
    house: SignInHouse, *, viewer: Viewer, consent_id: int, text_sha256: str, locale: Locale
) -> Consent:
    """Give a consent to the text that was shown (F19, F77).

    By e-mail it is PENDING until the link in the mail is followed (double opt-in); asking again
    sends a new link, and only the newest counts. What is given already stays as it is.

    Raises:
        NotFoundError: not a consent of the viewer.
        InvalidInputError: the text is not the one in force.
        TooManyAttemptsError: too many mails with links.
    """
    purpose = purpose_of(consent_id, viewer.customer_id)
    if purpose is None:
        raise NotFoundError
    today = berlin_today(house.clock)
    text = require_shown(house, name_of(purpose), text_sha256, day=today)
    if purpose is _BY_EMAIL:
        attempts = house.policy.consents.mails_per_day.on(today)
        limit = Limit("consent_mail", str(viewer.id), attempts, _DAY)
        await count_first(house.sessions, limit, clock=house.clock)
    async with database.writing(house.sessions) as session:
        await lock_decisions(session, viewer.customer_id)
        newest = await newest_decision(session, viewer.customer_id, purpose)
        if newest is None or newest.state is not ConsentState.GRANTED:
            await _grant(session, house, viewer, purpose, text, locale)
        return await _state_of(session, viewer, consent_id)


async def withdraw_consent(house: SignInHouse, *, viewer: Viewer, consent_id: int) -> Consent:
    """Take back a consent, or one that waits for its confirmation; it counts at once (F19).

    What was never given stays as it is.

    Raises:
        NotFoundError: not a consent of the viewer.
    """
    purpose = purpose_of(consent_id, viewer.customer_id)
    if purpose is None:
        raise NotFoundError
    async with database.writing(house.sessions) as session:
        await lock_decisions(session, viewer.customer_id)
        newest = await newest_decision(session, viewer.customer_id, purpose)
        if newest is not None and newest.state is not ConsentState.NOT_GRANTED:
            _decide(
                session,
                house.clock,
                newest,
                state=ConsentState.NOT_GRANTED,
                user_session_id=viewer.session_id,
            )
            if purpose is _BY_EMAIL:
                await _close_links(session, house.clock, viewer.id)
        await session.flush()
        return await _state_of(session, viewer, consent_id)


async def withdraw_by_mail(house: UnsubscribingHouse, *, token: str) -> bool:
    """Take back the consent to product information by one of its mails (RFC 8058).

    Tells whether the token is good: it is, too, pressed again or after the customer has left.
    """
    uid = await read_token(house.sealer, token)
    if uid is None:
        return False
    async with database.writing(house.sessions) as session:
        account = await session.scalar(
            select(UserAccount)
            .join(Customer, Customer.id == UserAccount.customer_id)
            .where(Customer.uid == uid)
        )
        if account is None:
            return True
        await lock_decisions(session, account.customer_id)
        newest = await newest_decision(session, account.customer_id, _BY_EMAIL)
        if newest is not None and newest.state is not ConsentState.NOT_GRANTED:
            state, through = ConsentState.NOT_GRANTED, DecisionChannel.EMAIL_LINK
            _decide(session, house.clock, newest, state=state, decided_through=through)
            await _close_links(session, house.clock, account.id)
    return True


async def confirm_consent(
    house: SignInHouse, *, token: str, client_address: str
) -> ConsentConfirmed:
    """Follow the link of the mail: whoever reads it agreed (F19).

    The link may be opened anywhere, signed in or not.

    Raises:
        ConfirmationRefusedError: unknown, used or too old; or the consent was taken back, or the
            account has another address meanwhile.
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
    async with database.writing(house.sessions) as session:
        used = await challenges.use_link(
            session, ChallengeKind.CONFIRM_CONSENT, secret=token, clock=house.clock
        )
        if used is None:
            raise ConfirmationRefusedError
        account = (
            await session.scalars(select(UserAccount).where(UserAccount.id == used.user_account_id))
        ).one()
        await lock_decisions(session, account.customer_id)
        newest = await newest_decision(session, account.customer_id, _BY_EMAIL)
        is_awaited = newest is not None and newest.state is ConsentState.PENDING
        if newest is None or not is_awaited or used.contact != account.email_address:
            raise ConfirmationRefusedError
        _decide(
            session,
            house.clock,
            newest,
            state=ConsentState.GRANTED,
            decided_through=DecisionChannel.EMAIL_LINK,
            email_address=used.contact,
        )
        return ConsentConfirmed(_BY_EMAIL)


async def lock_decisions(
    session: AsyncSession, customer_id: int, *, only_reads: bool = False
) -> None:
    """Let decisions of a customer, and what relies on them, come one after the other.

    A writing transaction of SQLite is alone already.
    """
    await session.execute(
        select(UserAccount.id)
        .where(UserAccount.customer_id == customer_id)
        .with_for_update(read=only_reads)
    )


async def newest_decision(
    session: AsyncSession, customer_id: int, purpose: ConsentPurpose
) -> ConsentDecision | None:
    """Return the decision that counts; None: nobody ever decided."""
    values = {"customer_id": customer_id, "purpose": purpose}
    return (await session.scalars(_NEWEST, values)).one_or_none()


async def _grant(
    session: AsyncSession,
    house: SignInHouse,
    viewer: Viewer,
    purpose: ConsentPurpose,
    text: DatedText,
    locale: Locale,
) -> None:
    await keep_text(session, text)
    is_by_email = purpose is _BY_EMAIL
    session.add(
        ConsentDecision(
            customer_id=viewer.customer_id,
            purpose=purpose,
            state=ConsentState.PENDING if is_by_email else ConsentState.GRANTED,
            decided_through=DecisionChannel.PORTAL,
            text_version=text.version,
            text_sha256=text.sha256,
            email_address=viewer.email_address if is_by_email else None,
            user_session_id=viewer.session_id,
            decided_at=house.clock.now(),
        )
    )
    await session.flush()
    if is_by_email:
        await _send_link(session, house, viewer, locale)


async def _send_link(
    session: AsyncSession, house: SignInHouse, viewer: Viewer, locale: Locale
) -> None:
    hours = house.policy.consents.link_hours.on(berlin_today(house.clock))
    await _close_links(session, house.clock, viewer.id)
    opened = await challenges.open_challenge(
        session,
        ChallengeKind.CONFIRM_CONSENT,
        lifetime=timedelta(hours=hours),
        clock=house.clock,
        user_account_id=viewer.id,
        contact=viewer.email_address,
    )
    await outbox.enqueue_worded_mail(
        session,
        house.outbox,
        "confirm_consent",
        email_address=viewer.email_address,
        locale=locale,
        link=f"{house.settings.public_url}{LINK_PATH}#{opened.secret}",
        hours=hours,
    )


async def _close_links(session: AsyncSession, clock: Clock, user_account_id: int) -> None:
    await challenges.close_challenges_of(
        session, ChallengeKind.CONFIRM_CONSENT, user_account_id=user_account_id, clock=clock
    )


def _decide(
    session: AsyncSession,
    clock: Clock,
    newest: ConsentDecision,
    *,
    state: ConsentState,
    decided_through: DecisionChannel = DecisionChannel.PORTAL,
    email_address: str | None = None,
    user_session_id: int | None = None,
) -> None:
    """Add a decision about the text that the newest one is about."""
    session.add(
        ConsentDecision(
            customer_id=newest.customer_id,
            purpose=newest.purpose,
            state=state,
            decided_through=decided_through,
            text_version=newest.text_version,
            text_sha256=newest.text_sha256,
            email_address=email_address,
            user_session_id=user_session_id,
            decided_at=clock.now(),
        )
    )


async def _state_of(session: AsyncSession, viewer: Viewer, consent_id: int) -> Consent:
    consents = await list_consents(session, customer_id=viewer.customer_id)
    return next(consent for consent in consents if consent.id == consent_id)
