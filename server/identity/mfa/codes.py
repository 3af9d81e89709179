"""Codes of second factors: what is made, and which ones are taken. No I/O."""

import base64
import hashlib
import secrets
from datetime import datetime

import pyotp
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from pyotp.exceptions import OTPVerificationError

ISSUER = "Heddle"
DIGITS = 6
# Codes of the 30 seconds before and after are taken too: clocks differ, and people type slowly.
WINDOW = 1
RECOVERY_CODES = 10
_GROUPS, _GROUP = 4, 4


class Seal:
    """Encrypts small secrets with the server's own key (AES-256-GCM)."""

    def __init__(self, key: str) -> None:
        self._key = OctKey.import_key(bytes.fromhex(key))

    def close(self, text: str) -> str:
        return jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, text.encode(), self._key)

    def open(self, sealed: str) -> str | None:
        """None where it was sealed with another key."""
        try:
            plaintext = jwe.decrypt_compact(sealed, self._key).plaintext
        except (JoseError, ValueError):
            return None
        return None if plaintext is None else plaintext.decode()


def new_secret() -> str:
    """160 bits in Base32, as RFC 4226 section 4 recommends."""
    return pyotp.random_base32()


def uri(secret: str, email: str) -> str:
    """What an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def step_of(secret: str, code: str, at: datetime, *, after: int) -> int | None:
    """The 30 seconds a code belongs to; None for a wrong one, and for one not newer than step `after`."""
    if len(code) != DIGITS or not code.isascii() or not code.isdigit():
        return None
    try:
        step = pyotp.TOTP(secret).verify_and_get_timecode(code, for_time=at, valid_window=WINDOW)
    except OTPVerificationError:
        return None
    return step if step > after else None


def new_recovery_codes() -> list[str]:
    """Ten of 80 bits, in groups that can be read out."""
    return [
        _grouped(base64.b32encode(secrets.token_bytes(10)).decode().lower()) for _ in range(RECOVERY_CODES)
    ]


def is_recovery_code(code: str) -> bool:
    return len(_plain(code)) == _GROUPS * _GROUP


def digest(code: str) -> str:
    """However it was typed."""
    return hashlib.sha256(_plain(code).encode("utf-8", "surrogatepass")).hexdigest()


def _plain(code: str) -> str:
    return "".join(char for char in code.lower() if char.isalnum())


def _grouped(text: str) -> str:
    return "-".join(text[at : at + _GROUP] for at in range(0, _GROUPS * _GROUP, _GROUP))
