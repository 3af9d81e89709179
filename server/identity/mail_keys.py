"""Keys that travel in mails: random, kept as their SHA-256 only."""

import hashlib
import secrets


def new_key() -> tuple[str, str]:
    """What goes into the mail, and what is kept of it."""
    key = secrets.token_urlsafe(32)
    return key, digest(key)


def digest(key: str) -> str:
    # A fast hash is right here: 256 random bits cannot be guessed from their digest.
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
