"""What leaves a text before anybody else reads it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.models.masking import Mask

HOME = Path("/home/ada")
MASK = Mask(
    private=["Ada", "laptop-7", "Quarterly numbers", "https://video.acme.example", ""],
    folders={"home": HOME, "heddle-home": HOME / ".local/share/heddle"},
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("GET https://video.acme.example/x 401", "GET https://<server>/… 401"),
        ("GET https://h.example/api/v1/recordings/7f3c 401", "GET https://<server>/api/v1/recordings/… 401"),
        ("wss://other.example/ws?token=abc", "wss://<server>/ws?…"),
        ("https://other.example/s/f3k9Xa", "https://<server>/s/…"),
        ("http://127.0.0.1:21850/health/live", "http://127.0.0.1:21850/health/live"),
        ("Authorization: Bearer eyJhbGciOi.eyJzdWIi.sig", "Authorization: <secret>"),
        ('{"refreshToken": "rt_1234", "n": 1}', '{"refreshToken": <secret>, "n": 1}'),
        ("HEDDLE_TOKEN=hk_secret next", "HEDDLE_TOKEN=<secret> next"),
        ("sent to eve.k@acme.example.", "sent to <e-mail>."),
        ("/home/ada/.local/share/heddle/journal.db", "<heddle-home>/journal.db"),
        ("cannot open /home/ada/Films/My talk.mp4", "cannot open <home>/<file>"),
        ("/home/ada/Divorce.docx and /Users/bob/heddle/app.py", "<home>/… and <home>/heddle/app.py"),
        ("('2001:db8::8a2e:370:7334', 443) at 12:34:56", "('<address>', 443) at 12:34:56"),
        ("::1 answers", "::1 answers"),
        ("recording 0d8e1c1a-2222-4333-8444-555566667777", "recording <id>"),
        ("203.0.113.9 failed, 127.0.0.1 did not", "<address> failed, 127.0.0.1 did not"),
        ("uploads of quarterly NUMBERS on laptop-7", "uploads of <private> on <private>"),
        ("x11grab: 1280x720 at 30 fps, libx264", "x11grab: 1280x720 at 30 fps, libx264"),
    ],
)  # fmt: skip
def test_what_is_private_goes_and_what_failed_stays(text: str, masked: str) -> None:
    assert MASK(text) == masked


SECRETS = st.text(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", min_size=12, max_size=60
)
AROUND = st.sampled_from(
    ["token={}", "Authorization: Bearer {}", '"password": "{}"', "https://h.example/s/{}?x", "api-key: {}"]
)


@given(SECRETS, AROUND)
def test_no_secret_is_left_whatever_it_is(secret: str, around: str) -> None:
    assert secret not in Mask()(around.format(secret)).replace("<secret>", "")


@given(st.text(min_size=3).filter(lambda one: one.strip() and "<" not in one and ">" not in one))
def test_what_is_known_to_be_private_is_never_left(word: str) -> None:
    inside = f"title {word} ended"
    masked = Mask([word])(inside)
    assert word not in masked or word in "title <private> ended <file><server>…"
