"""Which account of a customer a bank file is about, and what its statements tell of it (F9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from backend.clock import berlin_today
from backend.errors import HouseAccountError, SelfAddedLimitError
from backend.feeds.bank_records import AccountIdentification
from backend.models.self_added_accounts import SelfAddedAccount, SelfAddedStatement
from backend.services.contracts import list_savings_products
from backend.services.ibans import bank_name_of
from backend.services.ledgers import BALANCED
from backend.services.self_added_accounts import list_self_added_accounts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.feeds.bank_records import Statement
    from backend.models.contracts import SavingsProduct
    from backend.services.self_added_documents import SelfAddedHouse
    from backend.services.sessions import Viewer

_GERMAN = "DE/"


@dataclass(slots=True)
class AccountBook:
    """The accounts of one customer while a file is read: the house's, and those that they added.

    `told_iban` stands for the account of an export that names none.
    """

    session: AsyncSession
    house: SelfAddedHouse
    customer_id: int
    of_the_house: Sequence[SavingsProduct]
    added: list[SelfAddedAccount]
    told_iban: str | None

    @classmethod
    async def open(
        cls, session: AsyncSession, house: SelfAddedHouse, viewer: Viewer, *, told_iban: str | None
    ) -> AccountBook:
        """Load a customer's accounts; both lists are short."""
        of_the_house = await list_savings_products(
            session,
            customer_id=viewer.customer_id,
            today=berlin_today(house.clock),
            policy=house.policy,
        )
        added = await list_self_added_accounts(session, customer_id=viewer.customer_id)
        return cls(session, house, viewer.customer_id, of_the_house, list(added), told_iban)

    async def account_of(self, statement: Statement) -> SelfAddedAccount:
        """Return the account of a statement, opened now unless it is there.

        Raises:
            HouseAccountError: the house keeps it for this customer.
            SelfAddedLimitError: one more than the policy allows.
        """
        named = statement.account
        for product in self.of_the_house:
            if any(_is_same(key, named.key) for key in _keys_of(product)):
                raise HouseAccountError(product.shown_iban)
        found = next((one for one in self.added if self._is_about(statement, one)), None)
        if found is None:
            found = await self._opened(statement)
        elif found.iban is None and named.iban is not None:
            found.iban, found.account_key = named.iban, _unique_key(statement)
        if found.bank_name is None and (likely := named.likely_iban):
            found.bank_name = bank_name_of(likely)
        found.currency = found.currency or statement.currency
        found.updated_at = self.house.clock.now()
        await self.session.flush()
        return found

    def _is_about(self, statement: Statement, account: SelfAddedAccount) -> bool:
        currencies = {statement.currency, account.currency} - {None}
        key = account.account_key.partition(" ")[0]
        return len(currencies) < 2 and _is_same(key, statement.account.key)  # noqa: PLR2004

    async def _opened(self, statement: Statement) -> SelfAddedAccount:
        most = self.house.policy.self_added.accounts.on(berlin_today(self.house.clock))
        if len(self.added) >= most:
            raise SelfAddedLimitError("accounts", most)
        named, now = statement.account, self.house.clock.now()
        account = SelfAddedAccount(
            customer_id=self.customer_id,
            account_key=_unique_key(statement),
            iban=named.iban,
            number=None if named.iban else named.key.removeprefix(_GERMAN),
            currency=statement.currency,
            created_at=now,
            updated_at=now,
        )
        self.session.add(account)
        await self.session.flush()
        self.added.append(account)
        return account


async def follow_chain(session: AsyncSession, account: SelfAddedAccount) -> None:
    """Find out from which day on balances are known: back to the first gap between statements.

    A statement continues the one before it if it opens with the balance with which that closed.
    """
    rows = (
        await session.execute(
            select(
                SelfAddedStatement.from_date,
                SelfAddedStatement.opening_balance,
                SelfAddedStatement.closing_balance,
                SelfAddedStatement.to_date,
            )
            .where(
                SelfAddedStatement.added_account_id == account.id,
                SelfAddedStatement.kind.in_(BALANCED),
                SelfAddedStatement.closing_balance.is_not(None),
                SelfAddedStatement.to_date.is_not(None),
            )
            .order_by(
                SelfAddedStatement.to_date.desc(),
                func.coalesce(SelfAddedStatement.sequence_number, 0).desc(),
                SelfAddedStatement.id.desc(),
            )
        )
    ).all()
    known_from = None
    expected = rows[0].closing_balance if rows else None
    for row in rows:
        if row.closing_balance != expected:
            break
        known_from = row.from_date or row.to_date
        if row.opening_balance is None:
            break
        expected = row.opening_balance
    await session.execute(
        update(SelfAddedAccount)
        .where(SelfAddedAccount.id == account.id)
        .values(balance_from=known_from)
        .execution_options(synchronize_session=False)
    )


def _unique_key(statement: Statement) -> str:
    # One IBAN may stand for an account in each of several currencies.
    return f"{statement.account.key} {statement.currency or ''}".rstrip()


def _keys_of(product: SavingsProduct) -> set[str]:
    bank_code, slash, number = product.number.partition("/")
    keys = {AccountIdentification(product.iban).key} if product.iban else set()
    if slash:
        return keys | {AccountIdentification(None, number, bank_code).key}
    return keys | {AccountIdentification(product.number).key, product.number}


def _is_same(key: str, other: str) -> bool:
    """Whether two keys name one account; exports name some by their local number only."""
    if key == other:
        return True
    (bank, _, number), (other_bank, _, other_number) = key.rpartition("/"), other.rpartition("/")
    if bank and other_bank:
        return False
    return number.isdigit() and number.lstrip("0") == other_number.lstrip("0") != ""
