"""What one operation may cost, and one person's in a minute.

A field that holds objects costs a point for each of them that it may hold: `first` says how many, or else a
list counts as ten. A change costs as much as fifty objects.
"""

from collections.abc import AsyncIterator, Mapping
from math import ceil
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLObjectType,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
)
from strawberry.extensions import SchemaExtension

from server.errors import TooManyRequests
from server.limits.rules import Rule

MOST_COST = 5_000
# What is counted is kept one by one, so points are counted by the ten: 50,000 in a minute.
_POINTS = 10
PER_MINUTE = Rule("ten points of GraphQL", window_s=60, limit=50_000 // _POINTS)
_CHANGE = 50
_LIST = 10
_PAGE = 20  # where `first` is left to its default


class CostLimit(SchemaExtension):
    """Counts before anything is resolved; the answer says the cost in `extensions`."""

    _cost: int | None = None

    async def on_execute(self) -> AsyncIterator[None]:
        execution = self.execution_context
        document = execution.graphql_document
        assert document is not None  # noqa: S101 (it was validated)
        fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        operation = _operation(document.definitions, execution.operation_name)
        counted = _Count(fragments, _variables(operation, execution.variables or {}))
        schema = execution.schema._schema  # noqa: SLF001 (Strawberry has no other way to its types)
        self._cost = cost = counted.of(operation, schema)
        if cost > MOST_COST:
            told = {"code": "too_costly", "details": {"cost": cost, "most": MOST_COST}}
            raise GraphQLError(
                f"This would read up to {cost} objects; ask for at most {MOST_COST}.", extensions=told
            )
        context = cast("Any", execution.context)
        try:
            await context.services.limits.hit(PER_MINUTE, context.payer, cost=max(1, ceil(cost / _POINTS)))
        except TooManyRequests as refused:
            wait_s = int(refused.headers["Retry-After"])
            told = {"code": refused.code, "details": {"retryAfterSeconds": wait_s}}
            raise GraphQLError(refused.sentence, extensions=told) from refused
        yield

    def get_results(self) -> dict[str, Any]:
        return {} if self._cost is None else {"cost": {"points": self._cost, "most": MOST_COST}}


def _operation(definitions: Any, name: str | None) -> OperationDefinitionNode:
    operations = [one for one in definitions if isinstance(one, OperationDefinitionNode)]
    return next(one for one in operations if name is None or (one.name and one.name.value == name))


def _variables(operation: OperationDefinitionNode, given: Mapping[str, Any]) -> dict[str, Any]:
    """With the defaults that the operation says, as far as they are numbers."""
    defaults = {
        one.variable.name.value: int(one.default_value.value)
        for one in operation.variable_definitions or ()
        if isinstance(one.default_value, IntValueNode)
    }
    return {**defaults, **given}


class _Count:
    """Of a document that is valid: fragments exist and do not contain themselves."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], variables: Mapping[str, Any]) -> None:
        self._fragments = fragments
        self._variables = variables

    def of(self, operation: OperationDefinitionNode, schema: Any) -> int:
        root = schema.get_root_type(operation.operation)
        each = _CHANGE if operation.operation is OperationType.MUTATION else 0
        return self._selections(operation.selection_set, root, each)

    def _selections(self, chosen: SelectionSetNode, parent: GraphQLCompositeType, each: int = 0) -> int:
        total = 0
        for selection in chosen.selections:
            if isinstance(selection, FieldNode):
                total += each + self._field(selection, parent)
            elif isinstance(selection, FragmentSpreadNode):
                fragment = self._fragments[selection.name.value]
                total += self._selections(fragment.selection_set, parent, each)
            else:
                total += self._selections(selection.selection_set, parent, each)  # type: ignore[attr-defined] # an inline fragment
            if total > 1_000_000:  # enough to be refused
                return total
        return total

    def _field(self, node: FieldNode, parent: GraphQLCompositeType) -> int:
        if node.name.value.startswith("__") or not isinstance(parent, GraphQLObjectType):
            return 0
        field = parent.fields[node.name.value]
        kind = get_named_type(field.type)
        if node.selection_set is None or not is_composite_type(kind):
            return 0
        return self._many(node, field, parent) * (1 + self._selections(node.selection_set, kind))

    def _many(self, node: FieldNode, field: GraphQLField, parent: GraphQLObjectType) -> int:
        if "first" in field.args:
            return self._first(node)
        is_list = isinstance(get_nullable_type(field.type), GraphQLList)
        # The edges of a connection were counted with it.
        return _LIST if is_list and not parent.name.endswith("Connection") else 1

    def _first(self, node: FieldNode) -> int:
        value = next((one.value for one in node.arguments or () if one.name.value == "first"), None)
        if isinstance(value, IntValueNode):
            return max(1, int(value.value))
        if isinstance(value, VariableNode):
            given = self._variables.get(value.name.value, _PAGE)
            return max(1, given) if isinstance(given, int) else _PAGE
        return _PAGE
