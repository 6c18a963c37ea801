"""The statements that read movements of accounts, built once for each table that holds some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, case, func, select, tuple_

from backend.models.contracts import SavingsProduct
from backend.models.self_added_accounts import SelfAddedAccount, SelfAddedTransaction
from backend.models.tables import Amount
from backend.models.transactions import Transaction

if TYPE_CHECKING:
    from decimal import Decimal

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import InstrumentedAttribute

# What `list_transactions` reads: the house's accounts and those that customers added.
MoneyAccount = SavingsProduct | SelfAddedAccount


class TransactionQueries:
    """Reads the movements of one table; `owner` is its column that leads to the account."""

    def __init__(
        self,
        model: type[Transaction | SelfAddedTransaction],
        owner: InstrumentedAttribute[int],
    ) -> None:
        self.model = model
        self.order = (model.value_date, model.booking_date, model.sequence, model.id)
        self.place = tuple(
            bindparam(f"after_{column.key}", type_=column.type) for column in self.order
        )
        self.of_account = owner == bindparam("account_id")
        is_booked = model.is_pending.is_(False)
        # The balance of the newest statement holds everything that was booked until its day.
        self.is_late = and_(is_booked, model.booking_date > bindparam("balance_holds_until"))
        self.rows = self._rows()
        self.rows_after = self.rows.where(tuple_(*self.order) < tuple_(*self.place))
        self.count_and_late = select(func.count(model.id), self.sum_if(self.is_late)).where(
            self.of_account
        )
        self.sums_until = self._sums_until(is_booked)
        self.days = (
            select(model.value_date, func.sum(model.amount), self.sum_if(self.is_late))
            .where(self.of_account, is_booked)
            .group_by(model.value_date)
            .order_by(model.value_date)
        )
        self.booked_sums = (
            select(owner, func.sum(model.amount))
            .where(owner.in_(bindparam("account_ids", expanding=True)), is_booked)
            .group_by(owner)
        )
        self.account_of = select(owner).where(model.id == bindparam("id"))

    def sum_if(self, condition: ColumnElement[bool]) -> ColumnElement[Decimal]:
        """Return the sum of the amounts for which a condition holds."""
        return func.coalesce(func.sum(case((condition, self.model.amount))), 0, type_=Amount())

    def _rows(self) -> Select[*tuple[Any, ...]]:
        model = self.model
        return (
            select(
                *self.order,
                model.amount,
                model.currency,
                model.counterparty_name,
                model.counterparty_iban,
                model.remittance_information,
                model.is_pending,
                model.is_reversal,
            )
            .where(self.of_account)
            .order_by(*(column.desc() for column in self.order))
            .limit(bindparam("most"))
        )

    def _sums_until(self, is_booked: ColumnElement[bool]) -> Select[Any]:
        model = self.model
        running = (
            select(
                model.id,
                func.sum(case((is_booked, model.amount), else_=0))
                .over(order_by=[column.desc() for column in self.order])
                .label("sum_until"),
            )
            .where(self.of_account, model.value_date >= bindparam("last_value_date"))
            .subquery()
        )
        return select(running.c.id, func.coalesce(running.c.sum_until, 0, type_=Amount())).where(
            running.c.id.in_(bindparam("ids", expanding=True))
        )


OF_THE_HOUSE = TransactionQueries(Transaction, Transaction.contract_id)
SELF_ADDED = TransactionQueries(SelfAddedTransaction, SelfAddedTransaction.added_account_id)


def queries_of(account: MoneyAccount) -> TransactionQueries:
    """Return the statements that read an account's movements."""
    return SELF_ADDED if isinstance(account, SelfAddedAccount) else OF_THE_HOUSE
