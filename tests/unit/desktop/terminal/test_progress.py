"""The progress line, in a terminal and in a log."""

import io
from dataclasses import replace

import pytest

from desktop.models.session import Phase, Session, UploadView
from desktop.models.words import duration, progress_line, receipt_text, size
from desktop.terminal.progress import ProgressPrinter

RECORDING = Session(phase=Phase.RECORDING, time_s=67.4, size=3_500_000, fps=29.6, dropped=2)


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (67.9, "1:07"), (3723, "1:02:03")])
def test_durations_read_like_a_clock(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("amount", "text"), [(812, "812 B"), (4.2 * 1024**2, "4.2 MiB"), (5000 * 1024**3, "5000.0 GiB")]
)
def test_sizes_have_a_fitting_unit(amount: float, text: str) -> None:
    assert size(amount) == text


def test_the_line_has_time_size_rate_drops_and_upload() -> None:
    session = Session(**{**_values(RECORDING), "upload": UploadView(state="sending", offset=2 * 1024**2)})
    assert progress_line(session) == "Recording  1:07  3.3 MiB  30 fps  2 dropped  2.0 MiB uploaded"


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (UploadView(state="sending", offset=50, size=200), "uploading 25 %"),
        (UploadView(state="waiting", offset=50), "upload waits at 50 B"),
        (UploadView(state="done", offset=200, size=200), "uploaded"),
        (UploadView(state="failed"), "upload stopped"),
    ],
)
def test_the_upload_is_told_in_words(upload: UploadView, words: str) -> None:
    assert progress_line(Session(**{**_values(RECORDING), "upload": upload})).endswith(words)


def test_a_terminal_gets_one_line_that_is_rewritten() -> None:
    stream = io.StringIO()
    printer = ProgressPrinter(stream, tty=True)
    printer.show(RECORDING)
    printer.show(Session(phase=Phase.READY))
    printer.close()
    assert stream.getvalue().count("\r") == 2
    assert stream.getvalue().count("\n") == 1


def test_a_lasting_line_replaces_the_rewritten_one() -> None:
    stream = io.StringIO()
    printer = ProgressPrinter(stream, tty=True)
    printer.show(RECORDING)
    printer.say("The link")
    assert stream.getvalue().endswith(" \rThe link\n")


def test_a_log_gets_a_line_now_and_then_and_at_each_change() -> None:
    stream, now = io.StringIO(), [0.0]
    printer = ProgressPrinter(stream, tty=False, clock=lambda: now[0])
    for at in (0.0, 1.0, 4.9, 5.0):
        now[0] = at
        printer.show(RECORDING)
    printer.show(Session(phase=Phase.STOPPING))
    assert stream.getvalue().count("\n") == 3


def _values(session: Session) -> dict[str, object]:
    return {name: getattr(session, name) for name in Session.__slots__}


def test_the_three_lags_stand_in_the_line_where_there_are_any() -> None:
    session = replace(RECORDING, late=4, dropped=2, upload_lag_s=12.4)
    line = progress_line(session)
    assert "4 late" in line
    assert "2 dropped" in line
    assert "server 12 s behind" in line
    assert "behind" not in progress_line(replace(session, upload_lag_s=0.6))


def test_a_countdown_is_shown_by_its_seconds() -> None:
    assert progress_line(Session(phase=Phase.COUNTING, seconds_left=3)) == "Recording in 3"


def test_the_receipt_says_what_is_in_the_file() -> None:
    told = {
        "encoder": "libx264", "audioPresent": True, "peakDb": -14.2, "avOffsetMs": -3.4, "late": 1,
        "dropped": 0, "sha256": "ab12", "markers": [{"timeS": 65.0, "title": "Demo"}],
    }  # fmt: skip
    session = Session(phase=Phase.FINISHED, time_s=90, size=2048, receipt=told)
    facts, marker, digest = receipt_text(session).splitlines()
    assert facts == (
        "1:30, 2.0 KiB, libx264, sound up to -14 dB, sound -3 ms from the picture, 1 late, 0 dropped."
    )
    assert marker.split() == ["1:05", "Demo"]
    assert digest == "SHA-256 ab12"
    silent = replace(session, receipt={**told, "audioPresent": False})
    assert "NO SOUND" in receipt_text(silent)
