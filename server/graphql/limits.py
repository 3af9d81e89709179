"""What one operation may cost, and one person's in a minute.

A field that holds objects costs a point for each of them that it may hold: `first` says how many, or else a
list counts as ten. A change costs as much as fifty objects.
"""

import time
from collections.abc import AsyncIterator, Mapping
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
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from strawberry.extensions import SchemaExtension

MOST_COST = 5_000
PER_MINUTE = 50_000
_CHANGE = 50
_LIST = 10
_PAGE = 20  # where `first` is left to its default


class CostLimiter:
    """Points of a person in a minute; counts in memory."""

    def __init__(self) -> None:
        self._rule = RateLimitItemPerMinute(PER_MINUTE)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def take(self, who: str, points: int) -> int | None:
        """None where there are that many, or else the seconds to wait."""
        if await self._limiter.hit(self._rule, who, cost=points):
            return None
        window = await self._limiter.get_window_stats(self._rule, who)
        return max(1, round(window.reset_time - time.time()))


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
        wait_s = await context.live.costs.take(context.payer, max(1, cost))
        if wait_s is not None:
            told = {"code": "too_many_requests", "details": {"retryAfterSeconds": wait_s}}
            raise GraphQLError(
                f"That was a lot in a short while. Try again in {wait_s} seconds.", extensions=told
            )
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
