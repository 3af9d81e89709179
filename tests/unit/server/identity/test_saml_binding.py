"""Messages of SAML in addresses: read as they were signed, and by whom."""

import base64
import zlib
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from server.identity.oidc.tokens import Disbelieved
from server.identity.saml import binding
from server.identity.saml.binding import Kind
from tests.support import saml

OURS = saml.keys("ours")
SENT = urlsplit(
    binding.address("https://id.example.org/x?y=1", Kind.REQUEST, "<a>é</a>", state="s &+", key=OURS.private)
).query.removeprefix("y=1&")


def test_what_is_sent_comes_back_the_same() -> None:
    found = binding.message(SENT)
    binding.check(found, (saml.keys().certificate, OURS.certificate))
    assert (found.kind, found.xml, found.state) == (Kind.REQUEST, "<a>é</a>", "s &+")
    with pytest.raises(Disbelieved, match="not the provider's"):
        binding.check(found, (saml.keys().certificate,))


def test_keys_of_elliptic_curves_sign_too() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ec")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, now, now + timedelta(days=1))
    certificate = made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
    packed = quote(base64.b64encode(zlib.compress(b"<a/>", wbits=-15)), safe="")
    algorithm = quote("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", safe="")
    text = f"SAMLResponse={packed}&SigAlg={algorithm}"
    both = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    raw = b"".join(one.to_bytes(32) for one in both)
    found = binding.message(f"{text}&Signature={quote(base64.b64encode(raw), safe='')}")
    binding.check(found, (OURS.certificate, certificate))
    for other in (raw[:-1] + b"x", b"", raw[:5]):
        wrong = binding.message(f"{text}&Signature={quote(base64.b64encode(other), safe='')}")
        with pytest.raises(Disbelieved):
            binding.check(wrong, (certificate,))


def test_what_unpacks_to_much_is_not_unpacked() -> None:
    bomb = quote(base64.b64encode(zlib.compress(b" " * 10_000_000, wbits=-15)), safe="")
    with pytest.raises(Disbelieved, match="too large"):
        binding.message(f"SAMLRequest={bomb}&SigAlg=x&Signature=AAAA")


@given(st.text(max_size=60), st.integers(0, len(SENT)), st.integers(0, 30))
@settings(max_examples=150, deadline=None)
def test_whatever_is_changed_says_the_same_or_nothing(put: str, at: int, cut: int) -> None:
    try:
        found = binding.message(SENT[:at] + put + SENT[at + cut :])
        binding.check(found, (OURS.certificate,))
    except Disbelieved:
        return
    assert (found.kind, found.xml, found.state) == (Kind.REQUEST, "<a>é</a>", "s &+")
