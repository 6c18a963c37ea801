"""Finds the counterparty of a camt payment among its parties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.feeds.camt.xml import first
from backend.feeds.values import clean_text, read_bic, read_iban
from backend.values import Value

if TYPE_CHECKING:
    from backend.feeds.bank_records import Statement
    from backend.feeds.camt.xml import Fields


class Party(Value):
    """One side of a payment."""

    name: str | None
    iban: str | None
    iban_is_valid: bool
    bic: str | None


NOBODY = Party(None, None, iban_is_valid=False, bic=None)


class PartyPaths(Value):
    """Where the versions keep name, account and bank of one side."""

    names: tuple[str, ...]
    numbers: tuple[str, ...]
    bics: tuple[str, ...]


def _paths_of(role: str) -> PartyPaths:
    party, account, agent = (f"RltdPties/{role}", f"RltdPties/{role}Acct/Id", f"RltdAgts/{role}Agt")
    ultimate = f"RltdPties/Ultmt{role}"
    return PartyPaths(
        names=(
            f"{party}/Pty/Nm",
            f"{party}/Nm",
            f"{ultimate}/Pty/Nm",
            f"{ultimate}/Nm",
            f"{party}/Agt/FinInstnId/Nm",
        ),
        numbers=(f"{account}/IBAN", f"{account}/Othr/Id", f"{account}/PrtryAcct/Id"),
        bics=tuple(f"{agent}/FinInstnId/{tag}" for tag in ("BICFI", "BIC", "CmbndId/BIC")),
    )


DEBTOR, CREDITOR = _paths_of("Dbtr"), _paths_of("Cdtr")


def read_counterparty(fields: Fields, statement: Statement, *, is_from_debtor: bool) -> Party:
    """Return the side of the payment that is not the account's holder.

    The sign decides; a side that names our own account, or nobody, gives way to a foreign one.
    """
    likely = _party(fields, DEBTOR if is_from_debtor else CREDITOR)
    own = statement.account.iban
    is_likely_empty = likely.name is None and likely.iban is None
    if own is None or not (likely.iban == own or is_likely_empty):
        return likely
    other = _party(fields, CREDITOR if is_from_debtor else DEBTOR)
    is_other_foreign = other.iban is not None and other.iban != own
    return other if is_other_foreign else likely


def _party(fields: Fields, paths: PartyPaths) -> Party:
    name = clean_text(first(fields, *paths.names))
    number = clean_text(first(fields, *paths.numbers))
    bic = read_bic(first(fields, *paths.bics))
    if number is None:
        return NOBODY if name is None and bic is None else Party(name, None, False, bic)
    iban, is_valid = read_iban(number)
    return Party(name, iban, is_valid, bic)
