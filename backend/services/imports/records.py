"""Contracts as importers hand them to the store: rows of several tables that belong together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backend.values import Value

if TYPE_CHECKING:
    from datetime import date

    from backend.feeds.findings import Finding
    from backend.models.bank_accounts import BankAccountPurpose
    from backend.models.contracts import ContractKind

Values = dict[str, Any]


@dataclass(slots=True)
class ContractRecord:
    """A contract with everything that is written, or not written, together with it.

    `values` are columns of the contract, `partners` rows without contract and customer,
    `bank_account` and `mandate` rows without contract (None: there is none any more). All records
    of one importer have the same columns. `place` is where a finding about the record points.
    """

    institution_id: int
    kind: ContractKind
    number: str
    line_code: str
    as_of: date | None
    values: Values
    partners: list[Values]
    purpose: BankAccountPurpose
    bank_account: Values | None
    mandate: Values | None
    place: Finding

    @property
    def key(self) -> tuple[int, str, str]:
        """What the contract is unique by."""
        return self.institution_id, self.number, self.line_code

    def digest(self) -> str:
        """Return the hash of all that the record says."""
        said = (self.kind, self.values, self.partners, self.bank_account, self.mandate)
        return hashlib.blake2b(repr(said).encode(), digest_size=16).hexdigest()


@dataclass(slots=True)
class StoredRecord:
    """A record beside the row that holds it."""

    record: ContractRecord
    digest: str
    contract_id: int


class KnownContract(Value):
    """What has to be known of a contract that is in the database already."""

    id: int
    source_digest: str | None
    source_as_of: date | None


def is_older(record: ContractRecord, known: KnownContract, *, is_repeat: bool) -> bool:
    """Tell whether the database already says something newer than a record that differs from it.

    A file without a date is older than any with one. What a repeated file says differently on
    the same day was overwritten by a later file of that day.
    """
    if known.source_as_of is None:
        return is_repeat and record.as_of is None and known.source_digest is not None
    if record.as_of is None or record.as_of < known.source_as_of:
        return True
    return is_repeat and record.as_of == known.source_as_of
