"""Random histories of a customer: "Daten löschen" takes own additions only (F10 F11)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from sqlalchemy import delete

from backend.ids import encode_id
from backend.models.consents import ConsentPurpose
from backend.models.customers import Customer, CustomerNumber
from backend.models.sign_in import AttemptCounter
from backend.services.consent_texts import name_of, text_in_force
from tests import factories
from tests.adding import (
    DELETE,
    add_bank_file,
    add_contract,
    camt,
    change_contract,
    own_accounts,
    own_additions,
    send_file,
    send_statement,
)
from tests.leaving import all_rows
from tests.properties.histories import live_histories
from tests.services import feed_files as feeds

if TYPE_CHECKING:
    from pathlib import Path

    from backend.clock import StoppedClock
    from backend.models.user_accounts import UserAccount
    from tests.portal import Portal

IBANS = (feeds.IBAN, feeds.OTHER_IBAN)
STEPS = st.lists(
    st.sampled_from(
        (
            "add",
            "add with a file",
            "change",
            "remove",
            "send a file and leave it",
            "add an account",
            "continue the account",
            "remove an account",
            "send a statement and leave it",
            "choose paper",
            "choose postbox",
            "consent by phone",
            "withdraw by phone",
            "consent by email",
            "get a contract of the house",
            "get a letter",
            "sign in again",
        )
    ),
    min_size=1,
    max_size=12,
)
REMOVE_ACCOUNT = """mutation ($id: ID!) { removeSelfAddedAccount(input: {account: $id}) {
  __typename } }"""
REMOVE = """mutation ($id: ID!) { removeSelfAddedContract(input: {contract: $id}) {
  __typename } }"""
SETTINGS = """{ viewer { displayName emailAddress consents { id purpose state }
  deliveryPreferences { institution { id } channel } contracts { totalCount nodes { id } }
  savingsAccounts { id } postbox { documents { ... on DocumentConnection { totalCount } } } } }"""
CHOOSE = """mutation ($input: ChooseDeliveryChannelInput!) { chooseDeliveryChannel(input: $input) {
  __typename } }"""
GRANT = "mutation ($input: GrantConsentInput!) { grantConsent(input: $input) { __typename } }"
WITHDRAW = """mutation ($input: WithdrawConsentInput!) { withdrawConsent(input: $input) {
  __typename } }"""


@dataclass
class Living:
    """One customer, step by step, through the same door as everybody."""

    portal: Portal
    account: UserAccount
    token: str
    institution_id: str
    added: list[dict[str, Any]] = field(default_factory=list)
    # By IBAN, each with the day until which it is known.
    accounts: dict[str, tuple[str, date]] = field(default_factory=dict)

    async def step(self, name: str) -> None:
        portal, token = self.portal, self.token
        match name:
            case "add":
                self.added.append(await add_contract(portal, token))
            case "add with a file":
                file = await send_file(portal, token)
                self.added.append(await add_contract(portal, token, documents=[file]))
            case "change" if self.added:
                self.added[-1] = await change_contract(
                    portal, token, self.added[-1], facts={"company": "VHV"}
                )
                assert self.added[-1]["company"] == "VHV"
            case "remove" if self.added:
                await portal.execute(REMOVE, {"id": self.added.pop()["id"]}, token=token)
            case "send a file and leave it":
                await send_file(portal, token)
            case "send a statement and leave it":
                await send_statement(portal, token, _statement(IBANS[0], date(2026, 11, 20)))
            case "add an account" | "continue the account" | "remove an account":
                await self._bank(name.partition(" ")[0])
            case "sign in again":
                self.token = await portal.sign_in(self.account)
            case _:
                await self._decide(name)

    async def _bank(self, verb: str) -> None:
        portal, token = self.portal, self.token
        free = [iban for iban in IBANS if iban not in self.accounts]
        match verb:
            case "add" if free:
                await self._take_over(free[0], date(2026, 11, 20))
            case "continue" if self.accounts:
                iban, (_, until) = next(iter(self.accounts.items()))
                await self._take_over(iban, until + timedelta(days=1))
            case "remove" if self.accounts:
                _, (account, _) = self.accounts.popitem()
                data = await portal.execute(REMOVE_ACCOUNT, {"id": account}, token=token)
                assert data["removeSelfAddedAccount"]["__typename"] == "SelfAddedData"

    async def _take_over(self, iban: str, day: date) -> None:
        result = await add_bank_file(self.portal, self.token, _statement(iban, day))
        [brought] = result["accounts"]
        assert (brought["addedCount"], brought["knownCount"]) == (1, 0)
        self.accounts[iban] = (brought["account"]["id"], day)

    async def _decide(self, name: str) -> None:
        match name.split(" "):
            case ["choose", channel]:
                given = {"institution": self.institution_id, "channel": channel.upper()}
                data = await self.portal.execute(CHOOSE, {"input": given}, token=self.token)
                assert data["chooseDeliveryChannel"]["__typename"] == "DeliveryPreference"
            case [verb, "by", way]:
                await self._consent(verb, way)
            case ["get", "a", thing, *_]:
                async with self.portal.transaction() as session:
                    owner = await session.get_one(Customer, self.account.customer_id)
                    if thing == "contract":
                        await factories.insurance_contract(session, owner)
                    else:
                        now = self.portal.clock.now()
                        await factories.document(session, owner, now)

    async def _consent(self, verb: str, way: str) -> None:
        purpose = ConsentPurpose[f"PRODUCT_INFORMATION_BY_{way.upper()}"]
        seen = await self.portal.execute(SETTINGS, token=self.token)
        (consent,) = (
            one["id"] for one in seen["viewer"]["consents"] if one["purpose"] == purpose.name
        )
        if verb == "withdraw":
            given = {"consent": consent}
            await self.portal.execute(WITHDRAW, {"input": given}, token=self.token)
            return
        day = self.portal.clock.now().date()
        text = text_in_force(self.portal.house, name_of(purpose), self.account.locale, day=day)
        given = {"consent": consent, "text": text.sha256}
        data = await self.portal.execute(GRANT, {"input": given}, token=self.token)
        assert data["grantConsent"]["__typename"] == "Consent"


def _statement(iban: str, day: date) -> bytes:
    head = feeds.statement(day, number=day.toordinal(), closing="1.00", iban=iban)
    return camt((head, [feeds.entry("1.00", "Zinsen", day)]))


async def _customer(portal: Portal) -> Living:
    async with portal.transaction() as session:
        # Hundreds of customers of one test would meet limits meant for one client.
        await session.execute(delete(AttemptCounter))
        person = await factories.customer(session)
        account = await factories.user_account(session, person)
        institution = await factories.institution(session)
        number = CustomerNumber(
            institution_id=institution.id, number=str(person.id), customer_id=person.id
        )
        session.add(number)
    token = await portal.sign_in(account)
    return Living(portal, account, token, encode_id("Institution", institution.id))


async def _live(portal: Portal, steps: list[str]) -> None:
    portal.clock.travel_to(portal.clock.now() + timedelta(minutes=1))
    one, neighbour = await _customer(portal), await _customer(portal)
    await neighbour.step("add with a file")
    await neighbour.step("add an account")
    for step in steps:
        await one.step(step)
    settings_before = await portal.execute(SETTINGS, token=one.token)
    rows_before = await all_rows(portal)
    objects_before = {info.key async for info in portal.house.objects.list()}

    deleted = (await portal.execute(DELETE, token=one.token))["deleteSelfAddedData"]
    assert deleted == {
        "__typename": "SelfAddedData",
        "contractCount": 0,
        "documentCount": 0,
        "accountCount": 0,
        "transactionCount": 0,
        "contracts": [],
        "accounts": [],
    }

    rows_after = await all_rows(portal)
    theirs = {
        row["id"]
        for row in rows_before["self_added_contract"]
        if row["customer_id"] == one.account.customer_id
    }
    assert len(theirs) == len(one.added)
    accounts = {
        row["id"]
        for row in rows_before["self_added_account"]
        if row["customer_id"] == one.account.customer_id
    }
    assert len(accounts) == len(one.accounts)
    gone_keys: set[str] = set()
    for table, rows in rows_before.items():
        stays = [row for row in rows if not _goes(table, row, one, theirs, accounts)]
        gone_keys |= {
            row["object_key"] for row in rows if row not in stays and row.get("object_key")
        }
        assert _said(table, rows_after[table]) == _said(table, stays), table
    objects_after = {info.key async for info in portal.house.objects.list()}
    assert objects_after == objects_before - gone_keys

    # F11: after the next sign-in only the contracts of the house show.
    again = await portal.sign_in(one.account)
    assert await portal.execute(SETTINGS, token=again) == settings_before
    left = await own_additions(portal, again)
    assert (left["contracts"], left["documentCount"]) == ([], 0)
    assert (await own_accounts(portal, again))["accounts"] == []
    assert (await own_additions(portal, neighbour.token))["contractCount"] == 1
    assert (await own_accounts(portal, neighbour.token))["transactionCount"] == 1


def _goes(
    table: str, row: dict[str, Any], one: Living, contracts: set[int], accounts: set[int]
) -> bool:
    match table:
        case "self_added_account":
            return row["id"] in accounts
        case "self_added_statement" | "self_added_transaction":
            return row["added_account_id"] in accounts
        case "self_added_contract":
            return row["id"] in contracts
        case "self_added_document":
            return row["added_contract_id"] in contracts
        case "upload":
            return bool(row["customer_id"] == one.account.customer_id)
    return False


def _said(table: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out when a session was last seen: every request writes that."""
    if table != "user_session":
        return rows
    return [{name: value for name, value in row.items() if name != "last_seen_at"} for row in rows]


def test_F10_F11_deleting_takes_own_additions_and_leaves_account_delivery_and_consents(
    database_url: str, tmp_path: Path, clock: StoppedClock
) -> None:
    live_histories(
        _live, STEPS, examples=15, database_url=database_url, folder=tmp_path, clock=clock
    )
