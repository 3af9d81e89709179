"""Who asks, and what resolvers reach: one for each request, or for each WebSocket."""

from dataclasses import dataclass
from functools import cached_property

import strawberry
from starlette.requests import HTTPConnection
from strawberry.fastapi import BaseContext

from server.errors import NotFound, Unauthenticated
from server.graphql.loaders import Loaders
from server.graphql.opening import Live
from server.recordings.schemas import Recording
from server.scope import Action, Scope, User, require, require_recording, whose
from server.wiring import Services


@dataclass
class Context(BaseContext):
    """`token` is what a WebSocket came with: it may end while the socket stays open."""

    connection: HTTPConnection
    user: User | None = None
    token: str | None = None

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def services(self) -> Services:
        services: Services = self.connection.app.state.services
        return services

    @property
    def live(self) -> Live:
        live: Live = self.connection.app.state.graphql
        return live

    @property
    def payer(self) -> str:
        """Whose points an operation takes."""
        if self.user is not None:
            return self.user.id
        return self.connection.client.host if self.connection.client else "unknown"

    @cached_property
    def loaders(self) -> Loaders:
        return Loaders(self.services)

    def needs(self, scope: Scope) -> User:
        """The signed-in user. Raises Unauthenticated, and Forbidden for a key that lacks the scope."""
        if self.user is None:
            raise Unauthenticated("Sign in first: this needs a valid token or API key.")
        require(self.user, [scope])
        return self.user

    async def recording(self, recording_id: str, scope: Scope = Scope.RECORDINGS_READ) -> Recording:
        """One that the user may see, or with a scope that writes may change. Raises NotFound, Forbidden."""
        action = Action.RECORDING_VIEW if scope.endswith(":read") else Action.RECORDING_EDIT
        return await require_recording(self.connection, self.needs(scope), recording_id, action=action)

    async def still(self, recording_id: str) -> Recording | None:
        """As `recording`, for what has been watched for a while: None when it or the sign-in has ended."""
        if self.token is not None:
            self.user = await whose(self.connection, self.token, Scope.RECORDINGS_READ)
        try:
            return await self.recording(recording_id)
        except (NotFound, Unauthenticated):
            return None


Info = strawberry.Info[Context, None]
