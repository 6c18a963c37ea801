"""CPU that each abusive document costs before it is refused, as ratio to the dashboard's query."""

from __future__ import annotations

import contextlib
import statistics
import time

from backend.schema import schema
from backend.web.operations import Operations
from backend.web.refused import RequestRefusedError
from tests.security.abusive_documents import DOCUMENTS

ROUNDS = 5
ORDINARY = """
query Overview { viewer { id displayName contracts(first: 20) { totalCount nodes {
  id number productName status startDate institution { id name kind }
  ... on InsuranceContract { lineOfBusiness paymentFrequency premium { amount currency } } } } } }
"""


def main() -> None:
    """Print the dearest documents and how many stay below 50 ms of CPU."""
    ordinary = measure(ORDINARY)
    costs = {name: measure(text) for name, (text, _) in DOCUMENTS.items()}
    print(f"an ordinary query, first seen: {ordinary * 1000:.1f} ms CPU")
    for name in sorted(costs, key=lambda name: -costs[name])[:10]:
        code = DOCUMENTS[name][1] or "answered"
        ratio = costs[name] / ordinary
        print(f"{ratio:6.1f} x  {costs[name] * 1000:5.1f} ms  {code:18} {name}")
    below = sum(cost < 0.05 for cost in costs.values())
    print(f"{below} of {len(costs)} documents below 50 ms CPU")


def measure(text: str) -> float:
    """Return the median CPU seconds to check a document that was never seen before."""
    spent = []
    for _ in range(ROUNDS):
        operations = Operations(schema._schema, persisted={}, persisted_only=False)  # noqa: SLF001
        start = time.process_time()
        with contextlib.suppress(RequestRefusedError):
            operations.find(document_id=None, text=text)
        spent.append(time.process_time() - start)
    return statistics.median(spent)


if __name__ == "__main__":
    main()
