"""Receivers can check who sent a delivery, by the specification and by Standard Webhooks."""

import json
from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from server.webhooks import signing

BODY = b'{"id":"1","event":"video.shared"}'
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def told(*secrets: str, body: bytes = BODY) -> dict[str, str]:
    return signing.headers(secrets, event="video.shared", delivery_id="d1", at=datetime.now(UTC), body=body)


def test_the_hex_signature_is_the_specifications() -> None:
    """RFC 4231 test case 2."""
    body = b"what do ya want for nothing?"
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert signing.hex_signature("Jefe", body) == expected


def test_the_standard_signature_is_that_of_the_standards_own_example() -> None:
    body = b'{"test": 2432232314}'
    signed = signing.standard_signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_standards_library_accepts_a_delivery_and_no_changed_one() -> None:
    secret = signing.new_secret()
    headers = told(secret)
    assert Webhook(secret).verify(BODY, headers) == json.loads(BODY)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY.replace(b"1", b"2"), headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(signing.new_secret()).verify(BODY, headers)


def test_while_two_secrets_are_active_a_receiver_may_know_either() -> None:
    new, old = signing.new_secret(), signing.new_secret()
    headers = told(new, old)
    for secret in (new, old):
        assert Webhook(secret).verify(BODY, headers)
    assert headers["X-Loom-Signature"] == signing.hex_signature(new, BODY)
    assert headers["X-Loom-Signature-Previous"] == signing.hex_signature(old, BODY)
    assert "X-Loom-Signature-Previous" not in told(new)


def test_secrets_are_long_and_never_the_same() -> None:
    assert len({signing.new_secret() for _ in range(50)}) == 50
    assert all(len(signing._key(signing.new_secret())) == 32 for _ in range(5))
