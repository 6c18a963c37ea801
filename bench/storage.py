"""Encrypted storage against a plain copy: one document on local disk, in a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from backend.adapters.encryption import TinkDocumentCipher
from backend.adapters.key_database import KeyDatabase
from backend.adapters.key_store import CustomerKeys, Keyring
from backend.adapters.keys_file import open_root_key
from backend.adapters.objects_disk import DiskObjects
from backend.ports import DocumentVersion

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

MIB = 1 << 20
CHUNK = 64 * 1024  # what a web server hands on at a time
DOCUMENT = DocumentVersion("customer", "document", 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=200, help="size of the document")
    parser.add_argument("--rounds", type=int, default=3, help="the best round counts")
    parser.add_argument("--only", choices=["plain", "encrypted", "nothing"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help="where to write; default: a temporary folder")
    options = parser.parse_args()
    if options.only:
        asyncio.run(measure(options.only, options.megabytes, options.rounds, options.folder))
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        compare(options.megabytes, options.rounds, Path(folder))


def compare(megabytes: int, rounds: int, folder: Path) -> None:
    results = {}
    for kind in ("nothing", "plain", "encrypted"):
        command = [sys.executable, "-m", "bench.storage", f"--only={kind}", f"--folder={folder}"]
        sizes = [f"--megabytes={megabytes}", f"--rounds={rounds}"]
        printed = subprocess.run([*command, *sizes], check=True, capture_output=True, text=True)
        results[kind] = [float(word) for word in printed.stdout.split()]
    plain_write, plain_read, plain_rss = results["plain"]
    write, read, rss = results["encrypted"]
    idle_rss = results["nothing"][2]
    print(f"document of {megabytes} MiB on local disk, best of {rounds}, synced")
    print(
        f"  encrypt + hash + write {write:7.0f} MiB/s   {write / plain_write:.2f} of a plain copy"
    )
    print(f"  read + decrypt         {read:7.0f} MiB/s   {read / plain_read:.2f} of a plain read")
    print(f"  peak memory            {rss:7.0f} MiB     {rss - idle_rss:.0f} more than idle")
    print(f"  plain: {plain_write:.0f} and {plain_read:.0f} MiB/s, {plain_rss:.0f} MiB")


async def measure(kind: str, megabytes: int, rounds: int, folder: Path) -> None:
    """Print MiB/s written, MiB/s read and the peak memory of this process in MiB."""
    writes, reads = [0.0], [0.0]
    if kind == "plain":
        for _ in range(rounds):
            write, read = plain_round(megabytes, folder / "plain")
            writes.append(megabytes / write)
            reads.append(megabytes / read)
    elif kind == "encrypted":
        async with (
            KeyDatabase(f"sqlite+aiosqlite:///{folder}/keys.db") as database,
            DiskObjects(folder / "objects") as objects,
        ):
            root_key = await open_root_key(folder / "root.key", may_create=True)
            keys = CustomerKeys(Keyring(database, root_key, tenant="bench"))
            await keys.create(DOCUMENT.customer_uid)
            cipher = TinkDocumentCipher(keys, tenant="bench")
            for _ in range(rounds):
                write, read = await encrypted_round(megabytes, cipher, objects)
                writes.append(megabytes / write)
                reads.append(megabytes / read)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(max(writes), max(reads), peak)


def content(megabytes: int) -> Iterator[bytes]:
    block = os.urandom(MIB)
    for _ in range(megabytes):
        for start in range(0, MIB, CHUNK):
            yield block[start : start + CHUNK]


def plain_round(megabytes: int, path: Path) -> tuple[float, float]:
    started = time.perf_counter()
    with path.open("wb", buffering=0) as file:
        for chunk in content(megabytes):
            file.write(chunk)
        os.fsync(file.fileno())
    written = time.perf_counter()
    with path.open("rb", buffering=0) as file:
        size = sum(len(chunk) for chunk in iter(lambda: file.read(MIB), b""))
    read = time.perf_counter()
    assert size == megabytes * MIB
    path.unlink()
    return written - started, read - written


async def encrypted_round(
    megabytes: int, cipher: TinkDocumentCipher, objects: DiskObjects
) -> tuple[float, float]:
    digest = hashlib.sha256()

    async def plaintext() -> AsyncIterator[bytes]:
        for chunk in content(megabytes):
            yield chunk

    started = time.perf_counter()
    stored = await cipher.store_encrypted(objects, "document", DOCUMENT, plaintext())
    written = time.perf_counter()
    size = 0
    async for chunk in await cipher.open_decrypted(objects, "document", DOCUMENT):
        size += len(chunk)
    read = time.perf_counter()
    async for chunk in await cipher.open_decrypted(objects, "document", DOCUMENT):
        digest.update(chunk)  # checked apart: the plain copy isn't hashed either
    assert (size, digest.hexdigest()) == (stored.size, stored.sha256)
    await objects.delete("document")
    return written - started, read - written


if __name__ == "__main__":
    main()
