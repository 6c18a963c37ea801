"""What signing in, approving and their neighbours need of the portal's wiring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from backend.clock import Clock
    from backend.database import Sessions
    from backend.group import Group
    from backend.policy import Policy
    from backend.ports import DocumentCipher, KeyStore
    from backend.services.outbox import Outbox
    from backend.services.passwords import PasswordHasher
    from backend.settings import Settings
    from backend.signatures import Signer


class SignInHouse(Protocol):
    """What signing in needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def policy(self) -> Policy: ...  # noqa: D102
    @property
    def group(self) -> Group: ...  # noqa: D102
    @property
    def settings(self) -> Settings: ...  # noqa: D102
    @property
    def password_hasher(self) -> PasswordHasher: ...  # noqa: D102
    @property
    def outbox(self) -> Outbox: ...  # noqa: D102
    @property
    def signer(self) -> Signer: ...  # noqa: D102
    @property
    def keys(self) -> KeyStore: ...  # noqa: D102
    @property
    def cipher(self) -> DocumentCipher: ...  # noqa: D102
