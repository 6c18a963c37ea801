"""Leaving over GraphQL: deletion once approved (F6-F8), withdrawal within two weeks (F5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from backend.clock import BERLIN
from backend.models.consents import ConsentDecision, ConsentPurpose, ConsentState
from backend.models.documents import DocumentKind
from backend.models.retained_records import RetainedKind, RetainedRecord
from backend.models.user_accounts import Locale, UserAccount
from backend.services.user_account_deletion import finish_deletions
from tests import factories
from tests.approving import approve, approve_with_passkey, approve_with_tan, send_tan
from tests.leaving import all_rows
from tests.registering import register
from tests.signing_in import (
    WHO_AM_I,
    add_passkey,
    ask_for_tan,
    authenticator_for,
    mail_payloads,
    person,
    wrong,
)

if TYPE_CHECKING:
    from tests.portal import Portal

DELETE = """mutation { deleteUserAccount { __typename
  ... on ApprovalRequired { approval { id summary methods } } ... on Refusal { message } } }"""
WITHDRAW = """mutation { withdrawFromAgreement { __typename
  ... on AgreementWithdrawn { withdrawnAt emailAddress }
  ... on WithdrawalPeriodOver { message lastDate } ... on Refusal { message } } }"""
AGREEMENT = "{ viewer { userAgreement { concludedAt lastWithdrawalDate } } }"
PREVIEW = """{ viewer { deletionPreview { contractCount documentCount
  lockedRecords { kind institution endDate } } } }"""


async def _ask(portal: Portal, token: str, language: str = "de") -> dict[str, Any]:
    data = await portal.execute(DELETE, token=token, headers={"Accept-Language": language})
    result: dict[str, Any] = data["deleteUserAccount"]
    assert result["__typename"] == "ApprovalRequired", result
    approval: dict[str, Any] = result["approval"]
    return approval


async def _withdraw(portal: Portal, token: str | None, language: str = "de") -> dict[str, Any]:
    data = await portal.execute(WITHDRAW, token=token, headers={"Accept-Language": language})
    result: dict[str, Any] = data["withdrawFromAgreement"]
    return result


async def _accounts(portal: Portal) -> int:
    async with portal.transaction() as session:
        return len((await session.scalars(select(UserAccount))).all())


async def _with_letters(portal: Portal, account: UserAccount) -> None:
    """Give Anna a contract, a benefit statement of her fund and a statement of her bank."""
    async with portal.transaction() as session:
        owner = await factories.customer(session, "Jonas")
        anna = await session.get_one(UserAccount, account.id)
        holder = await session.get_one(type(owner), anna.customer_id)
        await factories.insurance_contract(session, holder)
        day = datetime(2026, 3, 1, tzinfo=BERLIN)
        for key, kind in (
            ("bkk", DocumentKind.BENEFIT_STATEMENT),
            ("bank", DocumentKind.ACCOUNT_STATEMENT),
            ("sach", DocumentKind.LETTER),
        ):
            await factories.document(session, holder, day, institution_key=key, kind=kind)
        session.add(
            ConsentDecision(
                customer_id=holder.id,
                purpose=ConsentPurpose.PRODUCT_INFORMATION_BY_PHONE,
                state=ConsentState.GRANTED,
                text_version="1",
                decided_at=day,
            )
        )


async def test_F6_an_approved_deletion_ends_the_session_and_the_account(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    approval = await _ask(portal, token)
    assert approval["summary"] == (
        "Ihr Benutzerkonto endgültig löschen (Verträge: 0, Dokumente: 0; gesetzlich gesperrt "
        "bleiben: 0)"
    )
    approved = await approve(portal, token, approval["id"])
    assert approved["outcome"] == {
        "__typename": "UserAccountDeleted",
        "emailAddress": "anna@example.org",
    }
    assert approved["bearerToken"] is None
    assert await portal.execute(WHO_AM_I, token=token) == {"viewer": None}
    assert await finish_deletions(portal.house) == 1
    assert await _accounts(portal) == 0
    assert (await ask_for_tan(portal))["__typename"] == "SignInRefused"


async def test_F6_a_browser_forgets_its_cookie(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal))
    approval = (await _ask(portal, token))["id"]
    tan = await send_tan(portal, token, approval)
    given = {"input": {"approval": approval, "tan": tan}}
    response = await portal.post(
        "mutation ($input: ApproveWithTanInput!) { approveWithTan(input: $input) { __typename } }",
        given,
        token=token,
    )
    assert response.json()["data"]["approveWithTan"]["__typename"] == "Approved"
    assert 'session=""' in response.headers["set-cookie"]
    assert "Max-Age=0" in response.headers["set-cookie"]


async def test_F6_M3_a_passkey_approves_the_deletion_in_english(portal: Portal) -> None:
    token = await portal.sign_in(await person(portal, locale=Locale.EN))
    device = authenticator_for(portal)
    await add_passkey(portal, token, device)
    approval = await _ask(portal, token, "en")
    assert approval["summary"].startswith("delete your user account for good (contracts: 0,")
    approved = await approve_with_passkey(portal, token, approval["id"], device)
    assert approved["outcome"]["__typename"] == "UserAccountDeleted"
    await finish_deletions(portal.house)
    mail = (await mail_payloads(portal))[-1]
    assert mail["subject"] == "Your user account has been deleted"


async def test_F6_a_wrong_tan_deletes_nothing(portal: Portal) -> None:
    account = await person(portal)
    token = await portal.sign_in(account)
    approval = await _ask(portal, token)
    tan = await send_tan(portal, token, approval["id"])
    answer = await approve_with_tan(portal, token, approval["id"], wrong(tan))
    assert answer["__typename"] == "WrongTan"
    assert await finish_deletions(portal.house) == 0
    assert (await ask_for_tan(portal))["__typename"] == "TanRequired"


async def test_F6_X13_before_and_after_the_customer_is_told_what_stays_locked_until_when(
    portal: Portal,
) -> None:
    account = await person(portal)
    await _with_letters(portal, account)
    token = await portal.sign_in(account)
    told = (await portal.execute(PREVIEW, token=token))["viewer"]["deletionPreview"]
    assert told == {
        "contractCount": 1,
        "documentCount": 3,
        "lockedRecords": [
            {"kind": "ACCOUNTING", "institution": "Musterland Bank AG", "endDate": "2036-12-31"},
            {"kind": "HEALTH_BENEFIT", "institution": "Musterland BKK", "endDate": "2036-12-31"},
            {"kind": "PHONE_CONSENT", "institution": None, "endDate": "2031-03-01"},
        ],
    }
    approval = await _ask(portal, token)
    assert approval["summary"].endswith(
        "(Verträge: 1, Dokumente: 3; gesetzlich gesperrt bleiben: 3)"
    )
    await approve(portal, token, approval["id"])
    await finish_deletions(portal.house)
    text = (await mail_payloads(portal))[-1]["text"]
    assert (
        "Buchungsbelege (Kontoauszüge und Umsätze), Musterland Bank AG: gesperrt bis 31. Dezember "
        "2036" in text
    )
    assert "Leistungsunterlagen, Musterland BKK: gesperrt bis 31. Dezember 2036" in text
    assert "Werbung per Telefon: gesperrt bis 1. März 2031" in text
    async with portal.transaction() as session:
        kinds = (await session.scalars(select(RetainedRecord.kind))).all()
    assert sorted(kind.name for kind in kinds) == ["ACCOUNTING", "HEALTH_BENEFIT", "PHONE_CONSENT"]


async def test_deleting_needs_a_session(portal: Portal) -> None:
    answer = await portal.execute(DELETE)
    assert answer["deleteUserAccount"]["__typename"] == "NotSignedIn"
    assert (await _withdraw(portal, None))["__typename"] == "NotSignedIn"


async def test_F7_F8_the_same_address_registers_again_and_starts_empty(portal: Portal) -> None:
    token = await register(portal)
    answer = await _withdraw(portal, token)
    assert answer["__typename"] == "AgreementWithdrawn"
    portal.clock.travel_to(portal.clock.now() + timedelta(hours=1))
    # Even while the worker has not come round to it.
    again = await register(portal)
    await finish_deletions(portal.house)
    data = await portal.execute(
        "{ viewer { displayName contracts { totalCount } passkeys { id } consents { decidedAt } "
        "postbox { unreadCount } sessions { id } } }",
        token=again,
    )
    assert data["viewer"]["displayName"] == "Wilma Widerruf"
    assert data["viewer"]["contracts"]["totalCount"] == 0
    assert {one["decidedAt"] for one in data["viewer"]["consents"]} == {None}
    assert len(data["viewer"]["sessions"]) == 1
    assert await _accounts(portal) == 1


# The vectors of DOMAIN.md, Account: day of conclusion, last day, latest of all states.
@pytest.mark.parametrize(
    ("concluded", "last"),
    [
        ("2026-11-02", "2026-11-16"),
        ("2026-11-21", "2026-12-07"),
        ("2026-12-11", "2026-12-28"),
        ("2026-12-18", "2027-01-04"),
        ("2027-03-12", "2027-03-30"),
        ("2026-05-21", "2026-06-05"),
    ],
)
async def test_F5_the_last_day_shows_through_its_last_minute_and_not_after(
    portal: Portal, concluded: str, last: str
) -> None:
    at = datetime.fromisoformat(f"{concluded}T10:00:00").replace(tzinfo=BERLIN)
    account = await person(portal, created_at=at)
    ends = datetime.fromisoformat(f"{last}T23:59:59").replace(tzinfo=BERLIN)
    shown = []
    for moment in (at, ends, ends + timedelta(seconds=1), ends + timedelta(days=60)):
        portal.clock.travel_to(moment)
        data = await portal.execute(AGREEMENT, token=await portal.sign_in(account))
        shown.append(data["viewer"]["userAgreement"]["lastWithdrawalDate"])
    assert shown == [last, last, None, None]


async def test_F5_wilma_withdraws_on_the_last_day_and_everything_is_deleted(
    portal: Portal,
) -> None:
    portal.clock.travel_to(datetime(2026, 12, 11, 15, 0, tzinfo=BERLIN))
    before = await all_rows(portal)
    token = await register(portal)
    portal.clock.travel_to(datetime(2026, 12, 28, 23, 59, 30, tzinfo=BERLIN))
    async with portal.transaction() as session:
        account = (await session.scalars(select(UserAccount))).one()
    token = await portal.sign_in(account)
    answer = await _withdraw(portal, token)
    assert answer == {
        "__typename": "AgreementWithdrawn",
        "withdrawnAt": "2026-12-28T22:59:30+00:00",
        "emailAddress": "wilma@example.org",
    }
    assert await portal.execute(WHO_AM_I, token=token) == {"viewer": None}
    receipt = (await mail_payloads(portal))[-1]
    assert receipt["subject"] == "Wir haben Ihren Widerruf erhalten"
    assert "am 28. Dezember 2026 um 23:59:30 Uhr erhalten" in receipt["text"]
    assert "Hiermit widerrufe ich, Wilma Widerruf, den am 11. Dezember 2026" in receipt["text"]
    assert receipt["letter"]
    await finish_deletions(portal.house)
    subjects = [mail["subject"] for mail in await mail_payloads(portal)]
    assert subjects == ["Wir haben Ihren Widerruf erhalten", "Ihr Benutzerkonto ist gelöscht"]
    certificate = (await mail_payloads(portal))[-1]["text"]
    assert "\nNachweis Ihres Widerrufs: gesperrt bis 31. Dezember 2029\n" in certificate
    after = await all_rows(portal)
    (proof,) = after.pop("retained_record")
    assert (proof["kind"], proof["retained_until"].isoformat()) == (
        RetainedKind.WITHDRAWAL_PROOF,
        "2029-12-31",
    )
    for table in ("retained_record", "audit_entry", "applied_deletion", "outbox_message"):
        before.pop(table, None)
        after.pop(table, None)
    before.pop("attempt_counter")
    after.pop("attempt_counter")
    assert after == before


async def test_F5_on_the_29th_wilma_is_refused_with_the_day_and_what_remains(
    portal: Portal,
) -> None:
    at = datetime(2026, 12, 11, 15, 0, tzinfo=BERLIN)
    account = await person(portal, created_at=at)
    portal.clock.travel_to(datetime(2026, 12, 29, 0, 0, tzinfo=BERLIN))
    token = await portal.sign_in(account)
    before = await all_rows(portal)
    assert await _withdraw(portal, token) == {
        "__typename": "WithdrawalPeriodOver",
        "lastDate": "2026-12-28",
        "message": "Die Frist für den Widerruf ist am 28. Dezember 2026 abgelaufen. Den "
        "Nutzungsvertrag können Sie trotzdem jederzeit beenden: Löschen Sie Ihr Benutzerkonto in "
        "den persönlichen Einstellungen.",
    }
    english = await _withdraw(portal, token, "en")
    assert english["message"].startswith("The time to withdraw ended on 28 December 2026.")
    assert await all_rows(portal) == before
    assert (await _ask(portal, token))["methods"] == ["TAN"]


async def test_F5_withdrawing_twice_is_refused(portal: Portal) -> None:
    token = await register(portal)
    await _withdraw(portal, token)
    assert (await _withdraw(portal, token))["__typename"] == "NotSignedIn"
    assert len(await mail_payloads(portal)) == 3
