"""Where an institution writes to a customer: the address in the newest contract that has one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from backend.models.contracts import Contract, Partner
from backend.services.print_outbox import Addressee

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

_HOME = ("", "D", "DE")


class NumberedCustomer(NamedTuple):
    """A customer by the number under which one institution knows them; `id` is the number's."""

    id: int
    number: str
    customer_id: int
    given_name: str
    family_name: str
    birth_date: str | None


async def load_addressees_of(
    session: AsyncSession, institution_id: int, people: Sequence[NumberedCustomer]
) -> Mapping[int, Addressee]:
    """Return to whom letters go, by the customer number's id; who has no address is left out."""
    rows = await session.execute(
        select(
            Partner.customer_id,
            Partner.street,
            Partner.postal_code,
            Partner.city,
            Partner.country,
        )
        .join(Contract, Contract.id == Partner.contract_id)
        .where(
            Partner.customer_id.in_([one.customer_id for one in people]),
            Contract.institution_id == institution_id,
            Partner.street.is_not(None),
            Partner.postal_code.is_not(None),
            Partner.city.is_not(None),
        )
        .order_by(Partner.id)
    )
    places = {row[0]: row[1:] for row in rows}
    found = {}
    for one in people:
        if one.customer_id in places:
            street, postal_code, city, country = places[one.customer_id]
            name = f"{one.given_name} {one.family_name}".strip()
            found[one.id] = Addressee(
                one.number, name, street or "", postal_code or "", city or "", country or ""
            )
    return found


def recipient_of(to: Addressee) -> tuple[str, ...]:
    """Return the lines of an address as a letter shows them."""
    abroad = "" if to.country in _HOME else f"{to.country}-"
    return (to.name, to.street, f"{abroad}{to.postal_code} {to.city}")
