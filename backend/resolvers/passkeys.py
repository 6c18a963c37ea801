"""Resolve the viewer's passkeys."""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.models.user_accounts import Passkey
from backend.resolvers.approvals import ApprovalRequired
from backend.resolvers.sign_in import Challenge, Credential
from backend.services import adding_passkeys, passkeys
from backend.services.passkeys import PasskeyChallenge


async def list_passkeys(info: Info) -> Sequence[Passkey]:
    """List the viewer's passkeys."""
    context = info.context
    async with context.transaction() as session:
        return await passkeys.list_passkeys(session, user_account_id=context.signed_in.id)


async def find_passkey(session: AsyncSession, context: Context, passkey_id: int) -> Passkey | None:
    """Find one of the viewer's passkeys for `node`."""
    return await passkeys.find_passkey(
        session, user_account_id=context.signed_in.id, passkey_id=passkey_id
    )


async def start_passkey_registration(info: Info) -> PasskeyChallenge | ApprovalRequired:
    """Ask for a new passkey."""
    context = info.context
    asked = await adding_passkeys.start_registration(
        context.house, viewer=context.signed_in, locale=context.locale
    )
    return asked if isinstance(asked, PasskeyChallenge) else ApprovalRequired(asked)


async def add_passkey(
    info: Info,
    challenge: Challenge,
    credential: Credential,
    name: Annotated[str, strawberry.argument(description="How the customer calls it.")],
) -> Passkey:
    """Add the new passkey."""
    return await passkeys.add_passkey(
        info.context.house,
        viewer=info.context.signed_in,
        challenge=challenge,
        credential=credential,
        name=name,
    )
