"""GraphQL mutations for registering and for linking customer numbers."""

from datetime import datetime
from typing import Annotated

import strawberry

from backend.access import PUBLIC, SIGNED_IN
from backend.resolvers import registration as resolvers
from backend.schema.device_refusals import DeviceRefused
from backend.schema.fields import attribute, mutation, represents
from backend.schema.institutions import Institution
from backend.schema.receipts import Receipt
from backend.schema.refusals import (
    CustomerNumberRefused,
    InvalidInput,
    NotSignedIn,
    RegistrationRefused,
    TooManyAttempts,
    WrongTan,
)
from backend.schema.sign_in import SignedIn
from backend.services import customer_number_links, registration_tans
from backend.services import registration as registrations


@strawberry.type(
    description="A mail is on its way. The answer is the same whether or not the address is known."
)
class RegistrationStarted:
    email_address: str = attribute(PUBLIC, "Where the mail went.")
    expires_at: datetime = attribute(PUBLIC, "Until when its link is good.")

    is_type_of = represents(registrations.RegistrationStarted)


@strawberry.type(description="The e-mail address is proved; the phone comes next.")
class RegistrationAddressConfirmed:
    registration: str = attribute(PUBLIC, "A secret: hand it to the steps that follow.")
    masked_phone_number: str = attribute(PUBLIC, "Where the TAN will go, mostly hidden.")
    expires_at: datetime = attribute(PUBLIC, "Until when the registration can be completed.")

    is_type_of = represents(registrations.AddressConfirmed)


@strawberry.type(description="A TAN is on its way; the newest one counts.")
class RegistrationTanSent:
    masked_phone_number: str = attribute(PUBLIC, "Where it went, mostly hidden.")
    expires_at: datetime = attribute(PUBLIC, "Until when it is good.")

    is_type_of = represents(registration_tans.RegistrationTanSent)


@strawberry.type(description="What the institution holds under the number is the viewer's now.")
class CustomerNumberLinked:
    institution: Institution = attribute(SIGNED_IN, "Whose number it is.")
    receipt: Receipt = attribute(SIGNED_IN, "Proves what was linked, and when.")

    is_type_of = represents(customer_number_links.CustomerNumberLinked)


StartRegistrationResult = Annotated[
    RegistrationStarted | InvalidInput | TooManyAttempts,
    strawberry.union("StartRegistrationResult", description="A mail was sent, or a refusal."),
]
ConfirmRegistrationAddressResult = Annotated[
    RegistrationAddressConfirmed | RegistrationRefused | TooManyAttempts,
    strawberry.union(
        "ConfirmRegistrationAddressResult", description="The next step, or a refusal."
    ),
]
SendRegistrationTanResult = Annotated[
    RegistrationTanSent | RegistrationRefused | TooManyAttempts,
    strawberry.union("SendRegistrationTanResult", description="A TAN was sent, or a refusal."),
]
CompleteRegistrationResult = Annotated[
    SignedIn | WrongTan | DeviceRefused | RegistrationRefused | TooManyAttempts,
    strawberry.union("CompleteRegistrationResult", description="A session, or a refusal."),
]
LinkCustomerNumberResult = Annotated[
    CustomerNumberLinked | CustomerNumberRefused | TooManyAttempts | NotSignedIn,
    strawberry.union("LinkCustomerNumberResult", description="What was linked, or a refusal."),
]


@strawberry.type
class RegistrationMutations:
    start_registration: StartRegistrationResult = mutation(
        PUBLIC,
        resolvers.start_registration,
        "First step of registering: a link goes to the e-mail address.",
    )
    confirm_registration_address: ConfirmRegistrationAddressResult = mutation(
        PUBLIC,
        resolvers.confirm_registration_address,
        "Second step of registering: the token of the link, good once.",
    )
    send_registration_tan: SendRegistrationTanResult = mutation(
        PUBLIC,
        resolvers.send_registration_tan,
        "Third step of registering: a TAN goes to the phone.",
    )
    complete_registration: CompleteRegistrationResult = mutation(
        PUBLIC,
        resolvers.complete_registration,
        "Last step of registering: the user account opens and is signed in.",
    )
    link_customer_number: LinkCustomerNumberResult = mutation(
        SIGNED_IN,
        resolvers.link_customer_number,
        "Show what an institution holds, by the code that came in its letter.",
    )
