"""All factors lost: the letter to the address on file, its code, and what holds after it (X19)."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from backend.models.audit import AuditEntry
from backend.models.contracts import Partner
from backend.models.customers import Customer
from backend.models.recoveries import Recovery, RecoveryLetter
from backend.models.security_events import SecurityEvent, SecurityEventKind
from backend.models.user_accounts import Locale, UserAccount
from backend.services import job_folders
from backend.services.activation_codes import hash_code
from backend.services.outbox_delivery import write_recovery_letters
from backend.services.recovery_letters import write_waiting_letters
from backend.worker import forget_what_is_over
from tests.approving import account_of, has_password
from tests.recovering import (
    NEW_PASSWORD,
    choose_password,
    code_in,
    complete,
    follow,
    last_link,
    open_recovery,
    prove,
    prove_letter,
    recover,
    recoveries,
    request_letter,
    send_signature,
    send_tan,
    sent_letters,
    somebody,
    start,
    watch_letters,
    what_signs_in,
)
from tests.signing_in import (
    PASSWORD,
    START_PASSKEY_REGISTRATION,
    WHO_AM_I,
    last_tan,
    mail_payloads,
    sign_in_with_passkey,
    sms_payloads,
    wrong,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.portal import Portal

OLD_NUMBER = "+4915112345678"
NEW_NUMBER = "+43664123456"


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts of the letters that are written."""
    return watch_letters(monkeypatch)


def _travel(portal: Portal, **by: int) -> None:
    portal.clock.travel_to(portal.clock.now() + timedelta(**by))


def _jobs(portal: Portal) -> list[Path]:
    return sorted((portal.house.settings.data_dir / "print").glob("[!.]*"))


async def test_X19_the_first_passkey_after_a_letter_needs_no_approval(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await somebody(portal)
    signed_in = await recover(portal, watch_letters(monkeypatch), phoneNumber="+43 664 123456")
    data = await portal.execute(START_PASSKEY_REGISTRATION, token=signed_in["bearerToken"])
    assert data["startPasskeyRegistration"]["__typename"] == "PasskeyChallenge"


async def test_X19_a_letter_goes_to_the_address_that_the_institution_has(
    portal: Portal, letters: list[str]
) -> None:
    await somebody(portal)
    asked = await request_letter(portal, await open_recovery(portal))
    assert asked == {
        "__typename": "RecoveryLetter",
        "requestedAt": "2026-11-21T11:00:00+00:00",
        "expiresAt": "2026-12-21T11:00:00+00:00",
    }
    (folder,) = _jobs(portal)
    content = (folder / "000001.pdf").read_bytes()
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8")) == {
        "job": folder.name,
        "kind": "recovery",
        "letters": [
            {
                "file": "000001.pdf",
                "sha256": hashlib.sha256(content).hexdigest(),
                "customer_number": "S1",
                "name": "Anna Beispiel",
                "street": "Lindenweg 7",
                "postal_code": "70173",
                "city": "Stuttgart",
                "country": "D",
            }
        ],
    }
    (body,) = letters
    assert "Guten Tag Anna Beispiel" in body
    assert "bis zum 21. Dezember 2026" in body
    (row,) = await sent_letters(portal)
    assert (row.code_hash, row.print_job) == (hash_code(code_in(letters)), folder.name)
    async with portal.transaction() as session:
        entry = (await session.scalars(select(AuditEntry))).one()
    assert (entry.actor, entry.action, entry.subject) == (
        "worker",
        "recovery_letters.written",
        "sach",
    )


async def test_X19_mailbox_and_phone_are_both_told_of_the_letter(portal: Portal) -> None:
    await somebody(portal)
    await request_letter(portal, await open_recovery(portal))
    mail = (await mail_payloads(portal))[-1]
    assert mail["subject"] == "Ein Brief mit einem Code ist unterwegs"
    (sms,) = await sms_payloads(portal)
    assert sms["phone_number"] == OLD_NUMBER
    assert "wurde ein Brief angefordert" in sms["text"]


