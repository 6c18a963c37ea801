"""What a contract page shows beyond the general part, for any line of business."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.values import Value

if TYPE_CHECKING:
    from decimal import Decimal

    from backend.feeds.records import PartialDate


class Details(Value):
    """What every line of business has; ``line_of_business`` is the Sparte of its 0210.

    Amounts are in units of ``currency``; a sum insured of zero is "not given" and becomes None.
    """

    line_of_business: str = ""
    status: str = ""
    start: PartialDate | None = None
    end: PartialDate | None = None
    currency: str = ""
    premium: Decimal | None = None
    product_name: str = ""

    @property
    def is_occupational_pension(self) -> bool:
        """Only life insurance can be one."""
        return False


class GeneralRisk(Value):
    """One risk of a line without record types of its own (travel, …), general 0220."""

    order: str = ""
    start: PartialDate | None = None
    end: PartialDate | None = None
    sum_1: Decimal | None = None
    sum_kind_1: str = ""
    sum_2: Decimal | None = None
    sum_kind_2: str = ""
    premium: Decimal | None = None
    description: str = ""
    description_2: str = ""
    description_3: str = ""


class GeneralDetails(Details):
    """A line without record types of its own (travel, …), 0210 in the general layout."""

    line_name: str = ""
    sum_1: Decimal | None = None
    sum_kind_1: str = ""
    sum_2: Decimal | None = None
    sum_kind_2: str = ""
    has_deductible: str = ""
    description: str = ""
    description_2: str = ""
    description_3: str = ""
    risks: tuple[GeneralRisk, ...] = ()
