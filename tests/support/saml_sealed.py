"""Assertions that are encrypted for us as providers do it (XML Encryption 1.1), by every method there is."""

import base64
import secrets
from collections.abc import Callable, Mapping

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

XENC, XENC11 = "http://www.w3.org/2001/04/xmlenc#", "http://www.w3.org/2009/xmlenc11#"
GCM256, GCM128 = f"{XENC11}aes256-gcm", f"{XENC11}aes128-gcm"
CBC256, CBC128, DES3 = f"{XENC}aes256-cbc", f"{XENC}aes128-cbc", f"{XENC}tripledes-cbc"
OAEP_MGF1P, OAEP, RSA1_5 = f"{XENC}rsa-oaep-mgf1p", f"{XENC11}rsa-oaep", f"{XENC}rsa-1_5"
_SHA256 = f"{XENC}sha256"
_OAEP_OF: Mapping[str, padding.AsymmetricPadding] = {
    OAEP_MGF1P: padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None),
    OAEP: padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None),
    RSA1_5: padding.PKCS1v15(),
}
_MORE = {
    OAEP: f'<ds:DigestMethod Algorithm="{_SHA256}"/><e11:MGF Algorithm="{XENC11}mgf1sha256"/>',
}
_SEALED = """<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"><e:EncryptedData
 xmlns:e="{xenc}" Type="{xenc}Element"><e:EncryptionMethod Algorithm="{content}"/>
<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><e:EncryptedKey>
<e:EncryptionMethod Algorithm="{transport}" xmlns:e11="{xenc11}">{more}</e:EncryptionMethod>
<e:CipherData><e:CipherValue>{key}</e:CipherValue></e:CipherData></e:EncryptedKey></ds:KeyInfo>
<e:CipherData><e:CipherValue>{text}</e:CipherValue></e:CipherData></e:EncryptedData></saml:EncryptedAssertion>"""


def sealed(
    xml: str,
    certificate: str,
    *,
    content: str = GCM256,
    transport: str = OAEP_MGF1P,
    inside: Callable[[str], str] = str,
) -> str:
    """A response with its assertion encrypted; `inside` makes of it what is."""
    start, end = xml.index("<saml:Assertion"), xml.index("</samlp:Response>")
    key = secrets.token_bytes(16 if content in (GCM128, CBC128) else 24 if content == DES3 else 32)
    public = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    assert isinstance(public, RSAPublicKey)
    element = _SEALED.format(
        xenc=XENC,
        xenc11=XENC11,
        content=content,
        transport=transport,
        more=_MORE.get(transport, ""),
        key=base64.b64encode(public.encrypt(key, _OAEP_OF[transport])).decode(),
        text=base64.b64encode(_encrypted(inside(xml[start:end]).encode(), key, content)).decode(),
    )
    return xml[:start] + element + xml[end:]


def _encrypted(text: bytes, key: bytes, content: str) -> bytes:
    if content in (GCM256, GCM128):
        nonce = secrets.token_bytes(12)
        return nonce + AESGCM(key).encrypt(nonce, text, None)
    if content == DES3:
        return secrets.token_bytes(64)  # nobody is to look at it
    vector, rest = secrets.token_bytes(16), 16 - len(text) % 16
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return vector + encryptor.update(text + bytes(rest - 1) + bytes([rest])) + encryptor.finalize()
