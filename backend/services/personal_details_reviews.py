"""What new personal details would change, judged before anybody approves them (F37, F38, F88)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol

from backend.clock import berlin_today
from backend.errors import (
    FieldProblem,
    InvalidInputError,
    NotChangeableHereError,
    NotFoundError,
)
from backend.models.personal_details import PersonalDetailsKind, PersonName
from backend.services.contracts import load_visible_contracts
from backend.services.letters import written_day
from backend.services.personal_details import (
    list_personal_details,
    load_versions,
)
from backend.services.personal_details_checks import require_address, require_name
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend.clock import Clock
    from backend.models.contracts import Contract
    from backend.models.institutions import Institution
    from backend.policy import Policy
    from backend.services.personal_details import Details, Key, PersonalDetails
    from backend.services.sessions import Viewer


class DetailsHouse(Protocol):
    """What judging new details needs of the portal's wiring."""

    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def policy(self) -> Policy: ...  # noqa: D102


class WantedDetails(Value):
    """The details that institutions shall have, from a day on; none: today."""

    institution_ids: tuple[int, ...]
    details: Details
    effective_from: date | None

    @property
    def kind(self) -> PersonalDetailsKind:
        """Which of them they are."""
        is_name = isinstance(self.details, PersonName)
        return PersonalDetailsKind.NAME if is_name else PersonalDetailsKind.ADDRESS


class ReviewedInstitution(Value):
    """One institution under review: what it has, counted by `version`, and in which contracts."""

    institution: Institution
    version: int
    present: Details | None
    contracts: Sequence[Contract]

    @property
    def before(self) -> str | None:
        """What stands there today, in words."""
        return self.present.line if self.present else None


class PersonalDetailsReview(Value):
    """The change as it would be stored."""

    kind: PersonalDetailsKind
    details: Details
    effective_from: date
    institutions: Sequence[ReviewedInstitution]

    @property
    def after(self) -> str:
        """What would stand there, in words."""
        return self.details.line


async def review_personal_details(
    session: AsyncSession,
    house: DetailsHouse,
    *,
    viewer: Viewer,
    wanted: WantedDetails,
    is_approved: bool = False,
) -> PersonalDetailsReview:
    """Judge new details for these institutions, all or none of them (F37, F88).

    What is approved already goes to the institutions even if a feed has brought it meanwhile.

    Raises:
        InvalidInputError: details, day or choice of institutions can be mended.
        NotFoundError: one is no institution that knows the viewer.
        NotChangeableHereError: one of them changes this itself only (F38).
    """
    today = berlin_today(house.clock)
    chosen = await _load_chosen(session, house, viewer, wanted, today)
    for one in chosen:
        reason = one.refusal(wanted.kind)
        if reason is not None:
            raise NotChangeableHereError(one.institution.key, reason)
    details = _require_input(house, wanted, today)
    day = wanted.effective_from or today
    _require_free_day(chosen, wanted.kind, day, viewer)
    if not is_approved:
        _require_other(chosen, wanted.kind, details)
    versions = await load_versions(session, viewer.customer_id)
    visible = await load_visible_contracts(
        session,
        [contract_id for one in chosen for contract_id in one.contract_ids],
        customer_id=viewer.customer_id,
        today=today,
        policy=house.policy,
    )
    reviewed = [_reviewed(one, wanted.kind, versions, visible) for one in chosen]
    return PersonalDetailsReview(wanted.kind, details, day, reviewed)


async def _load_chosen(
    session: AsyncSession, house: DetailsHouse, viewer: Viewer, wanted: WantedDetails, today: date
) -> list[PersonalDetails]:
    if not wanted.institution_ids:
        raise InvalidInputError(FieldProblem(("institutions",), "field.institution_needed"))
    known = await list_personal_details(
        session, customer_id=viewer.customer_id, today=today, policy=house.policy
    )
    chosen = [one for one in known if one.institution.id in wanted.institution_ids]
    if len(chosen) != len(set(wanted.institution_ids)):
        raise NotFoundError
    return chosen


def _require_input(house: DetailsHouse, wanted: WantedDetails, today: date) -> Details:
    problems: list[FieldProblem] = []
    days = house.policy.personal_details.days_ahead.on(today)
    last = today + timedelta(days=days)
    if wanted.effective_from is not None and not today <= wanted.effective_from <= last:
        problems.append(FieldProblem(("effectiveFrom",), "field.day_out_of_range", {"days": days}))
    try:
        given = wanted.details
        checked = require_name(given) if isinstance(given, PersonName) else require_address(given)
    except InvalidInputError as error:
        raise InvalidInputError(*error.problems, *problems) from error
    if problems:
        raise InvalidInputError(*problems)
    return checked


def _require_free_day(
    chosen: Sequence[PersonalDetails], kind: PersonalDetailsKind, day: date, viewer: Viewer
) -> None:
    """Refuse what would begin before a change that is noted already."""
    noted = [one.standing(kind) for one in chosen]
    latest = max((change.effective_from for change in noted if change), default=day)
    if day < latest:
        values = {"day": written_day(latest, viewer.locale)}
        raise InvalidInputError(FieldProblem(("effectiveFrom",), "field.change_scheduled", values))


def _require_other(
    chosen: Sequence[PersonalDetails], kind: PersonalDetailsKind, details: Details
) -> None:
    """Refuse what every institution has, or was asked for last."""
    for one in chosen:
        change = one.standing(kind)
        if (change.details if change else one.present(kind)) != details:
            return
    field = "familyName" if kind is PersonalDetailsKind.NAME else "street"
    raise InvalidInputError(FieldProblem((field,), "field.unchanged"))


def _reviewed(
    one: PersonalDetails,
    kind: PersonalDetailsKind,
    versions: Mapping[Key, int],
    visible: Mapping[int, Contract],
) -> ReviewedInstitution:
    contracts = [visible[key] for key in dict.fromkeys(one.contract_ids) if key in visible]
    version = versions.get((one.institution.id, kind), 0)
    return ReviewedInstitution(one.institution, version, one.present(kind), contracts)
