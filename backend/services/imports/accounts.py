"""The bank's master data: savings accounts with terms, holders, payout account and mandate."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, cast

from sqlalchemy import select

from backend.clock import BERLIN
from backend.feeds.accounts_jsonl import AccountRecord, MandateStatus, SavingsProduct, read_accounts
from backend.feeds.bank_records import AccountIdentification
from backend.feeds.findings import Finding
from backend.feeds.records import Salutation
from backend.models import bank_accounts
from backend.models.contracts import (
    Contract,
    ContractKind,
    ContractStatus,
    PartyRole,
)
from backend.services.imports.bank_contracts import account_number, find_account
from backend.services.imports.institutions import InstitutionLookup
from backend.services.imports.records import ContractRecord
from backend.services.imports.store import store_contracts
from backend.services.ledgers.amounts import is_storable

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.feeds.accounts_jsonl import AccountHolder
    from backend.services.imports.job import ImportJob
    from backend.services.imports.records import Values

_CONTRACT = cast("Table", Contract.__table__)
_ACCOUNTS = 500
_KINDS = {
    SavingsProduct.CALL_MONEY: ContractKind.SAVINGS_ACCOUNT,
    SavingsProduct.FIXED_TERM: ContractKind.FIXED_TERM_DEPOSIT,
}
_COMPANY, _ASSOCIATION = Salutation.COMPANY, Salutation.ASSOCIATION


async def import_accounts(job: ImportJob, stream: BinaryIO) -> None:
    """Import the master data of accounts; balances and entries stay those of the statements.

    An account that a statement named first keeps its number; FIXED_TERM makes it a fixed-term
    deposit. The bank is the one the operator named, else the only one of the group.
    """
    lookup = InstitutionLookup(job)
    async for batch in job.batches(stream, read_accounts(stream), _ACCOUNTS):
        async with job.transaction() as session:
            records: dict[tuple[int, str, str], ContractRecord] = {}
            for item in batch:
                if isinstance(item, Finding):
                    job.report.note_in_feed(item)
                    continue
                record = await _record(session, job, lookup, item)
                if record is None:
                    continue
                # The newer of two lines of one account is another write.
                if record.key in records:
                    await store_contracts(session, job, list(records.values()))
                    records.clear()
                records[record.key] = record
            await store_contracts(session, job, list(records.values()))


async def _record(
    session: AsyncSession, job: ImportJob, lookup: InstitutionLookup, account: AccountRecord
) -> ContractRecord | None:
    if account.interest_rate is not None and not is_storable(account.interest_rate):
        reason = "has more than four decimals"
        finding = Finding(account.line, "account", "interest_rate", reason, rejects=True)
        job.report.note_in_feed(finding)
        return None
    institution_id = await lookup.only_bank(session, account.line)
    if institution_id is None:
        job.report.rejected += 1
        return None
    number = await _number(session, institution_id, AccountIdentification(account.iban))
    as_of = account.updated_at.astimezone(BERLIN).date()
    return ContractRecord(
        institution_id=institution_id,
        kind=_KINDS[account.product],
        number=number,
        line_code="",
        as_of=as_of,
        values=_values(account, as_of),
        partners=[_holder(holder, place) for place, holder in enumerate(account.holders)],
        purpose=bank_accounts.BankAccountPurpose.PAYOUT,
        bank_account=_payout_account(account),
        mandate=_mandate(account),
        place=Finding(account.line, "account", "updated_at", ""),
    )


async def _number(
    session: AsyncSession, institution_id: int, identification: AccountIdentification
) -> str:
    known = await find_account(session, institution_id=institution_id, account=identification)
    if known is None:
        return account_number(identification)
    query = select(_CONTRACT.c.number).where(_CONTRACT.c.id == known.id)
    return cast("str", await session.scalar(query))


def _values(account: AccountRecord, as_of: date) -> Values:
    is_closed = account.closed_on is not None and account.closed_on <= as_of
    return {
        "product_name": account.product_name,
        "status": ContractStatus.ENDED if is_closed else ContractStatus.ACTIVE,
        "start_date": account.opened_on,
        "end_date": account.closed_on,
        "iban": account.iban,
        "bic": account.bic,
        "currency": account.currency,
        "interest_rate": account.interest_rate,
        "maturity_date": account.maturity_on,
    }


def _holder(holder: AccountHolder, sequence: int) -> Values:
    salutation = Salutation(int(holder.salutation))
    return {
        "customer_number": holder.customer_number,
        "role": PartyRole.ACCOUNT_HOLDER,
        "sequence": sequence,
        "salutation": salutation,
        "is_legal_entity": salutation in {_COMPANY, _ASSOCIATION},
        "given_name": holder.first_name,
        "family_name": holder.surname,
        "title": None,
        "birth_date": holder.birth_date.isoformat() if holder.birth_date else None,
        "street": holder.street,
        "postal_code": holder.postal_code,
        "city": holder.city,
        "country": holder.country,
        "phone_number": holder.phone,
        "email_address": holder.email,
    }


def _payout_account(account: AccountRecord) -> Values | None:
    payout = account.payout_account
    if payout is None:
        return None
    return {
        "iban": payout.iban,
        "bic": payout.bic,
        "bank_name": None,
        "holder": payout.holder,
        "is_valid": True,
    }


def _mandate(account: AccountRecord) -> Values | None:
    mandate = account.direct_debit
    if mandate is None:
        return None
    is_active = mandate.status is MandateStatus.ACTIVE
    status = bank_accounts.MandateStatus
    return {
        "mandate_reference": mandate.mandate_reference,
        "creditor_identifier": mandate.creditor_identifier,
        "iban": mandate.iban,
        "holder": mandate.holder,
        "signed_on": mandate.signed_on,
        "last_used_on": mandate.last_used_on,
        "is_use_told": True,
        "expires_on": None,
        "status": status.ACTIVE if is_active else status.REVOKED,
    }
