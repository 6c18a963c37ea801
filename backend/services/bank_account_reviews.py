"""What a new bank account would change, judged before anybody approves it (F36, F67, F68, F88)."""

from __future__ import annotations

import enum
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol

from backend.clock import berlin_today
from backend.errors import (
    FieldProblem,
    InvalidInputError,
    NotChangeableHereError,
    NotFoundError,
    PayoutAccountNotOwnError,
)
from backend.models.bank_accounts import BankAccountPurpose
from backend.models.contracts import ContractKind, ContractOrigin, ContractStatus
from backend.services.bank_accounts import (
    account_on,
    load_direct_debits_of,
    load_standing_accounts_of,
    load_versions_of,
)
from backend.services.contracts import load_visible_contracts
from backend.services.holder_names import is_same_holder
from backend.services.ibans import require_iban
from backend.services.institutions import load_institutions
from backend.services.letters import written_day
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.group import Group
    from backend.models.bank_accounts import BankAccount
    from backend.models.contracts import Contract
    from backend.models.institutions import Institution
    from backend.policy import Policy
    from backend.services.bank_accounts import DirectDebit
    from backend.services.ibans import Iban
    from backend.services.sessions import Viewer
    from backend.settings import Settings

MOST_CONTRACTS = 50
LONGEST_HOLDER = 70  # SEPA names are no longer (EPC130-08)


class ReviewHouse(Protocol):
    """What judging a change needs of the portal's wiring."""

    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def policy(self) -> Policy: ...  # noqa: D102
    @property
    def group(self) -> Group: ...  # noqa: D102
    @property
    def settings(self) -> Settings: ...  # noqa: D102


class MandateStep(enum.Enum):
    """What a new bank account means for direct debit."""

    NONE = "none"
    CONTINUES = "continues"
    NEW = "new"


class WantedAccount(Value):
    """The bank account that a customer wants for contracts; no `holder`: the customer is it."""

    contract_ids: tuple[int, ...]
    iban: str
    holder: str | None
    effective_from: date | None


class ReviewedContract(Value):
    """One contract under review: what stands there, counted by `version`, and what follows."""

    contract: Contract
    purpose: BankAccountPurpose
    version: int
    present: BankAccount | None
    newest: BankAccount | None
    direct_debit: DirectDebit | None
    mandate_step: MandateStep


class BankAccountReview(Value):
    """The change as it would be stored; contracts that have the account already are left out."""

    institution: Institution
    iban: Iban
    holder: str
    effective_from: date
    contracts: Sequence[ReviewedContract]

    @property
    def needs_mandate(self) -> bool:
        """Whether a new mandate has to be signed."""
        return any(one.mandate_step is MandateStep.NEW for one in self.contracts)


async def review_bank_account(
    session: AsyncSession, house: ReviewHouse, *, viewer: Viewer, wanted: WantedAccount
) -> BankAccountReview:
    """Judge the account for these contracts, all or none of them (F36, F88).

    They are contracts with one institution. Premiums are debited: from the same holder the
    mandate goes on, from another it takes a new one, as it does where none is in force (F68).
    A payout account is in the customer's own name where the policy says so (F67); a direct debit
    from that account moves with it.

    Raises:
        InvalidInputError: account, holder, day or choice of contracts can be mended.
        NotFoundError: one is no contract of the viewer.
        NotChangeableHereError: this institution's customer service does it.
        PayoutAccountNotOwnError: money would be paid out to somebody else.
    """
    today = berlin_today(house.clock)
    contracts = await _load_contracts(session, house, viewer, wanted, today)
    found = await load_institutions(session, [contracts[0].institution_id])
    institution = found[contracts[0].institution_id]
    _require_changeable(house, institution, contracts, today)
    iban = _require_input(house, wanted, today)
    holder = (wanted.holder or "").strip() or viewer.display_name
    if any(_purpose_of(one) is BankAccountPurpose.PAYOUT for one in contracts):
        own_only = house.policy.bank_accounts.payout_in_own_name.on(today)
        if institution.kind.name in own_only and not is_same_holder(holder, viewer.display_name):
            raise PayoutAccountNotOwnError
    day = wanted.effective_from or today
    known = await _load_known(session, house, contracts, day)
    reviewed = [_reviewed(one, known, viewer, holder, today) for one in contracts]
    review = BankAccountReview(
        institution,
        iban,
        holder,
        day,
        [one for one in reviewed if not _has_it(one, iban, holder, viewer)],
    )
    _require_possible(review, viewer)
    return review


async def _load_contracts(
    session: AsyncSession, house: ReviewHouse, viewer: Viewer, wanted: WantedAccount, today: date
) -> Sequence[Contract]:
    ids = wanted.contract_ids
    if not ids or len(ids) > MOST_CONTRACTS:
        raise InvalidInputError(FieldProblem(("contracts",), "field.contract_needed"))
    visible = await load_visible_contracts(
        session, ids, customer_id=viewer.customer_id, today=today, policy=house.policy
    )
    if set(visible) != set(ids):
        raise NotFoundError
    contracts = [visible[one] for one in sorted(visible)]
    if len({one.institution_id for one in contracts}) > 1:
        raise InvalidInputError(FieldProblem(("contracts",), "field.one_institution"))
    if any(one.status in (ContractStatus.ENDED, ContractStatus.CANCELLED) for one in contracts):
        raise InvalidInputError(FieldProblem(("contracts",), "field.contract_over"))
    return contracts


