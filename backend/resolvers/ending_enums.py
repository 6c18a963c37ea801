"""The enum of what ends as GraphQL knows it; declared before any annotation is read."""

from backend.resolvers.described_enums import declare
from backend.services.endings import EndingKind

declare(
    EndingKind,
    "What of a contract ends.",
    DIRECT_DEBIT_MANDATE="A direct debit mandate that lapses unless it is used before.",
    FIXED_TERM_DEPOSIT="A deposit that matures.",
)
