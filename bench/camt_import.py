"""Imports a generated camt.053 of a million entries by the command line; prints memory and time.

In a data folder of its own, on SQLite, as `kundenportal import` does it::

    python -m bench.camt_import [ENTRIES]
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.camt_memory import GeneratedFile


def main() -> None:
    """Write the file, import it twice, and print what each took."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="kundenportal-bench-") as name:
        folder = Path(name)
        feed = folder / "statement.xml"
        with feed.open("wb") as file:
            source = GeneratedFile(count, 8)
            while piece := source.read(1 << 20):
                file.write(piece)
        print(f"camt.053 of {count:,} entries, {feed.stat().st_size / 2**20:,.0f} MiB", flush=True)
        _run(folder, "migrate")
        for what in ("first import", "same file again"):
            started = time.perf_counter()
            _run(folder, "import", "--institution", "bank", "--report", "report.json", feed.name)
            seconds = time.perf_counter() - started
            (report,) = json.loads((folder / "report.json").read_text(encoding="utf-8"))
            print(
                f"{what}: {seconds:.0f} s, accepted {report['accepted']:,}, "
                f"rejected {report['rejected']:,}, duplicates {report['duplicates']:,}, "
                f"findings {len(report['findings'])}, peak RSS {_peak_mebibytes():.0f} MiB",
                flush=True,
            )


def _run(folder: Path, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "backend.cli", *arguments],
        env=os.environ | {"KUNDENPORTAL_DATA_DIR": str(folder / "data")},
        cwd=folder, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def _peak_mebibytes() -> float:
    """The largest of all programs run so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


if __name__ == "__main__":
    main()
