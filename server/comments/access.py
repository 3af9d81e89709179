"""Who may see the comments of a recording, and as whom: its owner, or whoever has the link of its share."""

from typing import Annotated, cast

from fastapi import Depends, Header, Request, Security

from server.comments import errors
from server.comments.people import Actor, GuestTokens
from server.errors import NotFound
from server.recordings.schemas import Recording
from server.scope import (
    Action,
    Scope,
    User,
    allowed,
    perhaps_user,
    recordings_of,
    require_recording,
)
from server.sharing.access import sharing_of

# Whoever speaks by the link of a share reads and writes.
PerhapsUser = Annotated[
    User | None, Security(perhaps_user, scopes=[Scope.COMMENTS_READ, Scope.COMMENTS_WRITE])
]
GuestToken = Annotated[
    str | None,
    Header(alias="X-Guest-Token", max_length=200, description="The `editToken` that a guest was told."),
]


async def for_member(request: Request, user: User, recording_id: str) -> tuple[Recording, Actor]:
    """Whoever reaches the recording without its link; who may change it may tidy up. Raises NotFound."""
    recording = await require_recording(request, user, recording_id, action=Action.RECORDING_COMMENT)
    tidies = await allowed(request, user, recording, Action.RECORDING_EDIT)
    return recording, Actor(user=user, owner=tidies, inside=True)


async def for_author(
    request: Request, user: User, place: tuple[str, str | None], missing: NotFound
) -> tuple[Recording, Actor]:
    """`place` is the recording of a comment, and who wrote it: they keep it while the link works.

    Raises `missing`.
    """
    recording_id, author_id = place
    try:
        return await for_member(request, user, recording_id)
    except NotFound:
        recording = await recordings_of(request).find(recording_id)
        if recording is None or recording.trashed or author_id != user.id:
            raise missing from None
        if not await sharing_of(request).lets_in(request, recording, user):
            raise missing from None
        return recording, Actor(user=user)


async def _taking_back(
    request: Request, slug: str, user: PerhapsUser, token: GuestToken = None
) -> tuple[Recording, Actor]:
    """By the link of a share, also while comments are off. Raises as `Sharing.enter`, and InvalidRequest."""
    recording = (await sharing_of(request).enter(request, slug, user, Scope.COMMENTS_READ)).recording
    if user is None:
        return recording, Actor(guest_id=tokens_of(request).guest_of(token))
    try:
        return await for_member(request, user, recording.id)
    except NotFound:
        return recording, Actor(user=user)


TakingBack = Annotated[tuple[Recording, Actor], Depends(_taking_back)]


async def _viewing(place: TakingBack) -> tuple[Recording, Actor]:
    """By the link of a share. Raises also Forbidden while comments are off."""
    recording, actor = place
    if not (actor.inside or recording.allow_comments):
        raise errors.comments_off()
    return place


Viewing = Annotated[tuple[Recording, Actor], Depends(_viewing)]


def tokens_of(request: Request) -> GuestTokens:
    return cast("GuestTokens", request.app.state.services.guest_tokens)


def told_token(request: Request, actor: Actor, guest_id: str | None) -> str | None:
    """A guest's token, for one who has not sent it."""
    if actor.user is not None or guest_id is None or guest_id == actor.guest_id:
        return None
    return tokens_of(request).of(guest_id)
