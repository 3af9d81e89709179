"""What routes that are asked by a slug begin with: `recording: Annotated[Recording, entering(Scope.X)]`."""

from typing import Annotated, Any, cast

from fastapi import Depends
from starlette.requests import HTTPConnection, Request

from server.recordings.schemas import Recording
from server.scope import Scope, User, perhaps_user
from server.sharing.service import Sharing


def sharing_of(connection: HTTPConnection) -> Sharing:
    return cast("Sharing", connection.app.state.services.sharing)


def entering(needed: Scope) -> Any:
    """The recording, for whoever gets in by its link. Raises as `Sharing.enter`."""

    async def enter(
        slug: str, request: Request, user: Annotated[User | None, Depends(perhaps_user)]
    ) -> Recording:
        return (await sharing_of(request).enter(request, slug, user, needed)).recording

    return Depends(enter)
