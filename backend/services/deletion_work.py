"""What a deletion needs and, sealed, remembers: whom it tells, which keys and objects go."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import field

from backend.models.retained_records import RetainedKind
from backend.models.user_accounts import Locale
from backend.services.retained_records import RetainingDocumentsHouse
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backend.clock import Clock
    from backend.group import Group
    from backend.ports import Sealer
    from backend.proof_ports import DeletionJournal
    from backend.services.outbox import Outbox


class OpeningHouse(Protocol):
    """What deciding a deletion needs of the portal's wiring."""

    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def outbox(self) -> Outbox: ...  # noqa: D102


class DeletingHouse(RetainingDocumentsHouse, OpeningHouse, Protocol):
    """What finishing deletions needs of the portal's wiring."""

    @property
    def group(self) -> Group: ...  # noqa: D102
    @property
    def sealer(self) -> Sealer: ...  # noqa: D102
    @property
    def journal(self) -> DeletionJournal: ...  # noqa: D102
    @property
    def actor(self) -> str: ...  # noqa: D102


class Addressee(Value):
    """Who gets the certificate."""

    name: str
    email_address: str
    locale: Locale


class LockedRecords(Value):
    """A kind of records that stays locked, of one institution, the last of them until a day."""

    kind: RetainedKind
    institution: str | None
    end_date: date


class DeletionWork(Value):
    """What is left to do and to tell; `counts` are deleted rows by table."""

    addressee: Addressee | None
    counts: Mapping[str, int] = field(default_factory=dict)
    retained: Sequence[LockedRecords] = ()
    key_owners: Sequence[str] = ()
    object_keys: Sequence[str] = ()

    @property
    def tables(self) -> Sequence[str]:
        """The tables of which rows were deleted."""
        return [table for table, count in self.counts.items() if count]


async def seal_work(sealer: Sealer, customer_uid: str, work: DeletionWork) -> bytes:
    """Write the work down so that only this deletion can read it."""
    to = work.addressee
    content = {
        "addressee": to and [to.name, to.email_address, to.locale.value],
        "counts": dict(work.counts),
        "retained": [
            [one.kind.value, one.institution, one.end_date.isoformat()] for one in work.retained
        ],
        "key_owners": list(work.key_owners),
        "object_keys": list(work.object_keys),
    }
    return await sealer.seal(json.dumps(content).encode(), _context(customer_uid))


async def open_work(sealer: Sealer, customer_uid: str, sealed: bytes) -> DeletionWork:
    """Return what was written down."""
    content: dict[str, Any] = json.loads(await sealer.unseal(sealed, _context(customer_uid)))
    to = content["addressee"]
    return DeletionWork(
        addressee=to and Addressee(to[0], to[1], Locale(to[2])),
        counts=content["counts"],
        retained=[
            LockedRecords(RetainedKind(kind), institution, date.fromisoformat(until))
            for kind, institution, until in content["retained"]
        ],
        key_owners=content["key_owners"],
        object_keys=content["object_keys"],
    )


def _context(customer_uid: str) -> bytes:
    return f"deletion:{customer_uid}".encode()
