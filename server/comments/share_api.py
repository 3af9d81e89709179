"""Comments and reactions by the link of a share: for guests with a name, and for accounts."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from server.comments import access, errors
from server.comments import schemas as wire
from server.comments.access import TakingBack, Viewing
from server.comments.api import (
    CommentService,
    Cursor,
    Order,
    ReactionService,
    Resolved,
    Size,
    Talking,
    tagged,
)
from server.preconditions import expectation

router = APIRouter(prefix="/api/v1/shares/{slug}", tags=["Comments"])


@router.get("/comments", operation_id="listShareComments", summary="Comments, for viewers")
async def list_comments(
    comments: CommentService,
    viewing: Viewing,
    *,
    sort: Order = wire.Sort.OLDEST,
    cursor: Cursor = None,
    size: Size = 20,
    resolved: Resolved = None,
) -> wire.ThreadPage:
    recording, actor = viewing
    found = await comments.threads(recording, actor, sort=sort, cursor=cursor, size=size, resolved=resolved)
    return found.page(size)


@router.post("/comments", status_code=201, operation_id="createShareComment", summary="Comment as a viewer")
async def create_comment(
    body: wire.GuestCommentRequest,
    request: Request,
    response: Response,
    talk: Talking,
    viewing: Viewing,
) -> wire.GuestCommentOut:
    recording, actor = viewing
    said = await talk.say(request, recording, actor, body, body.name)
    tagged(response, said.comment)
    told = access.told_token(request, actor, said.guest_id)
    return wire.GuestCommentOut(**dict(said.comment), edit_token=told)


@router.get("/comments/{comment_id}", operation_id="getShareComment", summary="One comment, for viewers")
async def get_comment(
    comment_id: str,
    response: Response,
    comments: CommentService,
    viewing: Viewing,
) -> wire.CommentOut:
    recording, actor = viewing
    return tagged(response, await comments.get(recording, comment_id, actor))


@router.patch(
    "/comments/{comment_id}", operation_id="editShareComment", summary="Change what you wrote as a viewer"
)
async def edit_comment(
    comment_id: str,
    body: wire.EditCommentRequest,
    request: Request,
    response: Response,
    comments: CommentService,
    *,
    viewing: Viewing,
) -> wire.CommentOut:
    recording, actor = viewing
    expected = expectation(request, errors.CommentChanged)
    return tagged(response, await comments.edit(recording, comment_id, actor, body, expected))


@router.delete(
    "/comments/{comment_id}",
    status_code=204,
    operation_id="deleteShareComment",
    summary="Delete what you wrote as a viewer",
)
async def delete_comment(
    comment_id: str,
    request: Request,
    comments: CommentService,
    viewing: TakingBack,
) -> Response:
    recording, actor = viewing
    await comments.delete(recording, comment_id, actor, expectation(request, errors.CommentChanged))
    return Response(status_code=204)


@router.post(
    "/comments/{comment_id}/resolve", operation_id="resolveShareComment", summary="Settle a thread you began"
)
async def resolve_comment(
    comment_id: str,
    request: Request,
    response: Response,
    comments: CommentService,
    viewing: Viewing,
) -> wire.CommentOut:
    recording, actor = viewing
    expected = expectation(request, errors.CommentChanged)
    return tagged(response, await comments.resolve(recording, comment_id, actor, expected, resolved=True))


@router.post(
    "/comments/{comment_id}/reopen",
    operation_id="reopenShareComment",
    summary="Open a thread you began again",
)
async def reopen_comment(
    comment_id: str,
    request: Request,
    response: Response,
    comments: CommentService,
    viewing: Viewing,
) -> wire.CommentOut:
    recording, actor = viewing
    expected = expectation(request, errors.CommentChanged)
    return tagged(response, await comments.resolve(recording, comment_id, actor, expected, resolved=False))


@router.get("/reactions", operation_id="listShareReactions", summary="Reactions, for viewers")
async def list_reactions(
    reactions: ReactionService,
    viewing: Viewing,
    *,
    cursor: Cursor = None,
    size: Annotated[int, Query(ge=1, le=500)] = 100,
) -> wire.ReactionPage:
    recording, actor = viewing
    return await reactions.page(recording, actor, cursor=cursor, size=size)


@router.post("/reactions", status_code=201, operation_id="addShareReaction", summary="React as a viewer")
async def add_reaction(
    body: wire.GuestReactionRequest,
    request: Request,
    talk: Talking,
    viewing: Viewing,
) -> wire.GuestReactionOut:
    recording, actor = viewing
    reacted = await talk.react(request, recording, actor, body, body.name)
    told = access.told_token(request, actor, reacted.guest_id)
    return wire.GuestReactionOut(**dict(reacted.reaction), edit_token=told)


@router.delete(
    "/reactions/{reaction_id}",
    status_code=204,
    operation_id="removeShareReaction",
    summary="Take back your reaction as a viewer",
)
async def remove_reaction(
    reaction_id: str,
    reactions: ReactionService,
    viewing: TakingBack,
) -> Response:
    recording, actor = viewing
    await reactions.remove(recording, reaction_id, actor)
    return Response(status_code=204)