async def test_X17_the_letter_speaks_the_customers_language(
    portal: Portal, letters: list[str]
) -> None:
    await somebody(portal, locale=Locale.EN)
    await request_letter(portal, await open_recovery(portal))
    assert letters[0].strip().startswith("Dear Anna Beispiel,")


async def test_X19_one_letter_at_a_time_and_asking_again_changes_nothing(
    portal: Portal, letters: list[str]
) -> None:
    await somebody(portal)
    first = await request_letter(portal, await open_recovery(portal))
    _travel(portal, days=2)
    await start(portal)
    confirmed = await follow(portal, await last_link(portal))
    assert confirmed["letter"] == {key: first[key] for key in ("requestedAt", "expiresAt")}
    assert await request_letter(portal, confirmed["recovery"]) == first
    assert (len(letters), len(await sent_letters(portal)), len(_jobs(portal))) == (1, 1, 1)


async def test_X19_parallel_requests_send_one_letter(portal: Portal, letters: list[str]) -> None:
    await somebody(portal)
    secret = await open_recovery(portal)
    results = await asyncio.gather(*(request_letter(portal, secret) for _ in range(4)))
    assert {one["__typename"] for one in results} == {"RecoveryLetter"}
    await write_waiting_letters(portal.house)
    assert (len(letters), len(await sent_letters(portal))) == (1, 1)


async def test_X19_three_letters_in_thirty_days_and_no_more(portal: Portal) -> None:
    await somebody(portal)
    for _ in range(3):
        assert (await request_letter(portal, await open_recovery(portal)))[
            "__typename"
        ] == "RecoveryLetter"
        async with portal.transaction() as session:
            await session.execute(update(RecoveryLetter).values(attempts=5))
        _travel(portal, days=1)
    refused = await request_letter(portal, await open_recovery(portal))
    assert refused["__typename"] == "TooManyAttempts"
    assert refused["retryAt"] == "2026-12-21T11:00:00+00:00"
    assert len(await sent_letters(portal)) == 3
    _travel(portal, days=27)
    asked = await request_letter(portal, await open_recovery(portal))
    assert asked["__typename"] == "RecoveryLetter"


@pytest.mark.parametrize("lacks", ["customer number", "street", "birth date"])
async def test_X19_without_an_address_on_file_there_is_no_letter(
    portal: Portal, lacks: str
) -> None:
    anna = await somebody(portal, has_address=lacks != "customer number")
    async with portal.transaction() as session:
        if lacks == "street":
            await session.execute(update(Partner).values(street=None))
        if lacks == "birth date":
            await session.execute(update(Customer).values(birth_date=None))
    await start(portal)
    confirmed = await follow(portal, await last_link(portal))
    assert confirmed["ways"] == ["PASSKEY"]
    before = await what_signs_in(portal, anna)
    refused = await request_letter(portal, confirmed["recovery"])
    assert refused["__typename"] == "RecoveryWayUnavailable"
    assert await sent_letters(portal) == []
    assert await what_signs_in(portal, anna) == before
    assert await sms_payloads(portal) == []


