"""GraphQL documents, checked once: persisted ones at start, others in a bounded cache."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
    validate,
)
from msgspec import field

from backend import garbage
from backend.values import Value
from backend.web import cost, document_shape
from backend.web.cost import CostAnalysis
from backend.web.refused import RequestRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LARGEST_CACHE = 500
# Costs remembered per operation, by the page sizes that variables asked for.
_MOST_COSTS = 100
_MOST_PROBLEMS = 5


class StaleDocumentsError(Exception):
    """The built SPA was made for another schema: the portal must not start with it."""


class Operation(Value):
    """One operation of a valid document, with what its variables can make it cost."""

    node: OperationDefinitionNode
    document: DocumentNode
    schema: GraphQLSchema
    # By name, the size that is meant when the variable is left out.
    sizing_variables: Mapping[str, int]
    cost_at_most: int
    _costs: dict[tuple[int, ...], int] = field(default_factory=dict)

    @property
    def is_mutation(self) -> bool:
        """Whether it changes anything."""
        return self.node.operation is OperationType.MUTATION

    def check_cost(self, variables: Mapping[str, Any]) -> None:
        """Let a request pass whose variables ask for a bearable number of rows.

        Raises:
            RequestRefusedError: a page size is impossible, or all rows together are too many.
        """
        if not self.sizing_variables:
            return
        sizes = {
            name: self._size(variables, name, default)
            for name, default in self.sizing_variables.items()
        }
        if self.cost_at_most > cost.BUDGET:
            check_budget(self._cost(sizes))

    def _size(self, variables: Mapping[str, Any], name: str, default: int) -> int:
        if name not in variables:
            return default
        size = cost.value_size(variables[name])
        smallest = 0 if isinstance(variables[name], list) else 1
        # What is no size at all is refused by the executor, with the variable's type.
        return default if size is None else cost.check_size(size, smallest=smallest)

    def _cost(self, sizes: Mapping[str, int]) -> int:
        key = tuple(sizes.values())
        found = self._costs.get(key)
        if found is None:
            if len(self._costs) >= _MOST_COSTS:
                self._costs.clear()
            found = CostAnalysis(self.schema, self.document, sizes).cost_of(self.node)
            self._costs[key] = found
        return found


class Prepared(Value):
    """A valid document; its operations are found by name."""

    document: DocumentNode
    operations: Mapping[str | None, Operation]

    def operation(self, name: str | None) -> Operation:
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
    """All documents this server has seen or ships.

    `is_open` tells whether developers look around here: introspection and suggestions.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        persisted: Mapping[str, str],
        persisted_only: bool,
        is_open: bool = False,
    ) -> None:
        self._schema = schema
        self._persisted_only = persisted_only
        self._is_open = is_open and not persisted_only
        self._persisted: dict[str, Prepared] = {}
        for document_id, text in persisted.items():
            self._persisted[document_id] = self._prepare_persisted(document_id, text)
            garbage.collect_recent()
        self._cache: OrderedDict[bytes, Prepared | RequestRefusedError] = OrderedDict()

    def find(self, *, document_id: str | None, text: str | None) -> Prepared:
        """Return the document of a request.

        Raises:
            RequestRefusedError: it is unknown, wrong, too costly, or must be persisted.
        """
        if document_id is not None:
            prepared = self._persisted.get(document_id.removeprefix("sha256:"))
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

    @property
    def hides_suggestions(self) -> bool:
        """Whether errors must not name fields and values that exist."""
        return not self._is_open

    def _find_cached(self, text: str) -> Prepared:
        key = hashlib.sha256(text.encode()).digest()
        found = self._cache.get(key)
        if found is None:
            try:
                found = self._prepare(text)
            except RequestRefusedError as refusal:
                # Kept without the frames that hold the document.
                found = refusal.with_traceback(None)
                found.__cause__ = None
            self._cache[key] = found
            if len(self._cache) > LARGEST_CACHE:
                self._cache.popitem(last=False)
        else:
            self._cache.move_to_end(key)
        if isinstance(found, RequestRefusedError):
            raise RequestRefusedError(found.code, found.message, status=found.status)
        return found

    def _prepare_persisted(self, document_id: str, text: str) -> Prepared:
        try:
            return self._prepare(text)
        except RequestRefusedError as refusal:
            name = " ".join(text.split("{", 1)[0].split("(", 1)[0].split())
            raise StaleDocumentsError(
                f"persisted document `{name}` ({document_id[:12]}…) does not fit this schema: "
                f"{refusal.message}; build the app for the browser again: make setup"
            ) from refusal

    def _prepare(self, text: str) -> Prepared:
        document = _parse(text)
        document_shape.check_shape(document)
        definitions = [
            definition
            for definition in document.definitions
            if isinstance(definition, OperationDefinitionNode)
        ]
        operations = {
            definition.name.value if definition.name else None: self._operation(
                definition, document
            )
            for definition in definitions
        }
        if problems := validate(
            self._schema,
            document,
            max_errors=_MOST_PROBLEMS,
            hide_suggestions=self.hides_suggestions,
        ):
            raise RequestRefusedError(
                "INVALID_DOCUMENT", "; ".join(problem.message for problem in problems)
            )
        return Prepared(document, operations)

    def _operation(self, node: OperationDefinitionNode, document: DocumentNode) -> Operation:
        analysis = CostAnalysis(self._schema, document)
        cost_at_most = analysis.cost_of(node)
        if analysis.is_introspection and not self._is_open:
            raise RequestRefusedError(
                "INTROSPECTION_OFF", "This server does not describe itself; docs/api.md does."
            )
        sizing = _with_defaults(node, analysis.sizing_variables)
        if not sizing:
            check_budget(cost_at_most)
        return Operation(node, document, self._schema, sizing, cost_at_most)


