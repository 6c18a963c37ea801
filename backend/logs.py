"""Logs as one JSON object a line, without local variables: they hold customers' data."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from pythonjsonlogger.json import JsonFormatter

if TYPE_CHECKING:
    from typing import TextIO


class _ErrorOutput(logging.StreamHandler["TextIO"]):
    """Asks for the error output each time: whoever redirects it later gets the logs, too."""

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, _stream: TextIO) -> None:
        """It is always the present one."""


def configure_logs(level: str) -> None:
    """Set up logging for the process: the portal's own words, not those of its libraries."""
    handler = _ErrorOutput()
    handler.setFormatter(
        JsonFormatter(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger", "message": "event"},
            timestamp=True,
        )
    )
    logger = logging.getLogger("backend")
    logger.handlers = [handler]
    logger.setLevel(level)
    logger.propagate = False
