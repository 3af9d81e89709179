"""What a program may ask for, by the rules of OAuth 2.0 for native apps. No I/O.

RFC 6749 (the code), RFC 7636 (PKCE), RFC 8252 (loopback addresses), RFC 8628 (device codes).
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from server.errors import InvalidRequest

# Heddle's own programs: public clients, which can keep no secret, so PKCE is what binds a code to its asker.
CLIENT_ID = "heddle"
LONGEST_STATE = 500
LONGEST_NAME = 100
# Without vowels and what looks alike: no words come out, and it can be read over the telephone.
ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_LOOPBACK = ("127.0.0.1", "[::1]")


class OAuthError(Exception):
    """Answered as RFC 6749 section 5.2 says: `error` is one of its words."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A program waits on a loopback address for a code."""

    redirect_uri: str
    challenge: str
    state: str
    device_name: str

    @classmethod
    def parse(cls, sent: Mapping[str, str]) -> "AuthorizationRequest":
        """Raises InvalidRequest. Nothing is sent to an address that was not checked."""
        if sent.get("client_id") != CLIENT_ID or sent.get("response_type") != "code":
            raise InvalidRequest(f"`client_id` must be {CLIENT_ID} and `response_type` code.")
        if not is_loopback(sent.get("redirect_uri", "")):
            raise InvalidRequest("`redirect_uri` must be http://127.0.0.1:PORT/… or http://[::1]:PORT/….")
        if sent.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(
            sent.get("code_challenge", "")
        ):
            raise InvalidRequest("`code_challenge` must be of the method S256 (RFC 7636).")
        if len(sent.get("state", "")) > LONGEST_STATE:
            raise InvalidRequest(f"`state` may have {LONGEST_STATE} characters.")
        name = sent.get("device_name", "")[:LONGEST_NAME]
        return cls(sent["redirect_uri"], sent["code_challenge"], sent.get("state", ""), name)

    def fields(self) -> dict[str, str]:
        """As it was asked, for the page's form."""
        return {
            "client_id": CLIENT_ID,
            "response_type": "code",
            "redirect_uri": self.redirect_uri,
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
            "state": self.state,
            "device_name": self.device_name,
        }

    @property
    def origin(self) -> str:
        return f"http://{urlsplit(self.redirect_uri).netloc}"

    def answer(self, **sent: str) -> str:
        """The address that the browser goes to next; `iss` tells which server answers (RFC 9207)."""
        separator = "&" if urlsplit(self.redirect_uri).query else "?"
        state = {"state": self.state} if self.state else {}
        return f"{self.redirect_uri}{separator}{urlencode({**sent, **state})}"


def is_loopback(address: str) -> bool:
    """Whether it leads to a program on the same computer, and nowhere else."""
    if (
        len(address) > 200
        or not address.isascii()
        or any(char.isspace() or char in "\\\"'<>;" for char in address)
    ):
        return False
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "http"
        and parts.netloc in {f"{host}:{port}" for host in _LOOPBACK}
        and bool(port)
        and not parts.fragment
    )


def matches(verifier: str, challenge: str | None) -> bool:
    """RFC 7636 section 4.6."""
    if challenge is None or not _VERIFIER.fullmatch(verifier):
        return False
    return secrets.compare_digest(challenge_of(verifier), challenge)


def challenge_of(verifier: str) -> str:
    """RFC 7636 section 4.2, S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def new_user_code() -> str:
    """Eight letters, 34 bits, as `BDFG-HJKL`."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def plain(user_code: str) -> str:
    """However it was typed."""
    return "".join(char for char in user_code.upper() if char in ALPHABET)
