"""Linking a customer number: number, birth date and code prove it together, and nothing less."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from backend.ids import encode_id
from backend.models.activation_codes import ActivationCode
from backend.models.customers import Customer, CustomerNumber
from backend.models.security_events import SecurityEvent, SecurityEventKind
from backend.models.user_accounts import UserAccount
from backend.worker import forget_what_is_over
from tests import factories
from tests.registering import LINK, register, run
from tests.security.statements import statements_of
from tests.signing_in import mail_payloads

if TYPE_CHECKING:
    from tests.portal import Portal

HOLDS = "{ viewer { contracts { totalCount nodes { number } } postbox { unreadCount } } }"
REFUSED = {
    "__typename": "CustomerNumberRefused",
    "message": "Diese Angaben passen nicht zusammen. Bitte prüfen Sie Gesellschaft, Kundennummer, "
    "Geburtsdatum und Aktivierungscode; sie stehen in unserem Brief. Nach mehreren falschen "
    "Versuchen gilt der Code nicht mehr: Rufen Sie uns dann bitte an.",
}


@dataclass(frozen=True)
class Letter:
    """What a customer reads in it."""

    institution: str
    number: str
    birth_date: str
    code: str

    def values(self, **other: str) -> dict[str, str]:
        """Return what is typed from it."""
        return {
            "institution": self.institution,
            "customerNumber": self.number,
            "birthDate": self.birth_date,
            "activationCode": self.code,
        } | other


async def _letter(
    portal: Portal, number: str = "S100001", birth_date: str | None = "1984-03-12"
) -> Letter:
    """Let an institution know somebody with a contract and a document, and write to them."""
    async with portal.transaction() as session:
        seller = await factories.institution(session)
        owner = await factories.customer(session, birth_date=birth_date)
        await factories.insurance_contract(session, owner, number=f"V-{number}")
        await factories.document(session, owner, portal.clock.now())
        code = await factories.activation_code(
            session, owner, number=number, created_at=portal.clock.now()
        )
        return Letter(encode_id("Institution", seller.id), number, birth_date or "1984-03-12", code)


async def _newcomer(portal: Portal, **values: Any) -> str:
    """Return the token of somebody who has just registered."""
    async with portal.transaction() as session:
        owner = await factories.customer(session, **values)
        account = await factories.user_account(session, owner)
    return await portal.sign_in(account)


async def _link(portal: Portal, token: str, letter: Letter, **other: str) -> dict[str, Any]:
    return await run(portal, LINK, token=token, **letter.values(**other))


async def _holds(portal: Portal, token: str) -> list[str]:
    viewer = (await portal.execute(HOLDS, token=token))["viewer"]
    return [node["number"] for node in viewer["contracts"]["nodes"]]


async def test_F1_number_birth_date_and_code_link_what_the_institution_holds(
    portal: Portal,
) -> None:
    letter = await _letter(portal)
    token = await _newcomer(portal)
    assert await _holds(portal, token) == []
    assert await _link(portal, token, letter) == {
        "__typename": "CustomerNumberLinked",
        "institution": {"key": "sach"},
    }
    assert await portal.execute(HOLDS, token=token) == {
        "viewer": {
            "contracts": {"totalCount": 1, "nodes": [{"number": "V-S100001"}]},
            "postbox": {"unreadCount": 1},
        }
    }
    mail = (await mail_payloads(portal))[-1]
    assert mail["subject"] == "Ihrem Benutzerkonto wurde eine Kundennummer hinzugefügt"
    async with portal.transaction() as session:
        logged = (await session.scalars(select(SecurityEvent))).one()
    assert logged.kind is SecurityEventKind.CUSTOMER_NUMBER_LINKED
    assert logged.detail == "Musterland Sachversicherung AG"


async def test_an_equal_name_and_birth_date_link_nothing(portal: Portal) -> None:
    await _letter(portal)
    token = await _newcomer(portal, given_name="Anna", family_name="Beispiel")
    assert await _holds(portal, token) == []


@pytest.mark.parametrize(
    "other",
    [
        {"customerNumber": "S100002"},
        {"birthDate": "1984-03-13"},
        {"activationCode": "0000-0000-0000-0000"},
        {"activationCode": ""},
        {"customerNumber": ""},
        {"institution": "nobody"},
        {"institution": encode_id("Institution", 2**40)},
    ],
)
async def test_whatever_is_wrong_the_answer_is_the_same(
    portal: Portal, other: dict[str, str]
) -> None:
    letter = await _letter(portal)
    token = await _newcomer(portal)
    assert await _link(portal, token, letter, **other) == REFUSED
    assert await _holds(portal, token) == []
    assert await mail_payloads(portal) == []
    async with portal.transaction() as session:
        assert (await session.scalars(select(ActivationCode.used_at))).one() is None


async def test_the_number_of_another_institution_is_another_number(portal: Portal) -> None:
    letter = await _letter(portal)
    token = await _newcomer(portal)
    async with portal.transaction() as session:
        bank = await factories.institution(session, "bank")
    other = encode_id("Institution", bank.id)
    assert await _link(portal, token, letter, institution=other) == REFUSED


async def test_the_birth_date_is_the_one_of_the_user_account_too(portal: Portal) -> None:
    letter = await _letter(portal)
    token = await _newcomer(portal, given_name="Jonas", birth_date="1982-07-30")
    assert await _link(portal, token, letter) == REFUSED
    assert await _link(portal, token, letter, birthDate="1982-07-30") == REFUSED
    assert await _holds(portal, token) == []


async def test_two_people_with_one_name_and_birth_date_never_merge(portal: Portal) -> None:
    letters = [await _letter(portal, number) for number in ("S100081", "S100082")]
    tokens = [await _newcomer(portal, family_name="Schmidt") for _ in letters]
    mine, hers = letters
    assert await _link(portal, tokens[0], mine, customerNumber=hers.number) == REFUSED
    assert await _link(portal, tokens[0], mine, activationCode=hers.code) == REFUSED
    assert (await _link(portal, tokens[0], mine))["__typename"] == "CustomerNumberLinked"
    assert (await _link(portal, tokens[1], hers))["__typename"] == "CustomerNumberLinked"
    assert await _holds(portal, tokens[0]) == ["V-S100081"]
    assert await _holds(portal, tokens[1]) == ["V-S100082"]


async def test_somebody_else_with_my_letter_takes_nothing_that_i_have(portal: Portal) -> None:
    letter = await _letter(portal)
    mine = await _newcomer(portal)
    thief = await _newcomer(portal)
    await _link(portal, mine, letter)
    assert await _link(portal, thief, letter) == REFUSED
    assert await _holds(portal, mine) == ["V-S100001"]
    assert await _holds(portal, thief) == []


async def test_whoever_signs_in_already_is_not_taken_over(portal: Portal) -> None:
    letter = await _letter(portal)
    async with portal.transaction() as session:
        owner = (await session.scalars(select(CustomerNumber.customer_id))).one()
        await factories.user_account(session, await session.get_one(Customer, owner))
    token = await _newcomer(portal)
    assert await _link(portal, token, letter) == REFUSED
    async with portal.transaction() as session:
        # The code is not used up by what was rolled back.
        assert (await session.scalars(select(ActivationCode.used_at))).one() is None
        assert (await session.scalars(select(CustomerNumber.customer_id))).one() == owner


async def test_a_code_may_be_tried_five_times(portal: Portal) -> None:
    letter = await _letter(portal)
    tokens = [await _newcomer(portal) for _ in range(2)]
    for number in range(5):
        token = tokens[number % 2]
        assert await _link(portal, token, letter, activationCode="falsch") == REFUSED
    assert await _link(portal, tokens[0], letter) == REFUSED
    assert await _holds(portal, tokens[0]) == []


async def test_parallel_guesses_at_a_code_count_one_by_one(portal: Portal) -> None:
    letter = await _letter(portal)
    tokens = [await _newcomer(portal) for _ in range(8)]
    guesses = [_link(portal, token, letter, activationCode="falsch") for token in tokens]
    assert await asyncio.gather(*guesses) == [REFUSED] * 8
    async with portal.transaction() as session:
        assert (await session.scalars(select(ActivationCode.attempts))).one() == 5


async def test_the_fifth_attempt_may_be_the_right_one(portal: Portal) -> None:
    letter = await _letter(portal)
    token = await _newcomer(portal)
    for _ in range(4):
        await _link(portal, token, letter, birthDate="1984-03-21")
    assert (await _link(portal, token, letter))["__typename"] == "CustomerNumberLinked"


async def test_a_code_links_once_however_many_ask_at_once(portal: Portal) -> None:
    letter = await _letter(portal)
    tokens = [await _newcomer(portal) for _ in range(4)]
    results = await asyncio.gather(*(_link(portal, token, letter) for token in tokens))
    names = sorted(result["__typename"] for result in results)
    assert names == ["CustomerNumberLinked"] + ["CustomerNumberRefused"] * 3
    held = [await _holds(portal, token) for token in tokens]
    assert sorted(held) == [[], [], [], ["V-S100001"]]


async def test_a_code_runs_out_and_is_forgotten(portal: Portal) -> None:
    letter = await _letter(portal)
    portal.clock.travel_to(portal.clock.now() + timedelta(days=60))
    token = await _newcomer(portal)
    assert await _link(portal, token, letter) == REFUSED
    await forget_what_is_over(portal.house)
    async with portal.transaction() as session:
        assert len((await session.scalars(select(ActivationCode))).all()) == 1
    portal.clock.travel_to(portal.clock.now() + timedelta(days=30, seconds=1))
    await forget_what_is_over(portal.house)
    async with portal.transaction() as session:
        assert (await session.scalars(select(ActivationCode))).all() == []


async def test_one_account_cannot_try_many_numbers(portal: Portal) -> None:
    letter = await _letter(portal)
    token = await _newcomer(portal)
    for number in range(10):
        assert await _link(portal, token, letter, customerNumber=f"S{number}") == REFUSED
    refused = await _link(portal, token, letter)
    assert refused["__typename"] == "TooManyAttempts"
    assert await _holds(portal, token) == []


async def test_a_partial_birth_date_on_file_is_enough_where_it_says_something(
    portal: Portal,
) -> None:
    letter = await _letter(portal, birth_date="1933")
    token = await _newcomer(portal, given_name="Hedwig", birth_date="1933-05-01")
    assert await _link(portal, token, letter, birthDate="1934-05-01") == REFUSED
    linked = await _link(portal, token, letter, birthDate="1933-05-01")
    assert linked["__typename"] == "CustomerNumberLinked"


async def test_whose_birth_date_nobody_knows_cannot_be_linked(portal: Portal) -> None:
    letter = await _letter(portal)
    token = await _newcomer(portal)
    async with portal.transaction() as session:
        owner = (await session.scalars(select(CustomerNumber.customer_id))).one()
        await session.execute(update(Customer).where(Customer.id == owner).values(birth_date=None))
    assert await _link(portal, token, letter) == REFUSED


async def test_a_code_may_be_typed_carelessly(portal: Portal) -> None:
    letter = await _letter(portal)
    token = await _newcomer(portal)
    typed = f" {letter.code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "
    linked = await _link(portal, token, letter, activationCode=typed)
    assert linked["__typename"] == "CustomerNumberLinked"


async def test_nobody_links_without_signing_in(portal: Portal) -> None:
    letter = await _letter(portal)
    result = await run(portal, LINK, **letter.values())
    assert result["__typename"] == "NotSignedIn"
    async with portal.transaction() as session:
        assert (await session.scalars(select(ActivationCode.attempts))).one() == 0
        assert (await session.scalars(select(UserAccount))).all() == []


async def test_an_unknown_number_costs_the_same_work_as_a_wrong_code(portal: Portal) -> None:
    letter = await _letter(portal)
    token = await _newcomer(portal)
    done = []
    for other in ({"customerNumber": "S999999"}, {"activationCode": "falsch"}):
        with statements_of(portal) as statements:
            assert await _link(portal, token, letter, **other) == REFUSED
        done.append(statements)
    assert len(done[0]) > 5
    assert done[0] == done[1]


async def test_F27_letters_come_digitally_from_the_registration_on(portal: Portal) -> None:
    letter = await _letter(portal)
    token = await register(portal, birthDate=letter.birth_date)
    await _link(portal, token, letter)
    preferences = "{ viewer { deliveryPreferences { channel since institution { key } } } }"
    assert await portal.execute(preferences, token=token) == {
        "viewer": {
            "deliveryPreferences": [
                {
                    "channel": "POSTBOX",
                    "since": "2026-11-21T11:00:00+00:00",
                    "institution": {"key": "sach"},
                }
            ]
        }
    }
