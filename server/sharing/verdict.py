"""Who gets in by a link, as plain rules. All that is asked by a slug asks here, through `Sharing.enter`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.errors import NotFound, ServerError, Unauthenticated
from server.identity.schemas import User
from server.recordings.link import Link, Visibility


class Verdict(StrEnum):
    OPEN = "open"
    PASSWORD = "password"  # noqa: S105 (what is asked for)
    SIGN_IN = "sign_in"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who comes by a link. `views` and `edits` are what they may do without it, by their role in the
    recording's workspace; `unlocked`: they have shown that they know its password.
    """

    user: User | None = None
    views: bool = False
    edits: bool = False
    unlocked: bool = False


NOBODY = Visitor()


def verdict(link: Link, visitor: Visitor, at: datetime) -> Verdict:
    """Whoever may change the recording always gets in, to change that too; to all others an end is an end.
    Members reach the recording without its link, so its password is not for them.
    """
    if visitor.edits:
        return Verdict.OPEN
    if not link.works(at):
        return Verdict.MISSING
    if visitor.views:
        return Verdict.OPEN
    if link.visibility is Visibility.WORKSPACE:
        return Verdict.SIGN_IN if visitor.user is None else Verdict.MISSING
    return Verdict.PASSWORD if link.locked and not visitor.unlocked else Verdict.OPEN


def refusal(said: Verdict) -> ServerError:
    """It tells nothing of the recording. Where there is nothing to get into, it is that of a link that never
    was."""
    if said is Verdict.PASSWORD:
        return Unauthenticated(
            "This recording asks for a password: unlock it with the one you were given.",
            code="share_password_needed",
        )
    if said is Verdict.SIGN_IN:
        return Unauthenticated(
            "This recording is for members of a workspace: sign in first.", code="share_sign_in_needed"
        )
    return no_share()


def no_share() -> NotFound:
    return NotFound("There is no shared recording at this link.", code="share_not_found")
