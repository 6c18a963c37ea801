"""Resolve contracts that the viewer added by hand, and all own additions together."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated
from urllib.parse import quote

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.errors import NotFoundError
from backend.ids import decode_filter_id, decode_id, encode_id
from backend.models.contracts import LineOfBusiness, PaymentFrequency
from backend.models.self_added_contracts import SelfAddedContract, SelfAddedDocument
from backend.services import self_added_contracts, self_added_data, self_added_documents
from backend.services.self_added_data import SelfAddedData
from backend.services.self_added_input import ContractFacts
from backend.services.sessions import Viewer


@strawberry.input(description="A contract of another company, as the viewer describes it.")
class SelfAddedContractFacts:
    """What a customer writes about a contract."""

    line_of_business: LineOfBusiness = strawberry.field(description="The insurance line.")
    company: str = strawberry.field(description="With whom; at most 80 characters.")
    number: str | None = strawberry.field(
        default=None, description="Its number there; at most 40 characters."
    )
    premium: Decimal | None = strawberry.field(
        default=None, description="Premium per payment in euro, whole cents."
    )
    payment_frequency: PaymentFrequency = strawberry.field(
        default=PaymentFrequency.NONE, description="How often it is due."
    )
    main_due_date: date | None = strawberry.field(
        default=None, description="A day on which it is due; others follow from the frequency."
    )
    start_date: date | None = strawberry.field(default=None, description="First day.")
    end_date: date | None = strawberry.field(default=None, description="Last day.")


Facts = Annotated[SelfAddedContractFacts, strawberry.argument(description="What it is.")]
Documents = Annotated[
    list[strawberry.ID] | None,
    strawberry.argument(
        description="Accepted uploads sent with `?for=self-added-contract`; each is used up."
    ),
]
ContractId = Annotated[strawberry.ID, strawberry.argument(description="Which one.")]


async def get_self_added_data(root: strawberry.Parent[Viewer], info: Info) -> SelfAddedData:
    """Count the viewer's own additions."""
    async with info.context.transaction() as session:
        return await self_added_data.count_self_added(session, customer_id=root.customer_id)


async def list_self_added_contracts(
    root: strawberry.Parent[SelfAddedData], info: Info
) -> Sequence[SelfAddedContract]:
    """List contracts that the viewer added."""
    async with info.context.transaction() as session:
        return await self_added_contracts.list_self_added_contracts(
            session, customer_id=root.customer_id
        )


async def list_known_companies(
    root: strawberry.Parent[SelfAddedData],  # noqa: ARG001  # reached through the viewer
    info: Info,
) -> Sequence[str]:
    """List companies to suggest."""
    context = info.context
    return context.house.policy.self_added.known_companies.on(context.today)


async def add_self_added_contract(
    info: Info,
    facts: Facts,
    idempotency_key: Annotated[
        str,
        strawberry.argument(
            description="Made by the client for this contract, such as a UUID: sending it again "
            "under the same key adds nothing twice and answers the same."
        ),
    ],
    documents: Documents = None,
) -> SelfAddedContract:
    """Add a contract of another company."""
    return await self_added_contracts.add_self_added_contract(
        info.context.house,
        viewer=info.context.signed_in,
        facts=_facts_of(facts),
        upload_ids=_upload_ids(documents),
        key=idempotency_key,
    )


async def change_self_added_contract(
    info: Info,
    contract: ContractId,
    version: Annotated[int, strawberry.argument(description="The version the viewer saw.")],
    facts: Facts,
    documents: Documents = None,
) -> SelfAddedContract:
    """Describe a contract anew."""
    return await self_added_contracts.change_self_added_contract(
        info.context.house,
        viewer=info.context.signed_in,
        contract_id=decode_id(contract, "SelfAddedContract"),
        version=version,
        facts=_facts_of(facts),
        upload_ids=_upload_ids(documents),
    )


async def remove_self_added_contract(info: Info, contract: ContractId) -> SelfAddedData:
    """Remove a contract."""
    context = info.context
    await self_added_contracts.remove_self_added_contract(
        context.house,
        viewer=context.signed_in,
        contract_id=decode_id(contract, "SelfAddedContract"),
    )
    async with context.transaction() as session:
        return await self_added_data.count_self_added(
            session, customer_id=context.signed_in.customer_id
        )


async def remove_self_added_document(
    info: Info,
    document: Annotated[strawberry.ID, strawberry.argument(description="Which one.")],
) -> SelfAddedContract:
    """Remove a file."""
    context = info.context
    contract_id = await self_added_documents.remove_self_added_document(
        context.house,
        viewer=context.signed_in,
        document_id=decode_id(document, "SelfAddedDocument"),
    )
    async with context.transaction() as session:
        contract = await find_self_added_contract(session, context, contract_id)
    if contract is None:
        raise NotFoundError
    return contract


async def delete_self_added_data(info: Info) -> SelfAddedData:
    """Delete all own additions."""
    return await self_added_data.delete_self_added_data(
        info.context.house, viewer=info.context.signed_in
    )


def next_due_date_of(root: strawberry.Parent[SelfAddedContract], info: Info) -> date | None:
    """Work out the next instalment from today on."""
    return self_added_contracts.next_due_date(root, today=info.context.today)


def download_url_of(root: strawberry.Parent[SelfAddedDocument]) -> str:
    """Return where the content can be fetched."""
    name = quote(root.file_name, safe="")
    return f"/self-added-documents/{encode_id('SelfAddedDocument', root.id)}/{name}"


async def find_self_added_contract(
    session: AsyncSession, context: Context, row: int
) -> SelfAddedContract | None:
    """Find a self-added contract for `node`."""
    return await self_added_contracts.find_self_added_contract(
        session, customer_id=context.signed_in.customer_id, contract_id=row
    )


async def find_self_added_document(
    session: AsyncSession, context: Context, row: int
) -> SelfAddedDocument | None:
    """Find a file of a self-added contract for `node`."""
    return await self_added_documents.find_self_added_document(
        session, customer_id=context.signed_in.customer_id, document_id=row
    )


def _facts_of(facts: SelfAddedContractFacts) -> ContractFacts:
    return ContractFacts(
        line_of_business=facts.line_of_business,
        company=facts.company,
        number=facts.number or "",
        premium=facts.premium,
        payment_frequency=facts.payment_frequency,
        main_due_date=facts.main_due_date,
        start_date=facts.start_date,
        end_date=facts.end_date,
    )


def _upload_ids(documents: list[strawberry.ID] | None) -> tuple[int, ...]:
    # A foreign id and nonsense are found out by the service, at the same place.
    return tuple(decode_filter_id(one, "Upload") or 0 for one in documents or ())
