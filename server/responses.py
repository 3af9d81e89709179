"""The one shape of an error, and how each kind of exception becomes it."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from server.errors import InvalidRequest, ServerError, StorageFull
from server.ports.blobs import BlobStoreFull
from server.postgres import Unreachable


class ErrorOut(BaseModel):
    """Every answer with a status of 400 or more has this body."""

    error: str = Field(description="One sentence for people.", examples=["There is no such recording."])
    code: str = Field(description="Stable, for programs.", examples=["recording_not_found"])
    details: dict[str, Any] | list[Any] | None = None
    requestId: str = Field(description="Where to look in the server's log.")  # noqa: N815 (the name on the wire)
    retry_after: int | None = Field(default=None, description="Seconds to wait; only with 429.")


def error_response(
    status: int,
    code: str,
    sentence: str,
    *,
    request_id: str,
    details: dict[str, Any] | list[Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    body: dict[str, Any] = {"error": sentence, "code": code, "details": details, "requestId": request_id}
    if status == HTTPStatus.TOO_MANY_REQUESTS and (headers or {}).get("Retry-After", "").isdigit():
        body["retry_after"] = int((headers or {})["Retry-After"])
    return JSONResponse(body, status, headers=dict(headers or {}))


def install(app: FastAPI) -> None:
    app.add_exception_handler(ServerError, _server_error)
    app.add_exception_handler(BlobStoreFull, _storage_full)
    app.add_exception_handler(DBAPIError, _database_error)
    app.add_exception_handler(Unreachable, _database_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)


async def _server_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ServerError)  # noqa: S101 (what it is registered for)
    return error_response(
        error.status,
        error.code,
        error.sentence,
        request_id=_id(request),
        details=error.details,
        headers=error.headers,
    )


async def _storage_full(request: Request, _error: Exception) -> JSONResponse:
    return await _server_error(request, StorageFull("The server's disk is full. Free space, then try again."))


async def _database_error(request: Request, error: Exception) -> JSONResponse:
    known = of_database(error)
    if known is None:
        raise error
    return await _server_error(request, known)


def of_database(error: Exception) -> ServerError | None:
    """What to answer; None for a bug of ours.

    PostgreSQL says by the class of its code whose fault it was; SQLite's errors have none. 22: a value that
    no column takes, such as text with a NUL; 08, 53, 57, 58 and a statement that waited too long: the
    database is away or overloaded (PostgreSQL, appendix A).
    """
    said = str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")
    if said.startswith("22"):
        return InvalidRequest("The request has characters or numbers in it that cannot be kept.")
    gone = isinstance(error, Unreachable) or getattr(error, "connection_invalidated", False)
    if gone or said.startswith(("08", "53", "57", "58")) or said == "40P01":
        sentence = "The database does not answer now. Try again in a moment."
        return ServerError(sentence, status=503, code="unavailable", headers={"Retry-After": "2"})
    return None


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 (what it is registered for)
    return await _server_error(request, invalid(error.errors()))


def invalid(problems: Sequence[Any], what: str = "request") -> InvalidRequest:
    """What pydantic found wrong, in the words of this API."""
    details = [{"field": _field(one["loc"]), "problem": _problem(one)} for one in problems[:20]]
    first = details[0] if details else {"field": "", "problem": "it cannot be read"}
    where = f" ({first['field']})" if first["field"] else ""
    return InvalidRequest(f"The {what} is not valid{where}: {first['problem']}.", details=details)


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 (what it is registered for)
    code = _CODES.get(error.status_code) or HTTPStatus(error.status_code).name.lower()
    sentence = _SENTENCES.get(error.status_code) or str(error.detail)
    return error_response(error.status_code, code, sentence, request_id=_id(request), headers=error.headers)


_CODES = {400: "invalid_request", 413: "too_large"}
_SENTENCES = {
    400: "The request cannot be read.",
    404: "There is nothing at this address.",
    405: "This address does not know that method.",
}


def _id(request: Request) -> str:
    return str(getattr(request.state, "request_id", ""))


def _field(location: tuple[int | str, ...]) -> str:
    """`body.settings.frameRate`, without the position where broken JSON stopped."""
    names = [str(part) for part in location if isinstance(part, str)]
    return ".".join(names[1:]) if names[:1] == ["body"] else ".".join(names)


def _problem(error: dict[str, Any]) -> str:
    """Our own words without pydantic's prefix; what was sent is not repeated."""
    message = str(error.get("msg", "it is not valid"))
    return message.removeprefix("Value error, ").rstrip(".")
