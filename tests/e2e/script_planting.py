"""Scripts written into every text that pages show: by a customer, a feed or a core system."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from backend import database
from backend.app import open_house
from backend.ids import encode_id
from backend.models.contracts import PartyRole
from backend.models.conversations import Conversation, Message, MessageSender
from backend.models.customers import Customer, CustomerNumber
from backend.models.insurance_details import Coverage, MotorDetails
from backend.models.personal_details import (
    PersonalDetailsChange,
    PersonalDetailsKind,
    PersonalDetailsState,
)
from backend.models.security_events import SecurityEvent, SecurityEventKind
from backend.models.sign_in import UserSession
from backend.models.submissions import Submission, SubmissionKind, SubmissionState
from backend.models.user_accounts import Passkey, UserAccount
from backend.services.sealed_texts import seal_text
from backend.settings import Settings
from tests import factories
from tests.e2e.script_payloads import EVERYTHING, PAYLOADS

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.house import House

WRITTEN = datetime(2026, 11, 20, tzinfo=UTC)


async def plant_scripts(data_dir: Path, email_address: str) -> dict[str, str]:
    """Write the payloads into every text that the pages show; return addresses of single pages."""
    async with open_house(Settings(data_dir=data_dir)) as house:
        async with database.writing(house.sessions) as session:
            account = (
                await session.scalars(
                    select(UserAccount).where(UserAccount.email_address == email_address)
                )
            ).one()
            owner = await session.get_one(Customer, account.customer_id)
        await house.keys.create(owner.uid)
        async with database.writing(house.sessions) as session:
            owner = await session.merge(owner)
            pages = await _plant_contracts(session, owner)
            pages |= await _plant_conversations(session, house, owner)
            pages |= await _plant_submissions(session, house, owner)
            pages |= await _plant_own_additions(session, house, owner)
            await _plant_personal_details(session, owner)
            _plant_security(session, account.id)
            for number, text in enumerate(PAYLOADS):
                letter = await factories.document(
                    session,
                    owner,
                    WRITTEN,
                    subject=text,
                    sender=text,
                    file_name=f"{text}.bin",
                    media_type="application/octet-stream",
                )
                if number == 0:
                    letter.subject = letter.sender = letter.file_name = EVERYTHING
                    pages["letter"] = f"/postfach/{encode_id('Document', letter.id)}"
            owner.given_name = owner.family_name = EVERYTHING
            await session.execute(
                update(UserSession)
                .where(UserSession.user_account_id == account.id)
                .values(device_name=EVERYTHING)
            )
    return pages


async def _plant_contracts(session: AsyncSession, owner: Customer) -> dict[str, str]:
    for text in PAYLOADS:
        await factories.insurance_contract(session, owner, product_name=text, number=text)
    contract = await factories.insurance_contract(
        session,
        owner,
        product_name=EVERYTHING,
        number=EVERYTHING,
        details=MotorDetails(
            licence_plate=EVERYTHING,
            manufacturer=EVERYTHING,
            model=EVERYTHING,
            vehicle_identification=EVERYTHING,
            no_claims_class=EVERYTHING,
            regional_class=EVERYTHING,
        ),
        coverages=[Coverage(name=text) for text in PAYLOADS],
    )
    account = await factories.savings_account(session, owner, product_name=EVERYTHING)
    for number, text in enumerate(PAYLOADS):
        named = {"given_name": text, "family_name": text, "sequence": number}
        await factories.partner(session, contract, None, role=PartyRole.INSURED, **named)
        await factories.transaction(
            session,
            account,
            "1.00",
            date(2026, 11, 1),
            sequence=number,
            counterparty_name=text,
            remittance_information=text,
        )
    return {
        "contract": f"/vertraege/{encode_id('Contract', contract.id)}",
        "account": f"/konten/{encode_id('Contract', account.id)}/umsaetze",
        "details": f"/konten/{encode_id('Contract', account.id)}/vertragsdetails",
    }


async def _plant_conversations(
    session: AsyncSession, house: House, owner: Customer
) -> dict[str, str]:
    institution = (await factories.institution(session)).id
    conversations = []
    for text in PAYLOADS:
        uid = uuid.uuid4().hex
        conversations.append(
            Conversation(
                uid=uid,
                customer_id=owner.id,
                institution_id=institution,
                subject=await seal_text(
                    house.cipher, owner=owner.uid, place=f"conversation:{uid}", text=text
                ),
                key_owner=owner.uid,
                started_at=WRITTEN,
                last_message_at=WRITTEN,
            )
        )
    session.add_all(conversations)
    await session.flush()
    for text in PAYLOADS:
        uid = uuid.uuid4().hex
        session.add(
            Message(
                uid=uid,
                customer_id=owner.id,
                conversation_id=conversations[-1].id,
                sender=MessageSender.INSTITUTION,
                case_handler=text,
                text=await seal_text(
                    house.cipher, owner=owner.uid, place=f"message:{uid}", text=text
                ),
                key_owner=owner.uid,
                sent_at=WRITTEN,
            )
        )
    thread = encode_id("Conversation", conversations[-1].id)
    return {"thread": f"/postfach/nachrichten/{thread}"}


async def _plant_submissions(
    session: AsyncSession, house: House, owner: Customer
) -> dict[str, str]:
    """What a customer is told of a change that a core system refused, in its words."""
    institution = (await factories.institution(session)).id
    for text in (*PAYLOADS, EVERYTHING):
        uid = uuid.uuid4().hex
        sealed = {
            part: await seal_text(
                house.cipher, owner=owner.uid, place=f"submission:{uid}:{part}", text=text
            )
            for part in ("subject", "payload", "reason")
        }
        newest = Submission(
            uid=uid,
            customer_id=owner.id,
            institution_id=institution,
            kind=SubmissionKind.BANK_ACCOUNT_CHANGED,
            schema_version=1,
            subject=sealed["subject"],
            payload=sealed["payload"],
            refusal_reason=sealed["reason"],
            key_owner=owner.uid,
            state=SubmissionState.REFUSED,
            created_at=WRITTEN,
            due_at=WRITTEN,
            answered_at=WRITTEN,
        )
        session.add(newest)
        await session.flush()
    return {"submission": f"/services/auftraege/{encode_id('Submission', newest.id)}"}


async def _plant_own_additions(
    session: AsyncSession, house: House, owner: Customer
) -> dict[str, str]:
    """What customers type of other companies, how they call files, and what banks' files say."""
    for text in PAYLOADS:
        await factories.self_added_contract(session, owner, company=text, number=text)
    named = {"company": EVERYTHING, "number": EVERYTHING}
    contract = await factories.self_added_contract(session, owner, **named)
    file = await factories.self_added_document(session, house, contract, owner)
    file.file_name = EVERYTHING
    account = await factories.self_added_account(
        session, owner, bank_name=EVERYTHING, iban=EVERYTHING, label=EVERYTHING
    )
    for number, text in enumerate(PAYLOADS):
        await factories.self_added_transaction(
            session,
            account,
            "1.00",
            date(2026, 11, 1),
            sequence=number,
            counterparty_name=text,
            remittance_information=text,
        )
    return {
        "own": f"/vertraege/eigene/{encode_id('SelfAddedContract', contract.id)}",
        "own account": f"/konten/eigene/{encode_id('SelfAddedAccount', account.id)}",
    }


