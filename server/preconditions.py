"""`If-Match` and `If-None-Match` (RFC 9110, 13.1): nobody overwrites the unseen."""

from collections.abc import Callable

from starlette.requests import Request

from server.errors import ServerError

# Gets the ETag of what is there (None for nothing); raises when that is not what the caller has seen.
Expectation = Callable[[str | None], None]


class Changed(ServerError):
    """`If-Match` names a version that is not the present one."""

    status, code = 412, "changed"
    words = "It is not what you have seen: read it again, then repeat the change."


def expectation(request: Request, refusal: type[Changed] = Changed) -> Expectation:
    """Raises `refusal` for an ETag that the request does not expect; without a header, never."""
    wanted = _tags(request.headers.get("if-match"))
    unwanted = _tags(request.headers.get("if-none-match"))

    def expect(etag: str | None) -> None:
        fits = wanted is None or (etag is not None and ("*" in wanted or etag in wanted))
        clashes = unwanted is not None and etag is not None and ("*" in unwanted or etag in unwanted)
        if not fits or clashes:
            raise refusal(refusal.words, headers={} if etag is None else {"ETag": etag})

    return expect


def is_known(request: Request, etag: str) -> bool:
    """Whether a GET can be answered with 304; `If-None-Match` compares weakly."""
    return is_among(request.headers.get("if-none-match"), etag)


def is_among(header: str | None, etag: str) -> bool:
    """Whether an `If-None-Match` names this ETag, or any there is."""
    tags = _tags(header) or ()
    return "*" in tags or etag in {tag.removeprefix("W/") for tag in tags}


def _tags(header: str | None) -> frozenset[str] | None:
    """Ours hold no comma, so a list can be split at them."""
    return None if header is None else frozenset(tag.strip() for tag in header.split(","))
