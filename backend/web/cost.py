"""What a GraphQL operation costs, in fields of the answer; fragments are worked out once.

A field costs 1. What is selected below it counts once per row: `first` rows of a connection
(argument, variable or default), as many as `ids` names, or ten for a list without a size.
`@skip` and `@include` are taken as present, members of a union are added up. Introspection costs
a tenth, as nothing is loaded. BUDGET is what a page of a hundred rich rows needs; a slow core
answers it within the deadline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    get_named_type,
    is_leaf_type,
)

from backend.paging import LARGEST_PAGE
from backend.values import Value
from backend.web.refused import RequestRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import (
        DocumentNode,
        GraphQLArgument,
        GraphQLField,
        GraphQLNamedType,
        GraphQLSchema,
        SelectionNode,
        SelectionSetNode,
        ValueNode,
    )

BUDGET = 10_000
# Fields, inline fragments and spreads below each other, fragments expanded.
DEEPEST = 30
ASSUMED_LIST = 10
INTROSPECTION_DIVISOR = 10
# Lists of the introspection schema, as long as they are on average here.
_INTROSPECTION_LISTS = {"types": 150, "args": 1, "interfaces": 1, "possibleTypes": 1}
_INTROSPECTION_LIST = 5
# Arguments whose value or length is the number of rows.
_PAGE_SIZE = "first"
_ROW_IDS = "ids"


class Figures(Value):
    """Cost, levels and outermost fields of a selection, with no variable known."""

    cost: int = 0
    height: int = 0
    width: int = 0


class CostAnalysis:
    """The cost of one document's operations.

    `sizes` gives the rows that variables ask for; without it each asks for the largest page.
    `visited` counts selections looked at: at most those written down, however often spread.
    """

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, sizes: Mapping[str, int] | None = None
    ) -> None:
        self.visited = 0
        self.sizing_variables: dict[str, int] = {}
        self.is_introspection = False
        self._schema = schema
        self._sizes = sizes
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._known: dict[str, Figures] = {}
        self._open: set[str] = set()

    def cost_of(self, operation: OperationDefinitionNode) -> int:
        """Return the cost of an operation.

        Raises:
            RequestRefusedError: fragments form a cycle, it is too deep, asks for a page of an
                impossible size, or for more than one mutation.
        """
        root = self._schema.get_root_type(operation.operation)
        figures = self._selection(operation.selection_set, root, 1)
        if operation.operation is OperationType.MUTATION and figures.width > 1:
            raise RequestRefusedError("ONE_MUTATION", "Send one mutation at a time.")
        return figures.cost

    def _selection(
        self, selections: SelectionSetNode, parent: GraphQLNamedType | None, depth: int
    ) -> Figures:
        if depth > DEEPEST:
            raise _too_deep()
        cost = height = width = 0
        for selection in selections.selections:
            self.visited += 1
            figures = self._one(selection, parent, depth)
            cost += figures.cost
            height = max(height, figures.height)
            width += figures.width
        return Figures(cost, height, width)

    def _one(
        self, selection: SelectionNode, parent: GraphQLNamedType | None, depth: int
    ) -> Figures:
        match selection:
            case FieldNode():
                return self._field(selection, parent, depth)
            case FragmentSpreadNode():
                return self._spread(selection.name.value, depth)
            case InlineFragmentNode():
                condition = selection.type_condition
                kind = self._schema.get_type(condition.name.value) if condition else parent
                figures = self._selection(selection.selection_set, kind, depth + 1)
                return Figures(figures.cost, figures.height + 1, figures.width)
        raise TypeError(selection)

    def _spread(self, name: str, depth: int) -> Figures:
        known = self._known.get(name)
        if known is None:
            fragment = self._fragments.get(name)
            if fragment is None:
                return Figures()  # validation tells its name
            if name in self._open:
                raise RequestRefusedError("FRAGMENT_CYCLE", "A fragment spreads itself.")
            self._open.add(name)
            kind = self._schema.get_type(fragment.type_condition.name.value)
            inner = self._selection(fragment.selection_set, kind, depth + 1)
            self._open.discard(name)
            known = self._known[name] = Figures(inner.cost, inner.height + 1, inner.width)
        if depth + known.height > DEEPEST:
            raise _too_deep()
        return known

    def _field(self, field: FieldNode, parent: GraphQLNamedType | None, depth: int) -> Figures:
        name = field.name.value
        definition = None
        if isinstance(parent, (GraphQLObjectType, GraphQLInterfaceType)):
            definition = self._schema.get_field(parent, name)
        rows = self._rows(field, definition, parent)
        inner = Figures()
        if field.selection_set:
            kind = get_named_type(definition.type) if definition else None
            inner = self._selection(field.selection_set, kind, depth + 1)
        cost = rows * inner.cost
        if name in ("__schema", "__type"):
            self.is_introspection = True
            cost //= INTROSPECTION_DIVISOR
        return Figures(1 + cost, inner.height + 1, 0 if name == "__typename" else 1)

    def _rows(
        self, field: FieldNode, definition: GraphQLField | None, parent: GraphQLNamedType | None
    ) -> int:
        if definition is None or parent is None:
            return 1
        for name in (_PAGE_SIZE, _ROW_IDS):
            if name in definition.args:
                return self._size(field, name, definition.args[name])
        kind = (
            definition.type.of_type
            if isinstance(definition.type, GraphQLNonNull)
            else (definition.type)
        )
        if not isinstance(kind, GraphQLList) or is_leaf_type(get_named_type(kind)):
            return 1
        if parent.name.startswith("__"):
            return _INTROSPECTION_LISTS.get(field.name.value, _INTROSPECTION_LIST)
        # The rows of a connection are counted where `first` stands.
        return 1 if parent.name.endswith("Connection") else ASSUMED_LIST

    def _size(self, field: FieldNode, name: str, declared: GraphQLArgument) -> int:
        value = next((one.value for one in field.arguments or () if one.name.value == name), None)
        if isinstance(value, VariableNode):
            variable = value.name.value
            default = default_size(declared)
            self.sizing_variables[variable] = max(
                default, self.sizing_variables.get(variable, default)
            )
            if self._sizes is None:
                return LARGEST_PAGE
            return self._sizes.get(variable, default)
        size = default_size(declared) if value is None else literal_size(value)
        return LARGEST_PAGE if size is None else check_size(size, smallest=_smallest(name))


def _smallest(argument: str) -> int:
    return 1 if argument == _PAGE_SIZE else 0


def check_size(size: int, *, smallest: int = 0) -> int:
    """Return a number of rows that can be asked for at once.

    Raises:
        RequestRefusedError: it is out of bounds.
    """
    if not smallest <= size <= LARGEST_PAGE:
        raise RequestRefusedError("INVALID_PAGE_SIZE", f"Ask for 1 to {LARGEST_PAGE} rows at once.")
    return size


def literal_size(value: ValueNode | None) -> int | None:
    """Return the rows that a literal asks for; None for what validation will refuse."""
    match value:
        case IntValueNode():
            return int(value.value)
        case ListValueNode():
            return len(value.values)
    return None


def value_size(value: Any) -> int | None:
    """Return the rows that a variable's value asks for; None if execution will refuse it."""
    if isinstance(value, list):
        return len(value)
    if isinstance(value, str):  # one id stands for a list of one
        return 1
    return value if type(value) is int else None


def default_size(declared: GraphQLArgument) -> int:
    """Return the rows of an argument that is left out."""
    found = declared.default.value if declared.default else declared.default_value
    return found if type(found) is int else LARGEST_PAGE


def _too_deep() -> RequestRefusedError:
    return RequestRefusedError("TOO_DEEP", f"This document has more than {DEEPEST} levels.")
