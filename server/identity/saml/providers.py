"""Identity providers of SAML 2.0, which the administrator lists in a file."""

import base64
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Annotated, NamedTuple, Self

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from pydantic import Field, TypeAdapter, field_validator, model_validator

from server.errors import SetupError
from server.identity import sso
from server.identity.oidc.providers import Provider, ProviderIn, broken, is_secure, read

SETTING = "HEDDLE_SAML"
SMALLEST_RSA = 2048
# A federation's metadata lists hundreds of providers.
LARGEST_METADATA = 8 * 1024 * 1024
# Longer ones would not fit beside the prefix that keeps issuers of SAML apart from those of OpenID Connect.
LONGEST_ENTITY_ID = 250
_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
# What directories call an address and a name, where the file does not say.
EMAILS = ("email", "mail", "urn:oid:0.9.2342.19200300.100.1.3", f"{_CLAIMS}emailaddress")
NAMES = (
    "displayName",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "name",
    "cn",
    "urn:oid:2.5.4.3",
    f"{_CLAIMS}name",
)


class Described(NamedTuple):
    """What a provider is; `logout_answer_url` where its answers shall go elsewhere than its requests."""

    entity_id: str
    sso_url: str
    certificates: list[str]
    logout_url: str | None = None
    logout_answer_url: str | None = None


@dataclass(frozen=True, slots=True)
class OurKey:
    """Both PEM: an RSA key that reads what is encrypted for us and signs what we say, and its certificate."""

    private: str = field(repr=False)
    certificate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlProvider(Provider):
    """`certificates` are PEM: whoever has the key of one speaks for the provider, whatever its dates say.

    `subject` is the attribute that names somebody for ever, None for the NameID. With `unasked` it may send
    people who have not begun here.
    """

    entity_id: str
    sso_url: str
    certificates: tuple[str, ...]
    subject: str | None = None
    emails: tuple[str, ...] = EMAILS
    names: tuple[str, ...] = NAMES
    unasked: bool = False
    ours: OurKey | None = None
    logout_url: str | None = None
    logout_answer_url: str | None = None

    @property
    def private_key(self) -> str | None:
        return None if self.ours is None else self.ours.private

    @property
    def has_logout(self) -> bool:
        """Nobody takes a request to sign somebody out that is not signed."""
        return self.ours is not None and self.logout_url is not None

    @property
    def start_path(self) -> str:
        return f"/saml/{self.id}/login"

    @property
    def cookie_path(self) -> str:
        return "/saml"

    @property
    def issuer(self) -> str:
        """One server can be both kinds under one name, and mean different people by one subject."""
        return f"saml:{self.entity_id}"


def load(path: Path | None, public_url: str) -> tuple[SamlProvider, ...]:
    """In the order of the file; none without one. Blocking. Raises SetupError.

    What we are called there follows from `public_url`, never from the host that a request asks for: whoever
    runs another server at the same provider could bring here what was said to theirs.
    """
    if path is not None and (trouble := sso.trouble()):
        raise SetupError(
            "Nobody can sign in by SAML here",
            f"{SETTING} is set, and {trouble}",
            f"{sso.HINT}, or leave the setting out.",
        )
    if path is not None and not public_url:
        raise SetupError(
            "Nobody can sign in by SAML here",
            f"{SETTING} is set, and the server does not know its own address",
            "Set HEDDLE_PUBLIC_URL too: what providers say is meant for that address alone.",
        )
    found = []
    for name, one in read(path, _FILE, SETTING).items():
        assert path is not None  # noqa: S101 (or there were none)
        try:
            found.append(one.provider(name, path.parent))
        except (OSError, ValueError) as problem:
            raise broken(path, f"[{name}]: {problem}", SETTING) from problem
    return tuple(found)


