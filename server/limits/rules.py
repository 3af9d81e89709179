"""How many requests are taken, as data: for a person, an API key, all together (specification 06 §5.1.1).

`limit` is how many are taken in any stretch of time as long as `window`: a sliding window. `burst` is how
many more than evenly spread may come at once. Spread evenly, 100 an hour are one each 36 seconds; with a
burst of 10, in any 36 seconds 10 more are taken than that one. So nobody uses up an hour's limit in a second.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from server.errors import SetupError

PREFIX = "/api/v1"
OFF = "off"
ON = "on"
# Never counted: a recorder sends twice a second for as long as it records, a player asks as often.
EXEMPT = re.compile(r"/(uploads|streams)(/.*)?")

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class Whose(StrEnum):
    """Who is counted together. The values are the names of the tables in a file of limits."""

    USER = "user_limits"
    KEY = "api_key_limits"
    ALL = "global_limits"


class WhenDown(StrEnum):
    """What is done while nobody can count: take the request, or refuse it."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Rule:
    """`endpoint` is a method and an address below `/api/v1` in which `*` is any one part, or `*` for all.

    A rule that code asks by itself (`Limits.hit`) has any other name there. `window_s` is in seconds.
    """

    endpoint: str
    window_s: int
    limit: int
    burst: int | None = None
    whose: Whose = Whose.USER
    when_down: WhenDown = WhenDown.OPEN

    def matches(self, method: str, path: str) -> bool:
        """`path` without `/api/v1`."""
        return self._pattern.fullmatch(f"{method} {path}") is not None

    @cached_property
    def at_once(self) -> tuple[int, int] | None:
        """How many in how many seconds, because of `burst`; None where that forbids nothing."""
        if self.burst is None:
            return None
        seconds = ceil(self.window_s / self.limit)
        most = self.limit * seconds // self.window_s + self.burst
        return (most, seconds) if most < self.limit and seconds < self.window_s else None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        if self.endpoint == "*":
            return re.compile(".*", re.DOTALL)
        method, _, path = self.endpoint.partition(" ")
        parts = "[^/]+".join(re.escape(part) for part in path.split("*"))
        return re.compile(f"(?:{'[A-Z]+' if method == '*' else re.escape(method)}) {parts}/?")


DEFAULT: tuple[Rule, ...] = (
    Rule("POST /recordings", window_s=3600, limit=100, burst=10, whose=Whose.USER),
    Rule("GET /recordings", window_s=60, limit=60, burst=10, whose=Whose.USER),
    Rule("POST /videos/*/share", window_s=3600, limit=1000, burst=50, whose=Whose.USER),
    Rule("*", window_s=3600, limit=10_000, burst=100, whose=Whose.KEY),
    Rule("POST /recordings", window_s=60, limit=1000, whose=Whose.ALL),
)


def rules_of(setting: str) -> tuple[Rule, ...]:
    """`on`: those of the specification; `off`: none; else the TOML file of that name. Raises SetupError."""
    if setting == ON:
        return DEFAULT
    if setting == OFF:
        return ()
    try:
        return _parse(tomllib.loads(Path(setting).read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as problem:
        raise SetupError(
            "The rate limits cannot be read",
            f"{setting}: {_said(problem)}",
            "Mend the file, or set HEDDLE_RATE_LIMITS to on or off.",
        ) from problem


def relevant(rules: Iterable[Rule], method: str, path: str) -> list[Rule]:
    """Those that count a request to `path`, an address as it was asked for."""
    if not path.startswith(f"{PREFIX}/"):
        return []
    below = path.removeprefix(PREFIX)
    if EXEMPT.fullmatch(below):
        return []
    return [rule for rule in rules if rule.matches("GET" if method == "HEAD" else method, below)]


class _RuleIn(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    endpoint: Annotated[str, Field(pattern=r"^(\*|([A-Z]+|\*) /\S*)$", max_length=200)]
    window: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,5}[smhd]$")]
    limit: Annotated[int, Field(ge=1, le=1_000_000)]
    burst: Annotated[int | None, Field(ge=0, le=1_000_000)] = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    user_limits: list[_RuleIn] = []
    api_key_limits: list[_RuleIn] = []
    global_limits: list[_RuleIn] = []


def _parse(read: dict[str, Any]) -> tuple[Rule, ...]:
    file = _File.model_validate(read)
    return tuple(
        Rule(one.endpoint, _seconds(one.window), one.limit, one.burst, whose)
        for whose in Whose
        for one in getattr(file, whose.value)
    )


def _seconds(window: str) -> int:
    return int(window[:-1]) * _UNITS[window[-1]]


def _said(problem: Exception) -> str:
    if isinstance(problem, ValidationError):
        first = problem.errors(include_url=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(problem)