def check_budget(found: int) -> None:
    """Let pass what the server can answer in time.

    Raises:
        RequestRefusedError: it is too costly.
    """
    if found > cost.BUDGET:
        raise RequestRefusedError(
            "TOO_COSTLY",
            f"This asks for about {min(found, 10**9)} values, more than {cost.BUDGET}: "
            "ask for fewer fields or smaller pages.",
        )


def load_persisted(path: Path) -> dict[str, str]:
    """Read the documents that the built SPA uses; none when it is not built.

    Raises:
        StaleDocumentsError: the file is not what the build writes.
    """
    if not path.exists():
        return {}
    try:
        documents: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        wrong = [
            document_id
            for document_id, text in documents.items()
            if hashlib.sha256(text.encode()).hexdigest() != document_id
        ]
    except (ValueError, AttributeError) as error:
        raise StaleDocumentsError(f"{path} is damaged; build again: make setup") from error
    if wrong:
        raise StaleDocumentsError(f"{path}: {wrong[0][:12]}… is not the hash of its document")
    return documents


def _parse(text: str) -> DocumentNode:
    if len(text) > document_shape.LONGEST_DOCUMENT:
        raise RequestRefusedError(
            "TOO_LARGE",
            f"A document has at most {document_shape.LONGEST_DOCUMENT} characters.",
            status=413,
        )
    try:
        return parse(text, max_tokens=document_shape.MOST_TOKENS, no_location=True)
    except GraphQLError as error:
        raise RequestRefusedError("SYNTAX", error.message) from error


def _with_defaults(node: OperationDefinitionNode, sizing: Mapping[str, int]) -> dict[str, int]:
    declared = {
        definition.variable.name.value: cost.literal_size(definition.default_value)
        for definition in node.variable_definitions or ()
    }
    sizes = dict(sizing)
    for name in sizing:
        size = declared.get(name)
        if size is not None:
            sizes[name] = cost.check_size(size)
    return sizes
