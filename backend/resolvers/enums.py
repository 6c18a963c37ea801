"""The enums of the models as GraphQL knows them.

Declared before any resolver's annotations are read: Strawberry would otherwise make
a second, nameless definition of each.
"""

import strawberry

from backend.models import (
    consents,
    contracts,
    documents,
    institutions,
    sign_in,
    user_accounts,
)

strawberry.enum(institutions.InstitutionKind, description="What an institution is.")
strawberry.enum(contracts.ContractKind, description="What a contract is.")
strawberry.enum(contracts.ContractStatus, description="Where a contract stands.")
strawberry.enum(contracts.LineOfBusiness, description="The insurance line.")
strawberry.enum(contracts.PaymentFrequency, description="How often a premium is due.")
strawberry.enum(documents.DocumentDirection, description="Who sent a document.")
strawberry.enum(documents.DocumentKind, description="What a document is.")
strawberry.enum(consents.ConsentPurpose, description="What a customer can agree to.")
strawberry.enum(consents.ConsentState, description="PENDING waits for a confirmation by mail.")
strawberry.enum(consents.DeliveryChannel, description="How letters reach the customer.")
strawberry.enum(sign_in.AssuranceLevel, description="How well the house knows the viewer.")
strawberry.enum(user_accounts.Locale, description="A language of the portal.")
