"""Customers: joining what several institutions know of one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from backend.errors import NotFoundError
from backend.models.customers import Customer, CustomerNumber, FormerCustomer
from backend.models.institutions import Institution
from backend.models.tables import Base
from backend.models.user_accounts import UserAccount
from backend.services.document_index import forget_words

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

_REFERENCES = [
    column
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if any(key.column.table.name == Customer.__tablename__ for key in column.foreign_keys)
]


async def find_by_number(
    session: AsyncSession, *, institution_key: str, number: str
) -> Customer | None:
    """Return the customer whom an institution knows by a number."""
    return (
        await session.scalars(
            select(Customer)
            .join(CustomerNumber, CustomerNumber.customer_id == Customer.id)
            .join(Institution, Institution.id == CustomerNumber.institution_id)
            .where(Institution.key == institution_key, CustomerNumber.number == number)
        )
    ).one_or_none()


async def load_customer(session: AsyncSession, customer_id: int) -> Customer:
    """Return the customer of a user account."""
    return (await session.scalars(select(Customer).where(Customer.id == customer_id))).one()


def is_birth_date(known: str | None, given: date) -> bool:
    """Tell whether somebody was born that day as far as is known ("1933", "1958-12").

    Of whom nothing is known, nothing can be compared.
    """
    return known is not None and bool(known) and given.isoformat().startswith(known)


async def link_customer_number(
    session: AsyncSession, *, customer_id: int, institution_key: str, number: str
) -> None:
    """Give a customer what an institution holds under a number: contracts, accounts and post.

    The caller has proof that both are one person; an equal name and birth date is none. The
    person known so far under the number must not have a user account of their own.

    Raises:
        NotFoundError: the number is unknown, or belongs to somebody who signs in already.
    """
    known = await find_by_number(session, institution_key=institution_key, number=number)
    if known is None:
        raise NotFoundError
    if known.id == customer_id:
        return
    taken = await session.scalar(select(UserAccount.id).where(UserAccount.customer_id == known.id))
    if taken is not None:
        raise NotFoundError
    await forget_words(session, customer_id=known.id)
    for column in _REFERENCES:
        await session.execute(
            update(column.table).where(column == known.id).values({column.name: customer_id})
        )
    # The old keyset stays: documents name it as their key's owner. Nothing else of the row does.
    session.add(FormerCustomer(customer_id=customer_id, uid=known.uid))
    await session.execute(delete(Customer).where(Customer.id == known.id))
