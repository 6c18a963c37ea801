"""Sends claims of 10 MB over slow lines and prints how the server's memory fares meanwhile.

python -m bench.claim_upload [MEGABYTES] [KIBIBYTES_PER_SECOND]
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from attack.target import open_target
from backend.logs import configure_logs
from tests.claiming import claimant

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from attack.target import Target
    from tests.claiming import Claimant, Sealing

MEGABYTES = 10
KIBIBYTES_PER_SECOND = 1_000
LINES = (1, 10)
_CHUNK = 16 << 10
_LOOK_SECONDS = 0.05


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else MEGABYTES
    speed = int(sys.argv[2]) if len(sys.argv) > 2 else KIBIBYTES_PER_SECOND
    configure_logs("ERROR")
    asyncio.run(measure(megabytes, speed * 1024))


async def measure(megabytes: int, speed: int) -> None:
    async with open_target("sqlite") as target:
        pia = await claimant(target)
        await pia.hand_in()  # all that is loaded late is there
        await asyncio.sleep(2)
        idle = resident_mebibytes(target)
        print(f"{megabytes} MB at {speed / 1024:,.0f} KiB/s; idle {idle:.1f} MiB")
        for lines in LINES:
            files = [await pia.seal(os.urandom(megabytes * 1_000_000)) for _ in range(lines)]
            sending = asyncio.gather(*(send(pia, one, speed) for one in files))
            seen = await watch(target, sending)
            quarters = [max(part) for part in in_quarters(seen)]
            shown = ", ".join(f"{value:.1f}" for value in quarters)
            print(
                f"  {lines:2} at once: most {max(seen):.1f} MiB, {max(seen) / idle:.2f} of idle; "
                f"by quarters of the time {shown}",
                flush=True,
            )


async def send(pia: Claimant, sealing: Sealing, speed: int) -> None:
    """Hand in a claim, every part as slowly as the line allows."""
    started = await pia.start(sealing.sealed)
    sealing.document = started["id"]
    for at in range(0, len(sealing.sealed), started["partSize"]):
        part = sealing.sealed[at : at + started["partSize"]]
        length = {"Content-Length": str(len(part))}
        answer = await pia.patch(started["uploadUrl"], at, throttled(part, speed), **length)
        if not answer.is_success:
            raise SystemExit(f"a part was refused: {answer.text}")
    submitted = await pia.submit(sealing)
    if submitted["__typename"] != "Claim":
        raise SystemExit(f"the claim was refused: {submitted}")


async def throttled(content: bytes, speed: int) -> AsyncIterator[bytes]:
    """Give out content as fast as the line is."""
    began = time.monotonic()
    for at in range(0, len(content), _CHUNK):
        await asyncio.sleep(max(0.0, began + at / speed - time.monotonic()))
        yield content[at : at + _CHUNK]


async def watch(target: Target, sending: asyncio.Future[list[None]]) -> list[float]:
    """Look at the server's memory until everything is sent."""
    seen = [resident_mebibytes(target)]
    while not sending.done():
        await asyncio.sleep(_LOOK_SECONDS)
        seen.append(resident_mebibytes(target))
    await sending
    return seen


def in_quarters(values: Sequence[float]) -> list[Sequence[float]]:
    """Cut what was seen into four stretches of time."""
    length = -(-len(values) // 4)
    return [values[at : at + length] for at in range(0, len(values), length)]


def resident_mebibytes(target: Target) -> float:
    pages = int(Path(f"/proc/{target.server.pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


if __name__ == "__main__":
    main()
