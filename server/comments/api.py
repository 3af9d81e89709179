"""Comments and reactions over HTTP, for those who have accounts."""

from typing import Annotated, cast

from fastapi import APIRouter, Query, Request, Response

from server.comments import access, errors
from server.comments import schemas as wire
from server.comments.reactions import Reactions
from server.comments.service import Comments
from server.comments.talk import Talk
from server.given import given
from server.preconditions import expectation
from server.scope import Scope, User, allows

router = APIRouter(prefix="/api/v1", tags=["Comments"])


def talk_of(request: Request) -> Talk:
    return cast("Talk", request.app.state.services.talk)


def _comments(request: Request) -> Comments:
    return talk_of(request).comments


def _reactions(request: Request) -> Reactions:
    return talk_of(request).reactions


Talking = Annotated[Talk, given(talk_of)]
CommentService = Annotated[Comments, given(_comments)]
ReactionService = Annotated[Reactions, given(_reactions)]
Reader = Annotated[User, allows(Scope.COMMENTS_READ)]
Writer = Annotated[User, allows(Scope.COMMENTS_WRITE)]
Cursor = Annotated[str | None, Query(max_length=1024, description="`nextCursor` of the page before.")]
Size = Annotated[int, Query(ge=1, le=50, description="Threads, with all their replies.")]
Order = Annotated[wire.Sort, Query(description="When it was written, or its moment in the video.")]
Resolved = Annotated[bool | None, Query(description="Only threads that are resolved, or only open ones.")]


@router.get(
    "/recordings/{recording_id}/comments", operation_id="listComments", summary="Comments with their replies"
)
async def list_comments(
    recording_id: str,
    request: Request,
    user: Reader,
    comments: CommentService,
    *,
    sort: Order = wire.Sort.OLDEST,
    cursor: Cursor = None,
    size: Size = 20,
    resolved: Resolved = None,
) -> wire.ThreadPage:
    recording, actor = await access.for_member(request, user, recording_id)
    found = await comments.threads(recording, actor, sort=sort, cursor=cursor, size=size, resolved=resolved)
    return found.page(size)


@router.post(
    "/recordings/{recording_id}/comments",
    status_code=201,
    operation_id="createComment",
    summary="Comment on a recording, or reply",
)
async def create_comment(
    recording_id: str,
    body: wire.CommentRequest,
    request: Request,
    response: Response,
    user: Writer,
    *,
    talk: Talking,
) -> wire.CommentOut:
    recording, actor = await access.for_member(request, user, recording_id)
    said = await talk.say(request, recording, actor, body)
    return tagged(response, said.comment)


@router.get("/comments/{comment_id}", operation_id="getComment", summary="One comment")
async def get_comment(
    comment_id: str, request: Request, response: Response, user: Reader, comments: CommentService
) -> wire.CommentOut:
    place = await comments.place_of(comment_id)
    recording, actor = await access.for_author(request, user, place, errors.no_comment())
    return tagged(response, await comments.get(recording, comment_id, actor))


@router.patch("/comments/{comment_id}", operation_id="editComment", summary="Change what you wrote")
async def edit_comment(
    comment_id: str,
    body: wire.EditCommentRequest,
    request: Request,
    response: Response,
    user: Writer,
    *,
    comments: CommentService,
) -> wire.CommentOut:
    place = await comments.place_of(comment_id)
    recording, actor = await access.for_author(request, user, place, errors.no_comment())
    if not (actor.inside or recording.allow_comments):
        raise errors.comments_off()
    expected = expectation(request, errors.CommentChanged)
    return tagged(response, await comments.edit(recording, comment_id, actor, body, expected))


@router.delete(
    "/comments/{comment_id}", status_code=204, operation_id="deleteComment", summary="Delete a comment"
)
async def delete_comment(
    comment_id: str, request: Request, user: Writer, comments: CommentService
) -> Response:
    place = await comments.place_of(comment_id)
    recording, actor = await access.for_author(request, user, place, errors.no_comment())
    await comments.delete(recording, comment_id, actor, expectation(request, errors.CommentChanged))
    return Response(status_code=204)


@router.get("/comments/{comment_id}/history", operation_id="getCommentHistory", summary="What it said before")
async def comment_history(
    comment_id: str, request: Request, user: Reader, comments: CommentService
) -> wire.CommentHistory:
    place = await comments.place_of(comment_id)
    recording, actor = await access.for_author(request, user, place, errors.no_comment())
    return wire.CommentHistory(data=await comments.history(recording, comment_id, actor))


@router.post("/comments/{comment_id}/resolve", operation_id="resolveComment", summary="Settle a thread")
async def resolve_comment(
    comment_id: str, request: Request, response: Response, user: Writer, comments: CommentService
) -> wire.CommentOut:
    return await _settle(comment_id, request, response, user, comments, resolved=True)


@router.post("/comments/{comment_id}/reopen", operation_id="reopenComment", summary="Open it again")
async def reopen_comment(
    comment_id: str, request: Request, response: Response, user: Writer, comments: CommentService
) -> wire.CommentOut:
    return await _settle(comment_id, request, response, user, comments, resolved=False)


async def _settle(
    comment_id: str, request: Request, response: Response, user: User, comments: Comments, *, resolved: bool
) -> wire.CommentOut:
    place = await comments.place_of(comment_id)
    recording, actor = await access.for_author(request, user, place, errors.no_comment())
    expected = expectation(request, errors.CommentChanged)
    return tagged(response, await comments.resolve(recording, comment_id, actor, expected, resolved=resolved))


@router.get(
    "/recordings/{recording_id}/reactions",
    operation_id="listReactions",
    summary="Reactions, by their moments",
)
async def list_reactions(
    recording_id: str,
    request: Request,
    user: Reader,
    reactions: ReactionService,
    *,
    cursor: Cursor = None,
    size: Annotated[int, Query(ge=1, le=500)] = 100,
) -> wire.ReactionPage:
    recording, actor = await access.for_member(request, user, recording_id)
    return await reactions.page(recording, actor, cursor=cursor, size=size)


@router.post(
    "/recordings/{recording_id}/reactions",
    status_code=201,
    operation_id="addReaction",
    summary="React to a moment",
)
async def add_reaction(
    recording_id: str, body: wire.ReactionRequest, request: Request, user: Writer, talk: Talking
) -> wire.ReactionOut:
    recording, actor = await access.for_member(request, user, recording_id)
    return (await talk.react(request, recording, actor, body)).reaction


@router.delete(
    "/reactions/{reaction_id}", status_code=204, operation_id="removeReaction", summary="Take a reaction back"
)
async def remove_reaction(
    reaction_id: str, request: Request, user: Writer, reactions: ReactionService
) -> Response:
    place = await reactions.place_of(reaction_id)
    recording, actor = await access.for_author(request, user, place, errors.no_reaction())
    await reactions.remove(recording, reaction_id, actor)
    return Response(status_code=204)


def tagged(response: Response, comment: wire.CommentOut) -> wire.CommentOut:
    response.headers["ETag"] = comment.etag
    return comment
