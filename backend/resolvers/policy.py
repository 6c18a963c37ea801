"""Resolve the rules in force and the help rendered from them."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import strawberry

from backend.context import Info
from backend.models.user_accounts import Locale
from backend.policy import Policy
from backend.services import help as help_pages
from backend.services.help import HelpTopic
from backend.values import Value


class PolicyToday(Value):
    """The rules as they stand on one day."""

    rules: Policy
    today: date

    @property
    def mobile_regions(self) -> tuple[str, ...]:
        """Regions whose mobile numbers are accepted (F21)."""
        return self.rules.registration.mobile_regions.on(self.today)

    @property
    def largest_attachment_megabytes(self) -> int:
        """How large a file may be that goes with a message (F84)."""
        return self.rules.uploads.largest_megabytes.on(self.today)

    @property
    def largest_statement_megabytes(self) -> int:
        """How large a bank file may be that customers add (F9)."""
        return self.rules.self_added.statement_megabytes.on(self.today)

    @property
    def idle_minutes(self) -> int:
        """After how many minutes without use a session ends."""
        return self.rules.session.idle_minutes.on(self.today)


async def get_policy(info: Info) -> PolicyToday:
    """Return the rules in force today."""
    return PolicyToday(info.context.house.policy, info.context.today)


async def list_help_topics(
    root: strawberry.Parent[PolicyToday],
    info: Info,
    locale: Annotated[Locale, strawberry.argument(description="Language of the pages.")],
) -> Sequence[HelpTopic]:
    """List the help pages."""
    return help_pages.render_help(
        locale, policy=root.rules, group=info.context.house.group, today=root.today
    )