async def test_X19_letter_and_phone_give_access_again_and_nothing_old_is_left(
    portal: Portal, letters: list[str]
) -> None:
    anna = await somebody(portal)
    secret = await prove(portal, letters)
    sent = await send_tan(portal, secret, phoneNumber="+43 664 123456")
    assert sent == {
        "__typename": "RecoveryTanSent",
        "maskedPhoneNumber": "+43 ••• 456",
        "expiresAt": "2026-11-21T11:10:00+00:00",
    }
    assert (await account_of(portal, anna.account)).phone_number == OLD_NUMBER
    signed_in = await complete(portal, secret, f" {await last_tan(portal)} ")
    assert signed_in["__typename"] == "SignedIn"
    account = await account_of(portal, anna.account)
    assert (account.phone_number, account.phone_number_changed_at, account.version) == (
        NEW_NUMBER,
        portal.clock.now(),
        2,
    )
    assert await has_password(portal, account, NEW_PASSWORD)
    assert await portal.execute(WHO_AM_I, token=anna.token) == {"viewer": None}
    assert (await sign_in_with_passkey(portal, anna.device))["__typename"] == "SignInRefused"
    assert await recoveries(portal) == []
    who = await portal.execute(WHO_AM_I, token=signed_in["bearerToken"])
    assert who == {"viewer": {"displayName": "Anna Beispiel"}}


async def test_X4_mailbox_old_phone_and_log_tell_of_the_recovery(
    portal: Portal, letters: list[str]
) -> None:
    await somebody(portal)
    await recover(portal, letters, phoneNumber=NEW_NUMBER)
    mail = (await mail_payloads(portal))[-1]
    assert mail["subject"] == "Ihr Zugang ist wiederhergestellt"
    assert "die Mobilnummer +43 ••• 456" in mail["text"]
    last = (await sms_payloads(portal))[-1]
    assert last["phone_number"] == OLD_NUMBER
    assert "gilt nicht mehr für Ihr Benutzerkonto" in last["text"]
    async with portal.transaction() as session:
        rows = await session.execute(
            select(SecurityEvent.kind, SecurityEvent.detail).order_by(SecurityEvent.id)
        )
        told = [(kind, detail) for kind, detail in rows]
    assert told[-5:] == [
        (SecurityEventKind.SESSION_ENDED, None),
        (SecurityEventKind.PASSKEY_REMOVED, "Mein Telefon"),
        (SecurityEventKind.RECOVERED, None),
        (SecurityEventKind.PHONE_NUMBER_CHANGED, "+43 ••• 456"),
        (SecurityEventKind.SIGNED_IN, None),
    ]


async def test_X19_the_present_number_may_stay_and_is_proved_all_the_same(
    portal: Portal, letters: list[str]
) -> None:
    anna = await somebody(portal)
    assert (await recover(portal, letters))["__typename"] == "SignedIn"
    account = await account_of(portal, anna.account)
    assert (account.phone_number, account.phone_number_changed_at) == (OLD_NUMBER, None)
    texts = [one["text"] for one in await sms_payloads(portal)]
    assert texts[-1].endswith("Geben Sie sie niemandem weiter.")


WRONG: dict[str, dict[str, str]] = {
    "code": {"code": "0000-0000-0000-0000"},
    "no code": {"code": ""},
    "birth date": {"birth_date": "1984-03-13"},
}


@pytest.mark.parametrize("given", WRONG.values(), ids=WRONG)
async def test_X19_whatever_is_wrong_of_the_letter_the_answer_is_the_same(
    portal: Portal, letters: list[str], given: dict[str, str]
) -> None:
    anna = await somebody(portal)
    await request_letter(portal, await open_recovery(portal))
    secret = await open_recovery(portal)
    before = await what_signs_in(portal, anna)
    values = {"code": code_in(letters)} | given
    assert await prove_letter(portal, secret, **values) == {
        "__typename": "RecoveryProofRefused",
        "message": "Diese Angaben passen nicht zusammen. Bitte prüfen Sie den Code aus dem Brief "
        "und Ihr Geburtsdatum. Nach mehreren falschen Versuchen gilt der Code nicht mehr; dann "
        "brauchen Sie einen neuen Brief.",
    }
    assert (await send_tan(portal, secret))["__typename"] == "RecoveryRefused"
    assert await what_signs_in(portal, anna) == before


