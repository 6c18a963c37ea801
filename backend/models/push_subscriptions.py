"""Browsers to which notices are pushed, each for as long as its session is not ended."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.tables import Base, BigId, PrimaryKey

if TYPE_CHECKING:
    from backend.models.sign_in import UserSession


class PushSubscription(Base):
    """A browser of a user account that shows notices (X3).

    `sealed` is its address at the push service with its keys, encrypted with the customer's key:
    whoever knows the address may try to write to it. `endpoint_hash` finds it again. The last
    session in which the browser asked for it keeps it alive: once that is ended, nothing is sent.
    """

    __tablename__ = "push_subscription"
    __table_args__ = (UniqueConstraint("user_account_id", "endpoint_hash"),)

    id: Mapped[PrimaryKey]
    uid: Mapped[str] = mapped_column(unique=True)
    user_account_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_account.id"))
    user_session_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_session.id"), index=True)
    endpoint_hash: Mapped[str]
    sealed: Mapped[bytes]
    key_owner: Mapped[str]
    created_at: Mapped[datetime]

    user_session: Mapped[UserSession] = relationship(lazy="raise")

    @property
    def device_name(self) -> str | None:
        """Browser and system, as the browser called itself."""
        return self.user_session.device_name
