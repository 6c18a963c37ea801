"""The Mann–Whitney U test tells whether two samples come from one distribution."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def p_value(ones: Sequence[float], others: Sequence[float]) -> float:
    """Return the two-sided p-value: how often equal distributions differ by at least this much.

    By the normal approximation, corrected for ties and continuity; good from 20 values each.
    """
    count, other = len(ones), len(others)
    ranks = _ranks([*ones, *others])
    u = sum(ranks[:count]) - count * (count + 1) / 2
    size = count + other
    ties = sum(tied**3 - tied for tied in Counter([*ones, *others]).values())
    variance = count * other / 12 * ((size + 1) - ties / (size * (size - 1)))
    if variance == 0:
        return 1.0
    distance = max(abs(u - count * other / 2) - 0.5, 0)
    return math.erfc(distance / math.sqrt(2 * variance))


def _ranks(values: Sequence[float]) -> list[float]:
    """Return each value's place from 1; equal ones share the middle of their places."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            ranks[place] = (start + 1 + end) / 2
        start = end
    return ranks
