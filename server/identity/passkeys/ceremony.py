"""What a browser is asked, and what of its answer is believed (WebAuthn Level 3, section 7). No I/O.

Passkeys here are discoverable and verify their person (by a finger, a face, a PIN): what somebody has and
what they know or are, both factors at once. Which maker an authenticator is of, nobody is asked.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import structlog
import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    options_to_json_dict,
    parse_attestation_object,
    parse_client_data_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from server.errors import Conflict, InvalidRequest

TIMEOUT_MS = 300_000
RP_NAME = "Heddle"
# Bytes of a credential's id (section 4), and of a public key: twice one of RSA with 8192 bits.
LONGEST_ID, LONGEST_KEY = 1023, 2500
ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
# A browser that is asked for no attestation hands on none, or one of the authenticator's own making.
FORMATS = (AttestationFormat.NONE, AttestationFormat.PACKED)
_VERIFIED = UserVerificationRequirement.REQUIRED
_TRANSPORTS = {one.value for one in AuthenticatorTransport}

_log = structlog.get_logger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Site:
    """What passkeys are bound to (`rp_id`, a name), and whose pages may ask for them (`origin`)."""

    rp_id: str
    origin: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What an answer says of itself, before anything of it is believed."""

    credential_hash: str
    challenge: bytes


@dataclass(frozen=True, slots=True)
class Made:
    """A new passkey; bytes are base64url."""

    credential_id: str
    credential_hash: str
    public_key: str
    sign_count: int
    aaguid: str
    transports: list[str]
    backed_up: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A passkey that was used."""

    sign_count: int
    backed_up: bool


class Disbelieved(Exception):
    """An answer that is not what it should be."""


def site_of(public_url: str, base: str) -> Site:
    """`base` is the address a request came to; it counts only where no other computer can have that name.

    Raises Conflict (`passkeys_unavailable`): browsers make passkeys for names, and over https alone.
    """
    parts = urlsplit(public_url or base)
    name, local = parts.hostname or "", _is_local(parts.hostname or "")
    if not name or _is_address(name) or not (local or (public_url and parts.scheme == "https")):
        raise Conflict(
            "Passkeys need a name and https. Whoever runs this server sets HEDDLE_PUBLIC_URL to its address, "
            "https://…; on the server's own computer, open it as http://localhost.",
            code="passkeys_unavailable",
        )
    return Site(name, f"{parts.scheme}://{parts.netloc}".lower())


def registration_options(
    site: Site,
    *,
    user_id: str,
    email: str,
    name: str,
    challenge: bytes,
    known: Sequence[tuple[str, list[str]]],
) -> dict[str, Any]:
    """For `navigator.credentials.create()`. `known` are passkeys (id, transports) not to be made twice."""
    return options_to_json_dict(
        webauthn.generate_registration_options(
            rp_id=site.rp_id,
            rp_name=RP_NAME,
            user_name=email,
            user_display_name=name,
            user_id=UUID(user_id).bytes,
            challenge=challenge,
            timeout=TIMEOUT_MS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
            ),
            exclude_credentials=[_descriptor(*one) for one in known],
            supported_pub_key_algs=ALGORITHMS,
        )
    )


def sign_in_options(site: Site, challenge: bytes) -> dict[str, Any]:
    """For `navigator.credentials.get()`. It names no passkey: the authenticator knows who it is for."""
    return options_to_json_dict(
        webauthn.generate_authentication_options(
            rp_id=site.rp_id, challenge=challenge, timeout=TIMEOUT_MS, user_verification=_VERIFIED
        )
    )


def claim_of(credential: Mapping[str, Any]) -> Claim:
    """Raises InvalidRequest for what no browser sends."""
    try:
        data = parse_client_data_json(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        return Claim(credential_hash(base64url_to_bytes(credential["rawId"])), data.challenge)
    except Exception as problem:
        raise InvalidRequest("This is no answer of a passkey.", code="passkey_refused") from problem


def check_new(site: Site, credential: dict[str, Any], challenge: bytes) -> Made:
    """Raises Disbelieved."""
    found = _believed(lambda: _verified_new(site, credential, challenge))
    if found.credential_id != base64url_to_bytes(credential["rawId"]):
        raise Disbelieved("it names another key than it holds")
    if len(found.credential_id) > LONGEST_ID or len(found.credential_public_key) > LONGEST_KEY:
        raise Disbelieved("it is too long")
    transports = [one for one in credential["response"].get("transports", []) if one in _TRANSPORTS]
    return Made(
        credential_id=bytes_to_base64url(found.credential_id),
        credential_hash=credential_hash(found.credential_id),
        public_key=bytes_to_base64url(found.credential_public_key),
        sign_count=found.sign_count,
        aaguid=found.aaguid,
        transports=transports,
        backed_up=found.credential_backed_up,
    )


def check_used(
    site: Site, credential: dict[str, Any], challenge: bytes, *, user_id: str, public_key: str
) -> Shown:
    """Raises Disbelieved. Whether the count went on is for the caller to judge, who knows the last one."""
    _check_origin(site, credential)
    found = _believed(
        lambda: webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    )
    # Section 7.2 step 6: it names its account, and that must be the one it belongs to.
    handle = credential["response"].get("userHandle") or ""
    if _believed(lambda: base64url_to_bytes(handle)) != UUID(user_id).bytes:
        raise Disbelieved("it names another account")
    return Shown(found.new_sign_count, found.credential_backed_up)


def is_copy(last: int, count: int) -> bool:
    """Whether a count says that another authenticator signs too (section 6.1.1). Some never count: 0."""
    return (last > 0 or count > 0) and count <= last


def credential_hash(credential_id: bytes) -> str:
    return hashlib.sha256(credential_id).hexdigest()


def _verified_new(site: Site, credential: dict[str, Any], challenge: bytes) -> Any:
    _check_origin(site, credential)
    attestation = base64url_to_bytes(credential["response"]["attestationObject"])
    if parse_attestation_object(attestation).fmt not in FORMATS:
        raise Disbelieved("it attests in a format nobody asked for")
    return webauthn.verify_registration_response(
        credential=credential,
        expected_challenge=challenge,
        expected_rp_id=site.rp_id,
        expected_origin=site.origin,
        require_user_verification=True,
        supported_pub_key_algs=ALGORITHMS,
    )


def _check_origin(site: Site, credential: Mapping[str, Any]) -> None:
    """In words, as it is what an administrator can mend."""
    data = _believed(
        lambda: parse_client_data_json(base64url_to_bytes(credential["response"]["clientDataJSON"]))
    )
    if data.origin != site.origin:
        raise Disbelieved(f"it was used on a page of another address; this server's is {site.origin}")
    if data.cross_origin:
        raise Disbelieved("it was used in a frame of another page")


def _believed(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except Disbelieved:
        raise
    except Exception as problem:
        # The library reads a stranger's bytes: whatever it stumbles over, the answer is no.
        _log.info("passkey_refused", problem=f"{type(problem).__name__}: {problem}"[:300])
        raise Disbelieved("it cannot be verified") from problem


def _descriptor(credential_id: str, transports: list[str]) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(
        id=base64url_to_bytes(credential_id), transports=[AuthenticatorTransport(one) for one in transports]
    )


def _is_local(name: str) -> bool:
    return name == "localhost" or name.endswith(".localhost")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
