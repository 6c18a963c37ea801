"""Small worlds for tests: each function writes one row with sensible defaults."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend.claim_envelope import ClaimsKeyAlgorithm
from backend.feeds.records import Salutation
from backend.models.activation_codes import ActivationCode
from backend.models.claims import (
    Claim,
    ClaimDocument,
    ClaimFormat,
    ClaimKind,
    ClaimsKey,
    ClaimStatus,
)
from backend.models.contracts import (
    Contract,
    ContractOrigin,
    ContractStatus,
    FixedTermDeposit,
    InsuranceContract,
    LineOfBusiness,
    Partner,
    PartyRole,
    PaymentFrequency,
    SavingsAccount,
    SavingsProduct,
)
from backend.models.conversations import Conversation, Message, MessageSender
from backend.models.customers import Customer, CustomerNumber
from backend.models.documents import Document, DocumentDirection, DocumentKind
from backend.models.institutions import Institution
from backend.models.self_added_accounts import SelfAddedAccount, SelfAddedTransaction
from backend.models.self_added_contracts import SelfAddedContract, SelfAddedDocument
from backend.models.transactions import Transaction
from backend.models.uploads import Upload, UploadPurpose, UploadState
from backend.models.user_accounts import Locale, UserAccount
from backend.ports import DocumentVersion
from backend.services.activation_codes import hash_code, make_code
from backend.services.documents import PREFIX, VERSION

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.house import House
    from backend.ports import StoredDocument

CREATED = datetime(2026, 1, 1, tzinfo=UTC)


async def institution(session: AsyncSession, key: str = "sach") -> Institution:
    """Return one of the demo group's institutions."""
    return (await session.scalars(select(Institution).where(Institution.key == key))).one()


async def customer(
    session: AsyncSession, given_name: str = "Anna", family_name: str = "Beispiel", **values: Any
) -> Customer:
    """Write a customer."""
    row = Customer(
        **{
            "uid": uuid.uuid4().hex,
            "given_name": given_name,
            "family_name": family_name,
            "birth_date": "1984-03-12",
            "created_at": CREATED,
        }
        | values
    )
    session.add(row)
    await session.flush()
    return row


async def user_account(session: AsyncSession, owner: Customer, **values: Any) -> UserAccount:
    """Write the user account of a customer."""
    row = UserAccount(
        **{
            "customer_id": owner.id,
            "email_address": f"{uuid.uuid4().hex}@example.org",
            "password_hash": "-",
            "phone_number": "+4915112345678",
            "locale": Locale.DE,
            "created_at": CREATED,
        }
        | values
    )
    session.add(row)
    await session.flush()
    return row


async def insurance_contract(
    session: AsyncSession, policyholder: Customer | None, **values: Any
) -> InsuranceContract:
    """Write an insurance contract; with a policyholder it is visible to that customer."""
    row = InsuranceContract(
        **await _contract_values(session, "sach")
        | {
            "line_code": "130",
            "line_of_business": LineOfBusiness.HOUSEHOLD,
            "payment_frequency": PaymentFrequency.YEARLY,
            "premium_amount": Decimal("120.00"),
            "premium_currency": "EUR",
            "start_date": date(2020, 1, 1),
        }
        | values
    )
    session.add(row)
    await session.flush()
    if policyholder is not None:
        await partner(session, row, policyholder)
    return row


async def savings_account(
    session: AsyncSession, *holders: Customer, **values: Any
) -> SavingsAccount:
    """Write a savings account with its holders."""
    row = SavingsAccount(**await _savings_values(session, values))
    await _add_held(session, row, holders)
    return row


async def fixed_term_deposit(
    session: AsyncSession, *holders: Customer, **values: Any
) -> FixedTermDeposit:
    """Write a fixed-term deposit with its holders."""
    row = FixedTermDeposit(**await _savings_values(session, values))
    await _add_held(session, row, holders)
    return row


async def _savings_values(session: AsyncSession, values: dict[str, Any]) -> dict[str, Any]:
    return (
        await _contract_values(session, "bank")
        | {
            "line_code": "",
            "iban": "DE43999999990001000001",
            "currency": "EUR",
            "balance": Decimal("0.00"),
        }
        | values
    )


async def _add_held(
    session: AsyncSession, row: SavingsProduct, holders: tuple[Customer, ...]
) -> None:
    session.add(row)
    await session.flush()
    for sequence, holder in enumerate(holders):
        await partner(session, row, holder, role=PartyRole.ACCOUNT_HOLDER, sequence=sequence)


