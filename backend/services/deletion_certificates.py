"""The signed certificate of a deletion, sent to the one address that is still remembered (M6)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from backend.clock import BERLIN
from backend.services.letters import PrintableLetter, written_day
from backend.services.outbox import Farewell, enqueue_worded_mail
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.retained_records import RetainedKind
    from backend.models.user_accounts import Locale
    from backend.services.deletion_work import DeletingHouse, DeletionWork, LockedRecords

# How the certificate calls the rows of a table; all others are counted together.
_NAMES = {
    "document": "documents",
    "contract": "contracts",
    "statement": "statements",
    "account_transaction": "transactions",
    "consent_decision": "consents",
    "delivery_decision": "delivery",
    "user_session": "sessions",
    "security_event": "security_events",
}
_OTHERS = "others"
CERTIFICATE_PATH = "/signing-certificate.pem"


async def send(
    session: AsyncSession, house: DeletingHouse, work: DeletionWork, *, number: int
) -> None:
    """Enqueue the certificate: what was deleted, when the key was destroyed, what is locked.

    Raises:
        ValueError: nobody is there to send it to.
    """
    to = work.addressee
    if to is None:
        raise ValueError("a certificate needs an addressee")
    now = house.clock.now().astimezone(BERLIN)
    locked = locked_lines(work.retained, to.locale) or word("deletion.nothing_locked", to.locale)
    values = {
        "name": to.name,
        "group": house.group.name,
        "account": to.email_address,
        "day": written_day(now.date(), to.locale),
        "time": f"{now:%H:%M}",
        "locked": locked,
        "number": number,
        "url": f"{house.outbox.public_url}{CERTIFICATE_PATH}",
    }
    letter = PrintableLetter(
        sender=house.group.operating_institution.name,
        recipient=(to.name,),
        day=now.date(),
        subject=word("deletion.subject", to.locale, group=house.group.name),
        body=word("deletion.body", to.locale, **values, deleted=_counted(work.counts, to.locale)),
        locale=to.locale,
    )
    await enqueue_worded_mail(
        session,
        house.outbox,
        "account_deleted",
        email_address=to.email_address,
        locale=to.locale,
        farewell=Farewell(letter, word("deletion.file_name", to.locale)),
        name=to.name,
        locked=locked,
    )


def locked_lines(retained: Sequence[LockedRecords], locale: Locale) -> str:
    """Say line by line what stays locked until when; "" if nothing does."""
    return "\n".join(
        word(
            "deletion.locked_line",
            locale,
            kind=kind_name(one.kind, locale),
            institution="" if one.institution is None else f", {one.institution}",
            until=written_day(one.end_date, locale),
        )
        for one in retained
    )


def kind_name(kind: RetainedKind, locale: Locale) -> str:
    """Return what a kind of locked records is called."""
    return word(f"deletion.kind_{kind.value}", locale)


def _counted(counts: Mapping[str, int], locale: Locale) -> str:
    by_name: Counter[str] = Counter()
    for table, count in counts.items():
        by_name[_NAMES.get(table, _OTHERS)] += count
    return "\n".join(
        word(f"deletion.count_{name}", locale, count=by_name[name])
        for name in (*_NAMES.values(), _OTHERS)
        if by_name[name]
    )
