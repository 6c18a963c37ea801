"""Gives each persona of the demo world a user account, once the importers brought their data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from backend import database
from backend.clock import BERLIN
from backend.demo.devices import remember_old_phone
from backend.demo.personas import BERTA, KLAUS, PASSWORD, PERSONAS
from backend.models.consents import (
    ConsentDecision,
    ConsentPurpose,
    ConsentState,
    DeliveryChannel,
    DeliveryDecision,
)
from backend.models.customers import CustomerNumber
from backend.models.institutions import Institution
from backend.models.user_accounts import Locale, UserAccount
from backend.services import customers
from backend.services.consent_texts import APP_COMMUNICATION, keep_text, name_of, text_in_force

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.demo.personas import Persona
    from backend.house import House

_FUND = "bkk"
STARTS_AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
# Long enough ago: who may still withdraw has just registered.
_REGISTERED_AT = datetime(2025, 1, 20, 9, 0, tzinfo=UTC)


async def is_loaded(house: House) -> bool:
    """Tell whether the personas are there already."""
    async with database.reading(house.sessions) as session:
        last = PERSONAS[-1].email
        found = await session.scalar(
            select(UserAccount.id).where(UserAccount.email_address == last)
        )
        return found is not None


async def create_accounts(house: House) -> None:
    """Give every persona a user account; their institutions' numbers become one customer."""
    password_hash = await house.password_hasher.hash(PASSWORD)
    async with database.writing(house.sessions) as session:
        for persona in PERSONAS:
            await _create_account(session, persona, password_hash)
        await _decide_for_klaus(session, house)
        await _opt_in_for_berta(session, house)
        await remember_old_phone(session)


async def _create_account(session: AsyncSession, persona: Persona, password_hash: str) -> None:
    (first_key, first_number), *others = persona.numbers.items()
    customer = await customers.find_by_number(
        session, institution_key=first_key, number=first_number
    )
    if customer is None:
        raise LookupError(f"no feed brought {persona.key}")
    for key, number in others:
        if await customers.find_by_number(session, institution_key=key, number=number):
            await customers.link_customer_number(
                session, customer_id=customer.id, institution_key=key, number=number
            )
        elif key == _FUND:
            await _add_member(session, customer.id, number)
    # GDV knows no dotless i: the person's own spelling wins.
    customer.given_name, customer.family_name = persona.given_name, persona.family_name
    session.add(
        UserAccount(
            customer_id=customer.id,
            email_address=persona.email,
            password_hash=password_hash,
            phone_number=persona.phone,
            locale=Locale(persona.language),
            created_at=_REGISTERED_AT,
        )
    )
    await session.flush()


async def _add_member(session: AsyncSession, customer_id: int, number: str) -> None:
    """Let the fund know its member: no feed tells of members yet."""
    fund = (await session.scalars(select(Institution).where(Institution.key == _FUND))).one()
    session.add(CustomerNumber(institution_id=fund.id, number=number, customer_id=customer_id))


async def _decide_for_klaus(session: AsyncSession, house: House) -> None:
    """Klaus chose paper, withdrew one consent, and has yet to confirm another (persona 9)."""
    klaus = (
        await session.scalars(select(UserAccount).where(UserAccount.email_address == KLAUS.email))
    ).one()
    by_phone, by_email = (
        ConsentPurpose.PRODUCT_INFORMATION_BY_PHONE,
        ConsentPurpose.PRODUCT_INFORMATION_BY_EMAIL,
    )
    history = (
        (by_phone, ConsentState.GRANTED, datetime(2025, 2, 3, 10, tzinfo=UTC)),
        (by_phone, ConsentState.NOT_GRANTED, datetime(2026, 5, 20, 9, tzinfo=UTC)),
        (by_email, ConsentState.PENDING, datetime(2026, 11, 20, 18, tzinfo=UTC)),
    )
    for purpose, state, decided_at in history:
        day = decided_at.astimezone(BERLIN).date()
        text = text_in_force(house, name_of(purpose), Locale.DE, day=day)
        await keep_text(session, text)
        session.add(
            ConsentDecision(
                customer_id=klaus.customer_id,
                purpose=purpose,
                state=state,
                text_version=text.version,
                text_sha256=text.sha256,
                email_address=KLAUS.email if purpose is by_email else None,
                decided_at=decided_at,
            )
        )
    institutions = await session.scalars(
        select(Institution).where(Institution.key.in_(KLAUS.numbers))
    )
    for institution in institutions:
        session.add(
            DeliveryDecision(
                customer_id=klaus.customer_id,
                institution_id=institution.id,
                channel=DeliveryChannel.PAPER,
                decided_at=datetime(2026, 5, 20, 9, 5, tzinfo=UTC),
            )
        )


async def _opt_in_for_berta(session: AsyncSession, house: House) -> None:
    """Berta agreed to App-Kommunikation: her fund may send decisions digitally (F107)."""
    berta = (
        await session.scalars(select(UserAccount).where(UserAccount.email_address == BERTA.email))
    ).one()
    fund = (await session.scalars(select(Institution).where(Institution.key == _FUND))).one()
    decided_at = datetime(2026, 2, 12, 17, 30, tzinfo=UTC)
    text = text_in_force(
        house,
        APP_COMMUNICATION,
        Locale.DE,
        day=decided_at.astimezone(BERLIN).date(),
        institution=fund.name,
    )
    await keep_text(session, text)
    session.add(
        DeliveryDecision(
            customer_id=berta.customer_id,
            institution_id=fund.id,
            channel=DeliveryChannel.POSTBOX,
            text_version=text.version,
            text_sha256=text.sha256,
            decided_at=decided_at,
        )
    )
