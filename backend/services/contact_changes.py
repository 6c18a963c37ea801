"""Changing e-mail address and phone: approved first, then the new one is proved (F18, F20, F21)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from backend.clock import berlin_today
from backend.errors import FieldProblem, InvalidInputError
from backend.models.approvals import ApprovalMethod
from backend.models.sign_in import ChallengeKind
from backend.models.user_accounts import UserAccount
from backend.services import challenges, outbox, tans
from backend.services.approval_operations import Execution, Operation, OperationInput
from backend.services.approvals import load_account_version, open_approval
from backend.services.email_addresses import masked_address, normalise_email_address
from backend.services.phone_numbers import (
    masked_number,
    normalise_mobile_number,
    readable_number,
)
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.approvals import Approval
    from backend.models.user_accounts import Locale
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse

LINK_PATH = "/confirm-email-address"


class NewEmailAddress(OperationInput, frozen=True, kw_only=True):
    """The address to change to, in lower case."""

    email_address: str


class NewPhoneNumber(OperationInput, frozen=True, kw_only=True):
    """The mobile number to change to, as E.164."""

    phone_number: str


class EmailAddressToConfirm(Value):
    """A link is on its way to the new address; until it is followed nothing changes."""

    email_address: str
    expires_at: datetime


class PhoneNumberToConfirm(Value):
    """A TAN is on its way to the new number; until it is confirmed nothing changes."""

    challenge: str
    masked_phone_number: str
    expires_at: datetime


async def request_email_address_change(
    house: SignInHouse, *, viewer: Viewer, email_address: str, locale: Locale
) -> Approval:
    """Check the new address and ask for the approval (F18).

    Whether somebody else has it is not told here: only its mailbox learns that.

    Raises:
        InvalidInputError: no address that mail can reach, or the present one.
        TooManyAttemptsError: too many approvals.
        ApprovalMethodUnavailableError: this session has no way to approve it.
    """
    address = normalise_email_address(email_address)
    problem = None
    if address is None:
        problem = "field.required" if not email_address.strip() else "field.no_email_address"
    elif address == viewer.email_address:
        problem = "field.unchanged"
    if problem is not None or address is None:
        raise InvalidInputError(FieldProblem(("emailAddress",), problem or "field.required"))
    given = NewEmailAddress(email_address=address)
    return await open_approval(house, CHANGE_EMAIL_ADDRESS, given, viewer=viewer, locale=locale)


async def request_phone_number_change(
    house: SignInHouse, *, viewer: Viewer, phone_number: str, locale: Locale
) -> Approval:
    """Check the new mobile number and ask for the approval by the old one (F18, F20, F21).

    Raises:
        InvalidInputError: no mobile number of a Schengen state, or the present one.
        TooManyAttemptsError: too many approvals.
        ApprovalMethodUnavailableError: the number was changed in this session already.
    """
    regions = house.policy.registration.mobile_regions.on(berlin_today(house.clock))
    number = normalise_mobile_number(phone_number, regions=regions)
    problem = None
    if number is None:
        problem = "field.required" if not phone_number.strip() else "field.no_mobile_number"
    elif number == viewer.phone_number:
        problem = "field.unchanged"
    if problem is not None or number is None:
        raise InvalidInputError(FieldProblem(("phoneNumber",), problem or "field.required"))
    given = NewPhoneNumber(phone_number=number)
    return await open_approval(house, CHANGE_PHONE_NUMBER, given, viewer=viewer, locale=locale)


async def _send_link(
    session: AsyncSession, execution: Execution[NewEmailAddress]
) -> EmailAddressToConfirm:
    """Send a link to the new address and tell the old one; the newest link counts."""
    house, viewer = execution.house, execution.viewer
    address = execution.input.email_address
    hours = house.policy.registration.email_link_hours.on(berlin_today(house.clock))
    kind = ChallengeKind.CONFIRM_EMAIL_ADDRESS
    await challenges.close_challenges_of(
        session, kind, user_account_id=viewer.id, clock=house.clock
    )
    opened = await challenges.open_challenge(
        session,
        kind,
        lifetime=timedelta(hours=hours),
        clock=house.clock,
        user_account_id=viewer.id,
        contact=address,
    )
    taken = await session.scalar(select(exists().where(UserAccount.email_address == address)))
    await outbox.enqueue_worded_mail(
        session,
        house.outbox,
        "email_address_taken" if taken else "confirm_email_address",
        email_address=address,
        locale=execution.locale,
        link=f"{house.settings.public_url}{LINK_PATH}#{opened.secret}",
        hours=hours,
    )
    await outbox.enqueue_worded_mail(
        session,
        house.outbox,
        "email_address_change",
        email_address=viewer.email_address,
        locale=viewer.locale,
        new=masked_address(address),
    )
    return EmailAddressToConfirm(address, opened.expires_at)


async def _send_tan(
    session: AsyncSession, execution: Execution[NewPhoneNumber]
) -> PhoneNumberToConfirm:
    """Send a TAN to the new number, which proves that it reaches the customer."""
    house, viewer, tan = execution.house, execution.viewer, execution.tan
    if tan is None:
        raise ValueError("this operation sends a TAN")
    number = execution.input.phone_number
    minutes = house.policy.sign_in.tan_minutes.on(berlin_today(house.clock))
    kind = ChallengeKind.CONFIRM_PHONE_NUMBER
    await challenges.close_challenges_of(
        session, kind, user_account_id=viewer.id, clock=house.clock
    )
    opened = await challenges.open_challenge(
        session,
        kind,
        lifetime=timedelta(minutes=minutes),
        clock=house.clock,
        user_account_id=viewer.id,
        tan_hash=tan.hash,
        contact=number,
    )
    await tans.send_tan(
        session,
        house,
        user_account_id=viewer.id,
        phone_number=number,
        text=word(
            "sms.confirm_phone_number",
            execution.locale,
            tan=tan.digits,
            group=house.group.name,
            minutes=minutes,
        ),
        expires_at=opened.expires_at,
    )
    return PhoneNumberToConfirm(opened.secret, masked_number(number), opened.expires_at)


CHANGE_EMAIL_ADDRESS = Operation(
    name="change_email_address",
    input_type=NewEmailAddress,
    summary_values=lambda given: {"email_address": given.email_address},
    load_version=load_account_version,
    execute=_send_link,
)
CHANGE_PHONE_NUMBER = Operation(
    name="change_phone_number",
    input_type=NewPhoneNumber,
    summary_values=lambda given: {"phone_number": readable_number(given.phone_number)},
    load_version=load_account_version,
    execute=_send_tan,
    # "A TAN to the old number or a new identification" (DOMAIN.md): a passkey may be a thief's.
    methods=frozenset({ApprovalMethod.TAN}),
    sends_tan=True,
)
