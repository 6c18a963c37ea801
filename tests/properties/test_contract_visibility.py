"""Who sees which contract (F39-F46): the predicate against an oracle without its code."""

from __future__ import annotations

import asyncio
import itertools
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, insert, select

from backend import database
from backend.clock import BERLIN
from backend.feeds.records import Salutation
from backend.models.contracts import (
    Contract,
    ContractKind,
    ContractOrigin,
    ContractStatus,
    Partner,
    PartyRole,
)
from backend.models.customers import Customer
from backend.models.documents import Document, DocumentDirection, DocumentKind
from backend.models.institutions import Institution, InstitutionKind
from backend.policy import load_policy
from backend.services import contracts, postbox
from backend.services.contract_visibility import visible_to_somebody
from tests.factories import CREATED
from tests.properties.visibility_oracle import Agreement, Party, shows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

    from backend.models.tables import Base

TODAY = date(2026, 11, 21)
POLICY = load_policy()
ANNA, JONAS = 1, 2
STARTS = (None, date(1990, 1, 1), TODAY, TODAY + timedelta(days=1), date(2027, 1, 1))


PARTIES = st.builds(
    Party,
    customer=st.sampled_from((ANNA, ANNA, JONAS, None)),
    role=st.sampled_from(PartyRole),
    salutation=st.sampled_from(Salutation),
    is_legal_entity=st.booleans(),
    birth_date=st.sampled_from((None, "1984-03-12", "1933")),
)
AGREEMENTS = st.builds(
    Agreement,
    kind=st.sampled_from(ContractKind),
    origin=st.sampled_from(ContractOrigin),
    start_date=st.sampled_from(STARTS)
    | st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3)),
    parties=st.lists(PARTIES, max_size=4).map(tuple),
)
WORLDS = st.lists(AGREEMENTS, min_size=1, max_size=6)


def test_F39_F46_lists_counts_filters_and_ids_show_what_the_rule_says(database_url: str) -> None:
    examples = 60 if database_url.startswith("sqlite") else 15
    with asyncio.Runner() as runner:
        engine = database.create_engine(database_url)
        runner.run(_populate(engine))

        @settings(
            max_examples=examples,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        )
        @given(world=WORLDS)
        def the_rule_holds(world: list[Agreement]) -> None:
            runner.run(_check(engine, world))

        the_rule_holds()
        runner.run(engine.dispose())


@pytest.mark.parametrize("kind", ContractKind)
def test_F39_F46_every_combination_of_one_party_shows_or_hides_by_the_rule(
    database_url: str, kind: ContractKind
) -> None:
    # PostgreSQL takes a share: the statement is the same.
    step = 1 if database_url.startswith("sqlite") else 7
    world = [
        Agreement(kind, origin, start, (Party(customer, role, salutation, legal, birth),))
        for origin, start, customer, role, salutation, legal, birth in itertools.product(
            ContractOrigin,
            STARTS[1:],
            (ANNA, JONAS, None),
            PartyRole,
            Salutation,
            (False, True),
            (None, "1984-03-12"),
        )
    ][::step]
    visible = sum(shows(agreement, ANNA, TODAY) for agreement in world)
    assert 0 < visible < len(world) / 20

    async def check() -> None:
        engine = database.create_engine(database_url)
        await _populate(engine)
        async with database.create_sessions(engine)() as session:
            ids = await _write(session, world)
            assert await _listed(session, ANNA) == _expected(world, ids, ANNA)
        await engine.dispose()

    asyncio.run(check())


async def _populate(engine: AsyncEngine) -> None:
    async with database.writing(database.create_sessions(engine)) as session:
        session.add(Institution(id=1, key="house", name="Haus", kind=InstitutionKind.INSURER))
        for customer_id in (ANNA, JONAS):
            session.add(
                Customer(
                    id=customer_id,
                    uid=str(customer_id),
                    given_name="G",
                    family_name="F",
                    created_at=CREATED,
                )
            )


async def _check(engine: AsyncEngine, world: list[Agreement]) -> None:
    async with database.create_sessions(engine)() as session:
        ids = await _write(session, world)
        for customer in (ANNA, JONAS):
            await _check_for(session, world, ids, customer)
        somebody = select(Contract.id).where(visible_to_somebody(today=TODAY, policy=POLICY))
        assert set(await session.scalars(somebody)) == set(
            _expected(world, ids, ANNA) + _expected(world, ids, JONAS)
        )
        await session.rollback()


