"""Help pages whose numbers and lists come from the rules the portal applies (M4)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.models.user_accounts import Locale
from backend.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from backend.group import Group
    from backend.policy import Policy

_FOLDER = Path(__file__).parent.parent / "help"
PLACEHOLDER = re.compile(r"\{([a-z_]+\.[a-z_]+)\}")
_LAST_TWO = {Locale.DE: " und ", Locale.EN: " and "}


class HelpEntry(Value):
    """A question and its answer; `rows` are the rows of the specification that it states."""

    key: str
    question: str
    answer: str
    rows: tuple[str, ...]


class HelpTopic(Value):
    """Questions about one part of the portal."""

    key: str
    title: str
    entries: tuple[HelpEntry, ...]


class UnknownPlaceholderError(Exception):
    """A help text names a rule that the policy does not have: a defect of the text."""


def render_help(
    locale: Locale, *, policy: Policy, group: Group, today: date
) -> Sequence[HelpTopic]:
    """Return the help pages with the values in force today (M4).

    Raises:
        UnknownPlaceholderError: a text names a rule that is none.
    """
    content = read_help(locale)
    values = _worded(values_of(policy, group, today), content.get("terms", {}), locale)
    return [
        HelpTopic(
            key=topic["key"],
            title=_fill(topic["title"], values),
            entries=tuple(
                HelpEntry(
                    key=entry["key"],
                    question=_fill(entry["question"], values),
                    answer=_fill(entry["answer"].strip(), values),
                    rows=tuple(entry["rows"]),
                )
                for entry in topic["entries"]
            ),
        )
        for topic in content["topics"]
    ]


def values_of(policy: Policy, group: Group, today: date) -> dict[str, object]:
    """Return everything a help text may name: the rules of the day and whom to ask."""
    contact = group.customer_service
    return dict(policy.values_on(today)) | {
        "group.name": group.name,
        "customer_service.name": contact.name,
        "customer_service.phone": contact.phone,
        "customer_service.email": contact.email,
        "customer_service.hours": contact.hours,
        "trustee.name": group.trustee.name,
        "trustee.email_address": group.trustee.email_address,
    }


@cache
def read_help(locale: Locale) -> Mapping[str, Any]:
    """Return the help texts of a language as written, placeholders in braces."""
    with (_FOLDER / f"{locale.value}.toml").open("rb") as file:
        return tomllib.load(file)


def _worded(
    values: Mapping[str, object], terms: Mapping[str, Mapping[str, str]], locale: Locale
) -> dict[str, str]:
    return {name: _word(value, terms.get(name, {}), locale) for name, value in values.items()}


def _word(value: object, terms: Mapping[str, str], locale: Locale) -> str:
    if not isinstance(value, tuple):
        return terms.get(str(value), str(value))
    parts = [terms.get(str(part), str(part)) for part in value]
    if terms:
        parts.sort()
    return _LAST_TWO[locale].join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)


def _fill(text: str, values: Mapping[str, str]) -> str:
    def value_of(match: re.Match[str]) -> str:
        try:
            return values[match[1]]
        except KeyError:
            raise UnknownPlaceholderError(match[1]) from None

    return PLACEHOLDER.sub(value_of, text)
