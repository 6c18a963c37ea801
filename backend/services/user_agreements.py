"""Concluding the user agreement: the user account it opens, and what is kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy.exc import IntegrityError

from backend.clock import BERLIN, berlin_today
from backend.errors import RegistrationRefusedError
from backend.models.customers import Customer
from backend.models.outbox import OutboxTopic
from backend.models.security_events import SecurityEventKind
from backend.models.terms import AcceptedTerms, TermsKind
from backend.models.user_accounts import UserAccount
from backend.services import outbox
from backend.services.letters import written_day
from backend.services.phone_numbers import masked_number
from backend.services.security_events import record_event
from backend.services.terms import find_accepted
from backend.services.withdrawal_period import last_day_to_withdraw
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.registrations import Registration
    from backend.services.sign_in_house import SignInHouse
    from backend.services.terms import TermsOfUse


async def conclude(
    session: AsyncSession, house: SignInHouse, registration: Registration
) -> UserAccount:
    """Open the user account of a registration whose address and phone are proved (F1-F4).

    It holds nothing: a new customer whom no institution knows; name and birth date alone never
    match anybody. The confirmation goes out by mail and follows into the postbox as a PDF with
    both texts in full, made outside of this transaction.

    Raises:
        RegistrationRefusedError: somebody has the address, or an accepted text was replaced.
    """
    accepted = _accepted(house, registration)
    customer, account = await _open_account(session, house, registration)
    for terms in accepted:
        session.add(
            AcceptedTerms(
                user_account_id=account.id,
                kind=terms.kind,
                version=terms.version,
                locale=terms.locale,
                sha256=terms.sha256,
                accepted_at=registration.created_at,
            )
        )
    record_event(
        session, SecurityEventKind.REGISTERED, user_account_id=account.id, clock=house.clock
    )
    await outbox.enqueue_worded_mail(
        session,
        house.outbox,
        "registered",
        email_address=account.email_address,
        locale=account.locale,
        days=house.policy.agreement.withdrawal_days.on(berlin_today(house.clock)),
        email=house.group.customer_service.email,
    )
    agreed = _agreed(house, customer, account, accepted)
    await outbox.enqueue(session, house.outbox, OutboxTopic.AGREEMENT, agreed)
    return account


async def _open_account(
    session: AsyncSession, house: SignInHouse, registration: Registration
) -> tuple[Customer, UserAccount]:
    now = house.clock.now()
    customer = Customer(
        uid=uuid4().hex,
        given_name=registration.given_name,
        family_name=registration.family_name,
        birth_date=registration.birth_date,
        created_at=now,
    )
    session.add(customer)
    await session.flush()
    account = UserAccount(
        customer_id=customer.id,
        email_address=registration.email_address,
        password_hash=registration.password_hash,
        phone_number=registration.phone_number,
        locale=registration.locale,
        created_at=now,
    )
    session.add(account)
    try:
        await session.flush()
    except IntegrityError as error:
        raise RegistrationRefusedError from error
    return customer, account


def _accepted(house: SignInHouse, registration: Registration) -> Sequence[TermsOfUse]:
    given = {
        TermsKind.PORTAL: registration.portal_terms_sha256,
        TermsKind.POSTBOX: registration.postbox_terms_sha256,
    }
    day = registration.created_at.astimezone(BERLIN).date()
    accepted = []
    for kind, sha256 in given.items():
        terms = find_accepted(house, sha256, kind, day=day)
        if terms is None:
            raise RegistrationRefusedError
        accepted.append(terms)
    return accepted


def _agreed(
    house: SignInHouse, customer: Customer, account: UserAccount, accepted: Sequence[TermsOfUse]
) -> dict[str, str]:
    """Everything the confirmation says, as it is now: later changes don't get into it."""
    locale = account.locale
    concluded_at = account.created_at.astimezone(BERLIN)
    service = house.group.customer_service
    portal, postbox = accepted
    body = word(
        "agreement.body",
        locale,
        name=customer.display_name,
        day=written_day(concluded_at.date(), locale),
        time=f"{concluded_at:%H:%M}",
        group=house.group.name,
        operator=house.group.operating_institution.name,
        email_address=account.email_address,
        phone_number=masked_number(account.phone_number),
        portal_title=portal.title,
        portal_version=portal.version,
        portal_sha256=portal.sha256,
        postbox_title=postbox.title,
        postbox_version=postbox.version,
        postbox_sha256=postbox.sha256,
        days=house.policy.agreement.withdrawal_days.on(concluded_at.date()),
        last_day=written_day(last_day_to_withdraw(concluded_at.date()), locale),
        service=service.name,
        address=f"{service.street}, {service.postal_code} {service.city}",
        phone=service.phone,
        email=service.email,
    )
    return {
        "user_account": str(account.id),
        "customer": str(customer.id),
        "customer_uid": customer.uid,
        "name": customer.display_name,
        "locale": locale.value,
        "concluded_at": concluded_at.isoformat(),
        "subject": word("agreement.subject", locale, group=house.group.name),
        "body": f"{body.strip()}\n\n---\n\n{portal.text}\n\n---\n\n{postbox.text}",
    }
