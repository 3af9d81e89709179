"""`Idempotency-Key`: a request that is sent twice is done once and answered twice, the same way.

One place for every POST (draft-ietf-httpapi-idempotency-key-header). `once` is called where it is known who
asks, and notes the key before anything happens; `KeepAnswers`, the innermost middleware, keeps what the
request is answered with before the answer leaves. So whatever breaks in between, nothing is made twice: a key
whose answer was never kept is refused from then on. What was refused did not use its key.

An answer can hold what is shown only once, such as an API key. It is sealed with the key that came with the
request, of which the database has a digest only: neither the database nor the server's secret opens it.
"""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import structlog
from fastapi import FastAPI
from joserfc import jwe
from joserfc.jwk import OctKey
from sqlalchemy import ColumnElement, String, Text, UniqueConstraint, and_, delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.db import Base, Database, Id, Moment, new_id, now
from server.errors import InvalidRequest, ServerError

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT = timedelta(hours=24)
# Long enough that nobody guesses the key of somebody else; a UUID has 36 characters.
_KEY = re.compile(r"[\x21-\x7e]{16,255}")
# tus has offsets, events of players have ids, and a GraphQL request may only ask.
ELSEWHERE = ("/api/v1/uploads", "/api/v1/analytics/events", "/graphql")

_log = structlog.get_logger(__name__)


