"""Takes out of a text what nobody else needs to know: secrets, names, addresses, paths, links. No I/O.

What is known to be private is taken out word for word, longest first; what only looks like it, by its form.
Rather too much than too little: whoever reads a report needs to know what failed, not for whom.
"""

import re
from collections.abc import Iterable, Mapping
from ipaddress import IPv6Address
from pathlib import Path
from urllib.parse import urlsplit

_SHORTEST = 3  # of a private word: shorter ones are in everything
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})

_SECRET_FIELD = re.compile(
    r"(?i)([\"']?\b(?:[\w-]*(?:token|secret|password|passwd|api[_-]?key|authorization|cookie|verifier)[\w-]*)"
    r"[\"']?\s*[:=]\s*)(?:bearer\s+)?[\"']?[^\s\"',;&}]+[\"']?"
)
_BEARER = re.compile(r"(?i)\bbearer\s+\S+")
_JWT = re.compile(r"\beyJ[\w-]{6,}(?:\.[\w-]+){0,2}")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
_URL = re.compile(r"\b(https?|wss?|heddle)://[^\s\"'<>)\]}]+")
_ADDRESS = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")
_ADDRESS_6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:.])")
# Of what lies in somebody's home, only the names of programs are of use.
_IN_HOME = re.compile(
    r"(?:<home>|/(?:home|Users)/[^/\s\"']+|[A-Za-z]:\\Users\\[^\\\s\"']+)([/\\][^\s\"'<>|:,;)]*)?"
)
_UUID = re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b")
# Long runs of letters and digits mixed: keys, digests, slugs of tickets.
_RANDOM = re.compile(r"(?<![\w/-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{28,}(?![\w-])")
_MEDIA = re.compile(
    r"[^/\\\n\"'<>|:]*\.(?:mp4|mov|mkv|webm|avi|wav|m4a|flac|vtt|srt|png|jpe?g|onnx)\b(\.[\w.]+)?",
    re.IGNORECASE,
)
_WORD = re.compile(
    r"(?:v\d+|api|auth|authorize|code|control|device|health|live|login|me|oauth|ready|recordings|refresh|s|share"
    r"|streams|token|transcript|uploads|ws)?"
)


class Mask:
    """`private` are words that are taken out wherever they stand, `folders` are named instead of spelled."""

    def __init__(self, private: Iterable[str] = (), folders: Mapping[str, Path] | None = None) -> None:
        self._private = sorted({one for one in private if len(one) >= _SHORTEST}, key=len, reverse=True)
        self._folders = sorted(
            ((str(path), f"<{name}>") for name, path in (folders or {}).items()),
            key=lambda one: len(one[0]),
            reverse=True,
        )

    def __call__(self, text: str) -> str:
        """The text without them."""
        text = _URL.sub(lambda found: _url(found[0]), text)
        for path, name in self._folders:
            text = text.replace(path, name)
        for word in self._private:
            text = re.sub(re.escape(word), "<private>", text, flags=re.IGNORECASE)
        text = _IN_HOME.sub(lambda found: f"<home>{_tail(found[1] or '')}", text)
        text = _SECRET_FIELD.sub(r"\1<secret>", text)
        text = _BEARER.sub("Bearer <secret>", text)
        text = _JWT.sub("<secret>", text)
        text = _EMAIL.sub("<e-mail>", text)
        text = _MEDIA.sub(lambda found: f"{_space(found[0])}<file>{found[1] or ''}", text)
        text = _ADDRESS.sub(lambda found: found[0] if found[0] in _LOCAL else "<address>", text)
        text = _ADDRESS_6.sub(lambda found: "<address>" if _is_foreign(found[0]) else found[0], text)
        text = _UUID.sub("<id>", text)
        return _RANDOM.sub("<long>", text)


def _url(url: str) -> str:
    """What is asked of a server, without which one, for whom, and with what."""
    try:
        parts = urlsplit(url)
        local = parts.hostname in _LOCAL
        port = f":{parts.port}" if local and parts.port else ""
    except ValueError:
        return "<address>"
    host = f"{parts.hostname}{port}" if local else "<server>"
    path = "/".join(_part(one) for one in parts.path.split("/"))
    return f"{parts.scheme}://{host}{path}{'?…' if parts.query else ''}"


def _part(part: str) -> str:
    """Words of the API stay; ids, slugs, tickets and names go."""
    return part if _WORD.fullmatch(part) else "…"


def _tail(path: str) -> str:
    return path if not path or path.endswith(".py") else "/…"


def _is_foreign(text: str) -> bool:
    """Whether it is an address of another computer, and no time of day."""
    try:
        return not IPv6Address(text).is_loopback
    except ValueError:
        return False


def _space(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]
