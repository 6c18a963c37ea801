"""Customers without contracts, letters or accounts: empty portals, and accounts to change."""

from __future__ import annotations

import asyncio
import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from sqlalchemy import select

from backend import database
from backend.demo.load import STARTS_AT
from backend.demo.personas import PASSWORD, Persona
from backend.models.bank_accounts import BankAccountPurpose
from backend.models.contracts import LineOfBusiness
from backend.models.customers import Customer, CustomerNumber
from backend.models.user_accounts import UserAccount
from backend.services.passwords import PasswordHasher
from tests import factories
from tests.changing_accounts import OLD, bank_account, sepa_mandate

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncSession

    from tests.e2e.sandbox import Sandbox

NORA = Persona(
    key="nora",
    given_name="Nora",
    family_name="Neu",
    birth_date="1999-02-28",
    salutation="2",
    street="Anfang 1",
    postal_code="10115",
    city="Berlin",
    proves_de="Noch kein Vertrag, kein Konto, kein Brief.",
    proves_en="No contract, no account, no letter yet.",
    phone="+491713920099",
)


# Her account is there for dialogs that are opened and never approved.
PAULA = replace(NORA, key="paula", given_name="Paula", family_name="Prüfer", phone="+491713920098")
# She has just registered, and may still withdraw.
WANDA = replace(NORA, key="wanda", given_name="Wanda", family_name="Wider", phone="+491713920097")
# She holds a health contract and hands in claims.
HANNA = replace(NORA, key="hanna", given_name="Hanna", family_name="Heil", phone="+491713920095")
DEBITED = OLD
# She keeps a contract of another company here, too.
OLGA = replace(NORA, key="olga", given_name="Olga", family_name="Ordner", phone="+491713920093")
_numbers = itertools.count(100)


async def create_newcomer(data_dir: Path) -> None:
    """Write them beside the demo world, whose people all hold something."""
    await _create(data_dir, NORA, PAULA, HANNA)
    await _create(data_dir, OLGA)
    await _insure(data_dir, HANNA, "kranken")
    await _add_contract(data_dir, OLGA)
    await _create(data_dir, WANDA, created_at=STARTS_AT)


def new_customer(sandbox: Sandbox, **account: Any) -> Persona:
    """Write one more customer, whose account a test may change as it likes.

    Text messages are limited by number: every such test has a phone of its own. `account` are
    values of the user account other than usual.
    """
    number = next(_numbers)
    persona = replace(
        NORA,
        key=f"customer{number}",
        given_name="Carla",
        family_name=f"Wechsel {number}",
        phone=f"+491713920{number}",
    )
    run_apart(_create(sandbox.data_dir, persona, **account))
    return persona


def new_policyholder(sandbox: Sandbox) -> Persona:
    """Write one more customer whom an insurer knows, with an address."""
    persona = new_customer(sandbox)
    run_apart(_link(sandbox.data_dir, persona))
    return persona


def new_insured(sandbox: Sandbox, institution: str = "kranken", **account: Any) -> Persona:
    """Write one more customer, who holds a health contract of their own."""
    persona = new_customer(sandbox, **account)
    run_apart(_insure(sandbox.data_dir, persona, institution))
    return persona


def new_debited(sandbox: Sandbox, **mandate: Any) -> Persona:
    """Write one more customer, whose premiums are debited from the account `DEBITED`."""
    persona = new_customer(sandbox)
    run_apart(_debit(sandbox.data_dir, persona, **mandate))
    return persona


def new_saver(sandbox: Sandbox) -> Persona:
    """Write one more customer, who holds a savings account that pays out to `DEBITED`."""
    persona = new_customer(sandbox)
    run_apart(_let_save(sandbox.data_dir, persona))
    return persona


def run_apart(work: Coroutine[object, object, None]) -> None:
    """Do something to the sandbox's database in the middle of a test."""
    # Playwright keeps this thread's event loop for itself.
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(asyncio.run, work).result()


async def _create(data_dir: Path, *personas: Persona, **account: Any) -> None:
    engine = database.create_engine(f"sqlite+aiosqlite:///{data_dir / 'portal.db'}")
    try:
        password_hash = await PasswordHasher().hash(PASSWORD)
        async with database.writing(database.create_sessions(engine)) as session:
            for persona in personas:
                owner = await factories.customer(
                    session,
                    persona.given_name,
                    persona.family_name,
                    birth_date=persona.birth_date,
                )
                await factories.user_account(
                    session,
                    owner,
                    email_address=persona.email,
                    phone_number=persona.phone,
                    **{"password_hash": password_hash} | account,
                )
    finally:
        await engine.dispose()


