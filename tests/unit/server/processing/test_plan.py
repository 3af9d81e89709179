"""What is done with a video follows from its facts alone."""

from dataclasses import replace

import pytest

from media.facts import Probe
from server.config import SKIPPABLE
from server.processing import work
from server.processing.plan import after_normalise, after_probe, at_first_fragment, when_uploaded
from server.processing.states import TRANSITIONS, IllegalTransition, JobEvent, JobStatus, advance
from server.processing.steps import KINDS, JobType, Lane, StepName

RECORDED = Probe(
    format="mp4",
    size_bytes=1_000_000,
    duration_s=10.0,
    bitrate=800_000,
    fragmented=True,
    width=1920,
    height=1080,
    fps=30.0,
    frames=300,
    codec="h264",
    pixel_format="yuv420p",
    key_gap_s=2.0,
    audio_codec="aac",
    channels=2,
    sample_rate=48_000,
)


AV1 = frozenset({StepName.AV1.value})


def steps(facts: Probe, *, without: frozenset[str] = SKIPPABLE) -> list[str]:
    """As a server plans them whose settings do not ask for AV1."""
    return [step.name.value for step in after_probe("r", facts.format, facts, without=without | AV1)]


def test_all_that_is_made_of_a_video_follows_from_what_is_in_it() -> None:
    everything = ["storyboard", "preview", "waveform", "download", "audio"]
    nothing: frozenset[str] = frozenset()
    assert steps(RECORDED, without=nothing) == ["poster", "rendition", *everything, "scenes"]
    mute = replace(RECORDED, audio_codec="", channels=0)
    assert steps(mute, without=nothing)[2:-1] == ["storyboard", "preview", "download"]
    sound = replace(RECORDED, codec="", width=0, height=0, frames=0)
    assert steps(sound, without=nothing) == ["waveform", "download", "audio", "scenes"]
    assert steps(RECORDED, without=frozenset({"preview", "audio"}))[2:-1] == [
        "storyboard",
        "waveform",
        "download",
    ]


def test_av1_is_made_in_two_sizes_where_the_setting_asks_for_it() -> None:
    film = replace(RECORDED, width=3840, height=2160)
    *_, step = after_probe("r", "mp4", film, without=SKIPPABLE)
    assert (step.name, step.output) == (StepName.AV1, "recordings/r/av1.mp4")
    assert [tuple(rung.values()) for rung in step.settings["rungs"]] == [
        ("av1", 1920, 1080),
        ("av1small", 854, 480),
    ]
    assert step.kind.lane is Lane.SPARE
    assert "av1" not in steps(replace(RECORDED, width=4096, height=16))
    small = replace(RECORDED, width=501, height=281)
    *_, step = after_probe("r", "mp4", small, without=SKIPPABLE)
    assert [tuple(rung.values()) for rung in step.settings["rungs"]] == [("av1", 500, 280)]


def test_only_steps_that_nothing_needs_can_be_left_out() -> None:
    assert {name.value for name in StepName} >= SKIPPABLE
    assert not any(KINDS[StepName(name)].essential for name in SKIPPABLE)


def test_a_recording_is_ready_after_its_probe() -> None:
    assert steps(RECORDED) == ["poster", "rendition"]


@pytest.mark.parametrize(
    "facts",
    [
        replace(RECORDED, fragmented=False),
        replace(RECORDED, format="matroska", fragmented=False),
        replace(RECORDED, codec="hevc"),
        replace(RECORDED, pixel_format="yuv420p10le"),
        replace(RECORDED, audio_codec="opus"),
        replace(RECORDED, key_gap_s=60.0),
    ],
)
def test_what_does_not_stream_is_made_to(facts: Probe) -> None:
    assert steps(facts) == ["normalise", "poster"]


def test_the_lower_version_of_a_foreign_file_is_made_of_the_streamable_one() -> None:
    step, *_ = after_normalise("r", RECORDED, without=SKIPPABLE | AV1)
    assert step.name is StepName.RENDITION
    assert step.input == "recordings/r/normalised.mp4"
    assert step.output == "recordings/r/720p.mp4"
    assert [rung["name"] for rung in step.settings["rungs"]] == ["720p", "480p", "360p"]


def test_a_small_picture_has_no_lower_version() -> None:
    assert steps(replace(RECORDED, width=640, height=360)) == ["poster"]


def test_sound_alone_has_neither_poster_nor_lower_version() -> None:
    dark = replace(RECORDED, width=0, height=0, codec="", pixel_format="", frames=0)
    assert steps(dark) == []


def test_steps_have_the_words_of_the_specification() -> None:
    types = {name: kind.type for name, kind in KINDS.items()}
    assert types[StepName.PROBE] is JobType.ANALYZE
    assert types[StepName.FIRST_POSTER] is types[StepName.POSTER] is JobType.THUMBNAIL
    assert types[StepName.NORMALISE] is JobType.OPTIMIZE
    assert types[StepName.RENDITION] is JobType.TRANSCODE
    assert when_uploaded("r", "mp4").name is StepName.PROBE
    assert at_first_fragment("r").output == "recordings/r/poster.jpg"


@pytest.mark.parametrize("name", StepName)
def test_every_step_has_an_entry_and_a_function(name: StepName) -> None:
    assert KINDS[name].name is name
    assert callable(work.find(KINDS[name].does))


def test_a_step_may_make_the_files_of_its_entry_and_no_others() -> None:
    poster = KINDS[StepName.POSTER]
    assert poster.may_make("poster.jpg")
    assert not any(poster.may_make(name) for name in ("source.mp4", "../poster.jpg", "a/poster.jpg", ""))


def test_states_move_as_the_table_says_and_no_other_way() -> None:
    for status in JobStatus:
        for event in JobEvent:
            if (status, event) in TRANSITIONS:
                assert advance(status, event) is TRANSITIONS[status, event]
            else:
                with pytest.raises(IllegalTransition):
                    advance(status, event)


def test_what_is_over_never_moves_again() -> None:
    assert not [status for status, _ in TRANSITIONS if status.over]
