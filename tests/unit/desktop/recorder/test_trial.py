"""`heddle doctor --record`: two seconds, in one line of the report."""

from desktop.models.diagnostics import Verdict
from desktop.recorder.trial import finding, trial
from desktop.settings import Settings
from tests.support.services import Pulse, Screen

GOOD = {
    "event": "test", "ok": True, "width": 640, "height": 360, "backend": "screen_x11", "encoder": "libx264",
    "peakDb": -14.2, "avOffsetMs": 3.0,
}  # fmt: skip
BLACK = {"title": "The picture is all black", "hint": "Is it the right screen?"}


def test_a_good_recording_is_a_line_of_facts() -> None:
    told = finding(GOOD, [])
    assert told.verdict is Verdict.OK
    assert told.detail == ("640x360; screen_x11, libx264; sound up to -14 dB; sound +3 ms from the picture")


def test_a_worry_is_a_warning_with_its_hint() -> None:
    told = finding(GOOD, [BLACK])
    assert (told.verdict, told.hint) == (Verdict.WARNING, "Is it the right screen?")
    assert "all black" in told.detail


def test_a_recording_that_fails_is_a_problem_with_its_reason() -> None:
    told = finding({**GOOD, "ok": False, "reason": "the driver is gone"}, [])
    assert (told.verdict, told.detail) == (Verdict.PROBLEM, "the driver is gone")


def test_this_machine_records_its_empty_screen_and_says_that_it_is_black(xvfb: Screen, pulse: Pulse) -> None:
    told = trial(Settings(fps=15))
    assert told.verdict is Verdict.WARNING
    assert "1280x720" in told.detail
    assert "all black" in told.detail
