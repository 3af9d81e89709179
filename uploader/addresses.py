"""Addresses of servers, as people type them. Light to import: a recording starts with it."""

from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def full_address(text: str) -> str:
    """What a person types as an address, with its scheme: https but for this computer itself."""
    text = text.strip().rstrip("/")
    if not text or "://" in text:
        return text
    try:
        host = urlsplit(f"//{text}").hostname
    except ValueError:  # "[" and the like: whoever asks there says what is wrong
        host = None
    return f"http://{text}" if host in LOOPBACK else f"https://{text}"
