"""Changing the bank account of contracts: approved as it was reviewed, all or none (F88, F22)."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

from backend import database
from backend.clock import berlin_today
from backend.errors import ConflictError, DomainError, FieldProblem, InvalidInputError
from backend.services import outbox
from backend.services.answered_requests import find_answer, keep_answer, take_request
from backend.services.approval_operations import (
    Execution,
    Operation,
    OperationInput,
    canonical_json,
)
from backend.services.approvals import load_account_version, open_approval
from backend.services.bank_account_records import (
    BankAccountChanged,
    load_change,
    lock_contracts,
    record_change,
)
from backend.services.bank_account_reviews import WantedAccount, review_bank_account
from backend.services.consent_texts import keep_text
from backend.services.mandate_texts import require_signed
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.approvals import Approval
    from backend.models.user_accounts import Locale
    from backend.services.bank_account_reviews import BankAccountReview
    from backend.services.dated_texts import DatedText
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse

LONGEST_KEY = 64
_NAMED = 3


class ChangedContract(OperationInput, frozen=True, kw_only=True):
    """A contract and the version of its bank account that the customer saw."""

    contract_id: int
    number: str
    version: int


class NewBankAccount(OperationInput, frozen=True, kw_only=True):
    """The account to change to, and which text was signed if direct debits need a new mandate.

    `asked` is the hash of what was asked for under the client's `key`.
    """

    contracts: list[ChangedContract]
    institution: str
    iban: str
    holder: str
    effective_from: str
    mandate_text: str | None
    key: str
    asked: str


async def request_bank_account_change(  # the change, what was seen and signed
    house: SignInHouse,
    *,
    viewer: Viewer,
    wanted: WantedAccount,
    versions: Mapping[int, int],
    mandate_text: str | None,
    key: str,
    locale: Locale,
) -> Approval | BankAccountChanged:
    """Ask for the approval of a reviewed change, or answer a key that was approved (F22, F88).

    `versions` are those that the review showed. What asks for the yes names the last four digits
    of the new IBAN (DOMAIN.md, TAN and approvals).

    Raises: as `review_bank_account`, and
        InvalidInputError: a new mandate is needed and its text in force was not signed.
        ConflictError: an account was changed meanwhile, or the key asked for something else.
        TooManyAttemptsError: too many approvals.
        ApprovalMethodUnavailableError: this session has no way to approve it.
    """
    if not key.strip() or len(key) > LONGEST_KEY:
        raise InvalidInputError(FieldProblem(("idempotencyKey",), "field.required"))
    asked = _hash_of(wanted, mandate_text)
    async with database.reading(house.sessions) as session:
        answer_id = await find_answer(
            session, customer_id=viewer.customer_id, key=key, payload={"asked": asked}
        )
        if answer_id is not None:
            return await load_change(session, answer_id)
        review = await review_bank_account(session, house, viewer=viewer, wanted=wanted)
    text = _signed_text(house, review, mandate_text)
    given = NewBankAccount(
        contracts=[
            ChangedContract(
                contract_id=one.contract.id, number=one.contract.number, version=one.version
            )
            for one in review.contracts
        ],
        institution=review.institution.name,
        iban=review.iban.compact,
        holder=review.holder,
        effective_from=review.effective_from.isoformat(),
        mandate_text=text.sha256 if text else None,
        key=key,
        asked=asked,
    )
    if any(versions.get(one.contract_id) != one.version for one in given.contracts):
        raise ConflictError
    return await open_approval(house, CHANGE_BANK_ACCOUNT, given, viewer=viewer, locale=locale)


async def _change(
    session: AsyncSession, execution: Execution[NewBankAccount]
) -> BankAccountChanged:
    """Write the stored change once per key; somebody else's in between is a conflict."""
    house, viewer, given = execution.house, execution.viewer, execution.input
    answer_id = await take_request(
        session,
        customer_id=viewer.customer_id,
        key=given.key,
        payload={"asked": given.asked},
        clock=house.clock,
    )
    if answer_id is not None:
        return await load_change(session, answer_id)
    review, text = await _reviewed_again(session, execution)
    if text is not None:
        await keep_text(session, text)
    changed = await record_change(
        session,
        house,
        viewer=viewer,
        review=review,
        text=text,
        subject=word("submission.bank_account", viewer.locale, **_summary_values(given)),
    )
    await keep_answer(
        session, customer_id=viewer.customer_id, key=given.key, answer_id=changed.accounts[0].id
    )
    await outbox.enqueue_worded_mail(
        session,
        house.outbox,
        "bank_account_changed",
        email_address=viewer.email_address,
        locale=viewer.locale,
        institution=given.institution,
        last_four=given.iban[-4:],
    )
    return changed


async def _reviewed_again(
    session: AsyncSession, execution: Execution[NewBankAccount]
) -> tuple[BankAccountReview, DatedText | None]:
    """Hold the contracts and judge the stored change on what stands there now.

    Raises:
        ConflictError: it is not what the customer saw and approved.
    """
    house, given = execution.house, execution.input
    versions = {one.contract_id: one.version for one in given.contracts}
    await lock_contracts(session, sorted(versions))
    wanted = WantedAccount(
        contract_ids=tuple(versions),
        iban=given.iban,
        holder=given.holder,
        effective_from=date.fromisoformat(given.effective_from),
    )
    try:
        review = await review_bank_account(session, house, viewer=execution.viewer, wanted=wanted)
        text = _signed_text(house, review, given.mandate_text)
    except DomainError as error:
        raise ConflictError from error
    if {one.contract.id: one.version for one in review.contracts} != versions:
        raise ConflictError
    return review, text


def _signed_text(
    house: SignInHouse, review: BankAccountReview, sha256: str | None
) -> DatedText | None:
    if not review.needs_mandate:
        return None
    return require_signed(house, review.institution, sha256, day=berlin_today(house.clock))


def _hash_of(wanted: WantedAccount, mandate_text: str | None) -> str:
    day = wanted.effective_from.isoformat() if wanted.effective_from else None
    account = ["".join(wanted.iban.split()).upper(), wanted.holder]
    said = [sorted(wanted.contract_ids), account, day, mandate_text]
    return hashlib.sha256(canonical_json(said).encode()).hexdigest()


def _summary_values(given: NewBankAccount) -> dict[str, object]:
    numbers = [one.number for one in given.contracts]
    more = f" +{len(numbers) - _NAMED}" if len(numbers) > _NAMED else ""
    return {
        "contracts": ", ".join(numbers[:_NAMED]) + more,
        "institution": given.institution,
        "last_four": given.iban[-4:],
        "holder": given.holder,
        "day": date.fromisoformat(given.effective_from),
    }


CHANGE_BANK_ACCOUNT = Operation(
    name="change_bank_account",
    input_type=NewBankAccount,
    summary_values=_summary_values,
    load_version=load_account_version,
    execute=_change,
)
