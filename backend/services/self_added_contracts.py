"""Contracts of other companies, added, changed and removed by their customer (F9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict
from sqlalchemy import bindparam, delete, func, select, update

from backend import database
from backend.clock import berlin_today
from backend.errors import ConflictError, InvalidInputError, NotFoundError, SelfAddedLimitError
from backend.models.customers import Customer
from backend.models.self_added_contracts import SelfAddedContract, SelfAddedDocument
from backend.services.answered_requests import keep_answer, take_request
from backend.services.contracts import next_instalment
from backend.services.self_added_documents import attach, drop_objects
from backend.services.self_added_input import problems_of, require_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.services.self_added_documents import SelfAddedHouse
    from backend.services.self_added_input import ContractFacts
    from backend.services.sessions import Viewer

CURRENCY = "EUR"

_LISTED = (
    select(SelfAddedContract)
    .where(SelfAddedContract.customer_id == bindparam("customer_id"))
    .order_by(SelfAddedContract.id)
)
_ONE = _LISTED.where(SelfAddedContract.id == bindparam("id"))


async def list_self_added_contracts(
    session: AsyncSession, *, customer_id: int
) -> Sequence[SelfAddedContract]:
    """Return what the customer added, in that order."""
    return (await session.scalars(_LISTED, {"customer_id": customer_id})).all()


async def find_self_added_contract(
    session: AsyncSession, *, customer_id: int, contract_id: int
) -> SelfAddedContract | None:
    """Return a self-added contract of the customer by id; else None."""
    values = {"customer_id": customer_id, "id": contract_id}
    return (await session.scalars(_ONE, values)).one_or_none()


async def add_self_added_contract(
    house: SelfAddedHouse,
    *,
    viewer: Viewer,
    facts: ContractFacts,
    upload_ids: Sequence[int],
    key: str,
) -> SelfAddedContract:
    """Add a contract of another company, once per key, with accepted files (F9).

    Raises:
        InvalidInputError: a fact can't be so, or a file is not accepted (yet).
        ConflictError: the key was used for something else.
        SelfAddedLimitError: there are as many as the policy allows.
        NotFoundError: it was added under this key and has been removed since.
    """
    _require(facts)
    require_key(key)
    async with database.writing(house.sessions) as session:
        answer_id = await take_request(
            session,
            customer_id=viewer.customer_id,
            key=key,
            payload=_payload_of(facts, upload_ids),
            clock=house.clock,
        )
        if answer_id is not None:
            return await _required(session, viewer, answer_id)
        await _require_room(session, house, viewer)
        now = house.clock.now()
        contract = SelfAddedContract(
            customer_id=viewer.customer_id,
            premium_currency=CURRENCY,
            version=1,
            created_at=now,
            updated_at=now,
            **_values_of(facts),
        )
        session.add(contract)
        await session.flush()
        await attach(session, house, contract, upload_ids)
        await keep_answer(session, customer_id=viewer.customer_id, key=key, answer_id=contract.id)
    return contract


async def change_self_added_contract(
    house: SelfAddedHouse,
    *,
    viewer: Viewer,
    contract_id: int,
    version: int,
    facts: ContractFacts,
    upload_ids: Sequence[int],
) -> SelfAddedContract:
    """Describe a self-added contract anew and add files to it (F9).

    Raises:
        NotFoundError: the viewer added no such contract.
        ConflictError: it was changed since the viewer saw its `version`.
        InvalidInputError, SelfAddedLimitError: as when it is added.
    """
    _require(facts)
    async with database.writing(house.sessions) as session:
        await _required(session, viewer, contract_id)
        changed = (
            await session.scalars(
                update(SelfAddedContract)
                .where(SelfAddedContract.id == contract_id, SelfAddedContract.version == version)
                .values(version=version + 1, updated_at=house.clock.now(), **_values_of(facts))
                .returning(SelfAddedContract)
                .execution_options(synchronize_session=False, populate_existing=True)
            )
        ).one_or_none()
        if changed is None:
            raise ConflictError
        await attach(session, house, changed, upload_ids)
    return changed


async def remove_self_added_contract(
    house: SelfAddedHouse, *, viewer: Viewer, contract_id: int
) -> None:
    """Remove a self-added contract with its files, ciphertext included (F9).

    Raises:
        NotFoundError: the viewer added no such contract.
    """
    async with database.writing(house.sessions) as session:
        await _required(session, viewer, contract_id)
        gone = await session.scalars(
            delete(SelfAddedDocument)
            .where(SelfAddedDocument.added_contract_id == contract_id)
            .returning(SelfAddedDocument.object_key)
            .execution_options(synchronize_session=False)
        )
        object_keys = gone.all()
        await session.execute(
            delete(SelfAddedContract)
            .where(SelfAddedContract.id == contract_id)
            .execution_options(synchronize_session=False)
        )
    await drop_objects(house, object_keys)


def next_due_date(contract: SelfAddedContract, *, today: date) -> date | None:
    """Return the day of the next instalment, today included; None where none is to come."""
    return next_instalment(
        contract.main_due_date,
        contract.payment_frequency,
        until=contract.end_date,
        today=today,
    )


async def lock_customer(session: AsyncSession, customer_id: int) -> None:
    """Let own additions of one customer wait for each other, so that counts hold."""
    customer = select(Customer.id).where(Customer.id == customer_id)
    # Beside those who only refer to the customer, as every writer has done by now with its key: if
    # they kept each other out, two of them would wait for each other forever.
    await session.execute(customer.with_for_update(key_share=True))


async def _require_room(session: AsyncSession, house: SelfAddedHouse, viewer: Viewer) -> None:
    await lock_customer(session, viewer.customer_id)
    known = await session.scalar(
        select(func.count(SelfAddedContract.id)).where(
            SelfAddedContract.customer_id == viewer.customer_id
        )
    )
    most = house.policy.self_added.contracts.on(berlin_today(house.clock))
    if (known or 0) >= most:
        raise SelfAddedLimitError("contracts", most)


async def _required(session: AsyncSession, viewer: Viewer, contract_id: int) -> SelfAddedContract:
    contract = await find_self_added_contract(
        session, customer_id=viewer.customer_id, contract_id=contract_id
    )
    if contract is None:
        raise NotFoundError
    return contract


def _require(facts: ContractFacts) -> None:
    problems = tuple(problems_of(facts))
    if problems:
        raise InvalidInputError(*problems)


def _values_of(facts: ContractFacts) -> dict[str, object]:
    return {
        "line_of_business": facts.line_of_business,
        "company": facts.company.strip(),
        "number": facts.number.strip() or None,
        "premium_amount": facts.premium,
        "payment_frequency": facts.payment_frequency,
        "main_due_date": facts.main_due_date,
        "start_date": facts.start_date,
        "end_date": facts.end_date,
    }


def _payload_of(facts: ContractFacts, upload_ids: Sequence[int]) -> dict[str, object]:
    told = {name: str(value) for name, value in asdict(facts).items()}
    return told | {"documents": list(upload_ids)}
