"""GraphQL types for contracts of other companies, and for all own additions together."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from backend import errors
from backend.access import PUBLIC, SIGNED_IN
from backend.context import Info
from backend.models import self_added_contracts as models
from backend.models.contracts import LineOfBusiness, PaymentFrequency
from backend.resolvers import self_added_accounts as account_resolvers
from backend.resolvers import self_added_contracts as resolvers
from backend.schema.fields import (
    attribute,
    command,
    computed,
    field,
    mutation,
    relation,
    represents,
)
from backend.schema.nodes import Node, node_id
from backend.schema.refusals import Conflict, InvalidInput, NotFound, NotSignedIn, Refusal
from backend.schema.scalars import Money
from backend.schema.self_added_accounts import SelfAddedAccount
from backend.services import self_added_data
from backend.services.self_added_documents import load_self_added_documents_of
from backend.wording import word


@strawberry.type(description="A file that the viewer keeps with a self-added contract.")
class SelfAddedDocument(Node):
    id: strawberry.ID = node_id("SelfAddedDocument")
    file_name: str = attribute(SIGNED_IN, "Name for saving it.")
    media_type: str = attribute(SIGNED_IN, "What it is.")
    size: int = attribute(SIGNED_IN, "Size in bytes.")
    sha256: str = attribute(SIGNED_IN, "SHA-256, hexadecimal.")
    added_at: datetime = attribute(SIGNED_IN, "When it was added.")
    download_url: str = computed(
        SIGNED_IN,
        resolvers.download_url_of,
        "Path under which it can be fetched with the same session.",
    )

    is_type_of = represents(models.SelfAddedDocument)


@strawberry.type(
    description="A contract with another company, added by the viewer by hand (manuell "
    "hinzugefügt). It is no `Contract`: nothing can be changed, claimed or received through it."
)
class SelfAddedContract(Node):
    id: strawberry.ID = node_id("SelfAddedContract")
    line_of_business: LineOfBusiness = attribute(SIGNED_IN, "The insurance line.")
    company: str = attribute(SIGNED_IN, "With whom.")
    number: str | None = attribute(SIGNED_IN, "Its number there.")
    premium: Money | None = attribute(SIGNED_IN, "Premium per payment.")
    payment_frequency: PaymentFrequency = attribute(SIGNED_IN, "How often it is due.")
    main_due_date: date | None = attribute(SIGNED_IN, "A day on which it is due.")
    next_due_date: date | None = computed(
        SIGNED_IN,
        resolvers.next_due_date_of,
        "When it is due next; null where that can't be told.",
    )
    start_date: date | None = attribute(SIGNED_IN, "First day.")
    end_date: date | None = attribute(SIGNED_IN, "Last day.")
    documents: list[SelfAddedDocument] = relation(
        SIGNED_IN, load_self_added_documents_of, "Files kept with it.", default=list
    )
    version: int = attribute(SIGNED_IN, "Counts changes; `changeSelfAddedContract` asks for it.")
    created_at: datetime = attribute(SIGNED_IN, "When it was added.")
    updated_at: datetime = attribute(SIGNED_IN, "When it was last changed.")

    is_type_of = represents(models.SelfAddedContract)


@strawberry.type(
    description="What the viewer added by hand: exactly what `deleteSelfAddedData` deletes."
)
class SelfAddedData:
    contracts: list[SelfAddedContract] = field(
        SIGNED_IN, resolvers.list_self_added_contracts, "Contracts of other companies."
    )
    contract_count: int = attribute(SIGNED_IN, "How many contracts.")
    document_count: int = attribute(SIGNED_IN, "How many files.")
    accounts: list[SelfAddedAccount] = field(
        SIGNED_IN, account_resolvers.list_self_added_accounts, "Accounts with other banks."
    )
    account_count: int = attribute(SIGNED_IN, "How many accounts.")
    transaction_count: int = attribute(SIGNED_IN, "How many transactions of these accounts.")
    known_companies: list[str] = field(
        SIGNED_IN, resolvers.list_known_companies, "Companies to suggest; any other will do, too."
    )

    is_type_of = represents(self_added_data.SelfAddedData)


@strawberry.type(description="The viewer added as much as the portal keeps.")
class SelfAddedLimitReached(Refusal):
    most: int = attribute(PUBLIC, "How many are kept.")


class _SelfAddedLimitHandler(
    strawberry.ExceptionHandler[errors.SelfAddedLimitError, SelfAddedLimitReached]
):
    def handle(
        self, exception: errors.SelfAddedLimitError, *, info: Info, **_: Any
    ) -> SelfAddedLimitReached:
        key = f"refusal.self_added_{exception.what}"
        message = word(key, info.context.locale, most=exception.most)
        return SelfAddedLimitReached(message=message, most=exception.most)


exception_handlers: list[strawberry.ExceptionHandler[Any, Any]] = [_SelfAddedLimitHandler()]

AddSelfAddedContractResult = Annotated[
    SelfAddedContract | InvalidInput | SelfAddedLimitReached | Conflict | NotFound | NotSignedIn,
    strawberry.union(
        "AddSelfAddedContractResult", description="The contract, or why it was refused."
    ),
]
ChangeSelfAddedContractResult = Annotated[
    SelfAddedContract | InvalidInput | SelfAddedLimitReached | Conflict | NotFound | NotSignedIn,
    strawberry.union(
        "ChangeSelfAddedContractResult", description="The contract, or why it was refused."
    ),
]
RemoveSelfAddedContractResult = Annotated[
    SelfAddedData | NotFound | NotSignedIn,
    strawberry.union(
        "RemoveSelfAddedContractResult", description="What is left, or why it was refused."
    ),
]
RemoveSelfAddedDocumentResult = Annotated[
    SelfAddedContract | NotFound | NotSignedIn,
    strawberry.union(
        "RemoveSelfAddedDocumentResult",
        description="The contract without the file, or why it was refused.",
    ),
]
DeleteSelfAddedDataResult = Annotated[
    SelfAddedData | NotSignedIn,
    strawberry.union(
        "DeleteSelfAddedDataResult", description="What is left: nothing; or why it was refused."
    ),
]


@strawberry.type
class SelfAddedMutations:
    add_self_added_contract: AddSelfAddedContractResult = mutation(
        SIGNED_IN,
        resolvers.add_self_added_contract,
        "Add a contract of another company by hand, once per idempotency key.",
    )
    change_self_added_contract: ChangeSelfAddedContractResult = mutation(
        SIGNED_IN,
        resolvers.change_self_added_contract,
        "Describe a self-added contract anew and add files to it.",
    )
    remove_self_added_contract: RemoveSelfAddedContractResult = mutation(
        SIGNED_IN,
        resolvers.remove_self_added_contract,
        "Remove a self-added contract with its files.",
    )
    remove_self_added_document: RemoveSelfAddedDocumentResult = mutation(
        SIGNED_IN,
        resolvers.remove_self_added_document,
        "Remove one file of a self-added contract.",
    )
    delete_self_added_data: DeleteSelfAddedDataResult = command(
        SIGNED_IN,
        resolvers.delete_self_added_data,
        "Delete everything that the viewer added by hand and nothing else (Daten löschen).",
    )
