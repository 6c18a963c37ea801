"""How devices are named from what browsers say of themselves."""

from __future__ import annotations

import pytest

from backend.client_device import name_of_device

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0"

SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
         "Firefox · Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36", "Chrome · Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/150.0.0.0",
         "Edge · Windows"),
        (f"Mozilla/5.0 (Linux; Android 16; K) {CHROME} Mobile Safari/537.36", "Chrome · Android"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) {SAFARI}", "Safari · iPhone"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {SAFARI}", "Safari · Mac"),
        ("", None),
        ("curl/8.0", None),
        ("<script>alert(1)</script>", None),
    ],
)  # fmt: skip
def test_a_device_is_named_in_our_own_words(user_agent: str, name: str | None) -> None:
    assert name_of_device(user_agent) == name
