"""Devices that a customer signs in with, each with a key that never leaves it."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.sign_in import AssuranceLevel
from backend.models.tables import Base, BigId, PrimaryKey, enum_of


class DeviceOrigin(enum.Enum):
    """What proved the customer when a device was added (F103)."""

    SIGN_IN_TAN = "sign_in_tan"
    REGISTRATION_TAN = "registration_tan"


class Device(Base):
    """A device of a user account: the second factor beside the password (F103).

    `public_key` is ES256 as SPKI (DER). `added_network` is where it was added, coarse on purpose:
    an IPv4 /24 or an IPv6 /48. Since `took_over_at` it stands in another one's place
    (M8). A removed device stays as a row, so that nothing takes its place.
    """

    __tablename__ = "device"

    id: Mapped[PrimaryKey]
    user_account_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_account.id"), index=True)
    name: Mapped[str]
    public_key: Mapped[bytes]
    assurance_level: Mapped[AssuranceLevel] = mapped_column(enum_of(AssuranceLevel))
    origin: Mapped[DeviceOrigin] = mapped_column(enum_of(DeviceOrigin))
    added_network: Mapped[str | None]
    replaced_device_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("device.id"))
    took_over_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    locked_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]

    @property
    def is_locked(self) -> bool:
        """Whether it may not sign in until it is unlocked."""
        return self.locked_at is not None
