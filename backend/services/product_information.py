"""Product information by mail: the one gate to it, and mailings that go through it (F19)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import exists, select

from backend import database
from backend.models.consents import ConsentDecision, ConsentPurpose, ConsentState, ProductMail
from backend.models.customers import CustomerNumber
from backend.models.outbox import OutboxTopic
from backend.models.user_accounts import UserAccount
from backend.services import outbox
from backend.services.audit import append_audit
from backend.services.consent_decisions import lock_decisions, newest_decision
from backend.services.unsubscribing import UnsubscribingHouse, add_one_click
from backend.values import Value
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.group import Group
    from backend.models.institutions import Institution

BATCH = 200
_BY_EMAIL = ConsentPurpose.PRODUCT_INFORMATION_BY_EMAIL


class MailingHouse(UnsubscribingHouse, Protocol):
    """What sending product information needs of the portal's wiring."""

    @property
    def group(self) -> Group: ...  # noqa: D102
    @property
    def actor(self) -> str: ...  # noqa: D102


class Mailing(Value):
    """What an institution tells those who agreed; the same one reaches nobody twice."""

    institution_id: int
    institution_key: str
    subject: str
    text: str

    @property
    def sha256(self) -> str:
        """What tells it from others; hexadecimal."""
        parts = f"{self.institution_key}\0{self.subject}\0{self.text}"
        return hashlib.sha256(parts.encode()).hexdigest()


@dataclass(slots=True)
class MailingReport:
    """What came of a mailing: who gets it now, and who does not (any more, or again)."""

    enqueued: int = 0
    left_out: int = 0


class ConsentWithdrawnError(Exception):
    """The recipient does not agree (any more): the mail must not leave."""


async def enqueue_product_mail(
    session: AsyncSession, house: MailingHouse, mailing: Mailing, *, customer_id: int
) -> bool:
    """Put product information into the outbox if its recipient agrees to it; tell whether (F19).

    The consent is read in this transaction, and no decision can come between. It is read once more
    before the mail leaves: what waited for a mail server does not outlive a withdrawal.
    """
    await lock_decisions(session, customer_id, only_reads=True)
    newest = await newest_decision(session, customer_id, _BY_EMAIL)
    if newest is None or newest.state is not ConsentState.GRANTED:
        return False
    dialect = session.get_bind().dialect.name
    is_new = await session.scalar(
        database.insert_into(ProductMail, dialect)
        .values(
            customer_id=customer_id,
            institution_id=mailing.institution_id,
            mailing=mailing.sha256,
            subject=mailing.subject,
            enqueued_at=house.clock.now(),
        )
        .on_conflict_do_nothing(index_elements=[ProductMail.customer_id, ProductMail.mailing])
        .returning(ProductMail.id)
    )
    if is_new is None:
        return False
    payload = {
        "customer": str(customer_id),
        "institution": mailing.institution_key,
        "subject": mailing.subject,
        "text": mailing.text,
    }
    await outbox.enqueue(session, house.outbox, OutboxTopic.PRODUCT_MAIL, payload)
    return True


async def send_mailing(
    house: MailingHouse,
    institution: Institution,
    *,
    subject: str,
    text: str,
    on_progress: Callable[[MailingReport], None] = lambda _: None,
) -> MailingReport:
    """Send a mailing to the institution's customers who agree; repeating it goes on where it broke.

    A batch is one transaction, with its entry in the audit log.
    """
    mailing = Mailing(institution.id, institution.key, subject, text)
    report = MailingReport()
    last = 0
    while batch := await _candidates_after(house, institution.id, last):
        last = batch[-1][0]
        enqueued = await _enqueue_batch(house, mailing, [customer for _, customer in batch])
        report.enqueued += enqueued
        report.left_out += len(batch) - enqueued
        on_progress(report)
    return report


async def build_product_mail(
    house: MailingHouse, payload: Mapping[str, str], *, message_id: str, created_at: datetime
) -> EmailMessage:
    """Build the mail from the institution, with how to take the consent back (§ 7 UWG).

    Raises:
        ConsentWithdrawnError: the recipient does not agree any more, or is gone.
    """
    customer_id = int(payload["customer"])
    async with database.reading(house.sessions) as session:
        newest = await newest_decision(session, customer_id, _BY_EMAIL)
        account = await session.scalar(
            select(UserAccount).where(UserAccount.customer_id == customer_id)
        )
    if account is None or newest is None or newest.state is not ConsentState.GRANTED:
        raise ConsentWithdrawnError
    entry = next(one for one in house.group.institutions if one.key == payload["institution"])
    sender = Address(entry.name, addr_spec=house.group.contact_of(entry.key).email)
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = Address(addr_spec=account.email_address)
    mail["Subject"] = payload["subject"]
    mail["Date"] = created_at
    mail["Message-ID"] = f"<{message_id}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    await add_one_click(house, mail, customer_id=customer_id)
    ending = word(
        "mail.product_information_ending",
        account.locale,
        group=house.group.name,
        url=f"{house.outbox.public_url}/profil/einstellungen/einwilligungen",
    )
    mail.set_content(f"{payload['text'].strip()}\n{ending}")
    return mail


async def _candidates_after(
    house: MailingHouse, institution_id: int, last: int
) -> Sequence[tuple[int, int]]:
    """The next customers who ever agreed; the gate knows who still does."""
    has_agreed = exists().where(
        ConsentDecision.customer_id == CustomerNumber.customer_id,
        ConsentDecision.purpose == _BY_EMAIL,
        ConsentDecision.state == ConsentState.GRANTED,
    )
    statement = (
        select(CustomerNumber.id, CustomerNumber.customer_id)
        .where(
            CustomerNumber.institution_id == institution_id, CustomerNumber.id > last, has_agreed
        )
        .order_by(CustomerNumber.id)
        .limit(BATCH)
    )
    async with database.reading(house.sessions) as session:
        return [(row[0], row[1]) for row in await session.execute(statement)]


async def _enqueue_batch(house: MailingHouse, mailing: Mailing, customers: Sequence[int]) -> int:
    enqueued = 0
    async with database.writing(house.sessions) as session:
        for customer_id in customers:
            enqueued += await enqueue_product_mail(session, house, mailing, customer_id=customer_id)
        if enqueued:
            await append_audit(
                session,
                actor=house.actor,
                action="product_information.enqueued",
                subject=mailing.institution_key,
                detail={"mailing": mailing.sha256, "mails": enqueued},
                clock=house.clock,
            )
    return enqueued
