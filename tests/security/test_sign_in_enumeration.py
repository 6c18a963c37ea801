"""Whether an address has an account can't be told from answers nor from the work behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backend.services.passwords import PasswordHasher
from tests.portal import CHEAP_HASHER
from tests.security.statements import statements_of
from tests.signing_in import SIGN_IN_WITH_PASSWORD, person

if TYPE_CHECKING:
    import httpx
    import pytest

    from tests.portal import Portal


async def _try(portal: Portal, address: str) -> httpx.Response:
    given = {"input": {"emailAddress": address, "password": "falsches Passwort"}}
    return await portal.post(SIGN_IN_WITH_PASSWORD, given)


async def test_known_and_unknown_addresses_get_the_same_answer(portal: Portal) -> None:
    for number in range(15):
        await person(portal, f"known{number}@example.org", password_hash=CHEAP_HASHER._dummy)
    answers = set()
    for number in range(15):
        for kind in ("known", "nobody"):
            response = await _try(portal, f"{kind}{number}@example.org")
            headers = sorted(response.headers.items())
            answers.add((response.status_code, response.text, str(headers)))
    assert len(answers) == 1


async def test_known_and_unknown_addresses_are_throttled_alike(portal: Portal) -> None:
    await person(portal)
    answers = [
        [(await _try(portal, address)).text for _ in range(12)]
        for address in ("anna@example.org", "nobody@example.org")
    ]
    assert answers[0] == answers[1]
    assert "TooManyAttempts" in answers[0][-1]


async def test_known_and_unknown_addresses_cost_the_same_work(
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
    for address in ("anna@example.org", "nobody@example.org"):
        hashed.append(0)
        with statements_of(portal) as statements:
            await _try(portal, address)
        done.append(statements)
    assert hashed == [1, 1]
    assert len(done[0]) > 3
    assert done[0] == done[1]
