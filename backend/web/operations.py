"""GraphQL documents, parsed and validated once: persisted ones at start, others in a bounded cache."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
    validate,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LARGEST_CACHE = 500
MOST_TOKENS = 2000


class RequestRefusedError(Exception):
    """A request that is not executed: a client's fault, told with a code and what to do."""

    def __init__(self, code: str, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True, slots=True)
class Prepared:
    """A valid document; its operations are found by name."""

    document: DocumentNode
    operations: Mapping[str | None, OperationDefinitionNode]

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Return the operation to run.

        Raises:
            RequestRefusedError: the name is missing or unknown.
        """
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name in self.operations:
            return self.operations[name]
        raise RequestRefusedError("UNKNOWN_OPERATION", "Name one of the document's operations.")


class Operations:
    """All documents this server has seen or ships."""

    def __init__(
        self, schema: GraphQLSchema, *, persisted: Mapping[str, str], persisted_only: bool
    ) -> None:
        self._schema = schema
        self._persisted_only = persisted_only
        self._persisted = {
            document_id: self._prepare(text) for document_id, text in persisted.items()
        }
        self._cache: OrderedDict[str, Prepared | RequestRefusedError] = OrderedDict()

    def find(self, *, document_id: str | None, text: str | None) -> Prepared:
        """Return the document of a request.

        Raises:
            RequestRefusedError: it is unknown, wrong, or must be persisted.
        """
        if document_id is not None:
            prepared = self._persisted.get(document_id)
            if prepared is None:
                raise RequestRefusedError(
                    "UNKNOWN_DOCUMENT", "This document is not known here: reload the app."
                )
            return prepared
        if text is None:
            raise RequestRefusedError("NO_DOCUMENT", "Send `query` or `documentId`.")
        if self._persisted_only:
            raise RequestRefusedError(
                "PERSISTED_ONLY", "Only persisted documents are answered here."
            )
        return self._find_cached(text)

    def _find_cached(self, text: str) -> Prepared:
        key = hashlib.sha256(text.encode()).hexdigest()
        found = self._cache.get(key)
        if found is None:
            try:
                found = self._prepare(text)
            except RequestRefusedError as refusal:
                found = refusal
            self._cache[key] = found
            if len(self._cache) > LARGEST_CACHE:
                self._cache.popitem(last=False)
        else:
            self._cache.move_to_end(key)
        if isinstance(found, RequestRefusedError):
            raise found
        return found

    def _prepare(self, text: str) -> Prepared:
        try:
            document = parse(text, max_tokens=MOST_TOKENS, no_location=True)
        except GraphQLError as error:
            raise RequestRefusedError("SYNTAX", error.message) from error
        if problems := validate(self._schema, document, max_errors=5):
            raise RequestRefusedError(
                "INVALID_DOCUMENT", "; ".join(problem.message for problem in problems)
            )
        operations = {
            definition.name.value if definition.name else None: definition
            for definition in document.definitions
            if isinstance(definition, OperationDefinitionNode)
        }
        return Prepared(document, operations)


def is_mutation(operation: OperationDefinitionNode) -> bool:
    """Tell whether an operation changes anything."""
    return operation.operation is OperationType.MUTATION


def load_persisted(path: Path) -> dict[str, str]:
    """Read the documents that the built SPA uses; none when it is not built."""
    if not path.exists():
        return {}
    documents: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return documents