async def _plant_personal_details(session: AsyncSession, owner: Customer) -> None:
    """What an institution has of a person, what it was asked to change, and why it refused."""
    sach = await factories.institution(session)
    session.add(CustomerNumber(institution_id=sach.id, number=EVERYTHING, customer_id=owner.id))
    contract = await factories.insurance_contract(session, None, number="Adresse")
    address = dict.fromkeys(("street", "postal_code", "city", "title"), EVERYTHING)
    named = {"given_name": EVERYTHING, "family_name": EVERYTHING}
    await factories.partner(session, contract, owner, **named, **address, country="DE")
    for number, text in enumerate(PAYLOADS, start=1):
        kind = PersonalDetailsKind.NAME if number % 2 else PersonalDetailsKind.ADDRESS
        session.add(
            PersonalDetailsChange(
                customer_id=owner.id,
                institution_id=sach.id,
                kind=kind,
                version=number,
                state=PersonalDetailsState.REFUSED,
                change_uid=uuid.uuid4().hex,
                submission_uid=uuid.uuid4().hex,
                before=text,
                street=text,
                postal_code=text,
                city=text,
                country="DE",
                title=text,
                given_name=text,
                family_name=text,
                effective_from=WRITTEN.date(),
                changed_at=WRITTEN,
                answered_at=WRITTEN,
                refused_because=text,
            )
        )


def _plant_security(session: AsyncSession, account_id: int) -> None:
    for text in PAYLOADS:
        session.add(
            SecurityEvent(
                user_account_id=account_id,
                kind=SecurityEventKind.APPROVAL_GIVEN,
                occurred_at=WRITTEN,
                device_name=text,
                detail=text,
            )
        )
        session.add(
            Passkey(
                user_account_id=account_id,
                credential_id=uuid.uuid4().bytes,
                public_key=b"",
                sign_count=0,
                name=text,
                is_synced=False,
                created_at=WRITTEN,
            )
        )
