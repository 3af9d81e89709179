"""Which passwords will do: long ones that are neither common nor made of what everybody knows of the person.

A rule of length and a list say more than rules of character classes, which people meet with `Password1!`
(NIST SP 800-63B-4 section 3.1.1.2).
"""

import re

from server.errors import InvalidRequest
from server.identity.common import COMMON

MIN_LENGTH = 12
# Enough for any phrase, and not enough to keep a hash busy.
MAX_LENGTH = 1024
FEWEST_CHARACTERS = 5
# Of a very long one the beginning is judged.
LOOKED_AT = 64
SHORTEST_NAME = 4
SHORTEST_RUN = 4
# What may be left when all that is guessable was taken out.
FEWEST_UNGUESSABLE = 5

_ROWS = (
    *(
        "abcdefghijklmnopqrstuvwxyz",
        "01234567890",
        "qwertyuiop",
        "asdfghjkl",
        "zxcvbnm",
        "qwertzuiop",
        "yxcvbnm",
    ),
    *("1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0"),
)
_ENDS = re.compile(r"^[!-@\[-`{-~]+|[!-@\[-`{-~]+$")  # ASCII digits and punctuation
_LEET = str.maketrans("013457@$!", "oieastasi")


def check(password: str, *, email: str = "", name: str = "") -> None:
    """Raises InvalidRequest with code `weak_password` and a sentence that says what is wrong."""
    problem = weakness(password, email=email, name=name)
    if problem:
        raise InvalidRequest(f"This password will not do: {problem}.", code="weak_password")


def weakness(password: str, *, email: str = "", name: str = "") -> str | None:
    """Why a password is refused; None for one that will do."""
    if len(password) < MIN_LENGTH:
        return f"it is too short, use at least {MIN_LENGTH} characters"
    if len(password) > MAX_LENGTH:
        return f"it is too long, use at most {MAX_LENGTH} characters"
    if len(set(password)) < FEWEST_CHARACTERS:
        return "it repeats very few characters"
    if any(part in password.lower() for part in _personal(email, name)):
        return "it contains your name or e-mail address"
    if _unguessable(password) < FEWEST_UNGUESSABLE:
        return "it is made of common words, numbers in a row or repetitions"
    return None


def _personal(email: str, name: str) -> list[str]:
    words = re.split(r"[^\w]+|_", f"{email.partition('@')[0]} {name}".lower())
    return [word for word in words if len(word) >= SHORTEST_NAME]


def _unguessable(password: str) -> int:
    """Characters that are left without common words, runs on a keyboard and repetitions."""
    folded = password.lower()[:LOOKED_AT]
    for text in (folded, _ENDS.sub("", folded).translate(_LEET)):
        left = _without_repetition(_without_runs(_without_common(text)))
        if len(left) < FEWEST_UNGUESSABLE:
            return len(left)
    return FEWEST_UNGUESSABLE


def _without_common(text: str) -> str:
    for word in COMMON:  # the longest first
        text = text.replace(word, "")
    return text


def _without_runs(text: str) -> str:
    kept = ""
    while text:
        length = _run(text)
        kept, text = (kept, text[length:]) if length >= SHORTEST_RUN else (kept + text[0], text[1:])
    return kept


def _run(text: str) -> int:
    """How far `text` begins with neighbours of a row, in either direction."""
    longest = 0
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        start = row.find(text[0])
        length = 0
        while (
            start >= 0
            and text[length : length + 1]
            and row[start + length : start + length + 1] == text[length]
        ):
            length += 1
        longest = max(longest, length)
    return longest


def _without_repetition(text: str) -> str:
    """`abcabcabc` is `abc`."""
    return re.sub(r"(.+?)\1+", r"\1", text, flags=re.DOTALL)
