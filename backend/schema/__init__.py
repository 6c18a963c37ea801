"""The customer schema: everything a customer's client can read and change."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from backend.schema import contracts, institutions, refusals, viewer


@strawberry.type(description="Everything a client can read.")
class Query(viewer.ViewerQueries, institutions.InstitutionQueries):
    pass


schema = strawberry.Schema(
    query=Query,
    types=[contracts.InsuranceContract],
    config=StrawberryConfig(),
    exception_handlers=refusals.exception_handlers,
)