async def partner(
    session: AsyncSession, contract: Contract, person: Customer | None, **values: Any
) -> Partner:
    """Write a partner of a contract, by default the policyholder and a natural person."""
    row = Partner(
        **{
            "contract_id": contract.id,
            "customer_id": person.id if person else None,
            "customer_number": None,
            "role": PartyRole.POLICYHOLDER,
            "sequence": 0,
            "salutation": Salutation.MS,
            "is_legal_entity": False,
            "given_name": person.given_name if person else "Niemand",
            "family_name": person.family_name if person else "Unbekannt",
            "birth_date": person.birth_date if person else None,
        }
        | values
    )
    session.add(row)
    await session.flush()
    return row


async def _contract_values(session: AsyncSession, institution_key: str) -> dict[str, Any]:
    owner = await institution(session, institution_key)
    return {
        "institution_id": owner.id,
        "origin": ContractOrigin.INSTITUTION,
        "number": uuid.uuid4().hex[:12],
        "product_name": None,
        "status": ContractStatus.ACTIVE,
        "start_date": None,
        "end_date": None,
        "created_at": CREATED,
        "updated_at": CREATED,
    }


async def transaction(
    session: AsyncSession, account: SavingsProduct, amount: str, day: date, **values: Any
) -> Transaction:
    """Write a movement of an account, booked on its value date unless said otherwise."""
    row = Transaction(**{"contract_id": account.id} | _movement(amount, day, values))
    session.add(row)
    await session.flush()
    return row


def _movement(amount: str, day: date, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "entry_key": uuid.uuid4().hex,
        "value_date": day,
        "booking_date": day,
        "sequence": 0,
        "amount": Decimal(amount),
        "currency": "EUR",
        "is_pending": False,
        "is_reversal": False,
        "counterparty_name": None,
        "counterparty_iban": None,
        "counterparty_iban_is_valid": False,
        "remittance_information": "",
    } | values


async def document(
    session: AsyncSession, owner: Customer, received_at: datetime, **values: Any
) -> Document:
    """Write the row of a document an insurer sent; nothing lies in the object store."""
    uid = uuid.uuid4().hex
    sender = await institution(session, values.pop("institution_key", "sach"))
    row = Document(
        **{
            "institution_id": sender.id,
            "customer_id": owner.id,
            "contract_id": None,
            "external_id": uid,
            "direction": DocumentDirection.INCOMING,
            "kind": DocumentKind.LETTER,
            "subject": "Ihr Schreiben",
            "sender": sender.name,
            "document_date": received_at.date(),
            "received_at": received_at,
            "first_opened_at": None,
            "is_official_decision": False,
            "media_type": "application/pdf",
            "size": 4,
            "sha256": "0" * 64,
            "file_name": "Schreiben.pdf",
            "object_key": f"documents/{uid[:2]}/{uid}",
            "key_owner": owner.uid,
        }
        | values
    )
    session.add(row)
    await session.flush()
    return row


async def answer(session: AsyncSession, to: Customer, sent_at: datetime) -> Message:
    """Write a conversation with one message of the institution; its texts are sealed for nobody."""
    sender = await institution(session)
    conversation = Conversation(
        uid=uuid.uuid4().hex,
        customer_id=to.id,
        institution_id=sender.id,
        document_id=None,
        subject=b"-",
        key_owner=to.uid,
        started_at=sent_at,
        last_message_at=sent_at,
    )
    session.add(conversation)
    await session.flush()
    row = Message(
        uid=uuid.uuid4().hex,
        customer_id=to.id,
        conversation_id=conversation.id,
        sender=MessageSender.INSTITUTION,
        case_handler="Petra Muster",
        text=b"-",
        key_owner=to.uid,
        sent_at=sent_at,
        read_at=None,
    )
    session.add(row)
    await session.flush()
    return row


async def activation_code(
    session: AsyncSession, owner: Customer, *, number: str, created_at: datetime
) -> str:
    """Let an institution know the customer by a number and write a letter; return its code."""
    seller = await institution(session)
    row = CustomerNumber(institution_id=seller.id, number=number, customer_id=owner.id)
    session.add(row)
    await session.flush()
    code = make_code()
    session.add(
        ActivationCode(
            customer_number_id=row.id,
            code_hash=hash_code(code),
            print_job="test",
            attempts=0,
            created_at=created_at,
            expires_at=created_at + timedelta(days=60),
        )
    )
    return code


async def upload(session: AsyncSession, customer_id: int, number: int = 0, **values: Any) -> Upload:
    """Write the row of a file in quarantine; nothing lies in the object store."""
    uid = uuid.uuid4().hex
    row = Upload(
        **{
            "customer_id": customer_id,
            "purpose": UploadPurpose.MESSAGE,
            "institution_id": (await institution(session)).id,
            "file_name": f"Beleg {number}.jpg",
            "media_type": "image/jpeg",
            "size": 4,
            "sha256": "0" * 64,
            "state": UploadState.QUARANTINED,
            "object_key": f"uploads/{uid[:2]}/{uid}",
            "key_owner": "nobody",
            "created_at": CREATED,
            "expires_at": datetime(2027, 1, 1, tzinfo=UTC),
            "leased_until": CREATED,
            "attempts": 0,
        }
        | values
    )
    session.add(row)
    await session.flush()
    return row


