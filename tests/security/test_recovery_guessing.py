"""Guessing at a recovery: however many attempts come at once, few are compared."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from backend.errors import RecoveryRefusedError, WrongTanError
from backend.models.recoveries import RecoveryLetter
from backend.models.sign_in import UserSession
from backend.services import recovery_proofs
from backend.services.activation_codes import is_code, make_code
from backend.services.passwords import PasswordHasher
from backend.services.recovery_tans import complete_recovery
from tests.approving import has_password
from tests.recovering import (
    code_in,
    open_recovery,
    prove,
    prove_letter,
    recoveries,
    request_letter,
    send_tan,
    somebody,
    watch_letters,
)
from tests.signing_in import PASSWORD, last_tan

if TYPE_CHECKING:
    from tests.portal import Portal

GUESSES = 60


async def _sessions(portal: Portal) -> int:
    async with portal.transaction() as session:
        return await session.scalar(select(func.count()).select_from(UserSession)) or 0


async def test_X19_of_many_parallel_codes_at_most_five_are_compared(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = watch_letters(monkeypatch)
    anna = await somebody(portal)
    await request_letter(portal, await open_recovery(portal))
    secret = await open_recovery(portal)
    compared: list[str] = []

    def watched(code_hash: str, typed: str) -> bool:
        compared.append(typed)
        return is_code(code_hash, typed)

    monkeypatch.setattr(recovery_proofs, "is_code", watched)
    results = await asyncio.gather(
        *(
            recovery_proofs.prove_recovery_letter(
                portal.house,
                recovery=secret,
                activation_code=make_code(),
                birth_date=date(1984, 3, 12),
                client_address=f"192.0.2.{number}",
            )
            for number in range(GUESSES)
        ),
        return_exceptions=True,
    )
    kinds = {type(result).__name__ for result in results}
    assert kinds == {"RecoveryProofRefusedError", "TooManyAttemptsError"}
    assert len(compared) == 5
    # An hour later the account may try again; the letter may not.
    portal.clock.travel_to(portal.clock.now().replace(hour=20))
    refused = await prove_letter(portal, await open_recovery(portal), code_in(letters))
    assert refused["__typename"] == "RecoveryProofRefused"
    assert len(compared) == 5
    async with portal.transaction() as session:
        assert await session.scalar(select(RecoveryLetter.attempts)) == 5
    assert await has_password(portal, anna.account, PASSWORD)
    assert await _sessions(portal) == 1


async def test_X19_of_many_parallel_tans_at_most_five_are_compared(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = watch_letters(monkeypatch)
    anna = await somebody(portal)
    secret = await prove(portal, letters)
    await send_tan(portal, secret)
    tan = await last_tan(portal)
    compared: list[str] = []
    verify = PasswordHasher.verify

    async def watched(self: PasswordHasher, secret_hash: str | None, guess: str) -> bool:
        compared.append(guess)
        return await verify(self, secret_hash, guess)

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    guesses = [f"{number:06d}" for number in range(GUESSES) if f"{number:06d}" != tan]
    results = await asyncio.gather(
        *(complete_recovery(portal.house, recovery=secret, tan=guess) for guess in guesses),
        return_exceptions=True,
    )
    assert {type(result) for result in results} == {WrongTanError, RecoveryRefusedError}
    assert len(compared) == 5
    with pytest.raises(RecoveryRefusedError):
        await complete_recovery(portal.house, recovery=secret, tan=tan)
    assert len(compared) == 5
    assert await has_password(portal, anna.account, PASSWORD)
    assert await _sessions(portal) == 1


async def test_X19_the_database_holds_nothing_that_opens_a_recovery(portal: Portal) -> None:
    await somebody(portal)
    secret = await open_recovery(portal)
    (row,) = await recoveries(portal)
    assert secret not in repr(vars(row))
    for stored in (row.secret_hash, row.link_hash):
        assert stored is not None
        with pytest.raises(RecoveryRefusedError):
            await recovery_proofs.request_recovery_letter(
                portal.house, recovery=stored, client_address="192.0.2.1"
            )
