"""Gathers the records of each contract, also where a package has them sorted by record type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

Record = tuple[int, str, int]
"""Line, text of 256 characters, characters there were."""

# About 100 MB; a package within it may have its records in any order.
MOST_RECORDS: Final = 250_000


class Gathering:
    """The contracts of a package whose records may not all have come yet.

    A contract with partner, 0200 and details is complete when another one follows it. Others wait
    for the end of the package; from the first one that goes on later, all of them wait.
    """

    __slots__ = ("_waiting", "count", "is_scattered")

    def __init__(self) -> None:
        self._waiting: dict[str, list[Record]] = {}
        self.count = 0
        self.is_scattered = False

    def complete(self, key: str, records: list[Record]) -> list[Record] | None:
        """Take the records of a contract that another one follows; hand them back if complete."""
        known = self._waiting.get(key)
        self.is_scattered |= known is not None
        if not self.is_scattered:
            kinds = {text[:4] for _, text, _ in records}
            # Anything but 0100 and 0200 is a detail.
            if len(kinds) > 2 and "0100" in kinds and "0200" in kinds:  # noqa: PLR2004
                return records
        if known is None:
            self._waiting[key] = records
        else:
            known.extend(records)
        self.count += len(records)
        return None

    def release(self) -> Iterator[list[Record]]:
        """Hand out what waits, contract by contract in the order of their first records."""
        while self._waiting:
            key = next(iter(self._waiting))
            records = self._waiting.pop(key)
            self.count -= len(records)
            yield records


def split_versions(records: list[Record]) -> list[list[Record]]:
    """The records of one contract number by version: one per Sparte and Folgenummer of its 0200.

    A record of a Sparte or Folgenummer without a 0200 (details of a bundle) belongs to the version
    before it.
    """
    general = {_version(text) for _, text, _ in records if text[:4] == "0200" and text[255] in " 1"}
    if len(general) <= 1:
        return [records]
    versions: dict[tuple[str, str], list[Record]] = {}
    current: list[Record] | None = None
    leading: list[Record] = []
    for record in records:
        version = _version(record[1])
        if version in general:
            current = versions.setdefault(version, [])
        (leading if current is None else current).append(record)
    first, *others = versions.values()
    return [[*leading, *first], *others]


def _version(text: str) -> tuple[str, str]:
    return text[10:13], text[30:32]
