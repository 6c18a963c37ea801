"""A GDV contract as rows of our tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.feeds.findings import Finding
from backend.feeds.gdv.details_persons import AccidentDetails, HealthDetails, LifeDetails
from backend.feeds.gdv.records import CANCELLED, ContactKind
from backend.feeds.records import Salutation
from backend.models.bank_accounts import BankAccountPurpose, MandateStatus
from backend.models.contracts import (
    ContractKind,
    ContractOrigin,
    ContractStatus,
    PartyRole,
    PaymentFrequency,
)
from backend.services.imports.contract_details import coverages_of, details_of
from backend.services.imports.lines_of_business import line_of_business, product_name
from backend.services.imports.records import ContractRecord

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from backend.feeds.gdv.details_persons import InsuredPerson
    from backend.feeds.gdv.records import BankAccount, Contract, Partner
    from backend.feeds.records import PartialDate
    from backend.services.imports.records import Values

_FREQUENCIES = {
    "1": PaymentFrequency.YEARLY,
    "2": PaymentFrequency.HALF_YEARLY,
    "4": PaymentFrequency.QUARTERLY,
    "6": PaymentFrequency.SINGLE,
    "8": PaymentFrequency.MONTHLY,
    "0": PaymentFrequency.NONE,
}
_NATURAL_PERSON = frozenset({"", "0", "00", "01"})
_EURO = "EUR"


def contract_record(
    contract: Contract, *, institution_id: int, as_of: date | None
) -> ContractRecord:
    """Return the rows of a contract.

    An unknown day or month counts as the last it can be, so that nothing shows too early (F40).
    The premium is what the customer pays each time: with insurance tax if the file tells.
    """
    start, end = contract.start.latest(), _latest(contract.end)
    premium = contract.gross_premium or contract.premium
    values: Values = {
        "origin": (
            ContractOrigin.OCCUPATIONAL_PENSION
            if contract.is_occupational_pension
            else ContractOrigin.INSTITUTION
        ),
        "product_name": product_name(contract),
        "status": _status(contract, end, as_of),
        "start_date": start,
        "end_date": end,
        "line_of_business": line_of_business(contract),
        "premium_amount": premium,
        "premium_currency": (contract.currency or _EURO) if premium is not None else None,
        "payment_frequency": _frequency(contract.payment_frequency),
        "main_due_date": _latest(contract.due),
        "details": details_of(contract),
        "coverages": coverages_of(contract),
    }
    payer = _payer(contract)
    return ContractRecord(
        institution_id=institution_id,
        kind=ContractKind.INSURANCE,
        number=contract.number,
        line_code=contract.line_of_business,
        as_of=as_of,
        values=values,
        partners=_numbered(
            [*map(_partner, contract.partners), *map(_insured, _insureds(contract))]
        ),
        purpose=BankAccountPurpose.PREMIUM,
        bank_account=_bank_account(payer) if payer else None,
        mandate=_mandate(payer, as_of) if payer else None,
        place=Finding(contract.line, "0200", "Versicherungsschein-Nummer", ""),
    )


def _status(contract: Contract, end: date | None, as_of: date | None) -> ContractStatus:
    if contract.status == CANCELLED:
        return ContractStatus.CANCELLED
    # The file itself says that the contract was over when it was written.
    if end is not None and as_of is not None and end <= as_of:
        return ContractStatus.ENDED
    return ContractStatus.ACTIVE


def _frequency(code: str) -> PaymentFrequency | None:
    return _FREQUENCIES.get(code, PaymentFrequency.OTHER) if code else None


def _latest(day: PartialDate | None) -> date | None:
    return day.latest() if day else None


def _partner(partner: Partner) -> Values:
    salutation = partner.salutation or Salutation.NONE
    phone = next((c.value for c in partner.contacts if c.kind is ContactKind.PHONE), None)
    email = next((c.value for c in partner.contacts if c.kind is ContactKind.EMAIL), None)
    family_name = partner.surname
    if partner.name_2 and not partner.first_name:
        family_name = f"{partner.surname} {partner.name_2}".strip()
    return {
        "customer_number": partner.customer_number or None,
        "role": PartyRole.POLICYHOLDER if partner.is_policyholder else PartyRole.OTHER,
        "salutation": salutation,
        "is_legal_entity": _is_legal_entity(partner),
        "given_name": partner.first_name or None,
        "family_name": family_name,
        "title": partner.title or None,
        "birth_date": _birth_date(partner.birth_date),
        "street": partner.street or partner.po_box or None,
        "postal_code": partner.postal_code or None,
        "city": partner.city or None,
        "country": partner.country or None,
        "phone_number": phone,
        "email_address": email,
    }


def _is_legal_entity(partner: Partner) -> bool:
    match partner.salutation:
        case Salutation.COMPANY | Salutation.ASSOCIATION:
            return True
        case Salutation.NONE:
            return partner.legal_form not in _NATURAL_PERSON
        # A key that nobody knows must not open a contract to anybody.
        case None:
            return True
        case _:
            return False


def _birth_date(birth: PartialDate | None) -> str | None:
    return str(birth) if birth is not None and birth.year is not None else None


def _insureds(contract: Contract) -> Iterator[InsuredPerson]:
    for details in contract.details:
        if isinstance(details, LifeDetails | HealthDetails | AccidentDetails):
            yield from (person for person in details.insured if person.surname)


def _insured(person: InsuredPerson) -> Values:
    return {
        "customer_number": person.customer_number or None,
        "role": PartyRole.INSURED,
        "salutation": Salutation.NONE,
        "is_legal_entity": False,
        "given_name": person.first_name or None,
        "family_name": person.surname,
        "title": person.title or None,
        "birth_date": _birth_date(person.birth_date),
        "street": None,
        "postal_code": None,
        "city": None,
        "country": None,
        "phone_number": None,
        "email_address": None,
    }


def _numbered(rows: list[Values]) -> list[Values]:
    counts: dict[PartyRole, int] = {}
    for row in rows:
        sequence = counts.get(row["role"], 0)
        row["sequence"] = sequence
        counts[row["role"]] = sequence + 1
    return rows


def _payer(contract: Contract) -> Partner | None:
    """The partner whose account is debited: one with a mandate, else with an account."""
    with_account = [partner for partner in contract.partners if partner.bank_accounts]
    with_mandate = [partner for partner in with_account if partner.mandate]
    policyholders = [partner for partner in with_account if partner.is_policyholder]
    return next(iter((*with_mandate, *policyholders, *with_account)), None)


def _bank_account(payer: Partner) -> Values:
    account = payer.bank_accounts[0]
    return {
        "iban": account.iban or _local_number(account),
        "bic": account.bic or None,
        "bank_name": account.bank_name or None,
        "holder": account.holder or _name(payer),
        "is_valid": account.has_valid_iban,
    }


def _local_number(account: BankAccount) -> str:
    """Account number and bank code as old files have them; an IBAN is not computed from them."""
    return "/".join(part for part in (account.bank_code, account.account_number) if part)


def _name(partner: Partner) -> str | None:
    return " ".join(part for part in (partner.first_name, partner.surname) if part) or None


def _mandate(payer: Partner, as_of: date | None) -> Values | None:
    mandate = payer.mandate
    if mandate is None or not mandate.mandate_reference:
        return None
    expires_on = _latest(mandate.expires_on)
    is_over = expires_on is not None and as_of is not None and expires_on < as_of
    account = payer.bank_accounts[0]
    return {
        "mandate_reference": mandate.mandate_reference,
        "creditor_identifier": mandate.creditor_identifier or None,
        "iban": account.iban or None,
        "holder": account.holder or _name(payer),
        "signed_on": _latest(mandate.signed_on),
        "last_used_on": None,
        "is_use_told": False,
        "expires_on": expires_on,
        "status": MandateStatus.REVOKED if is_over else MandateStatus.ACTIVE,
    }
