"""How large a document is with all its fragments written out, found in one pass over it.

Fragments that spread others twice each double at every step: sixty short lines stand for more selections than
anybody can count one by one, as rules about depth, aliases and costs do. So this comes before them. It also
refuses what they cannot walk: fragments that are not there, or contain themselves (GraphQL, October 2021,
5.5.2).
"""

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
)
from strawberry.extensions import SchemaExtension

MOST_SELECTIONS = 5_000
MOST_FRAGMENTS_DEEP = 20


class SpreadLimit(SchemaExtension):
    """Stands in for all other validation where the document is not to be walked."""

    def on_validate(self) -> Iterator[None]:
        document = self.execution_context.graphql_document
        assert document is not None  # noqa: S101 (it was parsed)
        try:
            _Sizes(document).check()
        except GraphQLError as problem:
            self.execution_context.pre_execution_errors = [problem]
        yield


class _Sizes:
    def __init__(self, document: DocumentNode) -> None:
        self._document = document
        self._fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        # Of each fragment: its selections, and how many fragments lie in each other at most.
        self._known: dict[str, tuple[int, int]] = {}

    def check(self) -> None:
        """Raises GraphQLError. Fragments that nothing spreads count too: some rules walk them as well."""
        operations = [one for one in self._document.definitions if isinstance(one, OperationDefinitionNode)]
        total = sum(self._of(one.selection_set, ())[0] for one in operations)
        for name in self._fragments:
            self._of_fragment(name, ())
        if total > MOST_SELECTIONS:
            raise _too_large()

    def _of(self, chosen: SelectionSetNode | None, inside: tuple[str, ...]) -> tuple[int, int]:
        size = height = 0
        for selection in chosen.selections if chosen is not None else ():
            if isinstance(selection, FragmentSpreadNode):
                more, below = self._of_fragment(selection.name.value, inside)
            else:
                more, below = self._of(getattr(selection, "selection_set", None), inside)
            size, height = size + 1 + more, max(height, below)
        return size, height

    def _of_fragment(self, name: str, inside: tuple[str, ...]) -> tuple[int, int]:
        if name in inside:
            raise GraphQLError(f"Fragment {name!r} contains itself.")
        if name not in self._fragments:
            raise GraphQLError(f"There is no fragment {name!r}.")
        if name not in self._known:
            if len(inside) >= MOST_FRAGMENTS_DEEP:
                raise _too_deep()
            size, height = self._of(self._fragments[name].selection_set, (*inside, name))
            self._known[name] = size, height + 1
        size, height = self._known[name]
        if size > MOST_SELECTIONS:
            raise _too_large()
        if len(inside) + height > MOST_FRAGMENTS_DEEP:
            raise _too_deep()
        return size, height


def _too_large() -> GraphQLError:
    return GraphQLError(
        f"With its fragments written out this has more than {MOST_SELECTIONS} fields: ask for less."
    )


def _too_deep() -> GraphQLError:
    return GraphQLError(f"At most {MOST_FRAGMENTS_DEEP} fragments may lie in each other.")
