"""How a changed bank account is written down, told to the core system, and taken back (F88)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, assert_never, cast

from sqlalchemy import select, update

from backend.clock import berlin_today
from backend.models.bank_accounts import (
    BankAccount,
    BankAccountState,
    MandateStatus,
    SepaMandate,
)
from backend.models.contracts import Contract
from backend.models.submissions import SubmissionKind
from backend.services.bank_account_reviews import MandateStep
from backend.services.ibans import is_sepa_iban
from backend.services.mandate_texts import creditor_identifier_of
from backend.services.submissions import submit
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.models.submissions import Submission
    from backend.services.bank_account_reviews import BankAccountReview, ReviewedContract
    from backend.services.dated_texts import DatedText
    from backend.services.sessions import Viewer
    from backend.services.sign_in_house import SignInHouse

# "Same mandate, new debtor account": what stands for an original account that is not known.
SAME_MANDATE_NEW_ACCOUNT = "SMNDA"
_CONTRACT = cast("Table", Contract.__table__)


class BankAccountChanged(Value):
    """The change is noted for every contract in it and on its way to the institution."""

    institution_id: int
    accounts: Sequence[BankAccount]


async def lock_contracts(session: AsyncSession, contract_ids: Sequence[int]) -> None:
    """Let nobody else change these contracts until the transaction ends."""
    statement = select(_CONTRACT.c.id).where(_CONTRACT.c.id.in_(contract_ids))
    await session.execute(statement.order_by(_CONTRACT.c.id).with_for_update())


async def record_change(  # who, what, under which text and in which words
    session: AsyncSession,
    house: SignInHouse,
    *,
    viewer: Viewer,
    review: BankAccountReview,
    text: DatedText | None,
    subject: str,
) -> BankAccountChanged:
    """Add the new account to each contract; the one before ends, nothing is overwritten (F121).

    The same holder's mandate goes on, and what the core system gets says so as an amendment; a new
    holder's is written with the text that was signed, and the one before ends (DOMAIN.md).
    """
    mandates = [await _mandate_for(session, house, review, one, text) for one in review.contracts]
    changes = list(zip(review.contracts, mandates, strict=True))
    submission = await submit(
        session,
        house,
        customer_id=viewer.customer_id,
        institution_id=review.institution.id,
        contract_id=review.contracts[0].contract.id if len(changes) == 1 else None,
        kind=SubmissionKind.BANK_ACCOUNT_CHANGED,
        subject=subject,
        payload=_payload_of(review, changes),
    )
    accounts = [await _write(session, review, one, mandate, submission) for one, mandate in changes]
    await session.flush()
    await _compare_anew(session, [one.contract.id for one in review.contracts])
    return BankAccountChanged(review.institution.id, accounts)


async def _write(
    session: AsyncSession,
    review: BankAccountReview,
    reviewed: ReviewedContract,
    mandate: SepaMandate | None,
    submission: Submission,
) -> BankAccount:
    day, uid = review.effective_from, submission.uid
    if mandate is not None and reviewed.mandate_step is MandateStep.NEW:
        await _end_mandates(session, reviewed.contract.id, day, uid)
        mandate.change_uid = uid
        session.add(mandate)
        await session.flush()
    if reviewed.newest is not None:
        reviewed.newest.valid_to = day
    account = BankAccount(
        contract_id=reviewed.contract.id,
        purpose=reviewed.purpose,
        iban=review.iban.compact,
        bic=review.iban.bic,
        bank_name=review.iban.bank_name,
        holder=review.holder,
        is_valid=True,
        valid_from=day,
        version=reviewed.version + 1,
        state=BankAccountState.PENDING,
        change_uid=uid,
        changed_at=submission.created_at,
        mandate_id=mandate.id if mandate else None,
    )
    session.add(account)
    return account


async def load_change(session: AsyncSession, account_id: int) -> BankAccountChanged:
    """Return the change that wrote an account."""
    uid = select(BankAccount.change_uid).where(BankAccount.id == account_id).scalar_subquery()
    statement = select(BankAccount).where(BankAccount.change_uid == uid).order_by(BankAccount.id)
    accounts = (await session.scalars(statement)).all()
    contract = _CONTRACT.c
    institution_id = await session.scalar(
        select(contract.institution_id).where(contract.id == accounts[0].contract_id)
    )
    return BankAccountChanged(cast("int", institution_id), accounts)


async def _mandate_for(
    session: AsyncSession,
    house: SignInHouse,
    review: BankAccountReview,
    reviewed: ReviewedContract,
    text: DatedText | None,
) -> SepaMandate | None:
    """Return the mandate that debits the new account: the present one, or a new one to write."""
    debit = reviewed.direct_debit
    match reviewed.mandate_step:
        case MandateStep.NONE:
            return None
        case MandateStep.CONTINUES:
            mandate_id = debit.mandate_id if debit else None
            statement = select(SepaMandate).where(SepaMandate.id == mandate_id)
            return (await session.scalars(statement)).one()
        case MandateStep.NEW:
            return _new_mandate(house, review, reviewed, text)
        case _:
            assert_never(reviewed.mandate_step)


def _new_mandate(
    house: SignInHouse,
    review: BankAccountReview,
    reviewed: ReviewedContract,
    text: DatedText | None,
) -> SepaMandate:
    if text is None:
        raise ValueError("a new mandate needs the text that was signed")
    before = reviewed.direct_debit
    return SepaMandate(
        contract_id=reviewed.contract.id,
        mandate_reference=f"KP{secrets.token_hex(8).upper()}",
        creditor_identifier=creditor_identifier_of(house, review.institution)
        or (before.creditor_identifier if before else None),
        iban=review.iban.compact,
        holder=review.holder,
        signed_on=berlin_today(house.clock),
        status=MandateStatus.ACTIVE,
        starts_on=review.effective_from,
        text_version=text.version,
        text_sha256=text.sha256,
    )


async def _end_mandates(
    session: AsyncSession, contract_id: int, day: date, change_uid: str
) -> None:
    await session.execute(
        update(SepaMandate)
        .where(
            SepaMandate.contract_id == contract_id,
            SepaMandate.status == MandateStatus.ACTIVE,
            SepaMandate.ended_on.is_(None),
        )
        .values(ended_on=day, ended_by=change_uid)
    )


async def _compare_anew(session: AsyncSession, contract_ids: Sequence[int]) -> None:
    """Let the next feed be compared with the change even if it says what the last one said."""
    await session.execute(
        update(_CONTRACT).where(_CONTRACT.c.id.in_(contract_ids)).values(source_digest=None)
    )


def _payload_of(
    review: BankAccountReview, changes: Sequence[tuple[ReviewedContract, SepaMandate | None]]
) -> dict[str, object]:
    """Return what the core system gets: one account for several contracts."""
    return {
        "effectiveFrom": review.effective_from.isoformat(),
        "iban": review.iban.compact,
        "bic": review.iban.bic,
        "bankName": review.iban.bank_name,
        "holder": review.holder,
        "contracts": [_told(one, mandate) for one, mandate in changes],
    }


def _told(reviewed: ReviewedContract, mandate: SepaMandate | None) -> dict[str, object]:
    return {
        "number": reviewed.contract.number,
        "lineCode": reviewed.contract.line_code,
        "purpose": reviewed.purpose.name,
        "version": reviewed.version + 1,
        "previousIban": reviewed.newest.iban if reviewed.newest else None,
        "mandate": _told_mandate(reviewed, mandate) if mandate else None,
    }


def _told_mandate(reviewed: ReviewedContract, mandate: SepaMandate) -> dict[str, object]:
    before = reviewed.direct_debit
    told: dict[str, object] = {
        "reference": mandate.mandate_reference,
        "creditorIdentifier": mandate.creditor_identifier,
        "signedOn": mandate.signed_on.isoformat() if mandate.signed_on else None,
        "isContinued": reviewed.mandate_step is MandateStep.CONTINUES,
    }
    if reviewed.mandate_step is MandateStep.NEW:
        ends = before.mandate_reference if before else None
        return told | {"textSha256": mandate.text_sha256, "endsReference": ends}
    debited = before.bank_account if before else None
    is_known = debited is not None and is_sepa_iban(debited.iban)
    original = debited.iban if debited and is_known else SAME_MANDATE_NEW_ACCOUNT
    return told | {"AmdmntInfInd": True, "OrgnlDbtrAcct": original}
