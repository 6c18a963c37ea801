"""Nobody reads what is another's: every place for an id of the schema, with every foreign id."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from backend.ids import decode_any_id, encode_id
from backend.models.sign_in import AttemptCounter
from backend.paging import LARGEST_PAGE
from backend.resolvers.nodes import FINDERS
from tests import factories, schema_walk
from tests.security import canary_world
from tests.security.canary_world import CANARY
from tests.sqlite_only import database_url  # noqa: F401

if TYPE_CHECKING:
    import httpx
    import pytest

    from tests.portal import Portal

ABSENT_ROW = 10**12
# Rows looked for by id, in the owner's name; the world holds fewer of each kind.
ROWS = range(1, 120)
# What its owner alone finds, in lists only: no `node` shows it.
LISTED_ONLY = {"Approval", "PushSubscription", "UserSession"}
# An activation code, a password, the secret of a recovery or a sealed file has to come with the id;
# or it names institutions, which are nobody's.
NOT_BY_ID_ALONE = (
    "institution.id)",
    "signInWithPassword(device.id)",
    "chooseRecoveryPassword(device.id)",
    "recoverWithDevice(device.id)",
    "submitClaim(contract.id)",
    "submitClaim(key.id)",
    # Files come with the contract that they are added to.
    "changeSelfAddedContract(documents.list)",
    "changePersonalDetails(evidence.list)",
    "personalDetailsReview(list)",
)
# A few attempts would hide what the answers to others differ in.
THROTTLED = ("signInWithPassword(device.id)", "recoverWithDevice(device.id)")
# Ends with its session, which other places end.
FIRST = "unsubscribeFromPush(subscription.id)"
NODE = "query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }"
URL = re.compile(r"^/[a-z]")


@dataclass
class World:
    """Two customers who share nothing: Anna looks, everything of Bea carries a canary."""

    portal: Portal
    anna: str
    stranger: str
    bea: str
    foreign_ids: dict[str, str] = field(default_factory=dict)
    foreign_urls: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def roles(self) -> dict[str, str | None]:
        """Everybody who is not Bea, by bearer token."""
        return {"anna": self.anna, "stranger": self.stranger, "nobody": None}


async def _open_world(portal: Portal) -> World:
    async with portal.transaction() as session:
        first = await factories.customer(session)
        anna = await factories.user_account(session, first)
        await factories.insurance_contract(session, first)
        stranger = await factories.user_account(
            session, await factories.customer(session, "Sven", "Fremd")
        )
    async with portal.transaction() as session:
        owner = await factories.customer(session, "Bea", "Beispiel")
        bea = await canary_world.plant(session, portal.house, owner)
    world = World(
        portal,
        anna=await portal.sign_in(anna),
        stranger=await portal.sign_in(stranger),
        bea=await portal.sign_in(bea),
    )
    await portal.sign_in(bea)
    await _ask_for_an_approval(world)
    await _collect(world)
    return world


async def _ask_for_an_approval(world: World) -> None:
    data = await world.portal.execute("{ viewer { passkeys { id } } }", token=world.bea)
    passkey = {"id": data["viewer"]["passkeys"][0]["id"]}
    asked = await world.portal.execute(
        "mutation ($id: ID!) { removePasskey(input: {passkey: $id}) { __typename } }",
        passkey,
        token=world.bea,
    )
    assert asked == {"removePasskey": {"__typename": "ApprovalRequired"}}


async def _collect(world: World) -> None:
    """Find every id and address that Bea can use and nobody can without signing in."""
    listed: set[str] = set()
    for document in schema_walk.inventory_documents():
        data = await world.portal.execute(document, token=world.bea)
        world.foreign_urls |= {text for text in _texts(data) if URL.match(text)}
        listed |= set(schema_walk.texts_of(data, "id"))
    guessed = [encode_id(kind, row) for kind in FINDERS for row in ROWS]
    candidates = sorted(listed.union(guessed))
    for start in range(0, len(candidates), LARGEST_PAGE):
        ids = {"ids": candidates[start : start + LARGEST_PAGE]}
        public = await world.portal.execute(NODE, ids)
        hers = await world.portal.execute(NODE, ids, token=world.bea)
        for node, everybodys in zip(hers["nodes"], public["nodes"], strict=True):
            if node is not None and everybodys is None:
                world.foreign_ids[node["id"]] = node["__typename"]
    for text in listed:
        kind, _ = decode_any_id(text)
        if kind in LISTED_ONLY:
            world.foreign_ids[text] = kind
    # An address that names nothing answers everybody with their own, such as the export.
    world.foreign_urls = {url for url in world.foreign_urls if _ids_in(url) & listed}


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


def _ids_in(url: str) -> set[str]:
    return set(re.split(r"[/?=&]", url))


def _absent(text: str) -> str:
    kind, _ = decode_any_id(text)
    return encode_id(kind, ABSENT_ROW)


def _shown(response: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    content = re.sub(rb'"requestId":"[0-9a-f]+"', b"", response.content)
    headers = sorted((name, value) for name, value in response.headers.items() if name != "date")
    return response.status_code, content, headers


async def test_every_foreign_id_answers_like_an_absent_one(
    portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    world = await _open_world(portal)
    sites = schema_walk.id_sites()
    for role, token in world.roles.items():
        for site in sites:
            absent: dict[str, Any] = {}
            for text in world.foreign_ids:
                other = _absent(text)
                if other not in absent:
                    absent[other] = await _ask(world, site, other, token)
                answer = await _ask(world, site, text, token)
                assert CANARY.encode() not in answer[1], (role, site.name, answer[1])
                assert answer == absent[other], (role, site.name, text)
        await _ask_addresses(world, token)
    counted = (
        f"{world.counts['requests']} requests: {len(sites)} places for an id, "
        f"{len(world.foreign_ids)} foreign ids, {len(world.roles)} roles, "
        f"{world.counts['addresses']} of them to addresses; 0 foreign canaries"
    )
    with capsys.disabled():
        print(f"\n{counted}")  # noqa: T201
    assert world.counts["requests"] >= 2000
    assert world.counts["addresses"] >= 48


async def _ask(
    world: World, site: schema_walk.Site, text: str, token: str | None
) -> tuple[int, bytes, list[tuple[str, str]]]:
    world.counts["requests"] += 1
    if site.name.endswith(THROTTLED):
        async with world.portal.transaction() as session:
            await session.execute(delete(AttemptCounter))
    answer = _shown(await world.portal.post(site.document, site.variables(text), token=token))
    assert b'"INTERNAL"' not in answer[1], (site.name, answer[1])
    return answer


async def _ask_addresses(world: World, token: str | None) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    for address in world.foreign_urls:
        text = next(part for part in _ids_in(address) if part in world.foreign_ids)
        answers = [
            _shown(await world.portal.client.get(url, headers=headers))
            for url in (address, address.replace(text, _absent(text)))
        ]
        world.counts["requests"] += 2
        world.counts["addresses"] += 2
        assert CANARY.encode() not in answers[0][1]
        assert answers[0] == answers[1]
        assert answers[0][0] in (401, 404)


async def test_the_owner_reads_the_canaries_at_the_same_places(portal: Portal) -> None:
    """Without this, the other tests would pass with an empty world."""
    world = await _open_world(portal)
    kinds = schema_walk.node_types() - {"Form", "Institution"} | LISTED_ONLY
    assert set(world.foreign_ids.values()) == kinds
    seen: set[str] = set()
    for document in schema_walk.inventory_documents():
        data = await portal.execute(document, token=world.bea)
        seen |= {text.rpartition("-")[0] for text in _texts(data) if text.startswith(CANARY)}
    assert len(seen) >= 30
    one_of_each = {kind: text for text, kind in sorted(world.foreign_ids.items())}
    one_of_each["UserSession"] = await _other_session(world)
    # A file serves only what it was sent for.
    uploads = [text for text, kind in world.foreign_ids.items() if kind == "Upload"]
    for site in sorted(schema_walk.id_sites(), key=lambda one: not one.name.endswith(FIRST)):
        usable = 0
        for text in (*one_of_each.values(), *uploads):
            # First what changes nothing: a subscription can be ended once only.
            absent = await _ask(world, site, _absent(text), world.bea)
            usable += absent != await _ask(world, site, text, world.bea)
        assert usable > 0 or site.name.endswith(NOT_BY_ID_ALONE), site.name
    contents = [
        (await portal.client.get(url, headers={"Authorization": f"Bearer {world.bea}"})).content
        for url in world.foreign_urls
    ]
    assert sum(CANARY.encode() in content for content in contents) >= 5


async def _other_session(world: World) -> str:
    """Return the session of Bea that may end without ending the test."""
    data = await world.portal.execute("{ viewer { sessions { id isCurrent } } }", token=world.bea)
    (other,) = (one["id"] for one in data["viewer"]["sessions"] if not one["isCurrent"])
    found: str = other
    return found


async def test_lists_of_others_hold_no_canary(portal: Portal) -> None:
    world = await _open_world(portal)
    for role, token in world.roles.items():
        for document in schema_walk.inventory_documents():
            response = await portal.post(document, token=token)
            assert response.status_code == 200, response.text
            assert CANARY not in response.text, (role, document)
            assert "errors" not in response.json()


def test_every_kind_of_node_has_a_finder() -> None:
    kinds = schema_walk.node_types()
    concrete = {"InsuranceContract", "SavingsAccount", "FixedTermDeposit"}
    # Transactions lie in two tables.
    assert set(FINDERS) == kinds - concrete | {"Contract", "SelfAddedTransaction"}