def _require_changeable(
    house: ReviewHouse, institution: Institution, contracts: Sequence[Contract], today: date
) -> None:
    is_known = all(one.origin is ContractOrigin.INSTITUTION for one in contracts)
    kinds = house.policy.bank_accounts.changeable.on(today)
    if institution.kind.name not in kinds or not is_known:
        raise NotChangeableHereError(institution.key)


def _require_input(house: ReviewHouse, wanted: WantedAccount, today: date) -> Iban:
    problems = [*_problems_of(house, wanted, today)]
    try:
        iban = require_iban(wanted.iban)
    except InvalidInputError as error:
        raise InvalidInputError(*error.problems, *problems) from error
    if problems:
        raise InvalidInputError(*problems)
    return iban


def _problems_of(house: ReviewHouse, wanted: WantedAccount, today: date) -> Iterator[FieldProblem]:
    holder = wanted.holder
    if holder is not None and not holder.strip():
        yield FieldProblem(("holder",), "field.required")
    elif holder is not None and len(holder.strip()) > LONGEST_HOLDER:
        yield FieldProblem(("holder",), "field.too_long")
    elif holder is not None and not holder.isprintable():
        yield FieldProblem(("holder",), "field.not_printable")
    days = house.policy.bank_accounts.days_ahead.on(today)
    last = today + timedelta(days=days)
    if wanted.effective_from is not None and not today <= wanted.effective_from <= last:
        yield FieldProblem(("effectiveFrom",), "field.day_out_of_range", {"days": days})


class _Known(Value):
    """What is on file for contracts; direct debits as they are in force on the day of the change.

    So a mandate that lapses or begins until then counts.
    """

    standing: Mapping[tuple[int, BankAccountPurpose], Sequence[BankAccount]]
    versions: Mapping[tuple[int, BankAccountPurpose], int]
    debits: Mapping[int, DirectDebit]


async def _load_known(
    session: AsyncSession, house: ReviewHouse, contracts: Sequence[Contract], day: date
) -> _Known:
    ids = [one.id for one in contracts]
    return _Known(
        await load_standing_accounts_of(session, ids),
        await load_versions_of(session, ids),
        await load_direct_debits_of(session, ids, today=day, policy=house.policy),
    )


def _reviewed(
    contract: Contract, known: _Known, viewer: Viewer, holder: str, today: date
) -> ReviewedContract:
    purpose = _purpose_of(contract)
    rows = known.standing.get((contract.id, purpose), ())
    newest = rows[-1] if rows and rows[-1].valid_to is None else None
    debit = _debit_that_moves(known.debits.get(contract.id), contract, newest)
    owner = debit and debit.bank_account and debit.bank_account.holder
    is_same = is_same_holder(owner or viewer.display_name, holder)
    return ReviewedContract(
        contract=contract,
        purpose=purpose,
        version=known.versions.get((contract.id, purpose), 0),
        present=account_on(rows, today),
        newest=newest,
        direct_debit=debit,
        mandate_step=_mandate_step(purpose, debit, is_same=is_same),
    )


def _has_it(one: ReviewedContract, iban: Iban, holder: str, viewer: Viewer) -> bool:
    known = one.newest
    if known is None or known.iban != iban.compact:
        return False
    return is_same_holder(known.holder or viewer.display_name, holder)


def _purpose_of(contract: Contract) -> BankAccountPurpose:
    is_insurance = contract.kind is ContractKind.INSURANCE
    return BankAccountPurpose.PREMIUM if is_insurance else BankAccountPurpose.PAYOUT


def _debit_that_moves(
    debit: DirectDebit | None, contract: Contract, newest: BankAccount | None
) -> DirectDebit | None:
    if debit is None or contract.kind is ContractKind.INSURANCE:
        return debit
    debited = debit.bank_account
    is_payout_account = newest is not None and debited is not None and debited.iban == newest.iban
    return debit if is_payout_account else None


def _mandate_step(
    purpose: BankAccountPurpose, debit: DirectDebit | None, *, is_same: bool
) -> MandateStep:
    if debit is not None:
        return MandateStep.CONTINUES if is_same else MandateStep.NEW
    return MandateStep.NEW if purpose is BankAccountPurpose.PREMIUM else MandateStep.NONE


def _require_possible(review: BankAccountReview, viewer: Viewer) -> None:
    if not review.contracts:
        raise InvalidInputError(FieldProblem(("iban",), "field.unchanged"))
    begins = [one.newest.valid_from for one in review.contracts if one.newest is not None]
    latest = max(begins, default=review.effective_from)
    if review.effective_from < latest:
        day = written_day(latest, viewer.locale)
        problem = FieldProblem(("effectiveFrom",), "field.change_scheduled", {"day": day})
        raise InvalidInputError(problem)
