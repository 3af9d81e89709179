"""An authenticator in software: makes passkeys (ES256, no attestation) and signs with them as a browser has
it do.

What a good one never does is a switch here: another page's address, no verification, a count that stands
still.
"""

import copy
import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any, Self

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

# WebAuthn Level 3 section 6.1: what the byte of flags says.
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Kept:
    """A passkey in the authenticator."""

    id: bytes
    rp_id: str
    handle: bytes
    key: ec.EllipticCurvePrivateKey
    count: int = 0


@dataclass
class Authenticator:
    """`origin` is the page that the browser says it shows."""

    origin: str
    flags: int = PRESENT | VERIFIED
    counts: bool = True
    rp_id: str | None = None
    kept: list[Kept] = field(default_factory=list)

    def create(self, options: dict[str, Any], **client_data: Any) -> dict[str, Any]:
        """As `navigator.credentials.create()`; `client_data` overrides what the browser says."""
        known = {unpadded(one["id"]) for one in options["excludeCredentials"]}
        assert not known & {one.id for one in self.kept}, "this authenticator has a passkey already"
        made = Kept(
            secrets.token_bytes(32),
            self.rp_id or options["rp"]["id"],
            unpadded(options["user"]["id"]),
            ec.generate_private_key(ec.SECP256R1()),
        )
        self.kept.append(made)
        data = self._data(made, self.flags | ATTESTED) + bytes(16)
        data += len(made.id).to_bytes(2, "big") + made.id + _cose(made.key)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return _credential(
            made,
            clientDataJSON=self._client_data("webauthn.create", options, client_data),
            attestationObject=attestation,
        ) | {"authenticatorAttachment": "platform", "clientExtensionResults": {}}

    def get(self, options: dict[str, Any], **client_data: Any) -> dict[str, Any]:
        """As `navigator.credentials.get()`, with the passkey made last for that name."""
        rp_id = self.rp_id or options["rpId"]
        used = [one for one in self.kept if one.rp_id == rp_id][-1]
        used.count += self.counts
        data = self._data(used, self.flags)
        said = self._client_data("webauthn.get", options, client_data)
        signed = used.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return _credential(
            used, clientDataJSON=said, authenticatorData=data, signature=signed, userHandle=used.handle
        )

    def cloned(self) -> Self:
        """Another that holds the same keys, which no good authenticator gives away."""
        kept = [Kept(one.id, one.rp_id, one.handle, one.key, one.count) for one in self.kept]
        clone = copy.copy(self)
        clone.kept = kept
        return clone

    def _client_data(self, kind: str, options: dict[str, Any], over: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said | over).encode()

    def _data(self, one: Kept, flags: int) -> bytes:
        return hashlib.sha256(one.rp_id.encode()).digest() + bytes([flags]) + one.count.to_bytes(4, "big")


def unpadded(text: str) -> bytes:
    """Base64url, with its padding or without."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _credential(one: Kept, **response: bytes) -> dict[str, Any]:
    said = {name: _text(value) for name, value in response.items()}
    return {"id": _text(one.id), "rawId": _text(one.id), "type": "public-key", "response": said}


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")


def _cose(key: ec.EllipticCurvePrivateKey) -> bytes:
    """RFC 9053 section 7.1.1: key type EC2, algorithm ES256, curve P-256, x, y."""
    point = key.public_key().public_numbers()
    x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
    return bytes(cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y}))
