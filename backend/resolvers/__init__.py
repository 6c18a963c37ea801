"""Resolvers unpack the request, open the transaction and call one service."""

from backend.resolvers import enums

__all__ = ["enums"]
