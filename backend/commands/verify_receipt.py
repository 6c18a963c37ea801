"""`kundenportal verify-receipt`: whether a receipt is genuine, without any database or network."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from backend.commands.environment import FAILED, WRONG_USAGE, CommandError
from backend.commands.parsing import add_command

if TYPE_CHECKING:
    import argparse

    from backend.commands.parsing import Subcommands

_DESCRIPTION = """\
Verify a receipt as customers download it. Everything needed stands in the file; with the public
key and the tree heads that the house publishes, it is compared with those as well:

  GET /receipts/public-key.json      the key
  GET /receipts/tree-heads.json      the log's signed heads, one a day

examples:
  kundenportal verify-receipt quittung-17.json
  kundenportal verify-receipt quittung-17.json --content rechnung.pdf
  kundenportal verify-receipt quittung-17.json --public-key public-key.json \\
      --tree-head tree-heads.json

exit code:
  0  the receipt is genuine, as far as it could be checked
  1  it is not; what is wrong is named
  2  a file is missing
"""
# No receipt, key or year of tree heads is larger.
_LARGEST_BYTES = 10_000_000


def register(commands: Subcommands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = add_command(
        commands, "verify-receipt", run, summary="verify a receipt", description=_DESCRIPTION
    )
    parser.add_argument("receipt", type=Path, metavar="FILE", help="the receipt")
    parser.add_argument("--public-key", type=Path, metavar="FILE", help="the house's public key")
    parser.add_argument("--tree-head", type=Path, metavar="FILE", help="published tree heads")
    parser.add_argument("--content", type=Path, metavar="FILE", help="what was submitted")


def run(arguments: argparse.Namespace) -> int:
    """Print what the receipt states and what was found."""
    from backend.services.receipt_verification import verify_receipt  # noqa: PLC0415  # as --help

    found = verify_receipt(
        _read(arguments.receipt),
        public_key_file=_read(arguments.public_key) if arguments.public_key else None,
        tree_heads_file=_read(arguments.tree_head) if arguments.tree_head else None,
        content_sha256=_hash(arguments.content) if arguments.content else None,
    )
    lines = []
    if found.receipt is not None:
        statement = found.receipt.statement
        lines += [
            f"issuer     {statement.issuer}",
            f"submitted  {statement.kind}",
            f"at         {statement.issuedAt}",
            f"sha256     {statement.sha256}",
            f"position   {statement.position}",
            f"key        {statement.keyId}",
        ]
    lines += [f"WRONG      {problem.value}" for problem in found.problems]
    lines += [f"not seen   {left.value}" for left in found.left]
    lines.append("result     NOT GENUINE" if found.problems else "result     genuine")
    sys.stdout.write("\n".join(lines) + "\n")
    return FAILED if found.problems else 0


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_BYTES)
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}", WRONG_USAGE) from error


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}", WRONG_USAGE) from error
