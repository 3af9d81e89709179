"""Requests to an OpenAI-compatible `/v1/chat/completions`, over plain HTTP.

The address is the administrator's, so loopback and private networks are allowed; redirects are not followed,
as they could lead transcript and key anywhere. What failed is said in words without addresses or keys.
"""

import asyncio
import json
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import httpx
import stamina

from server.ai.analysis.analyst import LanguageModelFailed
from server.ai.analysis.llm.breaker import Breaker

ATTEMPTS = 3
_LONGEST_WAIT_S = 30.0  # that a Retry-After is obeyed
_MOST_BYTES = 1024 * 1024
_BYTES_PER_TOKEN = 3  # a careful guess for any language

Message = dict[str, str]


class Busy(LanguageModelFailed):
    """Worth another try, after `wait_s` seconds where the server said so."""

    def __init__(self, words: str, wait_s: float | None = None) -> None:
        super().__init__(words)
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and what to ask. `timeout_s` is of one request, `max_tokens` of one answer."""

    url: str
    model: str
    api_key: str = ""
    timeout_s: float = 60.0
    max_tokens: int = 2048


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as it went. Tokens are the server's count, or a guess where it gave none."""

    prompt_tokens: int
    completion_tokens: int
    duration_ms: int
    outcome: str


@dataclass(frozen=True, slots=True)
class _Reply:
    text: str
    cut: bool
    call: Call


def completions_url(url: str) -> str:
    """The address of chat completions: of the server, of its `/v1`, or the whole of it."""
    url = url.rstrip("/")
    if url.endswith("/chat/completions"):
        return url
    return f"{url}/chat/completions" if url.endswith("/v1") else f"{url}/v1/chat/completions"


def tokens_of(text: str) -> int:
    """A guess, rather too high."""
    return len(text.encode()) // _BYTES_PER_TOKEN + 1


