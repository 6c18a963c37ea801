"""Resolvers unpack the request, open the transaction and call one service."""

from backend.resolvers import (
    bank_account_enums,
    claim_enums,
    ending_enums,
    enums,
    personal_detail_enums,
)

__all__ = [
    "bank_account_enums",
    "claim_enums",
    "ending_enums",
    "enums",
    "personal_detail_enums",
]
