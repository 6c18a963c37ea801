"""Resolve the viewer's devices."""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.ids import decode_id
from backend.models.devices import Device
from backend.models.sign_in import AssuranceLevel
from backend.resolvers.approvals import ApprovalRequired
from backend.resolvers.sign_in import Challenge, SessionTransport, Signature, Transport
from backend.services import device_changes, device_proofs, device_replacement, devices
from backend.services.device_replacement import DeviceReplacementStarted
from backend.services.password_sign_in import DeviceProofRequired
from backend.values import Value


class DeviceProved(Value):
    """The session has its device's level; the token if the client carries it itself."""

    device: Device
    assurance_level: AssuranceLevel
    bearer_token: str | None


Which = Annotated[strawberry.ID, strawberry.argument(description="Which one.")]


async def list_devices(info: Info) -> Sequence[Device]:
    """List the devices that are remembered."""
    context = info.context
    async with context.transaction() as session:
        return await devices.list_devices(session, user_account_id=context.signed_in.id)


async def find_device(session: AsyncSession, context: Context, device_id: int) -> Device | None:
    """Find one of the viewer's devices for `node`."""
    return await devices.find_device(
        session, user_account_id=context.signed_in.id, device_id=device_id
    )


async def is_current(root: strawberry.Parent[Device], info: Info) -> bool:
    """Tell the device of this session from the others."""
    viewer = info.context.viewer
    return viewer is not None and root.id == viewer.device_id


async def start_device_proof(info: Info, device: Which) -> DeviceProofRequired:
    """Ask a device to sign."""
    challenge, expires_at = await device_proofs.start_device_proof(
        info.context.house,
        viewer=info.context.signed_in,
        device_id=decode_id(device, "Device"),
    )
    return DeviceProofRequired(challenge, expires_at)


async def prove_device(
    info: Info,
    challenge: Challenge,
    signature: Signature,
    transport: Transport = SessionTransport.COOKIE,
) -> DeviceProved:
    """Verify the signature; the rest of the operation has the new level."""
    context = info.context
    proved = await device_proofs.prove_device(
        context.house, viewer=context.signed_in, challenge=challenge, signature=signature
    )
    context.viewer = proved.viewer
    match transport:
        case SessionTransport.COOKIE:
            context.session_change.issued_token = proved.token
            bearer_token = None
        case SessionTransport.BEARER:
            bearer_token = proved.token
    return DeviceProved(proved.device, proved.viewer.assurance_level, bearer_token)


async def rename_device(
    info: Info,
    device: Which,
    name: Annotated[str, strawberry.argument(description="At most 60 characters.")],
) -> Device:
    """Call a device something else."""
    context = info.context
    async with context.transaction() as session:
        return await device_changes.rename_device(
            session,
            context.house,
            viewer=context.signed_in,
            device_id=decode_id(device, "Device"),
            name=name,
        )


async def lock_device(info: Info, device: Which) -> Device:
    """Lock a device; the browser forgets its cookie if it is this one."""
    context = info.context
    async with context.transaction() as session:
        locked = await device_changes.lock_device(
            session,
            context.house,
            viewer=context.signed_in,
            device_id=decode_id(device, "Device"),
        )
    context.session_change.is_ended = locked.id == context.signed_in.device_id
    return locked


async def unlock_device(info: Info, device: Which) -> ApprovalRequired:
    """Ask for the approval to unlock a device."""
    context = info.context
    return ApprovalRequired(
        await device_changes.request_device_unlock(
            context.house,
            viewer=context.signed_in,
            device_id=decode_id(device, "Device"),
            locale=context.locale,
        )
    )


async def remove_device(info: Info, device: Which) -> ApprovalRequired:
    """Ask for the approval to forget a device."""
    context = info.context
    return ApprovalRequired(
        await device_changes.request_device_removal(
            context.house,
            viewer=context.signed_in,
            device_id=decode_id(device, "Device"),
            locale=context.locale,
        )
    )


async def start_device_replacement(info: Info) -> DeviceReplacementStarted:
    """Make the link for the old device."""
    return await device_replacement.start_replacement(
        info.context.house, viewer=info.context.signed_in
    )


async def replace_device(
    info: Info,
    token: Annotated[str, strawberry.argument(description="What follows # in the link.")],
) -> ApprovalRequired:
    """Ask for the approval to hand the level over."""
    context = info.context
    return ApprovalRequired(
        await device_replacement.request_replacement(
            context.house, viewer=context.signed_in, token=token, locale=context.locale
        )
    )
