"""Resolve objects by their id, whatever they are."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from backend.context import Context, Info
from backend.errors import NotFoundError
from backend.ids import decode_any_id
from backend.paging import LARGEST_PAGE
from backend.resolvers.bank_accounts import find_bank_account_on_file
from backend.resolvers.claims import find_claim, find_claim_document
from backend.resolvers.consents import find_consent
from backend.resolvers.contracts import find_contract
from backend.resolvers.conversations import find_conversation, find_message
from backend.resolvers.devices import find_device
from backend.resolvers.documents import find_document
from backend.resolvers.forms import find_form
from backend.resolvers.institutions import find_institution
from backend.resolvers.passkeys import find_passkey
from backend.resolvers.personal_details import find_personal_details_change
from backend.resolvers.receipts import find_receipt
from backend.resolvers.self_added_accounts import find_self_added_account
from backend.resolvers.self_added_contracts import (
    find_self_added_contract,
    find_self_added_document,
)
from backend.resolvers.submissions import find_submission
from backend.resolvers.transactions import find_self_added_transaction, find_transaction
from backend.resolvers.uploads import find_upload
from backend.resolvers.viewer import find_viewer

Finder = Callable[[AsyncSession, Context, int], Awaitable[object | None]]

# One per kind of `node_id`; a test walks the schema to be sure. Each finds only what the viewer
# may see.
FINDERS: dict[str, Finder] = {
    "Claim": find_claim,
    "ClaimDocument": find_claim_document,
    "BankAccountOnFile": find_bank_account_on_file,
    "Consent": find_consent,
    "Contract": find_contract,
    "Device": find_device,
    "Conversation": find_conversation,
    "Document": find_document,
    "Form": find_form,
    "Institution": find_institution,
    "Message": find_message,
    "Passkey": find_passkey,
    "PersonalDetailsChange": find_personal_details_change,
    "Receipt": find_receipt,
    "SelfAddedAccount": find_self_added_account,
    "SelfAddedContract": find_self_added_contract,
    "SelfAddedDocument": find_self_added_document,
    "SelfAddedTransaction": find_self_added_transaction,
    "Submission": find_submission,
    "Transaction": find_transaction,
    "Upload": find_upload,
    "Viewer": find_viewer,
}
_PUBLIC = frozenset({"Institution"})


async def get_node(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")],  # noqa: A002
) -> object | None:
    """Return one object of the viewer."""
    return (await _find_all(info.context, [id]))[0]


async def get_nodes(
    info: Info,
    ids: Annotated[list[strawberry.ID], strawberry.argument(description="Their ids.")],
) -> list[object | None]:
    """Return objects of the viewer in the order asked."""
    return await _find_all(info.context, ids[:LARGEST_PAGE])


async def _find_all(context: Context, ids: list[strawberry.ID]) -> list[object | None]:
    async with context.transaction() as session:
        return [await _find(session, context, text) for text in ids]


async def _find(session: AsyncSession, context: Context, text: str) -> object | None:
    try:
        kind, row_id = decode_any_id(text)
    except NotFoundError:
        return None
    finder = FINDERS.get(kind)
    if finder is None or (context.viewer is None and kind not in _PUBLIC):
        return None
    return await finder(session, context, row_id)