async def claims_key(session: AsyncSession) -> ClaimsKey:
    """Return the newest claims key; without one write one whose private half nobody has."""
    known = await session.scalars(select(ClaimsKey).order_by(ClaimsKey.id.desc()).limit(1))
    if (newest := known.one_or_none()) is not None:
        return newest
    row = ClaimsKey(
        uid=uuid.uuid4().hex,
        algorithm=ClaimsKeyAlgorithm.X25519,
        public_key=bytes(32),
        created_at=CREATED,
        expires_at=CREATED + timedelta(days=90),
    )
    session.add(row)
    await session.flush()
    return row


async def claim(session: AsyncSession, owner: Customer, **values: Any) -> Claim:
    """Write a claim whose file is not there any more."""
    document = ClaimDocument(
        customer_id=owner.id,
        size=1000,
        sha256="0" * 64,
        received_bytes=1000,
        is_complete=True,
        created_at=CREATED,
        expires_at=CREATED,
    )
    session.add(document)
    await session.flush()
    row = Claim(
        **{
            "uid": uuid.uuid4().hex,
            "customer_id": owner.id,
            "institution_id": (await institution(session)).id,
            "contract_id": None,
            "sealed_contract_id": values.get("contract_id"),
            "claim_document_id": document.id,
            "claims_key_id": (await claims_key(session)).id,
            "idempotency_key": str(uuid.uuid4()),
            "kind": ClaimKind.MEDICAL_INVOICE,
            "format": ClaimFormat.PHOTOS,
            "status": ClaimStatus.HANDED_OVER,
            "submitted_at": CREATED,
            "leased_until": CREATED,
            "attempts": 1,
        }
        | values
    )
    session.add(row)
    await session.flush()
    return row


async def self_added_contract(
    session: AsyncSession, owner: Customer, **values: Any
) -> SelfAddedContract:
    """Write a contract of another company that its customer added."""
    row = SelfAddedContract(
        **{
            "customer_id": owner.id,
            "line_of_business": LineOfBusiness.LEGAL_PROTECTION,
            "company": "Fremde Versicherung",
            "number": "FV-4711",
            "premium_amount": Decimal("49.90"),
            "premium_currency": "EUR",
            "payment_frequency": PaymentFrequency.MONTHLY,
            "main_due_date": date(2026, 1, 1),
            "start_date": date(2020, 1, 1),
            "end_date": None,
            "version": 1,
            "created_at": CREATED,
            "updated_at": CREATED,
        }
        | values
    )
    session.add(row)
    await session.flush()
    return row


async def stored_file(
    house: House, owner: Customer, content: bytes, prefix: str = PREFIX
) -> tuple[str, StoredDocument]:
    """Encrypt a file as its customer's; return the key of its object and what is known of it."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    await house.keys.create(owner.uid)
    uid = uuid.uuid4().hex
    key = f"{prefix}{uid[:2]}/{uid}"
    version = DocumentVersion(owner.uid, uid, VERSION)
    return key, await house.cipher.store_encrypted(house.objects, key, version, chunks())


async def self_added_document(
    session: AsyncSession,
    house: House,
    contract: SelfAddedContract,
    owner: Customer,
    content: bytes = b"%PDF-1.7 own",
) -> SelfAddedDocument:
    """Store a file with a self-added contract, encrypted as uploads are."""
    key, stored = await stored_file(house, owner, content)
    row = SelfAddedDocument(
        added_contract_id=contract.id,
        file_name="Police.pdf",
        media_type="application/pdf",
        size=stored.size,
        sha256=stored.sha256,
        object_key=key,
        key_owner=owner.uid,
        added_at=CREATED,
    )
    session.add(row)
    await session.flush()
    return row


async def self_added_account(
    session: AsyncSession, owner: Customer, **values: Any
) -> SelfAddedAccount:
    """Write an account with another bank that its customer added."""
    row = SelfAddedAccount(
        **{
            "customer_id": owner.id,
            "account_key": uuid.uuid4().hex,
            "iban": "DE02120300000000202051",
            "bank_name": "Fremde Bank",
            "currency": "EUR",
            "balance": Decimal("100.00"),
            "balance_on": date(2026, 11, 20),
            "balance_from": date(2026, 1, 1),
            "created_at": CREATED,
            "updated_at": CREATED,
        }
        | values
    )
    session.add(row)
    await session.flush()
    return row


async def self_added_transaction(
    session: AsyncSession, account: SelfAddedAccount, amount: str, day: date, **values: Any
) -> SelfAddedTransaction:
    """Write a movement of a self-added account, booked on its value date."""
    row = SelfAddedTransaction(**_movement(amount, day, values) | {"added_account_id": account.id})
    session.add(row)
    await session.flush()
    return row
