"""GraphQL type of what ends by itself in the viewer's contracts."""

from datetime import date

import strawberry

from backend.access import SIGNED_IN
from backend.schema.contracts import Contract
from backend.schema.fields import attribute
from backend.services import endings


@strawberry.type(description="Something in a contract of the viewer that ends by itself.")
class Ending:
    kind: endings.EndingKind = attribute(SIGNED_IN, "What ends.")
    contract: Contract = attribute(SIGNED_IN, "The contract that it belongs to.")
    ends_on: date = attribute(SIGNED_IN, "Its last day; the day of maturity of a deposit.")
