"""Saying something over HTTP, the same way for accounts and guests: counted, and as whom."""

from dataclasses import dataclass

from fastapi import Request

from server.comments.limits import count_comment, count_reaction
from server.comments.people import Actor
from server.comments.reactions import Reacted, Reactions
from server.comments.schemas import CommentRequest, ReactionRequest
from server.comments.service import Comments, Said
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
        return await self.comments.create(recording, actor, body, name=name)

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
        return await self.reactions.add(recording, actor, body, name=name)


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
