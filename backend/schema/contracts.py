"""GraphQL types for contracts, with what each line of business adds."""

from datetime import date
from typing import Annotated

import strawberry

from backend.access import SIGNED_IN
from backend.models import contracts as models
from backend.models import insurance_details as details
from backend.resolvers import contracts as resolvers
from backend.schema.bank_accounts import BankAccount, BankAccountOnFile, SepaMandate
from backend.schema.fields import attribute, computed, field, relation, represents
from backend.schema.institutions import Institution
from backend.schema.nodes import Node, PageInfo, node_id
from backend.schema.scalars import Money
from backend.services import bank_accounts, contracts
from backend.services.institutions import load_institutions


@strawberry.interface(description="A contract of the viewer with an institution.")
class Contract(Node):
    id: strawberry.ID = node_id("Contract")
    kind: models.ContractKind = attribute(SIGNED_IN, "Insurance, savings account or deposit.")
    institution: Institution = relation(
        SIGNED_IN, load_institutions, "With whom.", key="institution_id"
    )
    number: str = attribute(SIGNED_IN, "Number of the contract at its institution.")
    product_name: str | None = attribute(
        SIGNED_IN, "The product as the institution calls it; null if it does not."
    )
    status: models.ContractStatus = attribute(SIGNED_IN, "Where it stands.")
    start_date: date | None = attribute(SIGNED_IN, "First day.")
    end_date: date | None = attribute(SIGNED_IN, "Last day, if one is agreed.")
    bank_accounts: list[BankAccountOnFile] = relation(
        SIGNED_IN,
        bank_accounts.load_accounts_on_file_of,
        "Every bank account that ever stood in it, the newest first; none is ever overwritten.",
        default=list,
    )


@strawberry.type(description="Life and pension insurance.")
class LifeDetails:
    sum_at_maturity: Money | None = attribute(SIGNED_IN, "Paid at maturity.")
    sum_on_death: Money | None = attribute(SIGNED_IN, "Paid on death.")
    monthly_pension: Money | None = attribute(SIGNED_IN, "Pension per month.")
    maturity_date: date | None = attribute(SIGNED_IN, "When it falls due.")
    tariff: str | None = attribute(SIGNED_IN, "Tariff.")

    is_type_of = represents(details.LifeDetails)


@strawberry.type(description="Private health insurance.")
class HealthDetails:
    tariff: str | None = attribute(SIGNED_IN, "Tariff.")
    deductible: Money | None = attribute(SIGNED_IN, "What the customer pays first.")
    daily_allowance: Money | None = attribute(SIGNED_IN, "Paid per day.")

    is_type_of = represents(details.HealthDetails)


@strawberry.type(description="Motor insurance.")
class MotorDetails:
    licence_plate: str | None = attribute(SIGNED_IN, "Licence plate.")
    manufacturer: str | None = attribute(SIGNED_IN, "Manufacturer.")
    model: str | None = attribute(SIGNED_IN, "Model.")
    vehicle_identification: str | None = attribute(SIGNED_IN, "Vehicle identification number.")
    first_registered_on: date | None = attribute(SIGNED_IN, "First registration.")
    no_claims_class: str | None = attribute(SIGNED_IN, "No-claims class.")
    regional_class: str | None = attribute(SIGNED_IN, "Regional class.")
    annual_mileage: int | None = attribute(SIGNED_IN, "Kilometres a year.")

    is_type_of = represents(details.MotorDetails)


@strawberry.type(description="Household and residential building insurance.")
class PropertyDetails:
    risk_address: str | None = attribute(SIGNED_IN, "Address that is insured.")
    living_area: int | None = attribute(SIGNED_IN, "Square metres.")
    sum_insured: Money | None = attribute(SIGNED_IN, "Sum insured.")
    deductible: Money | None = attribute(SIGNED_IN, "What the customer pays first.")
    building_year: int | None = attribute(SIGNED_IN, "Year in which it was built.")

    is_type_of = represents(details.PropertyDetails)


@strawberry.type(description="Liability insurance.")
class LiabilityDetails:
    risk_description: str | None = attribute(SIGNED_IN, "What is insured.")
    sum_insured: Money | None = attribute(SIGNED_IN, "Sum insured.")
    deductible: Money | None = attribute(SIGNED_IN, "What the customer pays first.")

    is_type_of = represents(details.LiabilityDetails)


@strawberry.type(description="Accident insurance.")
class AccidentDetails:
    sum_disability: Money | None = attribute(SIGNED_IN, "Paid on disability.")
    sum_death: Money | None = attribute(SIGNED_IN, "Paid on death.")
    occupation: str | None = attribute(SIGNED_IN, "Occupation on which the premium rests.")

    is_type_of = represents(details.AccidentDetails)


InsuranceDetails = Annotated[
    LifeDetails
    | HealthDetails
    | MotorDetails
    | PropertyDetails
    | LiabilityDetails
    | AccidentDetails,
    strawberry.union("InsuranceDetails", description="What the line of business adds."),
]


@strawberry.type(description="One thing that a contract covers.")
class Coverage:
    name: str = attribute(SIGNED_IN, "What is covered.")
    sum_insured: Money | None = attribute(SIGNED_IN, "Up to how much.")
    deductible: Money | None = attribute(SIGNED_IN, "What the customer pays first.")
    premium: Money | None = attribute(SIGNED_IN, "Share of the premium.")


@strawberry.type(description="A contract with an insurer.")
class InsuranceContract(Contract):
    line_of_business: models.LineOfBusiness = attribute(SIGNED_IN, "The insurance line.")
    premium: Money | None = attribute(SIGNED_IN, "Premium per payment.")
    payment_frequency: models.PaymentFrequency = attribute(SIGNED_IN, "How often it is due.")
    next_due_date: date | None = computed(
        SIGNED_IN,
        resolvers.next_due_date_of,
        "When an instalment is due next; null where none is to come.",
    )
    premium_bank_account: BankAccount | None = field(
        SIGNED_IN, resolvers.premium_account_of, "Where the premium is collected."
    )
    direct_debit: SepaMandate | None = field(
        SIGNED_IN, resolvers.direct_debit_of, "The direct debit mandate, if active."
    )
    insured_persons: list[str] = relation(
        SIGNED_IN, contracts.load_insured_persons_of, "Names of those insured.", default=list
    )
    details: InsuranceDetails | None = attribute(SIGNED_IN, "What the line of business adds.")
    coverages: list[Coverage] = computed(SIGNED_IN, resolvers.coverages_of, "What is covered.")

    is_type_of = represents(models.InsuranceContract)


@strawberry.type(description="A contract in a list.")
class ContractEdge:
    cursor: str = attribute(SIGNED_IN, "Where it stands in the list.")
    node: Contract = attribute(SIGNED_IN, "The contract.")


@strawberry.type(description="A page of contracts.")
class ContractConnection:
    edges: list[ContractEdge] = attribute(SIGNED_IN, "Rows with their cursors.")
    nodes: list[Contract] = attribute(SIGNED_IN, "Rows.")
    page_info: PageInfo = attribute(SIGNED_IN, "Where the page ends.")
    total_count: int = attribute(SIGNED_IN, "How many match in all.")