async def test_X19_five_wrong_codes_end_the_letter(portal: Portal, letters: list[str]) -> None:
    anna = await somebody(portal)
    await request_letter(portal, await open_recovery(portal))
    secret = await open_recovery(portal)
    for _ in range(5):
        await prove_letter(portal, secret, "0000-0000-0000-0000")
    refused = await prove_letter(portal, secret, code_in(letters))
    assert refused["__typename"] == "RecoveryProofRefused"
    assert (await sent_letters(portal))[0].attempts == 5
    assert await has_password(portal, anna.account, PASSWORD)


async def test_X19_the_code_is_read_as_people_type_it(portal: Portal, letters: list[str]) -> None:
    await somebody(portal)
    await request_letter(portal, await open_recovery(portal))
    typed = code_in(letters).lower().replace("-", " ").replace("0", "o")
    accepted = await prove_letter(portal, await open_recovery(portal), typed)
    assert accepted["__typename"] == "RecoveryLetterAccepted"
    assert accepted["maskedPhoneNumber"] == "+49 ••• 678"


async def test_X19_a_code_is_good_for_thirty_days(portal: Portal, letters: list[str]) -> None:
    await somebody(portal)
    await request_letter(portal, await open_recovery(portal))
    _travel(portal, days=30)
    refused = await prove_letter(portal, await open_recovery(portal), code_in(letters))
    assert refused["__typename"] == "RecoveryProofRefused"
    _travel(portal, days=31)
    await forget_what_is_over(portal.house)
    assert await sent_letters(portal) == []


async def test_X19_the_code_of_another_customer_opens_nothing(
    portal: Portal, letters: list[str]
) -> None:
    await somebody(portal)
    await request_letter(portal, await open_recovery(portal))
    async with portal.transaction() as session:
        other = UserAccount(
            customer_id=(await _other_customer(portal, session)).id,
            email_address="boris@example.org",
            password_hash="-",
            phone_number=OLD_NUMBER,
            locale=Locale.DE,
            created_at=portal.clock.now(),
        )
        session.add(other)
    await start(portal, "boris@example.org")
    confirmed = await follow(portal, await last_link(portal))
    refused = await prove_letter(portal, confirmed["recovery"], code_in(letters))
    assert refused["__typename"] == "RecoveryProofRefused"
    assert (await sent_letters(portal))[0].attempts == 0


async def _other_customer(portal: Portal, session: Any) -> Customer:
    row = Customer(
        uid="boris",
        given_name="Boris",
        family_name="Beispiel",
        birth_date="1984-03-12",
        created_at=portal.clock.now(),
    )
    session.add(row)
    await session.flush()
    return row


async def test_X19_a_letter_is_good_once(portal: Portal, letters: list[str]) -> None:
    await somebody(portal)
    await recover(portal, letters)
    refused = await prove_letter(portal, await open_recovery(portal), code_in(letters))
    assert refused["__typename"] == "RecoveryProofRefused"


async def test_X19_who_got_back_in_by_passkey_needs_no_letter_any_more(
    portal: Portal, letters: list[str]
) -> None:
    anna = await somebody(portal)
    await request_letter(portal, await open_recovery(portal))
    secret = await open_recovery(portal)
    asked = await choose_password(portal, secret)
    await send_signature(portal, secret, anna.device.sign(asked["options"]))
    secret = await open_recovery(portal)
    refused = await prove_letter(portal, secret, code_in(letters))
    assert refused["__typename"] == "RecoveryProofRefused"
    assert (await send_tan(portal, secret))["__typename"] == "RecoveryRefused"
    assert await has_password(portal, anna.account, NEW_PASSWORD)


async def test_X19_letter_and_mailbox_without_the_phone_lead_nowhere(
    portal: Portal, letters: list[str]
) -> None:
    anna = await somebody(portal)
    secret = await prove(portal, letters)
    before = await what_signs_in(portal, anna)
    assert (await complete(portal, secret, ""))["__typename"] == "RecoveryRefused"
    await send_tan(portal, secret)
    tan = await last_tan(portal)
    for left in (4, 3, 2, 1, 0):
        refused = await complete(portal, secret, wrong(tan))
        assert (refused["__typename"], refused["attemptsLeft"]) == ("WrongTan", left)
    assert (await complete(portal, secret, tan))["__typename"] == "RecoveryRefused"
    assert await what_signs_in(portal, anna) == before