class _SamlIn(ProviderIn):
    # The provider's metadata: a file beside this one, or the XML itself.
    metadata: str | None = None
    entity_id: Annotated[str | None, Field(min_length=1, max_length=LONGEST_ENTITY_ID)] = None
    sso_url: str | None = None
    certificates: tuple[str, ...] = ()
    subject_attribute: str | None = None
    email_attribute: str | None = None
    name_attribute: str | None = None
    idp_initiated: bool = False
    slo_url: str | None = None
    # A file beside this one, or PEM.
    our_key: str | None = None
    our_certificate: str | None = None

    @field_validator("sso_url", "slo_url")
    @classmethod
    def _secure(cls, value: str | None) -> str | None:
        if value is not None and not is_secure(value):
            raise ValueError("must begin with https:// (http:// only for this computer)")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        by_hand = self.entity_id and self.sso_url and self.certificates
        if not (by_hand or self.metadata):
            raise ValueError("needs metadata, or entity_id, sso_url and certificates")
        if self.metadata and (self.sso_url or self.slo_url or self.certificates):
            raise ValueError("sso_url, slo_url and certificates stand in the metadata: leave one of them out")
        if (self.our_key is None) != (self.our_certificate is None):
            raise ValueError("our_key and our_certificate belong together")
        if self.accounts == "create" and not self.email_domains:
            raise ValueError('accounts = "create" needs email_domains: SAML does not say what was verified')
        return self

    def provider(self, id_: str, folder: Path) -> SamlProvider:
        """Blocking. Raises OSError, ValueError."""
        found = self._described(folder)
        for url in (found.sso_url, found.logout_url, found.logout_answer_url):
            if url is not None and not is_secure(url):
                raise ValueError("its addresses for sign-ins and sign-outs must begin with https://")
        return SamlProvider(
            id=id_,
            name=self.name,
            email_domains=self.domains,
            accounts=self.accounts,
            link_by_email=self.link_by_email,
            # Nothing in SAML says whether an address was verified: that is what the domains are for.
            trust_email=bool(self.domains),
            entity_id=found.entity_id,
            sso_url=found.sso_url,
            certificates=tuple(_pem(one) for one in found.certificates),
            subject=self.subject_attribute,
            emails=(self.email_attribute,) if self.email_attribute else EMAILS,
            names=(self.name_attribute,) if self.name_attribute else NAMES,
            unasked=self.idp_initiated,
            ours=self._ours(folder),
            logout_url=found.logout_url,
            logout_answer_url=found.logout_answer_url,
        )

    def _ours(self, folder: Path) -> OurKey | None:
        if self.our_key is None or self.our_certificate is None:
            return None
        texts = (_text_or_file(one, "-----BEGIN", folder) for one in (self.our_key, self.our_certificate))
        return _our_key(*texts)

    def _described(self, folder: Path) -> Described:
        if self.metadata is None:
            given = [_text_or_file(one, "-----BEGIN", folder) for one in self.certificates]
            return Described(self.entity_id or "", self.sso_url or "", given, self.slo_url)
        # The extra is there by now: `load` has looked.
        read_metadata = import_module("server.identity.saml.metadata").described
        found: Described = read_metadata(_text_or_file(self.metadata, "<", folder), self.entity_id)
        return found


_FILE: TypeAdapter[dict[str, _SamlIn]] = TypeAdapter(dict[str, _SamlIn])


def _text_or_file(given: str, begins: str, folder: Path) -> str:
    if given.lstrip().startswith(begins):
        return given
    path = folder / given
    if path.stat().st_size > LARGEST_METADATA:
        raise ValueError(f"{path} is larger than {LARGEST_METADATA} bytes")
    return path.read_text("utf-8")


def _our_key(private: str, certificate: str) -> OurKey:
    """Raises ValueError, also where the one is not of the other."""
    try:
        key = load_pem_private_key(private.encode(), password=None)
    except (TypeError, ValueError, UnsupportedAlgorithm) as problem:
        raise ValueError("our_key is no private key in PEM without a password") from problem
    if not isinstance(key, RSAPrivateKey) or key.key_size < SMALLEST_RSA:
        raise ValueError(f"our_key must be an RSA key of {SMALLEST_RSA} bits or more")
    shown = _pem(certificate)
    if x509.load_pem_x509_certificate(shown.encode()).public_key() != key.public_key():
        raise ValueError("our_certificate is not of our_key")
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return OurKey(pem, shown)


def _pem(text: str) -> str:
    """One spelling. Raises ValueError for what is no certificate, or one whose key is too weak."""
    if "-----BEGIN" in text:
        found = x509.load_pem_x509_certificate(text.encode())
    else:  # as metadata has it
        found = x509.load_der_x509_certificate(base64.b64decode("".join(text.split()), validate=True))
    key = found.public_key()
    strong = isinstance(key, EllipticCurvePublicKey) or (
        isinstance(key, RSAPublicKey) and key.key_size >= SMALLEST_RSA
    )
    if not strong:
        raise ValueError(f"its certificate must have an RSA key of {SMALLEST_RSA} bits or more, or one of EC")
    return found.public_bytes(Encoding.PEM).decode()
