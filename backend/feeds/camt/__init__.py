"""Reads camt.052, camt.053 and camt.054 of every version as a stream of bank records."""

from __future__ import annotations

from backend.feeds.camt.reader import read_camt

__all__ = ["read_camt"]
