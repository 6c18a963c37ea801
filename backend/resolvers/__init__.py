"""Resolvers unpack the request, open the transaction and call one service."""

from backend.resolvers import claim_enums, enums

__all__ = ["claim_enums", "enums"]
