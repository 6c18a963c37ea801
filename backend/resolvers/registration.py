"""Resolve registering and linking customer numbers."""

from datetime import date
from typing import Annotated

import strawberry

from backend.context import Info
from backend.ids import decode_filter_id
from backend.resolvers.sign_in import (
    RememberedDevice,
    SessionTransport,
    SignedIn,
    Transport,
    carry,
    device_to_remember,
)
from backend.services import customer_number_links
from backend.services import registration as registrations
from backend.services.customer_number_links import CustomerNumberLinked, CustomerNumberProof
from backend.services.registration import AddressConfirmed, RegistrationStarted
from backend.services.registration_completion import complete_registration as complete
from backend.services.registration_form import RegistrationForm
from backend.services.registration_tans import RegistrationTanSent
from backend.services.registration_tans import send_registration_tan as send_tan

Secret = Annotated[
    str, strawberry.argument(description="The secret that `confirmRegistrationAddress` gave.")
]
_TERMS = "SHA-256 of the text that was shown and accepted."


async def start_registration(  # noqa: PLR0913, PLR0917  # the arguments of the field in GraphQL
    info: Info,
    email_address: Annotated[str, strawberry.argument(description="To sign in and for notices.")],
    password: Annotated[str, strawberry.argument(description="12 to 128 characters.")],
    phone_number: Annotated[
        str, strawberry.argument(description="Mobile number of a Schengen state, for TANs.")
    ],
    given_name: Annotated[str, strawberry.argument(description="Given name.")],
    family_name: Annotated[str, strawberry.argument(description="Family name.")],
    birth_date: Annotated[date, strawberry.argument(description="Date of birth.")],
    portal_terms: Annotated[str, strawberry.argument(description=_TERMS)],
    postbox_terms: Annotated[str, strawberry.argument(description=_TERMS)],
) -> RegistrationStarted:
    """Keep what was typed and send a link."""
    context = info.context
    form = RegistrationForm(
        email_address=email_address,
        password=password,
        phone_number=phone_number,
        given_name=given_name,
        family_name=family_name,
        birth_date=birth_date,
        portal_terms=portal_terms,
        postbox_terms=postbox_terms,
    )
    return await registrations.start_registration(
        context.house, form, locale=context.locale, client_address=context.client_address
    )


async def confirm_registration_address(
    info: Info,
    token: Annotated[str, strawberry.argument(description="What stands behind # in the link.")],
) -> AddressConfirmed:
    """Take the token of the mail link."""
    return await registrations.confirm_address(
        info.context.house, token=token, client_address=info.context.client_address
    )


async def send_registration_tan(info: Info, registration: Secret) -> RegistrationTanSent:
    """Send a TAN to the number that was typed."""
    return await send_tan(
        info.context.house,
        registration=registration,
        client_address=info.context.client_address,
    )


async def complete_registration(
    info: Info,
    registration: Secret,
    tan: Annotated[str, strawberry.argument(description="The digits of the short message.")],
    new_device: RememberedDevice = None,
    transport: Transport = SessionTransport.COOKIE,
) -> SignedIn:
    """Compare the TAN, open the user account and sign in."""
    context = info.context
    signed_in = await complete(
        context.house,
        registration=registration,
        tan=tan,
        new_device=device_to_remember(context, new_device),
        replaced=context.viewer,
    )
    return carry(context, signed_in, transport)


async def link_customer_number(
    info: Info,
    institution: Annotated[strawberry.ID, strawberry.argument(description="Whose letter it is.")],
    customer_number: Annotated[str, strawberry.argument(description="As the letter has it.")],
    birth_date: Annotated[date, strawberry.argument(description="The viewer's date of birth.")],
    activation_code: Annotated[
        str, strawberry.argument(description="As the letter has it; case and dashes don't matter.")
    ],
) -> CustomerNumberLinked:
    """Link what an institution holds."""
    context = info.context
    return await customer_number_links.link_customer_number(
        context.house,
        viewer=context.signed_in,
        proof=CustomerNumberProof(
            institution_id=decode_filter_id(institution, "Institution") or 0,
            customer_number=customer_number,
            birth_date=birth_date,
            activation_code=activation_code,
        ),
    )
