"""GraphQL types of devices, and how a customer proves, changes and replaces them."""

from datetime import datetime
from typing import Annotated

import strawberry

from backend.access import PUBLIC, SIGNED_IN
from backend.models import devices as models
from backend.models.sign_in import AssuranceLevel
from backend.resolvers import devices as resolvers
from backend.schema.approvals import ApprovalRequired
from backend.schema.device_refusals import (
    DeviceNeeded,
    DeviceRefused,
    DeviceReplacementOff,
    DeviceReplacementRefused,
)
from backend.schema.fields import attribute, command, field, mutation, represents
from backend.schema.nodes import Node, node_id
from backend.schema.refusals import (
    ApprovalMethodUnavailable,
    InvalidInput,
    NotFound,
    NotSignedIn,
    TooManyAttempts,
)
from backend.services import device_changes, device_replacement, password_sign_in


@strawberry.type(description="A remembered device: its key is the factor beside the password.")
class Device(Node):
    id: strawberry.ID = node_id("Device")
    name: str = attribute(SIGNED_IN, "Browser and system at first; the customer may rename it.")
    created_at: datetime = attribute(SIGNED_IN, "When it was added.")
    last_used_at: datetime = attribute(SIGNED_IN, "When its key last signed.")
    origin: models.DeviceOrigin = attribute(SIGNED_IN, "What proved the customer at that time.")
    added_network: str | None = attribute(
        SIGNED_IN, "Where it was added, coarse on purpose: an IPv4 /24 or IPv6 /48."
    )
    assurance_level: AssuranceLevel = attribute(
        SIGNED_IN, "The level of a session that its key signs in."
    )
    is_locked: bool = attribute(SIGNED_IN, "Whether it may not sign in until it is unlocked.")
    took_over_at: datetime | None = attribute(
        SIGNED_IN, "When an older device approved it in its place; null if none did."
    )
    is_current: bool = field(SIGNED_IN, resolvers.is_current, "Whether this session proved it.")

    is_type_of = represents(models.Device)


@strawberry.type(description="A device's key has to sign the challenge.")
class DeviceProofRequired:
    challenge: str = attribute(PUBLIC, "What to sign and hand back; good once.")
    expires_at: datetime = attribute(PUBLIC, "Until when.")

    is_type_of = represents(password_sign_in.DeviceProofRequired)


@strawberry.type(description="The session has its device's level and a new token.")
class DeviceProved:
    device: Device = attribute(SIGNED_IN, "The device.")
    assurance_level: AssuranceLevel = attribute(SIGNED_IN, "The session's level from now on.")
    bearer_token: str | None = attribute(
        SIGNED_IN, "The session's new token; only for transport BEARER. The old one has ended."
    )

    is_type_of = represents(resolvers.DeviceProved)


@strawberry.type(description="The device may sign in again.")
class DeviceUnlocked:
    device: Device = attribute(SIGNED_IN, "The device.")

    is_type_of = represents(device_changes.DeviceUnlocked)


@strawberry.type(description="The device is forgotten; its key signs in nowhere.")
class DeviceRemoved:
    name: str = attribute(SIGNED_IN, "How the customer called it.")

    is_type_of = represents(device_changes.DeviceRemoved)


@strawberry.type(description="The old device can approve this one now.")
class DeviceReplacementStarted:
    link: str = attribute(SIGNED_IN, "To open on the old device, by QR code or by hand; good once.")
    expires_at: datetime = attribute(SIGNED_IN, "Until when the old device can approve.")

    is_type_of = represents(device_replacement.DeviceReplacementStarted)


@strawberry.type(description="The new device has the old one's level; the old one is signed out.")
class DeviceReplaced:
    name: str = attribute(SIGNED_IN, "How the new device is called.")

    is_type_of = represents(device_replacement.DeviceReplaced)


StartDeviceProofResult = Annotated[
    DeviceProofRequired | NotFound | NotSignedIn,
    strawberry.union("StartDeviceProofResult", description="A challenge, or a refusal."),
]
ProveDeviceResult = Annotated[
    DeviceProved | DeviceRefused | TooManyAttempts | NotSignedIn,
    strawberry.union("ProveDeviceResult", description="The session's new level, or a refusal."),
]
RenameDeviceResult = Annotated[
    Device | InvalidInput | NotFound | NotSignedIn,
    strawberry.union("RenameDeviceResult", description="The device, or a refusal."),
]
LockDeviceResult = Annotated[
    Device | NotFound | NotSignedIn,
    strawberry.union("LockDeviceResult", description="The locked device, or a refusal."),
]
UnlockDeviceResult = Annotated[
    ApprovalRequired | NotFound | ApprovalMethodUnavailable | TooManyAttempts | NotSignedIn,
    strawberry.union("UnlockDeviceResult", description="What to approve, or a refusal."),
]
RemoveDeviceResult = Annotated[
    ApprovalRequired | NotFound | ApprovalMethodUnavailable | TooManyAttempts | NotSignedIn,
    strawberry.union("RemoveDeviceResult", description="What to approve, or a refusal."),
]
StartDeviceReplacementResult = Annotated[
    DeviceReplacementStarted | DeviceNeeded | DeviceReplacementOff | TooManyAttempts | NotSignedIn,
    strawberry.union("StartDeviceReplacementResult", description="A link, or a refusal."),
]
ReplaceDeviceResult = Annotated[
    ApprovalRequired
    | DeviceReplacementRefused
    | DeviceNeeded
    | DeviceReplacementOff
    | ApprovalMethodUnavailable
    | TooManyAttempts
    | NotSignedIn,
    strawberry.union("ReplaceDeviceResult", description="What to approve, or a refusal."),
]


@strawberry.type
class DeviceMutations:
    start_device_proof: StartDeviceProofResult = mutation(
        SIGNED_IN,
        resolvers.start_device_proof,
        "Ask for a challenge to prove a remembered device in this session.",
    )
    prove_device: ProveDeviceResult = mutation(
        SIGNED_IN,
        resolvers.prove_device,
        "Prove a remembered device; the session rises to its level under a new token.",
    )
    rename_device: RenameDeviceResult = mutation(
        SIGNED_IN, resolvers.rename_device, "Call a device something else."
    )
    lock_device: LockDeviceResult = mutation(
        SIGNED_IN, resolvers.lock_device, "Lock a device at once; its sessions end."
    )
    unlock_device: UnlockDeviceResult = mutation(
        SIGNED_IN, resolvers.unlock_device, "Let a locked device sign in again, once approved."
    )
    remove_device: RemoveDeviceResult = mutation(
        SIGNED_IN, resolvers.remove_device, "Forget a device, once approved; its sessions end."
    )
    start_device_replacement: StartDeviceReplacementResult = command(
        SIGNED_IN,
        resolvers.start_device_replacement,
        "On the new device: ask for the link by which the old one approves it.",
    )
    replace_device: ReplaceDeviceResult = mutation(
        SIGNED_IN,
        resolvers.replace_device,
        "On the old device: hand its level over to the new one, once approved by passkey.",
    )
