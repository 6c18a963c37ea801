"""Runs every measurement, one after the other."""

from __future__ import annotations

import subprocess
import sys

_PROGRAMS = (
    "bench.gdv_parse",
    "bench.camt_memory",
    "bench.storage",
    "bench.export",
    "bench.claim_upload",
    "bench.postbox_search",
    "bench.costly_documents",
    "bench.sign_ins",
    "bench.dashboard",
)


def main() -> None:
    """Run them in processes of their own, so that none inherits another's memory."""
    for program in _PROGRAMS:
        print(f"== {program}", flush=True)
        subprocess.run([sys.executable, "-m", program], check=True)


if __name__ == "__main__":
    main()
