"""What is to be done with a video, as a pure function of what is known about it."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from media.facts import Probe, rung_for
from server.recordings.events import source_key


class StepName(StrEnum):
    PROBE = "probe"
    NORMALISE = "normalise"
    POSTER = "poster"
    FIRST_POSTER = "first-poster"  # of a video that is still being recorded
    RENDITION = "rendition"


class JobType(StrEnum):
    """The specification's words for kinds of work."""

    ANALYZE = "analyze"
    OPTIMIZE = "optimize"
    THUMBNAIL = "thumbnail"
    TRANSCODE = "transcode"


# Short steps have workers of their own: a link's poster never waits for an hour of encoding.
SHORT = (JobType.ANALYZE, JobType.THUMBNAIL)
LONG = (JobType.OPTIMIZE, JobType.TRANSCODE)

# Until these are done, a recording is not complete; without the others it can be watched all the same.
ESSENTIAL = frozenset({StepName.PROBE, StepName.NORMALISE})


@dataclass(frozen=True, slots=True)
class Step:
    """One job to be. `input` and `output` are keys of blobs; `output` is empty where only facts come out."""

    name: StepName
    type: JobType
    input: str
    output: str = ""
    settings: dict[str, Any] = field(default_factory=dict)


def poster_key(recording_id: str) -> str:
    return f"recordings/{recording_id}/poster.jpg"


def streamable_key(recording_id: str) -> str:
    """The file in the shape of a recording, where the one that was uploaded has another."""
    return f"recordings/{recording_id}/normalised.mp4"


def rendition_key(recording_id: str, name: str) -> str:
    return f"recordings/{recording_id}/{name}.mp4"


def at_first_fragment(recording_id: str) -> Step:
    """A live link has a poster as soon as there is a picture."""
    return Step(
        StepName.FIRST_POSTER,
        JobType.THUMBNAIL,
        source_key(recording_id),
        poster_key(recording_id),
        {"kind": "mp4"},
    )


def when_uploaded(recording_id: str, kind: str) -> Step:
    return Step(StepName.PROBE, JobType.ANALYZE, source_key(recording_id), settings={"kind": kind})


def after_probe(recording_id: str, kind: str, facts: Probe) -> tuple[Step, ...]:
    """What the file needs; the first of the steps is done first."""
    source = source_key(recording_id)
    steps: list[Step] = []
    if not facts.streams_as_it_is:
        steps.append(
            Step(
                StepName.NORMALISE,
                JobType.OPTIMIZE,
                source,
                streamable_key(recording_id),
                {"kind": kind, "facts": facts.as_dict()},
            )
        )
    if facts.has_video:
        settings = {"kind": kind, "duration_s": facts.duration_s}
        steps.append(Step(StepName.POSTER, JobType.THUMBNAIL, source, poster_key(recording_id), settings))
    if facts.streams_as_it_is:
        steps += _rendition(recording_id, source, facts)
    return tuple(steps)


def after_normalise(recording_id: str, facts: Probe) -> tuple[Step, ...]:
    """`facts` are those of the streamable file."""
    return _rendition(recording_id, streamable_key(recording_id), facts)


def _rendition(recording_id: str, source: str, facts: Probe) -> tuple[Step, ...]:
    rung = rung_for(*facts.display_size) if facts.has_video else None
    if rung is None:
        return ()
    settings = {"kind": "mp4", "facts": facts.as_dict(), "rung": asdict(rung)}
    key = rendition_key(recording_id, rung.name)
    return (Step(StepName.RENDITION, JobType.TRANSCODE, source, key, settings),)
