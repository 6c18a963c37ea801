"""Handing one message of the outbox over to whoever does what it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from backend.models.outbox import OutboxTopic
from backend.services.agreement_confirmations import FilingHouse, file_confirmation
from backend.services.core_delivery import TransmittingHouse, transmit
from backend.services.letters import typeset
from backend.services.outbox import build_mail, letter_in, open_payload
from backend.services.print_jobs import PrintingHouse
from backend.services.print_orders import print_waiting_documents
from backend.services.product_information import MailingHouse, build_product_mail
from backend.services.push_notices import PushingHouse, push_notice
from backend.services.recovery_letters import write_waiting_letters
from backend.services.recovery_links import send_recovery_link
from backend.values import Value

if TYPE_CHECKING:
    from datetime import datetime

    from backend.ports import MailSender, Sealer, SmsSender
    from backend.proof_ports import DocumentSigner
    from backend.services.letters import PrintableLetter


class DeliveringHouse(
    FilingHouse, PrintingHouse, MailingHouse, TransmittingHouse, PushingHouse, Protocol
):
    """What delivering needs of the portal's wiring; a port that is None lets messages wait."""

    @property
    def sealer(self) -> Sealer: ...  # noqa: D102
    @property
    def mail(self) -> MailSender | None: ...  # noqa: D102
    @property
    def sms(self) -> SmsSender | None: ...  # noqa: D102
    @property
    def document_signer(self) -> DocumentSigner: ...  # noqa: D102


class LeasedMessage(Value):
    """A message that nobody else delivers until `leased_until`; `attempts` counts this one."""

    id: int
    message_id: str
    topic: OutboxTopic
    payload: bytes
    created_at: datetime
    expires_at: datetime | None
    attempts: int
    leased_until: datetime


async def hand_over(house: DeliveringHouse, message: LeasedMessage) -> None:
    """Do what a message asks for; done twice it must be there once.

    Raises:
        ConsentWithdrawnError: its recipient does not want it (any more).
        PushEndedError: the browser that was to show it takes nothing any more.
        DeliveryDeferredError, DeliveryRefusedError: not now, or never.
        CipherError, ValueError: the message is damaged or malformed.
    """
    payload = await open_payload(
        house.sealer, message_id=message.message_id, payload=message.payload
    )
    match message.topic:
        case OutboxTopic.SMS if house.sms is not None:
            await house.sms.send(payload["phone_number"], payload["text"], message.message_id)
        case OutboxTopic.MAIL if house.mail is not None:
            letter = letter_in(payload)
            await house.mail.send(
                build_mail(
                    payload,
                    message_id=message.message_id,
                    created_at=message.created_at,
                    trustee=house.group.trustee,
                    pdf=None if letter is None else await _signed(house, letter),
                )
            )
        case OutboxTopic.PRODUCT_MAIL if house.mail is not None:
            await house.mail.send(
                await build_product_mail(
                    house, payload, message_id=message.message_id, created_at=message.created_at
                )
            )
        case OutboxTopic.AGREEMENT:
            await file_confirmation(house, payload)
        case OutboxTopic.RECOVERY:
            await send_recovery_link(house, payload)
        case OutboxTopic.RECOVERY_LETTER:
            await write_waiting_letters(house)
        case OutboxTopic.PRINT:
            await print_waiting_documents(house)
        case OutboxTopic.CORE_EVENT:
            await transmit(house, payload["submission"])
        case OutboxTopic.PUSH:
            await push_notice(house, payload)


async def _signed(house: DeliveringHouse, letter: PrintableLetter) -> bytes:
    return await house.document_signer.sign(await typeset(letter))
