"""What may be asked of the app from outside."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.errors import UsageError
from desktop.models.actions import Action
from desktop.models.requests import LARGEST, Request, from_line, from_link, refusal, same_server
from tests.support.fuzzing import JSON, fuzzed, nearly


@pytest.mark.parametrize(
    ("link", "action"),
    [
        ("heddle://record", Action.LAUNCHER),
        ("heddle://", Action.LAUNCHER),
        ("heddle:library", Action.LIBRARY),
        ("heddle://library/", Action.LIBRARY),
        ("heddle://settings", Action.SETTINGS),
    ],
)
def test_a_link_opens_a_window(link: str, action: Action) -> None:
    assert from_link(link) == Request(action)


def test_a_link_may_name_a_recording() -> None:
    request = from_link("heddle://open?share=https%3A%2F%2Fh.example%2Fs%2F1")
    assert request == Request(Action.LIBRARY, "https://h.example/s/1")
    assert from_line(request.line()) == request


@pytest.mark.parametrize(
    "link",
    [
        "heddle://stop",
        "heddle://pause",
        "heddle://quit",
        "heddle://record/../quit",
        "https://h.example",
        "heddle://open",
        "heddle://open?share=file:///etc/passwd",
        "heddle://open?share=javascript:alert(1)",
        "heddle://open?share=https://",
        "heddle://open?share=https://h.example/" + LARGEST * "x",
    ],
)
def test_a_web_page_can_do_nothing_else(link: str) -> None:
    with pytest.raises(UsageError) as refused:
        from_link(link)
    request = refusal(refused.value)
    assert request.problem
    assert request.problem.detail in link
    assert from_line(request.line()) == request
    assert len(request.line()) < LARGEST


@pytest.mark.parametrize("problem", [7, [], {}, {"title": 7}, {"detail": "no title"}])
def test_a_problem_without_words_is_none(problem: object) -> None:
    line = json.dumps({"action": "library", "problem": problem}).encode()
    assert from_line(line) == Request(Action.LIBRARY)


@pytest.mark.parametrize(
    "line", [b"", b"{", b"[]", b'{"action": "explode"}', b'{"action": "library", "share": 7}']
)
def test_what_is_no_request_is_told_apart(line: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's error is one too
        from_line(line)


def test_our_own_server_is_known_by_its_origin() -> None:
    assert same_server("https://h.example/s/1", "https://h.example")
    assert not same_server("https://h.example.evil/s/1", "https://h.example")
    assert not same_server("http://h.example/s/1", "https://h.example")
    assert not same_server("https://h.example/s/1", None)


@fuzzed
@given(
    nearly("heddle:", "//", "open", "library", "?", "share=", "https%3A%2F%2F", "[", "%5B", "]", "@", "#"),
    st.fixed_dictionaries(
        {"action": st.just("library") | JSON, "share": st.just("http://[") | JSON, "problem": JSON}
    ),
)
def test_any_link_or_line_is_a_request_or_refused(link: str, told: dict[str, object]) -> None:
    with contextlib.suppress(UsageError):
        from_link(link)
    with contextlib.suppress(ValueError):
        from_line(json.dumps(told).encode())


def test_what_only_looks_like_a_link_or_a_line_is_refused() -> None:
    with pytest.raises(UsageError):
        from_link("heddle://[")
    with pytest.raises(ValueError, match="deep"):
        from_line(b"[" * 4096)
