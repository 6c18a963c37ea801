"""Resolve changes of what signs in and of where messages go."""

from typing import Annotated

import strawberry

from backend.context import Info
from backend.ids import decode_id
from backend.resolvers.approvals import ApprovalRequired
from backend.resolvers.sign_in import Challenge
from backend.services import account_changes, contact_changes, contact_confirmation
from backend.services.contact_confirmation import EmailAddressChanged, PhoneNumberChanged


async def change_password(
    info: Info,
    current_password: Annotated[str, strawberry.argument(description="The present password.")],
    new_password: Annotated[
        str, strawberry.argument(description="The new one: 12 to 128 characters of any kind.")
    ],
) -> ApprovalRequired:
    """Ask for the approval of a new password."""
    context = info.context
    return ApprovalRequired(
        await account_changes.request_password_change(
            context.house,
            viewer=context.signed_in,
            current_password=current_password,
            new_password=new_password,
            locale=context.locale,
            client_address=context.client_address,
        )
    )


async def remove_passkey(
    info: Info, passkey: Annotated[strawberry.ID, strawberry.argument(description="Which one.")]
) -> ApprovalRequired:
    """Ask for the approval to remove a passkey."""
    context = info.context
    return ApprovalRequired(
        await account_changes.request_passkey_removal(
            context.house,
            viewer=context.signed_in,
            passkey_id=decode_id(passkey, "Passkey"),
            locale=context.locale,
        )
    )


async def change_email_address(
    info: Info,
    email_address: Annotated[str, strawberry.argument(description="The new address.")],
) -> ApprovalRequired:
    """Ask for the approval of a new e-mail address."""
    context = info.context
    return ApprovalRequired(
        await contact_changes.request_email_address_change(
            context.house,
            viewer=context.signed_in,
            email_address=email_address,
            locale=context.locale,
        )
    )


async def change_phone_number(
    info: Info,
    phone_number: Annotated[
        str, strawberry.argument(description="The new mobile number, as people write it.")
    ],
) -> ApprovalRequired:
    """Ask for the approval of a new mobile number."""
    context = info.context
    return ApprovalRequired(
        await contact_changes.request_phone_number_change(
            context.house,
            viewer=context.signed_in,
            phone_number=phone_number,
            locale=context.locale,
        )
    )


async def confirm_email_address(
    info: Info,
    token: Annotated[str, strawberry.argument(description="What follows # in the link.")],
) -> EmailAddressChanged:
    """Follow the link to the new address."""
    return await contact_confirmation.confirm_email_address(
        info.context.house, token=token, client_address=info.context.client_address
    )


async def confirm_phone_number(
    info: Info,
    challenge: Challenge,
    tan: Annotated[str, strawberry.argument(description="What the new number received.")],
) -> PhoneNumberChanged:
    """Compare the TAN of the new number."""
    return await contact_confirmation.confirm_phone_number(
        info.context.house, viewer=info.context.signed_in, challenge=challenge, tan=tan
    )
