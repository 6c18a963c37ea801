"""GDV files in: contracts, partners, customers, accounts and mandates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend.demo.gdv_writer import Faults
from backend.feeds import gdv
from backend.feeds.gdv.details_persons import (
    HealthDetails,
    HealthTariff,
    InsuredPerson,
    LifeDetails,
    LifeTariff,
)
from backend.feeds.gdv.details_things import PropertyCover, PropertyDetails
from backend.models.bank_accounts import BankAccount, MandateStatus, SepaMandate
from backend.models.contracts import (
    ContractOrigin,
    ContractStatus,
    InsuranceContract,
    LineOfBusiness,
    Partner,
    PartyRole,
    PaymentFrequency,
)
from backend.models.customers import Customer
from backend.models.institutions import Institution
from backend.models.insurance_details import PropertyDetails as StoredPropertyDetails
from backend.money import Money
from backend.services.imports import import_file
from backend.services.statistics import count_everything
from tests.services import feed_files as feeds

if TYPE_CHECKING:
    from pathlib import Path

    from backend.services.imports import FileReport
    from tests.portal import Portal


async def _import(portal: Portal, path: Path, key: str | None = None) -> FileReport:
    return await import_file(portal.house, path, institution_key=key)


async def _all(portal: Portal, kind: type[Any]) -> list[Any]:
    async with portal.transaction() as session:
        return list(await session.scalars(select(kind).order_by(kind.id)))


async def _visible(portal: Portal) -> int:
    async with portal.transaction() as session:
        statistics = await count_everything(
            session, today=date(2026, 11, 21), policy=portal.house.policy
        )
    return statistics.contracts_visible_to_a_customer


def _counts(report: FileReport) -> tuple[int, int, int]:
    return report.accepted, report.duplicates, report.rejected


async def test_F39_a_contract_comes_with_customer_account_and_mandate(
    portal: Portal, tmp_path: Path
) -> None:
    report = await _import(portal, feeds.gdv_file(tmp_path / "a.gdv", feeds.contract()))
    assert (_counts(report), report.findings) == ((1, 0, 0), [])
    [contract] = await _all(portal, InsuranceContract)
    assert contract.number == "HR1"
    assert contract.line_of_business is LineOfBusiness.HOUSEHOLD
    assert contract.premium == Money(Decimal("120.00"), "EUR")
    assert contract.payment_frequency is PaymentFrequency.YEARLY
    assert (contract.start_date, contract.source_as_of) == (date(2020, 1, 1), feeds.DAY)
    [customer] = await _all(portal, Customer)
    [partner] = await _all(portal, Partner)
    assert (partner.customer_id, partner.role) == (customer.id, PartyRole.POLICYHOLDER)
    assert (customer.display_name, customer.birth_date) == ("Anna Beispiel", "1984-03-12")
    [account] = await _all(portal, BankAccount)
    assert (account.iban, account.valid_from, account.is_valid) == (feeds.IBAN, feeds.DAY, True)
    [mandate] = await _all(portal, SepaMandate)
    assert (mandate.mandate_reference, mandate.iban) == ("M-1", feeds.IBAN)
    assert await _visible(portal) == 1


async def test_the_same_file_twice_changes_nothing(portal: Portal, tmp_path: Path) -> None:
    path = feeds.gdv_file(tmp_path / "a.gdv", feeds.contract("A"), feeds.contract("B"))
    await _import(portal, path)
    before = [contract.updated_at for contract in await _all(portal, InsuranceContract)]
    assert _counts(await _import(portal, path)) == (0, 2, 0)
    assert [one.updated_at for one in await _all(portal, InsuranceContract)] == before
    assert [len(await _all(portal, kind)) for kind in (Partner, BankAccount, Customer)] == [2, 2, 1]


async def test_a_newer_file_changes_and_an_older_one_does_not(
    portal: Portal, tmp_path: Path
) -> None:
    new = feeds.contract(premium=Decimal("130.00"))
    await _import(portal, feeds.gdv_file(tmp_path / "1", feeds.contract()))
    newer = feeds.gdv_file(tmp_path / "2", new, as_of=date(2026, 12, 1))
    assert _counts(await _import(portal, newer)) == (1, 0, 0)
    old = feeds.contract(premium=Decimal("110.00"))
    report = await _import(portal, feeds.gdv_file(tmp_path / "3", old, as_of=date(2026, 11, 1)))
    assert _counts(report) == (0, 1, 0)
    assert report.first_problem.endswith("older than what is known: nothing is changed")
    [contract] = await _all(portal, InsuranceContract)
    assert contract.premium_amount == Decimal("130.00")
    # A file that was read before says nothing new, so there is nothing to report.
    again = await _import(portal, tmp_path / "1")
    assert (_counts(again), again.findings) == ((0, 1, 0), [])


async def test_F121_a_changed_account_closes_the_old_one(portal: Portal, tmp_path: Path) -> None:
    await _import(portal, feeds.gdv_file(tmp_path / "1", feeds.contract()))
    moved = feeds.anna(bank_accounts=(gdv.BankAccount(iban=feeds.OTHER_IBAN),))
    on = date(2026, 12, 1)
    await _import(portal, feeds.gdv_file(tmp_path / "2", feeds.contract("HR1", moved), as_of=on))
    accounts = await _all(portal, BankAccount)
    assert [(one.iban, one.valid_from, one.valid_to) for one in accounts] == [
        (feeds.IBAN, feeds.DAY, on),
        (feeds.OTHER_IBAN, on, None),
    ]


async def test_F68_a_mandate_that_the_feed_no_longer_names_is_revoked(
    portal: Portal, tmp_path: Path
) -> None:
    await _import(portal, feeds.gdv_file(tmp_path / "1", feeds.contract()))
    without = feeds.contract("HR1", feeds.anna(mandate=None))
    await _import(portal, feeds.gdv_file(tmp_path / "2", without, as_of=date(2026, 12, 1)))
    [mandate] = await _all(portal, SepaMandate)
    assert mandate.status is MandateStatus.REVOKED


async def test_a_broken_record_is_isolated(portal: Portal, tmp_path: Path) -> None:
    path = feeds.gdv_file(
        tmp_path / "a.gdv",
        feeds.contract("GOOD"),
        feeds.contract("BAD"),
        feeds.contract("FINE"),
        faults=Faults(broken=frozenset({"BAD"})),
    )
    report = await _import(portal, path)
    assert _counts(report) == (2, 0, 1)
    [finding] = report.findings
    assert (finding.record, finding.field) == ("0200", "Vertragsbeginn")
    assert {one.number for one in await _all(portal, InsuranceContract)} == {"GOOD", "FINE"}


async def test_a_masked_iban_is_stored_as_given(portal: Portal, tmp_path: Path) -> None:
    faults = Faults(masked=frozenset({"HR1"}))
    path = feeds.gdv_file(tmp_path / "a.gdv", feeds.contract(), faults=faults)
    assert _counts(await _import(portal, path)) == (1, 0, 0)
    [account] = await _all(portal, BankAccount)
    assert account.is_valid is False
    assert "X" in account.iban


async def test_F40_an_unknown_day_counts_as_the_last_possible(
    portal: Portal, tmp_path: Path
) -> None:
    contract = feeds.contract(start=gdv.PartialDate(2026, 11))
    await _import(portal, feeds.gdv_file(tmp_path / "a.gdv", contract))
    [stored] = await _all(portal, InsuranceContract)
    assert stored.start_date == date(2026, 11, 30)
    assert await _visible(portal) == 0


async def test_F43_couples_and_companies_are_no_customers(portal: Portal, tmp_path: Path) -> None:
    couple = feeds.anna(salutation=gdv.Salutation.COUPLE)
    company = feeds.anna(
        salutation=gdv.Salutation.COMPANY, surname="Beispiel Bau GmbH", first_name=""
    )
    path = feeds.gdv_file(
        tmp_path / "a.gdv",
        feeds.contract("ALONE"),
        feeds.contract("COUPLE", couple),
        feeds.contract("COMPANY", company),
    )
    assert _counts(await _import(portal, path)) == (3, 0, 0)
    assert len(await _all(portal, Customer)) == 1
    assert await _visible(portal) == 1


async def test_a_number_that_stands_for_somebody_else_links_nobody(
    portal: Portal, tmp_path: Path
) -> None:
    jonas = feeds.anna(
        salutation=gdv.Salutation.MR, first_name="Jonas", birth_date=gdv.PartialDate(1982, 1, 1)
    )
    path = feeds.gdv_file(tmp_path / "a.gdv", feeds.contract("A"), feeds.contract("B", jonas))
    report = await _import(portal, path)
    assert report.first_problem.endswith("stands for somebody else already: nobody is linked")
    assert [one.customer_id is None for one in await _all(portal, Partner)] == [False, True]


async def test_two_namesakes_with_one_birth_date_stay_two(portal: Portal, tmp_path: Path) -> None:
    other = feeds.anna(customer_number="100002")
    path = feeds.gdv_file(tmp_path / "a.gdv", feeds.contract("A"), feeds.contract("B", other))
    await _import(portal, path)
    assert len(await _all(portal, Customer)) == 2


async def test_F46_occupational_pensions_are_marked(portal: Portal, tmp_path: Path) -> None:
    details = (LifeDetails("010", occupational_pension="1"),)
    contract = feeds.contract("L1", line_of_business="010", details=details)
    await _import(portal, feeds.gdv_file(tmp_path / "a.gdv", contract))
    [stored] = await _all(portal, InsuranceContract)
    assert stored.origin is ContractOrigin.OCCUPATIONAL_PENSION
    assert await _visible(portal) == 0


async def test_pensions_and_travel_health_are_lines_of_their_own(
    portal: Portal, tmp_path: Path
) -> None:
    pension = LifeDetails("010", tariffs=(LifeTariff("1", "2", "1", "RV"),))
    travel = HealthDetails("020", tariffs=(HealthTariff("1", "01", "AUSLANDSREISE"),))
    insured = (InsuredPerson("1", "Beispiel", "Jonas"),)
    health = HealthDetails("020", insured=insured, tariffs=(HealthTariff("1", "01", "KOMFORT"),))
    path = feeds.gdv_file(
        tmp_path / "a.gdv",
        feeds.contract("P", line_of_business="010", details=(pension,)),
        feeds.contract("T", line_of_business="020", details=(travel,)),
        feeds.contract("H", line_of_business="020", details=(health,)),
    )
    await _import(portal, path)
    assert [one.line_of_business for one in await _all(portal, InsuranceContract)] == [
        LineOfBusiness.PENSION,
        LineOfBusiness.TRAVEL_HEALTH,
        LineOfBusiness.HEALTH,
    ]
    insured_rows = [one for one in await _all(portal, Partner) if one.role is PartyRole.INSURED]
    assert [one.display_name for one in insured_rows] == ["Jonas Beispiel"]


async def test_details_and_coverages_of_a_household_contract(
    portal: Portal, tmp_path: Path
) -> None:
    cover = PropertyCover("001", "01", "Hausrat", sum_insured=Decimal(50_000))
    details = PropertyDetails(
        "130", street="Gasse 1", postal_code="70173", city="Stuttgart", covers=(cover,)
    )
    path = feeds.gdv_file(tmp_path / "a.gdv", feeds.contract(details=(details,)))
    await _import(portal, path)
    [stored] = await _all(portal, InsuranceContract)
    assert stored.details == StoredPropertyDetails(
        risk_address="Gasse 1, 70173 Stuttgart", sum_insured=Money(Decimal(50_000), "EUR")
    )
    assert [(one.name, one.sum_insured.amount) for one in stored.coverages] == [
        ("Hausrat", Decimal(50_000))
    ]


async def test_cancelled_and_ended_contracts_say_so(portal: Portal, tmp_path: Path) -> None:
    path = feeds.gdv_file(
        tmp_path / "a.gdv",
        feeds.contract("CANCELLED", status="4"),
        feeds.contract("ENDED", end=gdv.PartialDate(2026, 11, 20)),
        feeds.contract("LIVE", end=gdv.PartialDate(2026, 11, 21)),
    )
    await _import(portal, path)
    assert [one.status for one in await _all(portal, InsuranceContract)] == [
        ContractStatus.CANCELLED,
        ContractStatus.ENDED,
        ContractStatus.ACTIVE,
    ]


async def test_an_unknown_insurer_is_created_and_reported(portal: Portal, tmp_path: Path) -> None:
    path = feeds.gdv_file(tmp_path / "a.gdv", feeds.contract(insurer_number="7777"), insurer="7777")
    for _ in range(2):
        report = await _import(portal, path)
        assert [(one.record, one.field) for one in report.findings] == [("0001", "VU-Nummer")]
    created = [one for one in await _all(portal, Institution) if one.key == "vu-7777"]
    assert [(one.name, one.insurer_number) for one in created] == [("Sender AG", "7777")]


async def test_the_institution_that_the_operator_names_counts(
    portal: Portal, tmp_path: Path
) -> None:
    path = feeds.gdv_file(tmp_path / "a.gdv", feeds.contract(insurer_number="7777"))
    assert (await _import(portal, path, "leben")).findings == []
    async with portal.transaction() as session:
        keys = await session.scalars(
            select(Institution.key).join(
                InsuranceContract, InsuranceContract.institution_id == Institution.id
            )
        )
        assert list(keys) == ["leben"]


async def test_a_contract_twice_in_one_file_ends_as_its_last_version(
    portal: Portal, tmp_path: Path
) -> None:
    first = feeds.contract(sequence="01")
    last = feeds.contract(sequence="02", premium=Decimal("99.00"))
    path = feeds.gdv_file(tmp_path / "a.gdv", first, last)
    await _import(portal, path)
    assert _counts(await _import(portal, path)) == (0, 2, 0)
    [contract] = await _all(portal, InsuranceContract)
    assert contract.premium_amount == Decimal("99.00")


async def test_packages_of_two_insurers_in_one_file_link_the_customers_of_both(
    portal: Portal, tmp_path: Path
) -> None:
    other = feeds.gdv_file(
        tmp_path / "b", feeds.contract("B", insurer_number="05901"), insurer="05901"
    )
    both = feeds.gdv_file(tmp_path / "a", feeds.contract("A"))
    both.write_bytes(both.read_bytes() + other.read_bytes())
    assert _counts(await _import(portal, both)) == (2, 0, 0)
    # One number, two institutions: two customers.
    assert len({one.customer_id for one in await _all(portal, Partner)} - {None}) == 2
    assert await _visible(portal) == 2
