"""Rate limits around requests: counted when it is known who asks, told in the headers of every answer."""

from typing import cast

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.limits.service import Exceeded, Limits, Standing


def limits_of(connection: HTTPConnection) -> Limits:
    return cast("Limits", connection.app.state.services.limits)


async def admit(connection: HTTPConnection, *, user_id: str, key_id: str | None = None) -> None:
    """Called with who asks; counts once a request. Raises TooManyRequests."""
    if connection.scope["type"] != "http" or hasattr(connection.state, "standing"):
        return
    try:
        standing = await limits_of(connection).admit(
            connection.scope["method"], connection.scope["path"], user_id=user_id, key_id=key_id
        )
    except Exceeded as exceeded:
        connection.state.standing = exceeded.standing
        raise exceeded.answer from exceeded
    connection.state.standing = standing


class RateLimitHeaders:
    """Adds to each answer where its asker stands, whatever the route answered with."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def tell(message: Message) -> None:
            standing: Standing | None = scope.get("state", {}).get("standing")
            if standing is not None and message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in standing.headers.items():
                    headers.setdefault(name, value)  # a refusal by another rule has told its own
            await send(message)

        await self._app(scope, receive, tell)
