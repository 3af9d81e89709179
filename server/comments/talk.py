"""Saying something over HTTP, the same way for accounts and guests: counted, once, and as whom."""

from dataclasses import dataclass

from fastapi import Request

from server.comments.limits import count_comment, count_reaction
from server.comments.people import Actor
from server.comments.reactions import Reacted, Reactions
from server.comments.schemas import CommentRequest, ReactionRequest
from server.comments.service import Comments, Said
from server.idempotency import once_of
from server.limits.access import limits_of
from server.recordings.schemas import Recording


@dataclass(frozen=True, slots=True)
class Talk:
    comments: Comments
    reactions: Reactions

    async def say(
        self,
        request: Request,
        recording: Recording,
        actor: Actor,
        body: CommentRequest,
        name: str | None = None,
    ) -> Said:
        """Raises TooManyRequests, and what `Comments.create` does."""
        await count_comment(limits_of(request), actor, _address(request))
        once = await once_of(request, _caller(recording, actor))
        return await self.comments.create(recording, actor, body, name=name, once=once)

    async def react(
        self,
        request: Request,
        recording: Recording,
        actor: Actor,
        body: ReactionRequest,
        name: str | None = None,
    ) -> Reacted:
        """Raises TooManyRequests, and what `Reactions.add` does."""
        await count_reaction(limits_of(request), actor, _address(request))
        once = await once_of(request, _caller(recording, actor))
        return await self.reactions.add(recording, actor, body, name=name, once=once)


def _caller(recording: Recording, actor: Actor) -> str:
    """Guests have nothing before their first word, so those of a recording share their keys: long ones."""
    return actor.user.id if actor.user is not None else f"guest of {recording.id}"


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
