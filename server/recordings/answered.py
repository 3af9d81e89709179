"""Lists of recordings that were answered before, and nothing was written since."""

from collections.abc import Callable, Coroutine, Hashable
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from server.identity.access import asking
from server.identity.schemas import User
from server.identity.scopes import Scope
from server.recordings.access import recordings_of

# Longer ones are worked out each time.
LARGEST = 64 * 1024


class Answered(APIRoute):
    """Says again what it said before FastAPI takes the request apart, which would cost as much as all else.

    Who asks is looked at, counted and refused as everywhere.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        anew = super().get_route_handler()

        async def handle(request: Request) -> Response:
            user = await asking(request, Scope.RECORDINGS_READ)
            answered, asked = recordings_of(request).answered, _asked(request, user)
            if (known := answered.get(asked)) is not None:
                return _again(known)
            async with answered.turn(asked):
                if (known := answered.get(asked)) is not None:
                    return _again(known)
                begun = answered.begin()
                answer = await anew(request)
                if answer.status_code == 200 and len(answer.body) <= LARGEST:
                    answered.keep(asked, bytes(answer.body), begun)
            return answer

        return handle


def _again(known: bytes) -> Response:
    return Response(known, media_type="application/json")


def _asked(request: Request, user: User) -> Hashable:
    """All that an answer hangs on but the database; links in it begin as the request's address does."""
    scope = request.scope
    return (
        user,
        scope["query_string"],
        scope["scheme"],
        request.headers.get("host"),
        scope.get("root_path"),
    )