class IdempotencyRow(Base):
    """One key of one caller for one route. Digests alone: a key may be all that protects an answer."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("caller", "key_hash"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    caller: Mapped[str] = mapped_column(String(64))
    key_hash: Mapped[str] = mapped_column(String(64))
    request_hash: Mapped[str] = mapped_column(String(64))
    # Sealed; null while the request is worked on, and for ever if that never came to an end.
    answer: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)


class KeyReused(ServerError):
    """The key came with another body before."""

    status, code = 422, "idempotency_key_reused"


class InProgress(ServerError):
    """The first request with the key has no answer (yet)."""

    status, code = 409, "idempotency_in_progress"


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that shall count once: digests of who sent it where, of its key and of what it says."""

    caller: str
    key_hash: str
    request_hash: str
    seal: bytes

    @classmethod
    def of(cls, caller: str, place: str, key: str, body: bytes, secret: str) -> "Claim":
        """`place` is method and path, `secret` the server's."""
        return cls(
            caller=_digest(caller, place),
            key_hash=_digest(key),
            request_hash=hashlib.sha256(body).hexdigest(),
            seal=hmac.digest(bytes.fromhex(secret), f"answer\0{key}".encode(), "sha256"),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered with."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def sealed(self, claim: Claim) -> str:
        told = {"status": self.status, "headers": self.headers, "body": base64.b64encode(self.body).decode()}
        return jwe.encrypt_compact(_SEALING, json.dumps(told).encode(), OctKey.import_key(claim.seal))

    @classmethod
    def unsealed(cls, sealed: str, claim: Claim) -> "Answer":
        told = json.loads(jwe.decrypt_compact(sealed, OctKey.import_key(claim.seal)).plaintext or b"")
        headers = [(name, value) for name, value in told["headers"]]
        return cls(told["status"], headers, base64.b64decode(told["body"]))


_SEALING = {"alg": "dir", "enc": "A256GCM"}


class Replayed(Exception):
    """No error: the way a dependency answers in place of its route."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def takes_key(method: str, path: str) -> bool:
    """Whether requests there may carry a key."""
    return method.upper() == "POST" and not path.startswith(ELSEWHERE)


async def once(request: Request, caller: str) -> None:
    """Call it when it is known that `caller` may ask, before anything is done; again does no harm.

    Raises InvalidRequest, KeyReused, InProgress, and Replayed with the answer that was given before.
    """
    key, path = request.headers.get(HEADER), request.scope["path"]
    if key is None or not takes_key(request.method, path) or hasattr(request.state, "once"):
        return
    if not _KEY.fullmatch(key):
        raise InvalidRequest(
            "The Idempotency-Key is not valid: it has 16 to 255 visible characters, such as a new UUID."
        )
    secret = request.app.state.services.secrets.seal_key
    claim = Claim.of(caller, f"{request.method} {path}", key, await request.body(), secret)
    known = await begin(_database(request), claim)
    if known is not None:
        raise Replayed(known)
    request.state.once = claim


async def begin(db: Database, claim: Claim) -> Answer | None:
    """Notes the claim; the answer if the request was answered before. Raises KeyReused, InProgress."""
    async with db.write(claim.key_hash) as session:
        await session.execute(delete(IdempotencyRow).where(IdempotencyRow.created_at < now() - KEPT))
        query = select(IdempotencyRow).where(_named(claim))
        known = (await session.scalars(query)).one_or_none()
        if known is None:
            session.add(
                IdempotencyRow(caller=claim.caller, key_hash=claim.key_hash, request_hash=claim.request_hash)
            )
            return None
    if known.request_hash != claim.request_hash:
        raise KeyReused("This Idempotency-Key was sent with another request before: use a new one for each.")
    if known.answer is None:
        raise InProgress(
            "The first request with this Idempotency-Key has no answer yet: ask again in a moment. If it "
            "stays so, its answer was lost: look whether it was done, and use a new key.",
            headers={"Retry-After": "1"},
        )
    return Answer.unsealed(known.answer, claim)


async def end(db: Database, claim: Claim, answer: Answer | None) -> None:
    """Keeps the answer; without one the key is free again."""
    async with db.write(claim.key_hash) as session:
        if answer is None:
            await session.execute(delete(IdempotencyRow).where(_named(claim)))
        else:
            sealed = answer.sealed(claim)
            await session.execute(update(IdempotencyRow).where(_named(claim)).values(answer=sealed))


class KeepAnswers:
    """Keeps the answers to requests that `once` has noted."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not any(name == b"idempotency-key" for name, _ in scope["headers"]):
            await self._app(scope, receive, send)
            return
        # An exception leaves the key noted and unanswered: nobody knows how far the request came.
        await self._app(scope, receive, _Held(scope, send))


class _Held:
    """Holds an answer back until it is kept."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        claim: Claim | None = self._scope["state"].get("once")
        if claim is None:
            await self._send(message)
        elif message["type"] == "http.response.start":
            self._start = message
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._keep(claim)
                await self._send(self._start)
                await self._send({"type": "http.response.body", "body": self._body})

    async def _keep(self, claim: Claim) -> None:
        """Of a refusal nothing: what it was for may be mended, and the request sent again."""
        status = self._start["status"]
        headers = [(name.decode(), value.decode("latin-1")) for name, value in self._start["headers"]]
        answer = Answer(status, headers, self._body) if status < HTTPStatus.BAD_REQUEST else None
        try:
            await end(_database(HTTPConnection(self._scope)), claim, answer)
        except SQLAlchemyError:  # what was done is done: its answer goes out, and the key stays refused
            _log.exception("answer_not_kept")


def install(app: FastAPI) -> None:
    """To be called before any other middleware is added: what these write is of one request alone."""
    app.add_exception_handler(Replayed, _replay)
    app.add_middleware(KeepAnswers)


async def _replay(_request: Request, replayed: Exception) -> Response:
    assert isinstance(replayed, Replayed)  # noqa: S101 (what it is registered for)
    answer = replayed.answer
    return Response(answer.body, answer.status, {**dict(answer.headers), REPLAYED: "true"})


def _named(claim: Claim) -> ColumnElement[bool]:
    return and_(IdempotencyRow.caller == claim.caller, IdempotencyRow.key_hash == claim.key_hash)


def _database(connection: HTTPConnection) -> Database:
    db: Database = connection.app.state.services.db
    return db


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
