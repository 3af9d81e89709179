"""What is to be done with a video, as a pure function of what is known about it."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from media.facts import Probe, Rung, av1_rungs_for, rungs_for
from server.processing.steps import KINDS, Kind, Reads, StepName
from server.recordings.events import source_key

# The sizes that are made of a picture's width and height.
Ladder = Callable[[int, int], Sequence[Rung]]
LADDERS: dict[StepName, Ladder] = {StepName.RENDITION: rungs_for, StepName.AV1: av1_rungs_for}


@dataclass(frozen=True, slots=True)
class Step:
    """One job to be. `input` and `output` are keys of blobs; `output` is empty where only facts come out."""

    name: StepName
    input: str
    output: str = ""
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        return KINDS[self.name]


def key_of(recording_id: str, name: str) -> str:
    return f"recordings/{recording_id}/{name}"


def poster_key(recording_id: str) -> str:
    return key_of(recording_id, "poster.jpg")


def streamable_key(recording_id: str) -> str:
    """The file in the shape of a recording, where the one that was uploaded has another."""
    return key_of(recording_id, "normalised.mp4")


def at_first_fragment(recording_id: str) -> Step:
    """A live link has a poster as soon as there is a picture."""
    return step_of(StepName.FIRST_POSTER, recording_id, "mp4")


def when_uploaded(recording_id: str, kind: str) -> Step:
    return step_of(StepName.PROBE, recording_id, kind)


def after_probe(
    recording_id: str, kind: str, facts: Probe, *, without: frozenset[str] = frozenset()
) -> tuple[Step, ...]:
    """What the uploaded file needs, and where it streams as it is, what is made of one that does.

    `without`: names of steps that this server leaves out.
    """
    reads = {Reads.SOURCE, Reads.STREAMABLE} if facts.streams_as_it_is else {Reads.SOURCE}
    steps = _wanted(recording_id, kind, facts, reads, source_key(recording_id))
    return tuple(step for step in steps if step.name not in without)


def after_normalise(
    recording_id: str, facts: Probe, *, without: frozenset[str] = frozenset()
) -> tuple[Step, ...]:
    """`facts` are those of the streamable file."""
    steps = _wanted(recording_id, "mp4", facts, {Reads.STREAMABLE}, streamable_key(recording_id))
    return tuple(step for step in steps if step.name not in without)


def _wanted(recording_id: str, kind: str, facts: Probe, reads: set[Reads], file: str) -> list[Step]:
    return [
        step_of(entry.name, recording_id, kind, facts=facts, file=file)
        for entry in KINDS.values()
        if entry.reads in reads and entry.wanted is not None and entry.wanted(facts)
    ]


def recipe(
    size: tuple[int, int], fps: float, rotation: int = 0, *, rungs: Ladder = rungs_for
) -> dict[str, Any]:
    """How renditions are encoded; `rate` is nominal and goes into the header, which pieces share."""
    rate = next((known for known in (30, 60, 120) if fps <= 1.1 * known), 240)
    return {"rungs": [asdict(rung) for rung in rungs(*size)], "rate": rate, "rotation": rotation}


def bare(result: dict[str, Any]) -> dict[str, Any]:
    """The facts in the result of a probe, which may also say where the file is cut."""
    return {name: value for name, value in result.items() if name != "index"}


def step_of(
    name: StepName,
    recording_id: str,
    kind: str,
    *,
    facts: Probe | None = None,
    file: str = "",
    more: dict[str, Any] | None = None,
) -> Step:
    """The step on `file` (the upload, if empty), a container of `kind`; without `facts` nobody looked yet."""
    settings: dict[str, Any] = {"kind": kind}
    if facts is not None:
        settings["facts"] = facts.as_dict()
    main = next(iter(KINDS[name].makes), "")
    if name in LADDERS and facts is not None:
        settings |= recipe(facts.display_size, facts.fps, facts.rotation, rungs=LADDERS[name])
        main = next((f"{rung['name']}.mp4" for rung in settings["rungs"]), main)
    output = key_of(recording_id, main) if main else ""
    return Step(name, file or source_key(recording_id), output, {**settings, **(more or {})})
