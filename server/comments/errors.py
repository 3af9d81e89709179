"""What a request about comments can be refused for."""

from server.errors import Conflict, Forbidden, NotFound
from server.preconditions import Changed


class CommentChanged(Changed):
    """`If-Match` names a version of the comment that is not the present one."""

    status, code = 412, "comment_changed"
    words = "The comment is not the one you have seen: read it again, then repeat the change."


def no_comment() -> NotFound:
    return NotFound("There is no such comment.", code="comment_not_found")


def no_reaction() -> NotFound:
    return NotFound("There is no such reaction.", code="reaction_not_found")


def comments_off() -> Forbidden:
    sentence = "Comments are turned off for those who have the link: ask the owner of the recording."
    return Forbidden(sentence, code="comments_off")


def not_yours(what: str) -> Forbidden:
    return Forbidden(f"Only who wrote this {what} may change it.", code="not_the_author")


def not_yours_to_delete(what: str) -> Forbidden:
    sentence = f"Only who wrote this {what}, or the owner of the recording, may delete it."
    return Forbidden(sentence, code="not_the_author")


def not_yours_to_resolve() -> Forbidden:
    sentence = "Only who began this thread, or the owner of the recording, may resolve it."
    return Forbidden(sentence, code="not_the_author")


def not_a_thread() -> Conflict:
    sentence = "A reply cannot be resolved: resolve the comment it belongs to."
    return Conflict(sentence, code="not_a_thread")


def too_many(what: str, most: int) -> Conflict:
    return Conflict(f"There are {most} {what} here: no more can be added.", code="too_many_comments")
