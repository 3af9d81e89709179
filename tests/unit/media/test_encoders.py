"""The chooser as a table: on each platform the first candidate that encodes, and a reason for the others."""

import dataclasses
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from media import encoder_probe, encoders
from media.encoder_probe import Question
from media.encoders import Choice, VideoRequest, choose, list_encoders
from media.errors import EncoderError
from media.presets import CODECS, load

PLATFORMS = {
    "linux": ["nvenc", "qsv", "vaapi"],
    "win32": ["nvenc", "qsv", "amf", "d3d12va", "mf"],
    "darwin": ["videotoolbox"],
}
SOFTWARE = {"h264": "libx264", "hevc": "libx265", "av1": "libsvtav1"}
NO_HARDWARE = "it does not open: no capable devices found"


@dataclasses.dataclass
class Machine:
    """Every candidate of a platform is listed; `answers` say what became of its probe, else it works."""

    answers: dict[str, str]
    asked: list[str]

    def ask(self, question: Question) -> str:
        self.asked.append(question.encoder)
        return self.answers.get(question.encoder, "")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Machine]:
    def install(platform: str, **answers: str) -> Machine:
        made = Machine(answers, [])
        monkeypatch.setattr(sys, "platform", platform)
        monkeypatch.setattr(encoders, "_built", lambda name: True)
        monkeypatch.setattr(encoders, "_present", lambda need: True)
        monkeypatch.setattr(encoders, "ask", made.ask)
        return made

    return install


def expected(platform: str, codec: str) -> list[str]:
    """Apple's AV1 encoder does not exist."""
    kinds = [kind for kind in PLATFORMS[platform] if (codec, kind) != ("av1", "videotoolbox")]
    return [f"{codec}_{kind}" for kind in kinds]


TABLE = [(platform, codec) for platform in PLATFORMS for codec in CODECS]


@pytest.mark.parametrize(("platform", "codec"), TABLE)
def test_each_candidate_is_taken_when_all_before_it_fail(
    platform: str, codec: str, machine: Callable[..., Machine]
) -> None:
    names = expected(platform, codec)
    for count, name in enumerate([*names, SOFTWARE[codec]]):
        encoder_probe.cache_file().unlink(missing_ok=True)
        made = machine(platform, **dict.fromkeys(names[:count], NO_HARDWARE))
        choice = choose(VideoRequest(codec))
        assert choice.preset.name == name
        assert {one: choice.rejected[one] for one in names[:count]} == dict.fromkeys(
            names[:count], NO_HARDWARE
        )
        assert made.asked == names[: count + 1], "in this order, each once, software not at all"


def test_the_others_say_that_they_belong_to_another_system(machine: Callable[..., Machine]) -> None:
    machine("linux")
    assert choose().rejected == {"h264_videotoolbox": "not on linux"}


CHILDREN = {
    "it is listed, but there is no hardware": (
        "import sys; sys.stderr.write('The encoder does not open: no device\\n'); sys.exit(1)",
        "The encoder does not open: no device",
    ),
    "it ends without a word": ("raise SystemExit(3)", "ended with code 3"),
    "it crashes": (
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "its process was ended by SIGSEGV",
    ),
    "it hangs": ("import signal; signal.pause()", "did not answer within 0.5 s"),
    "it ignores being told to end": (
        "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: signal.pause()",
        "did not answer within 0.5 s",
    ),
}


@pytest.mark.parametrize("what", CHILDREN)
def test_whatever_a_probe_does_costs_no_more_than_its_child(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, reason = CHILDREN[what]
    if "hangs" in what or "ignores" in what:
        monkeypatch.setattr(encoder_probe, "PROBE_TIMEOUT_S", 0.5)
    monkeypatch.setattr(encoder_probe, "command", lambda question: [sys.executable, "-c", code])
    assert encoder_probe.ask(Question("h264_nvenc", "balanced", None)) == reason


def test_a_child_that_cannot_be_started_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_probe, "command", lambda question: ["/nonexistent/python"])
    assert "could not be tried" in encoder_probe.ask(Question("h264_nvenc", "balanced", None))


def test_a_crash_on_windows_is_named_as_windows_names_it() -> None:
    assert encoder_probe._ending(0xC0000005, "") == "its process ended with code 0xc0000005"


def test_an_encoder_that_opens_and_gives_nothing_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_probe, "open_video", lambda *_: _Mute())
    with pytest.raises(EncoderError, match="gave nothing"):
        encoder_probe.probe(Question("libx264", "balanced", None))


