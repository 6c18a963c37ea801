"""Registering tells nobody whether an address has an account; only the mailbox learns it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backend.services.passwords import PasswordHasher
from tests.portal import CHEAP_HASHER
from tests.registering import START, form
from tests.security.statements import statements_of
from tests.signing_in import mail_payloads, person

if TYPE_CHECKING:
    import httpx
    import pytest

    from tests.portal import Portal


async def _try(portal: Portal, address: str) -> httpx.Response:
    return await portal.post(START, {"input": await form(portal, emailAddress=address)})


async def test_F1_known_and_unknown_addresses_get_the_same_answer(portal: Portal) -> None:
    answers = set()
    for number in range(12):
        await person(portal, f"known{number:02}@example.org", password_hash=CHEAP_HASHER._dummy)
        for kind in ("known", "empty"):
            address = f"{kind}{number:02}@example.org"
            response = await _try(portal, address)
            shown = response.text.replace(address, "ADDRESS")
            answers.add((response.status_code, shown, str(sorted(response.headers.items()))))
    assert len(answers) == 1
    assert "RegistrationStarted" in answers.pop()[1]


async def test_F1_known_and_unknown_addresses_cost_the_same_work(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await person(portal)
    hashed: list[int] = []
    run = PasswordHasher._run

    async def counted(self: PasswordHasher, work: Any) -> Any:
        hashed[-1] += 1
        return await run(self, work)

    monkeypatch.setattr(PasswordHasher, "_run", counted)
    done = []
    for address in ("anna@example.org", "anne@example.org"):
        hashed.append(0)
        with statements_of(portal) as statements:
            await _try(portal, address)
        done.append(statements)
    assert hashed == [1, 1]
    assert len(done[0]) > 5
    assert done[0] == done[1]


async def test_F1_known_and_unknown_addresses_are_throttled_alike(portal: Portal) -> None:
    await person(portal)
    answers = [
        [(await _try(portal, address)).text.replace(address, "ADDRESS") for _ in range(7)]
        for address in ("anna@example.org", "anne@example.org")
    ]
    assert answers[0] == answers[1]
    assert "RegistrationStarted" in answers[0][4]
    assert "TooManyAttempts" in answers[0][5]


async def test_F1_whoever_has_an_account_is_told_by_mail_without_a_link_that_confirms(
    portal: Portal,
) -> None:
    account = await person(portal)
    before = account.password_hash
    await _try(portal, "Anna@Example.org")
    (mail,) = await mail_payloads(portal)
    assert mail["email_address"] == "anna@example.org"
    assert mail["subject"] == "Sie haben schon ein Benutzerkonto"
    assert "#" not in mail["text"]
    async with portal.transaction() as session:
        kept = await session.get_one(type(account), account.id)
    assert kept.password_hash == before


async def test_one_client_cannot_try_many_addresses(portal: Portal) -> None:
    answers = [(await _try(portal, f"a{number}@example.org")).text for number in range(31)]
    assert "TooManyAttempts" in answers[30]
    assert all("RegistrationStarted" in answer for answer in answers[:30])
