"""One press in the mail program ends product information (RFC 8058, § 7 UWG)."""

from __future__ import annotations

import base64
import binascii
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import select

from backend import database
from backend.models.customers import Customer
from backend.ports import CipherError

if TYPE_CHECKING:
    from email.message import EmailMessage
    from email.policy import Policy as MailPolicy

    from backend.clock import Clock
    from backend.database import Sessions
    from backend.ports import Sealer
    from backend.services.outbox import Outbox

PATH = "/abbestellen"
_CONTEXT = b"unsubscribe:product_information_by_email"


class UnsubscribingHouse(Protocol):
    """What ending product information by its mail needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def sealer(self) -> Sealer: ...  # noqa: D102
    @property
    def outbox(self) -> Outbox: ...  # noqa: D102


class _WholeHeader(UnstructuredHeader, BaseHeader):
    """A header that stays on one line: folded, an address would come out as encoded words."""

    def fold(self, *, policy: MailPolicy[Any]) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry(use_default_map=False)
_HEADERS.map_to_type("List-Unsubscribe", _WholeHeader)


async def add_one_click(house: UnsubscribingHouse, mail: EmailMessage, *, customer_id: int) -> None:
    """Let the mail program offer to end product information, for as long as the mail exists.

    Who holds the mail may end it, and nothing else: the address carries the customer's uid, sealed
    for this purpose alone.

    Raises:
        KeyStoreUnavailableError: again later.
    """
    async with database.reading(house.sessions) as session:
        uid = (await session.scalars(select(Customer.uid).where(Customer.id == customer_id))).one()
    sealed = await house.sealer.seal(uid.encode(), _CONTEXT)
    token = base64.urlsafe_b64encode(sealed).decode().rstrip("=")
    url = f"<{house.outbox.public_url}{PATH}/{token}>"
    mail["List-Unsubscribe"] = _HEADERS("List-Unsubscribe", url)
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


async def read_token(sealer: Sealer, token: str) -> str | None:
    """Return whose mail an address comes from: the customer's uid; None: we never gave it out.

    Raises:
        KeyStoreUnavailableError: again later.
    """
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        return (await sealer.unseal(sealed, _CONTEXT)).decode()
    except (CipherError, binascii.Error, ValueError):
        return None
