"""What is done with a video follows from its facts alone."""

from dataclasses import replace

import pytest

from media.facts import Probe
from server.processing.plan import (
    LONG,
    SHORT,
    JobType,
    StepName,
    after_normalise,
    after_probe,
    at_first_fragment,
    when_uploaded,
)
from server.processing.states import TRANSITIONS, IllegalTransition, JobEvent, JobStatus, advance

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


def steps(facts: Probe) -> list[str]:
    return [step.name.value for step in after_probe("r", facts.format, facts)]


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
    (step,) = after_normalise("r", RECORDED)
    assert step.name is StepName.RENDITION
    assert step.input == "recordings/r/normalised.mp4"
    assert step.output == "recordings/r/720p.mp4"


def test_a_small_picture_has_no_lower_version() -> None:
    assert steps(replace(RECORDED, width=640, height=360)) == ["poster"]


def test_sound_alone_has_neither_poster_nor_lower_version() -> None:
    dark = replace(RECORDED, width=0, height=0, codec="", pixel_format="", frames=0)
    assert steps(dark) == []


def test_steps_have_the_words_of_the_specification() -> None:
    assert when_uploaded("r", "mp4").type is JobType.ANALYZE
    assert at_first_fragment("r").type is JobType.THUMBNAIL
    kinds = {step.name: step.type for step in after_probe("r", "mp4", replace(RECORDED, fragmented=False))}
    assert kinds == {StepName.NORMALISE: JobType.OPTIMIZE, StepName.POSTER: JobType.THUMBNAIL}
    assert after_normalise("r", RECORDED)[0].type is JobType.TRANSCODE
    assert set(SHORT) | set(LONG) == set(JobType)


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
