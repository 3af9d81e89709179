"""Letters: the same words as text and as HTML, and nothing that a person wrote is markup or a header."""

from datetime import UTC, datetime
from email.headerregistry import Address

import pytest

from server.mail.letters import Words, as_html, as_text, subject_of
from server.ports.mail import Letter, MailRefused, message_of

SENDER = Address("Heddle", addr_spec="heddle@example.org")
NASTY = '<script>alert("1")</script> $paragraphs ${link} & \r\nBcc: mallory@example.org'


def letter(**changes: object) -> Letter:
    values = {
        "id": "00000000-0000-4000-8000-000000000000",
        "recipient": "ada@example.org",
        "subject": "Hello",
        "text": "Text",
        "html": "<p>Text</p>",
        "created_at": datetime(2026, 11, 21, tzinfo=UTC),
    }
    return Letter(**values | changes)  # type: ignore[arg-type]  # a row of fields


def test_both_parts_say_the_same() -> None:
    words = Words("A subject", ("First.", "Second."), ("Press here", "https://example.org/x?a=1&b=2#key"))
    text, html = as_text(words), as_html(words)
    for one in ("A subject", "First.", "Second.", "Press here"):
        assert one in text
        assert one in html
    assert "https://example.org/x?a=1&b=2#key" in text
    assert 'href="https://example.org/x?a=1&amp;b=2#key"' in html


def test_what_people_wrote_is_no_markup_and_no_template() -> None:
    words = Words(NASTY, (NASTY,), (NASTY, NASTY), footer=NASTY)
    assert "<script>" not in as_html(words)
    assert "$paragraphs ${link}" in as_text(words)
    assert "\n" not in subject_of(words)
    assert len(subject_of(Words("x" * 500, ()))) == 200


def test_a_message_has_both_parts_and_tells_machines_apart() -> None:
    message = message_of(letter(subject="Grüße an Zoë", text="Grüße", html="<p>Grüße</p>"), SENDER)
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]  # type: ignore[attr-defined]
    assert message["Subject"] == "Grüße an Zoë"
    assert message["From"] == "Heddle <heddle@example.org>"
    assert message["Message-ID"] == "<00000000-0000-4000-8000-000000000000@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.as_bytes().isascii()


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "a\r\nBcc: mallory@example.org"},
        {"subject": "a\nb"},
        {"recipient": "a@example.org\r\nBcc: b@example.org"},
        {"recipient": "a@example.org, b@example.org"},
        {"recipient": ""},
        {"recipient": "nobody"},
        {"headers": {"List-Unsubscribe": "<x>\r\nBcc: b@example.org"}},
    ],
)
def test_a_line_break_is_never_a_header_of_its_own(changes: dict[str, object]) -> None:
    with pytest.raises(MailRefused):
        message_of(letter(**changes), SENDER)
