"""People of the demo world who have yet to register, and the codes that their letters hold."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from backend import database
from backend.clock import BERLIN
from backend.demo.load import STARTS_AT
from backend.demo.personas import NEWCOMERS, THEO, WILMA
from backend.models.activation_codes import ActivationCode
from backend.models.customers import CustomerNumber
from backend.models.institutions import Institution
from backend.models.user_accounts import Locale
from backend.services.activation_codes import hash_code
from backend.services.letters import written_day
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from backend.house import House

_INSTITUTION = "sach"
# The sandbox shows them to everybody, and shows the same ones after a restart.
_CODES = {WILMA.key: "W11M-A000-DEM0-0010", THEO.key: "THE0-TAN0-DEM0-0011"}


class LetterToNewcomer(Value):
    """What came by post."""

    sender: str
    recipient: str
    subject: str
    text: str


async def issue_codes_to_newcomers(house: House) -> None:
    """Keep the codes of the letters, as `kundenportal activation-codes` would."""
    async with database.writing(house.sessions) as session:
        for newcomer in NEWCOMERS:
            number_id = await session.scalar(
                select(CustomerNumber.id)
                .join(Institution, Institution.id == CustomerNumber.institution_id)
                .where(
                    Institution.key == _INSTITUTION,
                    CustomerNumber.number == newcomer.numbers[_INSTITUTION],
                )
            )
            if number_id is None:
                raise LookupError(f"no feed brought {newcomer.key}")
            session.add(
                ActivationCode(
                    customer_number_id=number_id,
                    code_hash=hash_code(_CODES[newcomer.key]),
                    print_job=f"{_INSTITUTION}-sandbox",
                    attempts=0,
                    created_at=STARTS_AT,
                    expires_at=_expires_at(house),
                )
            )


def letters_to_newcomers(house: House) -> Sequence[LetterToNewcomer]:
    """Return the letters with the codes."""
    (sender,) = (one.name for one in house.group.institutions if one.key == _INSTITUTION)
    return [
        LetterToNewcomer(
            sender=sender,
            recipient=f"{newcomer.display_name}, {newcomer.street}, {newcomer.city}",
            subject=word("activation.subject", Locale.DE, group=house.group.name),
            text=word(
                "activation.body",
                Locale.DE,
                name=newcomer.display_name,
                group=house.group.name,
                institution=sender,
                url=house.settings.public_url,
                customer_number=newcomer.numbers[_INSTITUTION],
                code=_CODES[newcomer.key],
                until=written_day(_expires_at(house).astimezone(BERLIN).date(), Locale.DE),
                phone=house.group.contact_of(_INSTITUTION).phone,
            ),
        )
        for newcomer in NEWCOMERS
    ]


def _expires_at(house: House) -> datetime:
    days = house.policy.registration.activation_code_days.on(STARTS_AT.date())
    return STARTS_AT + timedelta(days=days)
