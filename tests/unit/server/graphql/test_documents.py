"""Any document is answered or refused as the client's business, in time, whatever its fragments do."""

import asyncio
from types import SimpleNamespace
from typing import Any

from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from server.graphql.errors import is_expected
from server.graphql.schema import schema
from tests.support.fuzzing import fuzzed, nearly

SOUP = nearly(
    *("{", "}", "(", ")", " ... ", " on Query", " me", " id", " __typename", " recordings", "first:", "100"),
    *(
        "$n",
        ":",
        "Int",
        "=",
        "!",
        "9" * 5000,
        " fragment a ",
        " ...a ",
        " query ",
        "@skip(if: true)",
        '"',
        "[",
        "\\",
    ),
    most=30,
)
CHOSEN = st.sampled_from(
    ["__typename", "me { id }", "... { __typename }", "x: __typename", "nothing", "...f9"]
)


@st.composite
def spreading(draw: st.DrawFn) -> str:
    """Fragments that spread any of each other, also themselves, and some that are not there."""
    count = draw(st.integers(1, 9))
    piece = CHOSEN | st.integers(0, count - 1).map(lambda number: f"...f{number}")
    bodies = [" ".join(draw(st.lists(piece, min_size=1, max_size=4))) for _ in range(count)]
    fragments = [f"fragment f{number} on Query {{ {body} }}" for number, body in enumerate(bodies)]
    return " ".join(["{ ...f0 }", *fragments])


async def hit(*_: Any, **__: Any) -> None:
    """Anybody may ask as often as they like here."""


def answer(document: str) -> list[GraphQLError]:
    nobody = SimpleNamespace(
        services=SimpleNamespace(limits=SimpleNamespace(hit=hit)), payer="nobody", user=None
    )
    asked = schema.execute(
        document,
        context_value=nobody,  # type: ignore[arg-type] # what is used of it where nobody is signed in
        allowed_operation_types=(OperationType.QUERY,),
    )
    try:
        return list(asyncio.run(asked).errors or [])
    except (CannotGetOperationTypeError, InvalidOperationTypeError):  # a 400
        return []


@fuzzed
@given(SOUP.map(lambda text: "{" + text) | spreading())
def test_no_document_is_more_than_refused(document: str) -> None:
    for error in answer(document):
        assert error.path or is_expected(error), document
