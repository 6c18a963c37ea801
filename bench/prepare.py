"""Fills the database that the environment names, or signs one of its customers in."""

from __future__ import annotations

import asyncio
import os
import sys

from sqlalchemy import func, select

from backend import database
from backend.app import open_house
from backend.ids import encode_id
from backend.migrate import upgrade_database
from backend.models.user_accounts import UserAccount
from backend.services.sessions import start_session
from backend.settings import read_settings
from bench.world import INSURANCES, contract_id, fill


async def write_world(customers: int, *, with_transactions: bool) -> None:
    """Create the tables and fill them."""
    settings = read_settings(os.environ)
    engine = database.create_engine(settings.database)
    await upgrade_database(engine)
    async with open_house(settings):
        pass  # registers the institutions
    await fill(engine, customers, with_transactions=with_transactions, say=print)
    await engine.dispose()


async def print_token() -> None:
    """Print the token of a new session of a customer in the middle, and an account of theirs."""
    async with (
        open_house(read_settings(os.environ)) as house,
        database.writing(house.sessions) as session,
    ):
        customer = (await session.scalar(select(func.max(UserAccount.id))) or 2) // 2
        token = await start_session(
            session, user_account_id=customer, clock=house.clock, policy=house.policy
        )
    print(token, encode_id("Contract", contract_id(customer, INSURANCES)))


if __name__ == "__main__":
    if sys.argv[1] == "token":
        asyncio.run(print_token())
    else:
        asyncio.run(write_world(int(sys.argv[1]), with_transactions=sys.argv[2] == "1"))
