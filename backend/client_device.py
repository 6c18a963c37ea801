"""The device behind the current request, as its browser describes itself."""

from __future__ import annotations

import ipaddress
from contextvars import ContextVar

_current: ContextVar[str | None] = ContextVar("client_device", default=None)

# The first that occurs names it: browsers claim to be others as well.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
# An iPad calls itself Macintosh: of that one nothing is known.
_DESKTOPS = frozenset({"Windows", "ChromeOS", "Linux"})
# Coarse enough to name a region or provider, never a household.
_PREFIX_OF_VERSION = {4: 24, 6: 48}


def remember_device(user_agent: str) -> None:
    """Keep the device of this request for whoever writes down what happened."""
    _current.set(name_of_device(user_agent))


def current_device() -> str | None:
    """Return the name of the device behind the current request; None if it is not known."""
    return _current.get()


def name_of_device(user_agent: str) -> str | None:
    """Return a name such as "Firefox · Windows"; None for what is no known browser.

    Only our own words: what a client says of itself never gets into a page or a mail.
    """
    names = [
        next((name for mark, name in marks if mark in user_agent), None)
        for marks in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(name for name in names if name) or None


def is_desktop_browser() -> bool:
    """Tell whether the current request comes from a browser that says it is on a desktop."""
    browser, _, system = (_current.get() or "").partition(" · ")
    return bool(browser) and system in _DESKTOPS


def network_of_client(address: str) -> str | None:
    """Return where a client is, coarse on purpose: its IPv4 /24 or IPv6 /48; None if unknown."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    prefix = _PREFIX_OF_VERSION[parsed.version]
    return str(ipaddress.ip_network((parsed, prefix), strict=False))
