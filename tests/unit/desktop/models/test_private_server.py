import socket
from pathlib import Path

import pytest

from desktop.models import private_server as model
from desktop.models.private_server import Card


def test_its_port_is_kept_and_no_other_server_s() -> None:
    assert model.port_of("http://127.0.0.1:21850") == 21850
    assert model.port_of("http://127.0.0.1:8080") is None
    assert model.port_of("https://heddle.example") is None
    assert model.port_of(None) is None


def test_a_port_that_somebody_has_is_passed_over() -> None:
    with socket.create_server((model.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        assert model.free_port([port]) == 0
        assert model.free_port([port, 0]) == 0


def test_another_server_s_settings_do_not_reach_it() -> None:
    shell = {"PATH": "/bin", "HEDDLE_DATABASE_URL": "postgresql://there", "HEDDLE_TOKEN": "t"}
    seen = model.environment(shell, Path("/m"), app_transcribes=False)
    assert seen["PATH"] == "/bin"
    assert "HEDDLE_DATABASE_URL" not in seen
    assert "HEDDLE_TOKEN" not in seen
    assert "HEDDLE_TRANSCRIBE" not in seen
    assert model.environment(shell, Path("/m"), app_transcribes=True)["HEDDLE_TRANSCRIBE"] == "off"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"url": "x"}', '{"url": "x", "pid": "no"}'])
def test_what_is_no_card_is_none(text: str) -> None:
    assert model.read_card(text) is None


def test_a_card_is_read() -> None:
    assert model.read_card('{"url": "http://127.0.0.1:1", "pid": 7}') == Card("http://127.0.0.1:1", 7)


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ("ModuleNotFoundError: No module named 'fastapi'", "not installed"),
        ("The server cannot listen.\n127.0.0.1 port 21850: in use", "port is taken"),
        ("The data folder cannot be made.\n", "does not start"),
    ],
)
def test_the_log_s_end_says_why(log: str, words: str) -> None:
    assert words in model.why(log, 21850).title


def test_it_waits_longer_each_time_up_to_a_minute() -> None:
    assert [model.wait_s(failures) for failures in (1, 2, 3, 99)] == [1.0, 2.0, 4.0, 60.0]
