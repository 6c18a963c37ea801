"""Registering and linking ask by index only: nothing they do grows with the number of customers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from backend.ids import encode_id
from backend.models.activation_codes import ActivationCode
from backend.models.customers import CustomerNumber
from backend.services.activation_codes import hash_code, make_code
from backend.worker import forget_what_is_over
from tests import factories
from tests.registering import LINK, register, run, start
from tests.services.plans import asked_of, scans

if TYPE_CHECKING:
    from tests.portal import Portal

GROWING = ("registration", "activation_code", "accepted_terms", "customer_number", "user_account")


async def test_registering_finds_everything_by_index(portal: Portal) -> None:
    for number in range(3):
        await start(portal, emailAddress=f"a{number}@example.org")
    with asked_of(portal, GROWING) as asked:
        await register(portal)
        await forget_what_is_over(portal.house)
    assert {statement[:6] for statement, _ in asked} == {"SELECT", "UPDATE", "DELETE"}
    assert await scans(portal, asked, GROWING) == []


async def test_linking_finds_everything_by_index(portal: Portal) -> None:
    code = make_code()
    async with portal.transaction() as session:
        seller = await factories.institution(session)
        for number in range(15):
            owner = await factories.customer(session)
            known = CustomerNumber(
                institution_id=seller.id, number=f"S{number}", customer_id=owner.id
            )
            session.add(known)
            await session.flush()
            session.add(
                ActivationCode(
                    customer_number_id=known.id,
                    code_hash=hash_code(code),
                    print_job="test",
                    attempts=0,
                    created_at=portal.clock.now(),
                    expires_at=portal.clock.now() + timedelta(days=60),
                )
            )
        account = await factories.user_account(session, await factories.customer(session))
    token = await portal.sign_in(account)
    with asked_of(portal, GROWING) as asked:
        linked = await run(
            portal,
            LINK,
            token=token,
            institution=encode_id("Institution", seller.id),
            customerNumber="S7",
            birthDate="1984-03-12",
            activationCode=code,
        )
    assert linked["__typename"] == "CustomerNumberLinked"
    assert any("UPDATE activation_code" in statement for statement, _ in asked)
    assert await scans(portal, asked, GROWING) == []


async def test_a_scan_would_be_noticed(portal: Portal) -> None:
    asked = [("SELECT id FROM registration WHERE given_name = 'x'", ())]
    assert len(await scans(portal, asked, GROWING)) == 1
