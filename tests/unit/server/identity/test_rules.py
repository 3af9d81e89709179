"""Passwords that will do, and those that will not."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import InvalidRequest
from server.identity.rules import MAX_LENGTH, check, weakness


@pytest.mark.parametrize(
    "password",
    [
        *(
            "correct horse",
            "correct horse battery staple",
            "a good password",
            "Tr0ub4dor&3xyz",
            "kzqv8TnwLp3x",
        ),
        *("fünf Äpfel im Baum", "my dog eats socks", "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🦄🐙"),
    ],
)
def test_long_ones_that_nobody_guesses_will_do(password: str) -> None:
    assert weakness(password, email="ada@example.org", name="Ada") is None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "at least 12"),
        ("x" * 5000, "at most"),
        ("aaaaaaaaaaaa", "few characters"),
        ("abcabcabcabc", "few characters"),
        *((weak, "common") for weak in ("password1234", "P@ssw0rd12345!", "qwertyuiop12", "iloveyou12345")),
        *(
            (weak, "common")
            for weak in ("123456789012", "1q2w3e4r5t6y", "WelcomeWelcome1", "summer2026summer")
        ),
        ("ada.lovelace99!x", "your name"),
        ("Lovelace-and-friends", "your name"),
    ],
)
def test_what_is_guessed_first_is_refused_with_the_reason(password: str, why: str) -> None:
    with pytest.raises(InvalidRequest, match=why) as refused:
        check(password, email="ada.lovelace@example.org", name="Ada Lovelace")
    assert refused.value.code == "weak_password"


def test_chance_is_never_refused() -> None:
    assert all(weakness(secrets.token_urlsafe(15)) is None for _ in range(200))


@given(st.text(max_size=MAX_LENGTH + 10))
def test_any_text_gets_an_answer(text: str) -> None:
    assert weakness(text, email=text[:50], name=text[:20]) is None or len(text) >= 0
