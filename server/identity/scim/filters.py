"""Which filters are understood (RFC 7644 section 3.4.2.2): equality of what people are found by, and `and`.

That is what directories ask before they make somebody. Needs the extra.
"""

from scim2_models import InvalidFilterException
from scim2_models.path import CompareOperator, Comparison, FilterNode, LogicalExpr, LogicalOperator

from server.identity.scim.schemas import Conditions, Field

_MOST = 10
_NAMES = {field.value: field for field in Field} | {"emails": Field.EMAIL}
_SAID = (
    'Filters here are of the form userName eq "ann@example.org", joined by and. What can be compared is '
    + ("userName, externalId, id, emails.value and active.")
)


def conditions(node: FilterNode) -> Conditions:
    """Raises InvalidFilterException."""
    found = tuple(_terms(node))
    if len(found) > _MOST:
        raise InvalidFilterException(detail=f"A filter here has at most {_MOST} parts.")
    return tuple(_condition(one) for one in found)


def _terms(node: FilterNode) -> list[Comparison]:
    if isinstance(node, Comparison):
        return [node]
    if isinstance(node, LogicalExpr) and node.op is LogicalOperator.and_:
        return [one for term in node.terms for one in _terms(term)]
    raise InvalidFilterException(detail=_SAID)


def _condition(node: Comparison) -> tuple[Field, str | bool]:
    path = node.attr_path
    name = path.attr if path.sub_attr is None else f"{path.attr}.{path.sub_attr}"
    field = _NAMES.get(name.lower())
    right = bool if field is Field.ACTIVE else str
    if field is None or node.op is not CompareOperator.eq or not isinstance(node.value, right):
        raise InvalidFilterException(detail=_SAID)
    return field, node.value
