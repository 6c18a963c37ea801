"""Bank accounts and mandates of contracts, loaded in batches."""

from __future__ import annotations

from calendar import monthrange
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from backend.models.bank_accounts import (
    BankAccount,
    BankAccountPurpose,
    BankAccountState,
    MandateStatus,
    SepaMandate,
)
from backend.models.contracts import Contract
from backend.services.contract_visibility import IS_VISIBLE, visibility_of
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.policy import Policy

_OF_CONTRACTS = BankAccount.contract_id.in_(bindparam("contract_ids", expanding=True))
_IN_ORDER = (BankAccount.purpose, BankAccount.version)
_STANDING = (
    select(BankAccount)
    .where(
        _OF_CONTRACTS,
        BankAccount.purpose.in_(
            bindparam("purposes", type_=BankAccount.purpose.type, expanding=True)
        ),
        BankAccount.state != BankAccountState.REFUSED,
    )
    .order_by(*_IN_ORDER)
)
_VERSIONS = (
    select(BankAccount.contract_id, BankAccount.purpose, func.max(BankAccount.version))
    .where(_OF_CONTRACTS)
    .group_by(BankAccount.contract_id, BankAccount.purpose)
)
_ON_FILE = select(BankAccount).where(_OF_CONTRACTS).order_by(*(one.desc() for one in _IN_ORDER))
_ONE_ON_FILE = (
    select(BankAccount)
    .join(Contract, Contract.id == BankAccount.contract_id)
    .where(IS_VISIBLE, BankAccount.id == bindparam("bank_account_id"))
)
_ACTIVE_MANDATES = (
    select(SepaMandate)
    .where(
        SepaMandate.contract_id.in_(bindparam("contract_ids", expanding=True)),
        SepaMandate.status == MandateStatus.ACTIVE,
    )
    .order_by(SepaMandate.signed_on, SepaMandate.id)
)


class DirectDebit(Value):
    """A mandate in force and the account that it debits today.

    That is the one the mandate names, until it goes on for another of the same holder. `ends_on` is
    its last day unless it is used before; None if nobody here knows one.
    """

    mandate_id: int
    mandate_reference: str
    creditor_identifier: str | None
    signed_on: date | None
    last_used_on: date | None
    ends_on: date | None
    bank_account: BankAccount | None


async def load_premium_accounts_of(
    session: AsyncSession, contract_ids: Sequence[int], *, today: date
) -> Mapping[int, BankAccount]:
    """Return the account from which each contract's premium is collected."""
    return await _current_accounts_of(session, contract_ids, BankAccountPurpose.PREMIUM, today)


async def load_payout_accounts_of(
    session: AsyncSession, contract_ids: Sequence[int], *, today: date
) -> Mapping[int, BankAccount]:
    """Return the account to which each savings account pays out (F67)."""
    return await _current_accounts_of(session, contract_ids, BankAccountPurpose.PAYOUT, today)


async def load_accounts_on_file_of(
    session: AsyncSession, contract_ids: Sequence[int]
) -> Mapping[int, list[BankAccount]]:
    """Return every account that a contract ever had, the newest first (F121-F124)."""
    found: dict[int, list[BankAccount]] = {}
    for row in await session.scalars(_ON_FILE, {"contract_ids": list(contract_ids)}):
        found.setdefault(row.contract_id, []).append(row)
    return found


async def find_account_on_file(
    session: AsyncSession, *, customer_id: int, bank_account_id: int, today: date, policy: Policy
) -> BankAccount | None:
    """Return an account that ever stood in a contract the customer sees; else None."""
    values = visibility_of(customer_id, today=today, policy=policy)
    values["bank_account_id"] = bank_account_id
    return (await session.scalars(_ONE_ON_FILE, values)).one_or_none()


async def load_standing_accounts_of(
    session: AsyncSession, contract_ids: Sequence[int], *purposes: BankAccountPurpose
) -> Mapping[tuple[int, BankAccountPurpose], list[BankAccount]]:
    """Return the accounts of contracts that nobody refused, the newest last."""
    found: dict[tuple[int, BankAccountPurpose], list[BankAccount]] = {}
    values = {"contract_ids": list(contract_ids), "purposes": purposes or [*BankAccountPurpose]}
    for row in await session.scalars(_STANDING, values):
        found.setdefault((row.contract_id, row.purpose), []).append(row)
    return found


