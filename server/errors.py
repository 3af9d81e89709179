"""What the server says when something cannot be done: a status, a stable code and one sentence for people.

Every response with an error has the same body: `{"error", "code", "details", "requestId"}`.
Expected conflicts are 4xx and no alarm; only a bug or a broken machine answers 5xx.
"""

from collections.abc import Mapping
from typing import Any


class ServerError(Exception):
    """Answered as the one error shape. `details` and `headers` reach the client: never put secrets there."""

    status = 500
    code = "internal_error"

    def __init__(
        self,
        sentence: str,
        *,
        status: int | None = None,
        code: str | None = None,
        details: dict[str, Any] | list[Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = type(self).status if status is None else status
        self.code = type(self).code if code is None else code
        self.details = details
        self.headers = dict(headers or {})


class InvalidRequest(ServerError):
    status, code = 400, "invalid_request"


class Unauthenticated(ServerError):
    status, code = 401, "unauthenticated"


class Forbidden(ServerError):
    status, code = 403, "forbidden"


class NotFound(ServerError):
    """Also for what belongs to somebody else: whether it exists is none of the asker's business."""

    status, code = 404, "not_found"


class Conflict(ServerError):
    status, code = 409, "conflict"


class TooLarge(ServerError):
    status, code = 413, "too_large"


class UnsupportedMedia(ServerError):
    status, code = 415, "unsupported_media"


class UnreadableMedia(ServerError):
    status, code = 422, "unreadable_media"


class Locked(ServerError):
    status, code = 423, "locked"


class TooManyRequests(ServerError):
    status, code = 429, "too_many_requests"


class StorageFull(ServerError):
    status, code = 507, "storage_full"


class SetupError(Exception):
    """The server cannot start as asked; the command line prints title, detail and hint and exits."""

    def __init__(self, title: str, detail: str, hint: str) -> None:
        super().__init__(f"{title}: {detail}")
        self.title = title
        self.detail = detail
        self.hint = hint
