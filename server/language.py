"""The language of the pages that the server writes: what a person chose, else what their browser asks for.

English stands where it is said; other languages are catalogues by the English sentence, as `german.py` is.
"""

import re
from contextvars import ContextVar

from starlette.requests import HTTPConnection

from server import german
from server.errors import ServerError

ENGLISH = "en"
CATALOGUES = {"de": german}
# Written by the pages themselves (`server/web/src/messages/choice.ts`).
COOKIE = "heddle_language"
# RFC 9110 section 12.5.4, with the weights of section 12.4.2. What is longer than people's is cut.
_RANGE = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]{1,60})?\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?")
_LONGEST = 1000

_current: ContextVar[str] = ContextVar("language", default=ENGLISH)


def wanted(chosen: str | None, accepted: str) -> str:
    """By the cookie and `Accept-Language`: the first known language of the highest weight, else English."""
    known = {ENGLISH, *CATALOGUES}
    if chosen in known:
        return str(chosen)
    ranges = [_RANGE.fullmatch(part) for part in accepted[:_LONGEST].split(",")]
    weights = [(float(one[2] or 1), one[1].lower()) for one in ranges if one]
    liked = [(weight, tag) for weight, tag in weights if tag in known and weight > 0]
    return max(liked, key=lambda pair: pair[0], default=(1.0, ENGLISH))[1]


def language_of(connection: HTTPConnection) -> str:
    return wanted(connection.cookies.get(COOKIE), connection.headers.get("accept-language", ""))


async def in_its_language(connection: HTTPConnection) -> None:
    """A dependency of routes that answer pages: `say` speaks the language of their request."""
    _current.set(language_of(connection))


def current() -> str:
    return _current.get()


def say(sentence: str, **places: str) -> str:
    """The English sentence in the language of the request, its `{places}` filled."""
    catalogue = CATALOGUES.get(_current.get())
    return (catalogue.SENTENCES.get(sentence, sentence) if catalogue else sentence).format(**places)


def reason(problem: ServerError) -> str:
    """Why something was refused: by its code where the language has words for it, else as it was raised."""
    catalogue = CATALOGUES.get(_current.get())
    return catalogue.REFUSALS.get(problem.code, problem.sentence) if catalogue else problem.sentence