class Chat:
    """Answers of one endpoint. `may_ask` raises LanguageModelFailed when a request of so many tokens is over
    the budget; `record` hears of every request."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        may_ask: Callable[[int], Awaitable[None]],
        record: Callable[[Call], Awaitable[None]],
        breaker: Breaker | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._may_ask = may_ask
        self._record = record
        self._breaker = breaker or Breaker()
        self._with_schema = True

    async def ask(self, messages: list[Message], schema: dict[str, Any]) -> dict[str, Any]:
        """The answer as a JSON object. Raises LanguageModelFailed after all tries."""
        size = sum(tokens_of(message["content"]) for message in messages)
        async for attempt in stamina.retry_context(
            on=_wait, attempts=ATTEMPTS, timeout=None, wait_initial=1.0, wait_max=_LONGEST_WAIT_S
        ):
            with attempt:
                if self._breaker.open:
                    raise LanguageModelFailed(
                        "It failed several times in a row and is left alone for a minute."
                    )
                await self._may_ask(size + self._endpoint.max_tokens)
                return await self._once(messages, schema, size)
        raise AssertionError  # stamina returns or raises

    async def _once(self, messages: list[Message], schema: dict[str, Any], size: int) -> dict[str, Any]:
        begun = time.monotonic()
        try:
            try:
                reply = await self._post(messages, schema, size)
            except _NoSchema:
                # Servers that know no schema get it in words alone, from now on.
                self._with_schema = False
                reply = await self._post(messages, schema, size)
        except LanguageModelFailed as failure:
            self._breaker.failed()
            # A request that was given up may have been answered, and cost, all the same.
            spent = size if isinstance(failure, _TimedOut) else 0
            await self._record(Call(spent, 0, _ms(begun), str(failure)[:100]))
            raise
        answer = None if reply.cut else _object(reply.text)
        if answer is not None:
            await self._record(reply.call)
            self._breaker.succeeded()
            return answer
        self._breaker.failed()
        wrong: LanguageModelFailed = Busy("Its answer was not the JSON that was asked for.")
        if reply.cut:
            wrong = LanguageModelFailed("Its answer was cut off (HEDDLE_LLM_MAX_TOKENS).")
        await self._record(replace(reply.call, outcome=str(wrong)[:100]))
        raise wrong

    async def _post(self, messages: list[Message], schema: dict[str, Any], size: int) -> _Reply:
        begun = time.monotonic()
        body: dict[str, Any] = {
            "model": self._endpoint.model,
            "messages": messages,
            "max_tokens": self._endpoint.max_tokens,
            "temperature": 0,
            "stream": False,
        }
        if self._with_schema:
            shape = {"name": "analysis", "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": shape}
        status, headers, data = await self._send(body)
        if status == 400 and self._with_schema and b"response_format" in data:
            raise _NoSchema
        _check(status, headers)
        try:
            answer = json.loads(data)
            choice = answer["choices"][0]
            text, finish = choice["message"]["content"], choice.get("finish_reason")
            if not isinstance(text, str):
                raise TypeError("no text")
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise Busy("It did not answer in the form of a chat completion.") from None
        usage = answer.get("usage")
        used = usage if isinstance(usage, dict) else {}
        return _Reply(
            text,
            finish == "length",
            Call(
                _count(used.get("prompt_tokens"), size),
                _count(used.get("completion_tokens"), tokens_of(text)),
                _ms(begun),
                "ok",
            ),
        )

    async def _send(self, body: dict[str, Any]) -> tuple[int, httpx.Headers, bytes]:
        """Within the time-out as a whole, however slowly the answer drips; of bounded size."""
        end = self._endpoint
        headers = {"Authorization": f"Bearer {end.api_key}"} if end.api_key else {}
        try:
            async with (
                asyncio.timeout(end.timeout_s),
                httpx.AsyncClient(
                    verify=_tls(), timeout=end.timeout_s, follow_redirects=False, trust_env=False
                ) as client,
                client.stream("POST", completions_url(end.url), json=body, headers=headers) as response,
            ):
                data = b""
                async for piece in response.aiter_bytes():
                    data += piece
                    if len(data) > _MOST_BYTES:
                        raise LanguageModelFailed("Its answer was too large.")
                return response.status_code, response.headers, data
        except (TimeoutError, httpx.TimeoutException):
            raise _TimedOut(f"It did not answer within {end.timeout_s:g} s (HEDDLE_LLM_TIMEOUT_S).") from None
        except httpx.HTTPError:
            raise Busy("It could not be reached, or the connection broke (HEDDLE_LLM_URL).") from None


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """Made once: reading the certificates takes longer than many a request."""
    return httpx.create_ssl_context(trust_env=False)


class _TimedOut(Busy):
    """No answer in time."""


class _NoSchema(Exception):
    """The server does not know `response_format`."""


def _check(status: int, headers: httpx.Headers) -> None:
    """Raises for anything but success."""
    if status == 429:
        raise Busy("It takes no more requests now (429).", _retry_after(headers))
    if status >= 500 or status == 408:
        raise Busy(f"It failed ({status}).", _retry_after(headers))
    if 300 <= status < 400:
        raise LanguageModelFailed("It answered with a redirect, which is not followed (HEDDLE_LLM_URL).")
    if status in (401, 403):
        raise LanguageModelFailed(f"It refused the key ({status}, HEDDLE_LLM_API_KEY).")
    if status == 404:
        raise LanguageModelFailed("It knows no such address or model (HEDDLE_LLM_URL, HEDDLE_LLM_MODEL).")
    if status != 200:
        raise LanguageModelFailed(f"It refused the request ({status}).")


def _wait(error: Exception) -> bool | float:
    """For stamina: whether to try again, or the seconds to wait before it."""
    if not isinstance(error, Busy):
        return False
    return True if error.wait_s is None else error.wait_s


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds (RFC 9110, 10.2.3); a date is not worth its parsing here."""
    value = headers.get("retry-after", "")
    return min(_LONGEST_WAIT_S, float(value)) if value.isascii() and value.isdigit() else None


def _object(text: str) -> dict[str, Any] | None:
    """The JSON object in a text; models like to put it into a code fence."""
    first, last = text.find("{"), text.rfind("}")
    try:
        found = json.loads(text[first : last + 1])
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _count(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) and 0 <= value < 10**8 else otherwise


def _ms(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
