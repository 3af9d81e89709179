"""What is kept of what people type."""

import pytest

from server.comments.text import cleaned, mentioned


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" a ", "a"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("e\u0301", "é"),
        ("\u202eevil\u202c", "evil"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("1 < 2 && \t3", "1 < 2 && \t3"),
    ],
)
def test_text_stays_what_was_typed_but_for_what_misleads(typed: str, kept: str) -> None:
    assert cleaned(typed) == kept


@pytest.mark.parametrize("typed", ["", " ", "\u200b", "\u202e", "a\x07", "\x00"])
def test_nothing_and_noise_are_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="must"):
        cleaned(typed)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@ann", ["ann"]),
        ("(@Ann, @bob.)", ["ann", "bob"]),
        ("@ann @ann @ANN", ["ann"]),
        ("mail ann@example.org", []),
        ("@ann@example.org!", ["ann@example.org"]),
        ("@Jörg", ["jörg"]),
        ("@@ann @ @- @.", []),
        (" ".join(f"@user{n}" for n in range(50)), [f"user{n}" for n in range(20)]),
    ],
)
def test_names_after_an_at_sign_are_mentions(text: str, names: list[str]) -> None:
    assert mentioned(text) == names


def test_hostile_text_is_read_quickly() -> None:
    assert len(mentioned("@a" * 2500)) <= 20
    assert mentioned("@" * 5000) == []