def customer_number(persona: Persona) -> str:
    """Return under what the insurer of a new customer knows them."""
    return f"K-{persona.key}"


def health_contract_number(persona: Persona) -> str:
    """Return the number of the contract that a new insured holds."""
    return f"K-2020-{persona.phone[-6:]}"


async def _insure(data_dir: Path, persona: Persona, institution: str) -> None:
    engine = database.create_engine(f"sqlite+aiosqlite:///{data_dir / 'portal.db'}")
    try:
        async with database.writing(database.create_sessions(engine)) as session:
            owner = await _customer_of(session, persona)
            insurer = await factories.institution(session, institution)
            number = customer_number(persona)
            session.add(
                CustomerNumber(institution_id=insurer.id, number=number, customer_id=owner.id)
            )
            await factories.insurance_contract(
                session,
                owner,
                institution_id=insurer.id,
                number=health_contract_number(persona),
                line_of_business=LineOfBusiness.HEALTH,
                product_name="Kranken Voll",
            )
    finally:
        await engine.dispose()


async def _debit(data_dir: Path, persona: Persona, **mandate: Any) -> None:
    engine = database.create_engine(f"sqlite+aiosqlite:///{data_dir / 'portal.db'}")
    holder = f"{persona.given_name} {persona.family_name}"
    try:
        async with database.writing(database.create_sessions(engine)) as session:
            owner = await _customer_of(session, persona)
            contract = await factories.insurance_contract(
                session, owner, number=f"H-{persona.phone[-6:]}"
            )
            session.add(bank_account(contract, iban=DEBITED, holder=holder))
            session.add(sepa_mandate(contract, iban=DEBITED, holder=holder, **mandate))
    finally:
        await engine.dispose()


async def _let_save(data_dir: Path, persona: Persona) -> None:
    engine = database.create_engine(f"sqlite+aiosqlite:///{data_dir / 'portal.db'}")
    holder = f"{persona.given_name} {persona.family_name}"
    try:
        async with database.writing(database.create_sessions(engine)) as session:
            owner = await _customer_of(session, persona)
            account = await factories.savings_account(
                session, owner, number=f"T-{persona.phone[-6:]}", product_name="Tagesgeld Plus"
            )
            payout = BankAccountPurpose.PAYOUT
            session.add(bank_account(account, purpose=payout, iban=DEBITED, holder=holder))
    finally:
        await engine.dispose()


async def _add_contract(data_dir: Path, persona: Persona) -> None:
    engine = database.create_engine(f"sqlite+aiosqlite:///{data_dir / 'portal.db'}")
    try:
        async with database.writing(database.create_sessions(engine)) as session:
            owner = await _customer_of(session, persona)
            await factories.self_added_contract(session, owner)
            await _add_account(session, owner)
    finally:
        await engine.dispose()


async def _add_account(session: AsyncSession, owner: Customer) -> None:
    """Add an account with another bank, as two of its statements would tell of it."""
    account = await factories.self_added_account(
        session, owner, bank_name="Deutsche Kreditbank Berlin", balance=Decimal("1384.20")
    )
    for day, amount, name, text in (
        (2, "2450.00", "Musterland Verwaltung GmbH", "Gehalt November"),
        (3, "-890.00", "Wohnbau Musterstadt", "Miete November"),
        (12, "-64.30", "Stadtwerke Musterstadt", "Abschlag Strom"),
        (19, "-111.50", "Supermarkt am Ring", "Kartenzahlung"),
    ):
        await factories.self_added_transaction(
            session,
            account,
            amount,
            date(2026, 11, day),
            counterparty_name=name,
            remittance_information=text,
        )


async def _customer_of(session: AsyncSession, persona: Persona) -> Customer:
    return (
        await session.scalars(
            select(Customer)
            .join(UserAccount, UserAccount.customer_id == Customer.id)
            .where(UserAccount.email_address == persona.email)
        )
    ).one()


async def _link(data_dir: Path, persona: Persona) -> None:
    engine = database.create_engine(f"sqlite+aiosqlite:///{data_dir / 'portal.db'}")
    try:
        async with database.writing(database.create_sessions(engine)) as session:
            owner = await _customer_of(session, persona)
            insurer = await factories.institution(session)
            number = f"S-{persona.key}"
            session.add(
                CustomerNumber(institution_id=insurer.id, number=number, customer_id=owner.id)
            )
            contract = await factories.insurance_contract(session, None)
            await factories.partner(
                session,
                contract,
                owner,
                street=persona.street,
                postal_code=persona.postal_code,
                city=persona.city,
                country="D",
            )
    finally:
        await engine.dispose()
