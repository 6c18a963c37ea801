"""Confirmations of user agreements: made into a PDF by the worker and filed in the postbox."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from backend import database
from backend.clock import BERLIN
from backend.models.documents import DocumentDirection, DocumentKind
from backend.models.institutions import Institution
from backend.models.user_accounts import Locale, UserAccount
from backend.services.documents import DocumentPorts, NewDocument, store_document
from backend.services.letters import PrintableLetter, typeset
from backend.services.notices import enqueue_notice
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.database import Sessions
    from backend.group import Group
    from backend.services.outbox import Outbox


class FilingHouse(DocumentPorts, Protocol):
    """What filing a confirmation needs of the portal's wiring."""

    @property
    def sessions(self) -> Sessions: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def group(self) -> Group: ...  # noqa: D102
    @property
    def outbox(self) -> Outbox: ...  # noqa: D102


async def file_confirmation(house: FilingHouse, agreed: Mapping[str, str]) -> None:
    """File what was agreed in the customer's postbox and send the notice (F2, F24).

    Done twice it is there once; for a user account that is gone by now nothing is done.
    """
    letter = PrintableLetter(
        sender=house.group.operating_institution.name,
        recipient=(agreed["name"],),
        day=datetime.fromisoformat(agreed["concluded_at"]).astimezone(BERLIN).date(),
        subject=agreed["subject"],
        body=agreed["body"],
        locale=Locale(agreed["locale"]),
    )
    content = await typeset(letter)
    async with database.writing(house.sessions) as session:
        account = await session.scalar(
            select(UserAccount).where(
                UserAccount.id == int(agreed["user_account"]),
                UserAccount.customer_id == int(agreed["customer"]),
            )
        )
        if account is None:
            return
        new = await _describe(session, house, letter, account, agreed["customer_uid"])
        document = await store_document(session, house, new=new, content=_once(content))
        if document is not None:
            await enqueue_notice(session, house.outbox, document=document, account=account)


async def _describe(
    session: AsyncSession,
    house: FilingHouse,
    letter: PrintableLetter,
    account: UserAccount,
    customer_uid: str,
) -> NewDocument:
    operator = house.group.operating_institution
    institution_id = await session.scalar(
        select(Institution.id).where(Institution.key == operator.key)
    )
    if institution_id is None:
        raise LookupError(f"institution {operator.key} is not registered")
    return NewDocument(
        institution_id=institution_id,
        customer_id=account.customer_id,
        customer_uid=customer_uid,
        contract_id=None,
        external_id=f"agreement-{customer_uid}",
        direction=DocumentDirection.INCOMING,
        kind=DocumentKind.CONFIRMATION,
        subject=letter.subject,
        sender=letter.sender,
        document_date=letter.day,
        received_at=house.clock.now(),
        is_official_decision=False,
        media_type="application/pdf",
        file_name=word("agreement.file_name", letter.locale),
    )


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
