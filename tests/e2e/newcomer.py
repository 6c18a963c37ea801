"""A customer without contracts, letters or accounts: what an empty portal looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend import database
from backend.demo.personas import PASSWORD, Persona
from backend.services.passwords import PasswordHasher
from tests import factories

if TYPE_CHECKING:
    from pathlib import Path

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


async def create_newcomer(data_dir: Path) -> None:
    """Write her beside the demo world, whose people all hold something."""
    engine = database.create_engine(f"sqlite+aiosqlite:///{data_dir / 'portal.db'}")
    try:
        password_hash = await PasswordHasher().hash(PASSWORD)
        async with database.writing(database.create_sessions(engine)) as session:
            owner = await factories.customer(session, NORA.given_name, NORA.family_name)
            await factories.user_account(
                session,
                owner,
                email_address=NORA.email,
                phone_number=NORA.phone,
                password_hash=password_hash,
            )
    finally:
        await engine.dispose()
