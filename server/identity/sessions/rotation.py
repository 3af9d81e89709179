"""A refresh token is good for one use. What a used one means, as a table without I/O.

Where a used token comes again, two hold it and one of them is a thief, so both lose the sign-in (RFC 9700
section 4.14.2). One case is told apart: an answer that got lost. A client that said beforehand how it will
repeat the request (`Idempotency-Key`) may do so for as long as nobody has used what the lost answer carried.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Presented(StrEnum):
    CURRENT = "current"  # never used
    UNANSWERED = "unanswered"  # the one used last, by the same request, and nothing came of it
    SPENT = "spent"  # used before, or never one of this sign-in


class Verdict(StrEnum):
    ROTATE = "rotate"
    REVOKE = "revoke"
    EXPIRED = "expired"


VERDICTS = {
    Presented.CURRENT: Verdict.ROTATE,
    Presented.UNANSWERED: Verdict.ROTATE,
    Presented.SPENT: Verdict.REVOKE,
}


@dataclass(frozen=True, slots=True)
class Family:
    """All refresh tokens of one sign-in, as far as they matter. Tokens and request keys are SHA-256."""

    current: str
    expires_at: datetime
    parent: str | None = None
    request: str | None = None
    seen: bool = False
    generation: int = 0


def judge(family: Family, token: str, request: str | None, at: datetime) -> Verdict:
    """What happens to a family when `token` is presented under the key `request`, None for no key."""
    if at >= family.expires_at:
        return Verdict.EXPIRED
    return VERDICTS[presented(family, token, request)]


def presented(family: Family, token: str, request: str | None) -> Presented:
    if token == family.current:
        return Presented.CURRENT
    repeated = request is not None and request == family.request
    if token == family.parent and repeated and not family.seen:
        return Presented.UNANSWERED
    return Presented.SPENT


def rotated(family: Family, token: str, request: str | None, successor: str, expires_at: datetime) -> Family:
    """After ROTATE: `successor` is the one to use next, whatever was handed out and never used."""
    return Family(successor, expires_at, token, request, seen=False, generation=family.generation + 1)


def used(family: Family, generation: int) -> Family:
    """After an access token of that generation was believed: the answer that carried it has arrived."""
    return replace(family, seen=True) if generation == family.generation else family