async def test_X19_mailbox_and_phone_without_the_letter_lead_nowhere(
    portal: Portal, letters: list[str]
) -> None:
    anna = await somebody(portal)
    await request_letter(portal, await open_recovery(portal))
    secret = await open_recovery(portal)
    before = await what_signs_in(portal, anna)
    assert (await send_tan(portal, secret))["__typename"] == "RecoveryRefused"
    assert (await complete(portal, secret, "000000"))["__typename"] == "RecoveryRefused"
    assert await what_signs_in(portal, anna) == before
    assert len(letters) == 1


async def test_X19_the_newest_tan_counts_for_ten_minutes(
    portal: Portal, letters: list[str]
) -> None:
    await somebody(portal)
    secret = await prove(portal, letters)
    await send_tan(portal, secret)
    first = await last_tan(portal)
    _travel(portal, minutes=10)
    assert (await complete(portal, secret, first))["__typename"] == "RecoveryRefused"
    await send_tan(portal, secret)
    assert (await complete(portal, secret, await last_tan(portal)))["__typename"] == "SignedIn"


async def test_X19_a_password_that_was_not_proved_with_the_tan_is_not_set(
    portal: Portal, letters: list[str]
) -> None:
    anna = await somebody(portal)
    secret = await prove(portal, letters)
    await send_tan(portal, secret)
    tan = await last_tan(portal)
    verify = portal.house.password_hasher.verify
    other = await portal.house.password_hasher.hash("Etwas ganz anderes als gedacht")

    async def changing(stored: str | None, secret: str) -> bool:
        """Let another request change the password while the TAN is compared."""
        async with portal.transaction() as session:
            await session.execute(update(Recovery).values(password_hash=other))
        return await verify(stored, secret)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(portal.house.password_hasher, "verify", changing)
        refused = await complete(portal, secret, tan)
    assert refused["__typename"] == "RecoveryRefused"
    assert await has_password(portal, anna.account, PASSWORD)


async def test_X19_parallel_completions_sign_in_once(portal: Portal, letters: list[str]) -> None:
    await somebody(portal)
    secret = await prove(portal, letters)
    await send_tan(portal, secret)
    tan = await last_tan(portal)
    results = await asyncio.gather(*(complete(portal, secret, tan) for _ in range(4)))
    names = sorted(one["__typename"] for one in results)
    assert names == ["RecoveryRefused"] * 3 + ["SignedIn"]


async def test_F20_F21_password_and_number_are_checked_together(
    portal: Portal, letters: list[str]
) -> None:
    await somebody(portal)
    secret = await prove(portal, letters)
    refused = await send_tan(
        portal, secret, newPassword="Anna Beispiel", phoneNumber="+44 7400 123456"
    )
    assert sorted(one["path"][0] for one in refused["fields"]) == ["newPassword", "phoneNumber"]
    (row,) = await recoveries(portal)
    assert (row.password_hash, row.tan_hash) == (None, None)


async def test_X19_a_worker_that_dies_before_the_printers_get_it_is_finished_by_the_next(
    portal: Portal, letters: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await somebody(portal)
    secret = await open_recovery(portal)

    def die(*_: object) -> Path:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr(job_folders, "hand_over", die)
        await request_letter(portal, secret)
    assert _jobs(portal) == []
    _travel(portal, hours=2)
    await write_recovery_letters(portal.house)
    (row,) = await sent_letters(portal)
    assert [folder.name for folder in _jobs(portal)] == [row.print_job]
    assert row.code_hash == hash_code(code_in(letters))
    assert len(letters) == 1