def test_an_encoder_that_sets_no_keys_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without them the file has one segment and nobody can seek."""
    real = encoder_probe.open_video
    monkeypatch.setattr(encoder_probe, "open_video", lambda *format_: _Keyless(real(*format_)))
    with pytest.raises(EncoderError, match="keys"):
        encoder_probe.probe(Question("libx264", "balanced", None))


class _Mute:
    time_base = Fraction(1, 90_000)

    def encode(self, frame: Any) -> list[Any]:
        return []


class _Keyless:
    def __init__(self, context: Any) -> None:
        self.context, self.time_base = context, context.time_base

    def encode(self, frame: Any) -> list[Any]:
        if frame is not None:
            frame.pict_type = 0
        return list(self.context.encode(frame))


@pytest.mark.parametrize("name", SOFTWARE.values())
@pytest.mark.parametrize("ceiling", [None, 3_000_000])
def test_the_software_encoders_of_this_machine_pass_a_real_probe(name: str, ceiling: int | None) -> None:
    for quality in load().qualities:
        encoder_probe.probe(Question(name, quality, ceiling))


def test_a_real_child_answers() -> None:
    assert encoder_probe.ask(Question("libx264", "balanced", None)) == ""
    assert "h264_nothing" in encoder_probe.ask(Question("h264_nothing", "balanced", None))


def test_real_probes_of_this_machine_end_with_a_usable_encoder_or_a_reason() -> None:
    listed = {entry.name: entry for entry in list_encoders()}
    assert listed.keys() == {preset.name for preset in load().video}
    assert all(entry.usable != bool(entry.reason) for entry in listed.values())
    assert all(listed[name].usable for name in SOFTWARE.values())
    for codec in CODECS:
        best = next(entry for entry in listed.values() if entry.codec == codec and entry.usable)
        assert choose(VideoRequest(codec)).preset.name == best.name


def test_an_answer_is_asked_for_once_and_remembered(machine: Callable[..., Machine]) -> None:
    made = machine("linux", h264_nvenc=NO_HARDWARE)
    assert choose() == choose()
    assert made.asked == ["h264_nvenc", "h264_qsv"]


@pytest.mark.parametrize("changed", ["quality", "ceiling", "driver", "presets"])
def test_what_could_change_the_answer_is_asked_again(
    changed: str, machine: Callable[..., Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = machine("linux")
    choose()
    request = VideoRequest()
    if changed == "quality":
        request = VideoRequest(quality="sharp")
    elif changed == "ceiling":
        request = VideoRequest(max_bitrate=4_000_000)
    elif changed == "driver":
        monkeypatch.setattr(encoder_probe, "_driver_version", lambda: "another")
    else:
        other = dataclasses.replace(load(), fingerprint="another")
        monkeypatch.setattr(encoder_probe, "load", lambda: other)
    choose(request)
    assert made.asked == ["h264_nvenc", "h264_nvenc"]


def test_the_wanted_encoder_or_none(machine: Callable[..., Machine]) -> None:
    machine("linux", h264_nvenc=NO_HARDWARE)
    assert choose(VideoRequest(encoder="libx265")).preset.codec == "hevc"
    with pytest.raises(EncoderError) as caught:
        choose(VideoRequest(encoder="h264_nvenc"))
    assert NO_HARDWARE in caught.value.detail


def test_what_has_failed_is_passed_over(machine: Callable[..., Machine]) -> None:
    machine("linux")
    choice = choose(without={"h264_nvenc", "h264_qsv", "h264_vaapi"})
    assert choice.preset.name == "libx264"
    assert choice.rejected["h264_nvenc"] == "has failed before"


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (VideoRequest("vp9"), "vp9"),
        (VideoRequest(quality="best"), "best"),
        (VideoRequest(encoder="h263"), "h263"),
        (VideoRequest("av1", encoder="libx264"), "does not make av1"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(request_: VideoRequest, words: str) -> None:
    with pytest.raises(EncoderError, match=words):
        choose(request_)


def test_the_choice_carries_quality_and_ceiling() -> None:
    choice: Choice = choose(VideoRequest(quality="small", max_bitrate=2_000_000, encoder="libx264"))
    options = choice.preset.options
    assert (options["crf"], options["maxrate"], options["bufsize"]) == ("28", "2000000", "4000000")
