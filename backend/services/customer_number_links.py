"""Linking a customer number: number, birth date and the code of a letter prove it together."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from backend import database
from backend.clock import berlin_today
from backend.errors import CustomerNumberRefusedError, NotFoundError
from backend.models.activation_codes import ActivationCode
from backend.models.customers import Customer, CustomerNumber
from backend.models.institutions import Institution
from backend.models.receipts import ReceiptKind
from backend.models.security_events import SecurityEventKind
from backend.services import customers, outbox
from backend.services.activation_codes import is_code, is_open
from backend.services.attempts import Limit, count_attempts
from backend.services.receipts import Submission, issue_receipt
from backend.services.security_events import record_event
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.receipts import Receipt
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse


class CustomerNumberProof(Value):
    """What a customer types from the letter; `institution_id` is 0 for none that exists."""

    institution_id: int
    customer_number: str
    birth_date: date
    activation_code: str


class CustomerNumberLinked(Value):
    """What the institution holds under the number is the viewer's now, and the receipt of it."""

    institution: Institution
    receipt: Receipt


async def link_customer_number(
    house: SignInHouse, *, viewer: Viewer, proof: CustomerNumberProof
) -> CustomerNumberLinked:
    """Give the viewer what an institution holds under a number (F1).

    Name and birth date alone never match anybody; the code was sent to the address that the
    institution has. The birth date must be the one on file and the one of the user account, so
    that nobody collects somebody else's contracts. Five attempts per code, counted before
    anything is compared; unknown number, wrong birth date and wrong code answer alike.

    Raises:
        CustomerNumberRefusedError: they don't belong together, or somebody has linked the number.
        TooManyAttemptsError: this user account tried too often.
    """
    async with database.reading(house.sessions) as session:
        institution = await session.get(Institution, proof.institution_id)
    if institution is None:
        raise CustomerNumberRefusedError
    code = await _count_attempt(house, viewer, proof)
    async with database.writing(house.sessions) as session:
        if not await _use_up(session, house, code):
            raise CustomerNumberRefusedError
        try:
            await customers.link_customer_number(
                session,
                customer_id=viewer.customer_id,
                institution_key=institution.key,
                number=proof.customer_number.strip(),
            )
        except NotFoundError as error:
            raise CustomerNumberRefusedError from error
        await _tell(session, house, viewer, institution)
        receipt = await _issue_receipt(session, house, viewer, institution, proof)
    return CustomerNumberLinked(institution, receipt)


async def _count_attempt(
    house: SignInHouse, viewer: Viewer, proof: CustomerNumberProof
) -> ActivationCode:
    """Count an attempt at the code of a number and return the code if all fits.

    The count outlives the refusal. One transaction writes in any case, so that an unknown number
    costs the same.
    """
    attempts = house.policy.registration.activation_code_attempts.on(berlin_today(house.clock))
    number = select(CustomerNumber.id).where(
        CustomerNumber.institution_id == proof.institution_id,
        CustomerNumber.number == proof.customer_number.strip(),
    )
    counting = (
        update(ActivationCode)
        .where(
            ActivationCode.customer_number_id.in_(number),
            *is_open(attempts=attempts, clock=house.clock),
        )
        .values(attempts=ActivationCode.attempts + 1)
        .returning(ActivationCode)
        .execution_options(synchronize_session=False)
    )
    people = (
        select(Customer.birth_date)
        .join(CustomerNumber, CustomerNumber.customer_id == Customer.id)
        .where(CustomerNumber.id.in_(number))
        .union_all(select(Customer.birth_date).where(Customer.id == viewer.customer_id))
    )
    async with database.writing(house.sessions) as session:
        await count_attempts(session, *_limits(house, viewer), clock=house.clock)
        codes = (await session.scalars(counting)).all()
        birth_dates = (await session.scalars(people)).all()
    fitting = [code for code in codes if is_code(code.code_hash, proof.activation_code)]
    # Two people: the one on file and the viewer.
    is_one_person = len(birth_dates) == 2 and all(  # noqa: PLR2004
        customers.is_birth_date(known, proof.birth_date) for known in birth_dates
    )
    if not (fitting and is_one_person):
        raise CustomerNumberRefusedError
    return fitting[0]


async def _use_up(session: AsyncSession, house: SignInHouse, code: ActivationCode) -> bool:
    """Mark a code as used; False if another request was faster."""
    used = await session.scalar(
        update(ActivationCode)
        .where(ActivationCode.id == code.id, ActivationCode.used_at.is_(None))
        .values(used_at=house.clock.now())
        .returning(ActivationCode.id)
        .execution_options(synchronize_session=False)
    )
    return used is not None


async def _tell(
    session: AsyncSession, house: SignInHouse, viewer: Viewer, institution: Institution
) -> None:
    record_event(
        session,
        SecurityEventKind.CUSTOMER_NUMBER_LINKED,
        user_account_id=viewer.id,
        clock=house.clock,
        detail=institution.name,
    )
    await outbox.enqueue_worded_mail(
        session,
        house.outbox,
        "customer_number_linked",
        email_address=viewer.email_address,
        locale=viewer.locale,
    )


async def _issue_receipt(
    session: AsyncSession,
    house: SignInHouse,
    viewer: Viewer,
    institution: Institution,
    proof: CustomerNumberProof,
) -> Receipt:
    """Issue the receipt (M1); the code is a secret and not part of it."""
    number = proof.customer_number.strip()
    subject = word(
        "receipt.customer_number_link", viewer.locale, number=number, institution=institution.name
    )
    return await issue_receipt(
        session,
        house,
        kind=ReceiptKind.CUSTOMER_NUMBER_LINK,
        customer_id=viewer.customer_id,
        submission=Submission.of_values(
            subject,
            {
                "birthDate": proof.birth_date.isoformat(),
                "customerNumber": number,
                "institution": institution.key,
            },
        ),
    )


def _limits(house: SignInHouse, viewer: Viewer) -> tuple[Limit, Limit]:
    rules = house.policy.registration
    today = berlin_today(house.clock)
    account = str(viewer.id)
    hourly = rules.links_per_account_per_hour.on(today)
    daily = rules.links_per_account_per_day.on(today)
    return (
        Limit("customer_number", account, hourly, timedelta(hours=1)),
        Limit("customer_number", account, daily, timedelta(days=1)),
    )
