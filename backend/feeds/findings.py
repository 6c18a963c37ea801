"""What a feed says about input it could not take over as it stands."""

from __future__ import annotations

from backend.values import Value


class Finding(Value):
    """One thing wrong with a file; the rest of the file still comes through.

    `line` counts from 1 (None where a format has none), `record` names the record within the
    file ("statement 2, entry 7"), `field` the format's own field name (":61:", "Ntry/Amt").
    `reason` never repeats what stands in the field: it may be personal. `rejects` says that the
    record is not in the output.
    """

    line: int | None
    record: str | None
    field: str | None
    reason: str
    rejects: bool = False


class FeedError(Exception):
    """The file (or what is left of it) can't be read: nothing more comes out of it.

    Records that were handed out before stay good; `finding` says where reading ended and why. It
    stands for a record that was lost, unless `rejects` says that each of them was told before.
    """

    def __init__(
        self,
        reason: str,
        *,
        line: int | None = None,
        record: str | None = None,
        field: str | None = None,
        rejects: bool = True,
    ) -> None:
        self.finding = Finding(line, record, field, reason, rejects=rejects)
        places = [
            f"line {line}" if line is not None else "",
            record or "",
            f"field {field}" if field else "",
        ]
        where = ", ".join(place for place in places if place)
        super().__init__(f"{where}: {reason}" if where else reason)


class UnusableRecordError(Exception):
    """One record can't be used; its reader turns this into a Finding and goes on."""

    def __init__(self, field: str, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason
        self.line = line
