"""The attacked server: the portal, which writes down what it compares; its clock can be set."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from backend.app import create_app
from backend.clock import TravellingClock
from backend.services.passwords import PasswordHasher
from backend.settings import read_settings
from backend.web.server import serve

if TYPE_CHECKING:
    from pathlib import Path


def main() -> None:
    """Serve on the port of the settings until killed."""
    settings = read_settings(os.environ)
    write_down_comparisons(settings.data_dir / "compared")
    serve(
        create_app(
            settings,
            clock=TravellingClock(path=settings.data_dir / "clock"),
            spa=settings.data_dir / "no-spa",
        ),
        host="127.0.0.1",
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
    )


def write_down_comparisons(path: Path) -> None:
    """Add a line for each comparison, the hash that is compared with; a kill loses none."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    verify = PasswordHasher.verify

    async def written_down(self: PasswordHasher, secret_hash: str | None, secret: str) -> bool:
        os.write(file, f"{secret_hash}\n".encode())
        return await verify(self, secret_hash, secret)

    setattr(PasswordHasher, "verify", written_down)  # noqa: B010  # mypy knows methods only


if __name__ == "__main__":
    main()