async def load_versions_of(
    session: AsyncSession, contract_ids: Sequence[int]
) -> Mapping[tuple[int, BankAccountPurpose], int]:
    """Return the version of the newest account of each contract and purpose, refused ones too."""
    rows = await session.execute(_VERSIONS, {"contract_ids": list(contract_ids)})
    return {(row[0], row[1]): row[2] for row in rows}


def account_on(rows: Iterable[BankAccount], day: date) -> BankAccount | None:
    """Return which of a contract's accounts of one purpose holds on a day.

    What a feed names holds as soon as it is known; a customer may choose the first day.
    """
    current = None
    for row in rows:
        has_begun = row.change_uid is None or row.valid_from <= day
        if has_begun and (row.valid_to is None or row.valid_to > day):
            current = row
    return current


async def _current_accounts_of(
    session: AsyncSession, contract_ids: Sequence[int], purpose: BankAccountPurpose, today: date
) -> Mapping[int, BankAccount]:
    found = await load_standing_accounts_of(session, contract_ids, purpose)
    current = {contract_id: account_on(rows, today) for (contract_id, _), rows in found.items()}
    return {contract_id: row for contract_id, row in current.items() if row is not None}


async def load_direct_debits_of(
    session: AsyncSession, contract_ids: Sequence[int], *, today: date, policy: Policy
) -> Mapping[int, DirectDebit]:
    """Return each contract's direct debit mandate in force; there may be none (F68).

    A mandate that was revoked, has ended, expired or lapsed is none: it lapses when the months
    of the policy have passed since its last use, or since its signature if it was never used
    (SEPA Core Rulebook, 4.1). On the last day of that time it still holds. Where nobody tells uses
    it holds until the institution, which has to cancel it, names it no longer (decision 0036).
    """
    mandates = await session.scalars(_ACTIVE_MANDATES, {"contract_ids": list(contract_ids)})
    months = policy.mandate.lapses_after_months.on(today)
    in_force = [one for one in mandates if _is_in_force(one, today, months)]
    if not in_force:
        return {}
    standing = await load_standing_accounts_of(session, [one.contract_id for one in in_force])
    current = [account_on(rows, today) for rows in standing.values()]
    debited = {row.mandate_id: row for row in current if row is not None}
    return {
        one.contract_id: _direct_debit(one, debited.get(one.id), _last_day_of(one, months))
        for one in in_force
    }


def _direct_debit(
    mandate: SepaMandate, debited: BankAccount | None, ends_on: date | None
) -> DirectDebit:
    if debited is None and mandate.iban is not None:
        # As the mandate names it; no row of its own.
        debited = BankAccount(iban=mandate.iban, holder=mandate.holder)
    return DirectDebit(
        mandate_id=mandate.id,
        mandate_reference=mandate.mandate_reference,
        creditor_identifier=mandate.creditor_identifier,
        signed_on=mandate.signed_on,
        last_used_on=mandate.last_used_on,
        ends_on=ends_on,
        bank_account=debited,
    )


def _is_in_force(mandate: SepaMandate, today: date, months: int) -> bool:
    if mandate.ended_on is not None and mandate.ended_on <= today:
        return False
    if mandate.starts_on is not None and mandate.starts_on > today:
        return False
    last_day = _last_day_of(mandate, months)
    return last_day is None or today <= last_day


def _last_day_of(mandate: SepaMandate, months: int) -> date | None:
    never_used = mandate.signed_on if mandate.is_use_told else None
    last_use = mandate.last_used_on or never_used
    lapses_on = None if last_use is None else _months_later(last_use, months)
    return min((day for day in (mandate.expires_on, lapses_on) if day is not None), default=None)


def _months_later(day: date, months: int) -> date:
    """Return the day a number of months later; a shorter month ends the time (§ 188 III BGB)."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))
