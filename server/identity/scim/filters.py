"""Which filters are understood (RFC 7644 section 3.4.2.2): equality of what is found by, and `and`.

That is what directories ask before they make somebody or something. Needs the extra.
"""

from collections.abc import Mapping
from typing import TypeVar

from scim2_models import InvalidFilterException
from scim2_models.path import CompareOperator, Comparison, FilterNode, LogicalExpr, LogicalOperator

from server.identity.scim.groups import schemas as groups
from server.identity.scim.schemas import Field

_MOST = 10
# The fields by how they are written, in small letters.
PEOPLE: Mapping[str, Field] = {field.value: field for field in Field} | {"emails": Field.EMAIL}
GROUPS: Mapping[str, groups.Field] = {field.value: field for field in groups.Field} | {
    "members": groups.Field.MEMBER
}
_SAID = (
    'Filters here are of the form userName eq "ann@example.org", joined by and. Compared are, of people, '
    "userName, externalId, id, emails.value and active; of groups displayName, externalId, id and "
    "members.value."
)
F = TypeVar("F", bound=str)


def conditions(node: FilterNode, named: Mapping[str, F]) -> tuple[tuple[F, str | bool], ...]:
    """Raises InvalidFilterException."""
    found = _terms(node)
    if len(found) > _MOST:
        raise InvalidFilterException(detail=f"A filter here has at most {_MOST} parts.")
    return tuple(_condition(one, named) for one in found)


def _terms(node: FilterNode) -> list[Comparison]:
    if isinstance(node, Comparison):
        return [node]
    if isinstance(node, LogicalExpr) and node.op is LogicalOperator.and_:
        return [one for term in node.terms for one in _terms(term)]
    raise InvalidFilterException(detail=_SAID)


def _condition(node: Comparison, named: Mapping[str, F]) -> tuple[F, str | bool]:
    path = node.attr_path
    name = path.attr if path.sub_attr is None else f"{path.attr}.{path.sub_attr}"
    field = named.get(name.lower())
    right = bool if field == Field.ACTIVE else str
    if field is None or node.op is not CompareOperator.eq or not isinstance(node.value, right):
        raise InvalidFilterException(detail=_SAID)
    return field, node.value
