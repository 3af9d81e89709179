"""What routes are given: the parts of the server that they use."""

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Depends
from starlette.requests import Request

T = TypeVar("T")


def given(find: Callable[[Request], T]) -> Any:
    """`Service = Annotated[Recordings, given(recordings_of)]`.

    FastAPI sends a plain function to a thread, which costs more than most routes; `find` only looks up.
    """

    async def ask(request: Request) -> T:
        return find(request)

    return Depends(ask)