async def _check_for(
    session: AsyncSession, world: list[Agreement], ids: list[int], customer: int
) -> None:
    scope: dict[str, Any] = {"customer_id": customer, "today": TODAY, "policy": POLICY}
    expected = _expected(world, ids, customer)
    assert await _listed(session, customer) == expected
    by_id = [
        contract_id
        for contract_id in ids
        if await contracts.find_contract(session, contract_id=contract_id, **scope)
    ]
    assert by_id == expected
    assert sorted(await contracts.load_visible_contracts(session, ids, **scope)) == expected
    savings = await contracts.list_savings_products(session, **scope)
    assert [product.id for product in savings] == [
        contract_id
        for contract_id, agreement in zip(ids, world, strict=True)
        if contract_id in expected and agreement.kind is not ContractKind.INSURANCE
    ]
    for kind in ContractKind:
        page = await contracts.list_contracts(session, kinds=[kind], first=1, **scope)
        of_kind = [
            contract_id
            for contract_id, agreement in zip(ids, world, strict=True)
            if contract_id in expected and agreement.kind is kind
        ]
        assert page.total_count == len(of_kind)
    for contract_id in ids:
        found = await contracts.list_contracts(
            session, search=f"number {contract_id}!", first=1, **scope
        )
        assert [row.id for row in found.nodes] == [contract_id] * (contract_id in expected)
        documents = await postbox.list_documents(
            session,
            customer_id=customer,
            now=datetime.combine(TODAY, datetime.min.time(), BERLIN),
            policy=POLICY,
            wanted=postbox.DocumentFilter(contract_id=contract_id),
            order=postbox.DocumentOrder.NEWEST_FIRST,
            first=1,
        )
        assert documents.total_count == (contract_id in expected)


def _expected(world: Sequence[Agreement], ids: Sequence[int], customer: int) -> list[int]:
    return [
        contract_id
        for contract_id, agreement in zip(ids, world, strict=True)
        if shows(agreement, customer, TODAY)
    ]


async def _listed(session: AsyncSession, customer: int) -> list[int]:
    """Page through the list; its count must agree."""
    listed: list[int] = []
    after = None
    while True:
        page = await contracts.list_contracts(
            session, customer_id=customer, today=TODAY, policy=POLICY, first=100, after=after
        )
        listed += [row.id for row in page.nodes]
        after = page.page_info.end_cursor
        if not page.has_next_page:
            assert page.total_count == len(listed)
            return listed


async def _write(session: AsyncSession, world: Sequence[Agreement]) -> list[int]:
    ids = list(range(1, len(world) + 1))
    await session.execute(
        insert(_table(Contract)),
        [_contract_row(row, agreement) for row, agreement in zip(ids, world, strict=True)],
    )
    parties = [
        {
            "contract_id": row,
            "customer_id": party.customer,
            "role": party.role,
            "sequence": sequence,
            "salutation": party.salutation,
            "is_legal_entity": party.is_legal_entity,
            "given_name": "G",
            "family_name": "F",
            "birth_date": party.birth_date,
        }
        for row, agreement in zip(ids, world, strict=True)
        for sequence, party in enumerate(agreement.parties)
    ]
    if parties:
        await session.execute(insert(_table(Partner)), parties)
    await session.execute(
        insert(_table(Document)),
        [_document_row(row, customer) for row in ids[:50] for customer in (ANNA, JONAS)],
    )
    return ids


def _table(model: type[Base]) -> Table:
    # As rows without a class: contracts here are of every kind.
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _contract_row(row: int, agreement: Agreement) -> dict[str, Any]:
    return {
        "id": row,
        "institution_id": 1,
        "kind": agreement.kind,
        "origin": agreement.origin,
        "number": f"number {row}!",
        "line_code": "",
        "status": ContractStatus.ACTIVE,
        "start_date": agreement.start_date,
        "created_at": CREATED,
        "updated_at": CREATED,
    }


def _document_row(row: int, customer: int) -> dict[str, Any]:
    name = f"{row} of {customer}"
    return {
        "institution_id": 1,
        "customer_id": customer,
        "contract_id": row,
        "external_id": name,
        "direction": DocumentDirection.INCOMING,
        "kind": DocumentKind.LETTER,
        "subject": name,
        "sender": "Haus",
        "document_date": date(2026, 1, 1),
        "received_at": CREATED,
        "is_official_decision": False,
        "media_type": "application/pdf",
        "size": 1,
        "sha256": "0" * 64,
        "file_name": "x.pdf",
        "object_key": f"documents/{name}",
        "key_owner": str(customer),
    }
