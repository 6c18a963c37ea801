"""What an attack counted, and whether each bound held."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Tally:
    """Prints each line as it is known; `broken` holds the bounds that did not hold."""

    broken: list[str] = field(default_factory=list)

    def count(self, text: str) -> None:
        """Tell what was counted and judge nothing."""
        print(f"  {text}", flush=True)

    def bound(self, text: str, *, holds: bool) -> None:
        """Tell whether a bound held."""
        print(f"  {'held  ' if holds else 'BROKEN'}  {text}", flush=True)
        if not holds:
            self.broken.append(text)
