"""The page for browsers that the app can't run in (F15-F17): plain HTML with phone and address."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from backend.models.user_accounts import Locale
from backend.wording import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend.group import Group

_PAGE = """<!doctype html>
<html lang="de">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{sections}
<address>
{name}<br>{street}<br>{postal_code} {city}<br>
<a href="tel:{dial}">{phone}</a> ({hours})<br>
<a href="mailto:{email}">{email}</a>
</address>
</html>
"""


def render_unsupported(group: Group, browsers: Sequence[str]) -> str:
    """Return the page, in German and English; `browsers` are the oldest that the app runs in."""
    contact = group.customer_service
    shown = {name: escape(value) for name, value in asdict(contact).items()}
    sections = "\n".join(
        f'<section lang="{locale.value}"><h1>{_say("title", locale, group.name)}</h1>'
        f"<p>{_say('lead', locale, group.name)}</p>"
        f"<p>{_say('browsers', locale, ', '.join(browsers))}</p></section>"
        for locale in (Locale.DE, Locale.EN)
    )
    return _PAGE.format(
        title=escape(group.name),
        sections=sections,
        dial=escape("".join(sign for sign in contact.phone if sign.isdigit() or sign == "+")),
        **shown,
    )


def _say(name: str, locale: Locale, value: str) -> str:
    return escape(word(f"unsupported.{name}", locale, value=value))
