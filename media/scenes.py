"""Where the picture changes: slides, windows, cuts; and how loud each moment is.

FFmpeg's `scdet` compares pictures at a low size. Key frames alone are looked at first, as they cost a
fraction of all pictures; where two of them differ, the pictures between them say when it happened. Time is
bounded: what is not refined by then stays at the key frame.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import av
from av.container import InputContainer
from av.filter import Graph
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from media.fragments import MAX_PIXELS
from media.loudness import levels_of
from media.packets import decoded
from media.silence import Span, quiet_spans
from media.sniff import Container
from media.untrusted import Watch, ignore_progress, open_media, origin_of, prepare, streams_of

_SIZE = (192, 108)
_TICK = Fraction(1, 1000)
# Mean difference of two pictures in percent: typing stays under 1, a new slide of the same design is over 3.
_CHANGED = 2.5
# What moves all the time changes only where it does so much more than around.
_TIMES_USUAL = 3.0
_AROUND = 8  # pictures on each side that say what is usual
_APART_S = 1.0
_MOST = 1_000
_MOST_LOOKED_AT = 40_000  # key frames: with two seconds between them a day
_SPARSE_S = 12.0  # with fewer key frames than this, all pictures are looked at
_BUDGET_S = 60.0
_AHEAD_S = 0.05


@dataclass(frozen=True, slots=True)
class Scene:
    """A moment at which the picture becomes another one. `score` is the mean change in percent."""

    time: float
    score: float


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen and heard: `silences` is None where there is no sound."""

    duration: float
    scenes: tuple[Scene, ...]
    silences: tuple[Span, ...] | None
    complete: bool

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Step:
    """How much a picture differs from the one before it."""

    before: float
    time: float
    change: float


def look(
    path: Path,
    *,
    kind: Container,
    duration_s: float = 0.0,
    max_pixels: int = MAX_PIXELS,
    budget_s: float = _BUDGET_S,
    watch: Watch = ignore_progress,
    clock: Callable[[], float] = time.monotonic,
) -> Look:
    """Scenes and silences of a file, in about `budget_s` seconds for the picture and as much for the sound.

    `complete` is False where the time was not enough for all of it. Raises UnreadableMedia.
    """
    end = clock() + budget_s
    scenes: list[Scene] = []
    complete = True
    with open_media(path, kind=kind, max_pixels=max_pixels) as container:
        streams = streams_of(container, max_pixels=max_pixels)
        start_s = origin_of(streams)
        if streams.video is not None:
            prepare(streams.video, threads=1, max_pixels=max_pixels)
            finder = _Finder(
                container,
                streams.video,
                start_s=start_s,
                duration_s=duration_s,
                go_on=lambda: clock() < end,
                watch=watch,
            )
            scenes, complete = finder.find()
        has_sound = streams.audio is not None
    silences = None
    if has_sound:
        heard = levels_of(path, kind=kind, max_pixels=max_pixels, budget_s=budget_s, clock=clock)
        silences, complete = tuple(quiet_spans(heard.levels_db)), complete and heard.complete
    watch(1.0)
    return Look(round(duration_s, 3), tuple(scenes), silences, complete)


class _Finder:
    """Looks through one open file; `go_on` says whether there is time left."""

    def __init__(
        self,
        container: InputContainer,
        video: VideoStream,
        *,
        start_s: float,
        duration_s: float,
        go_on: Callable[[], bool],
        watch: Watch,
    ) -> None:
        self._container = container
        self._video = video
        self._start = start_s
        self._duration = duration_s
        self._go_on = go_on
        self._watch = watch

    def find(self) -> tuple[list[Scene], bool]:
        self._video.codec_context.skip_frame = "NONKEY"
        steps = list(self._steps(self._frames()))
        gaps = [step.time - step.before for step in steps]
        if not steps or median(gaps) > _SPARSE_S or self._duration > _SPARSE_S * (len(steps) + 1):
            # A foreign file with hardly any key frames: they say too little.
            self._seek(0.0)
            self._video.codec_context.skip_frame = "DEFAULT"
            steps = list(self._steps(self._frames()))
            return chosen(steps), self._go_on()
        complete = self._go_on()
        self._video.codec_context.skip_frame = "DEFAULT"
        refined = [self._refined(step) for step in changed(steps)]
        return chosen_scenes(refined), complete and self._go_on()

    def _refined(self, step: _Step) -> Scene:
        """The moment within the two key frames at which most of the change happened."""
        coarse = Scene(round(step.time, 3), round(step.change, 2))
        if not self._go_on():
            return coarse
        with suppress(av.error.FFmpegError):
            self._seek(step.before)
            between = self._steps(self._frames(until=step.time + _AHEAD_S), count=False)
            best = max(
                (one for one in between if one.time > step.before + _AHEAD_S / 5),
                key=lambda one: one.change,
                default=None,
            )
            if best is not None and best.change >= step.change / 4:
                return Scene(round(best.time, 3), coarse.score)
        return coarse

    def _seek(self, seconds: float) -> None:
        self._container.seek(round((self._start + seconds) * 1_000_000))

    def _frames(self, until: float | None = None) -> Iterator[tuple[float, VideoFrame]]:
        """Pictures with their moments, in order; those that cannot be decoded are left out."""
        last = -1.0
        for packet in _demuxed(self._container, self._video):
            for frame in decoded(packet):
                at = (frame.time or 0.0) - self._start
                if at <= last:
                    continue
                last = at
                if until is not None and at > until:
                    return
                yield max(0.0, at), frame
            if not self._go_on():
                return

    def _steps(self, frames: Iterator[tuple[float, VideoFrame]], *, count: bool = True) -> Iterator[_Step]:
        graph, sink = _scene_filter()
        small = VideoReformatter()
        before: float | None = None
        for number, (at, frame) in enumerate(frames):
            picture = small.reformat(frame, width=_SIZE[0], height=_SIZE[1], format="gray")
            picture.pts, picture.time_base = round(at * 1000), _TICK
            graph.push(picture)
            change = float(sink.pull().metadata.get("lavfi.scd.mafd", 0.0))
            if before is not None:
                yield _Step(before, at, change)
            before = at
            if count and self._duration > 0:
                self._watch(min(0.7, 0.7 * at / self._duration))
            if number > _MOST_LOOKED_AT:
                return


def changed(steps: Sequence[_Step]) -> Iterator[_Step]:
    """Those that changed more than is usual around them: more than in the calmest quarter."""
    for at, step in enumerate(steps):
        around = sorted(one.change for one in steps[max(0, at - _AROUND) : at + _AROUND + 1])
        if step.change >= max(_CHANGED, _TIMES_USUAL * around[len(around) // 4]):
            yield step


def chosen(steps: Sequence[_Step]) -> list[Scene]:
    return chosen_scenes([Scene(round(step.time, 3), round(step.change, 2)) for step in changed(steps)])


def chosen_scenes(scenes: Sequence[Scene]) -> list[Scene]:
    """By time; of those that follow each other closely the strongest, and at most a thousand."""
    kept: list[Scene] = []
    for scene in sorted(scenes, key=lambda one: one.time):
        if kept and scene.time - kept[-1].time < _APART_S:
            kept[-1] = max(kept[-1], scene, key=lambda one: one.score)
        else:
            kept.append(scene)
    strongest = sorted(kept, key=lambda one: -one.score)[:_MOST]
    return sorted(strongest, key=lambda one: one.time)


def _scene_filter() -> tuple[Graph, Any]:
    """Threshold 100: only the measure is wanted, the judgement is ours."""
    graph = Graph()
    source = graph.add_buffer(width=_SIZE[0], height=_SIZE[1], format=VideoFormat("gray"), time_base=_TICK)
    sink = graph.add("buffersink")
    graph.link_nodes(source, graph.add("scdet", "threshold=100"), sink).configure()
    return graph, sink


def _demuxed(container: InputContainer, stream: Any) -> Iterator[Any]:
    with suppress(av.error.EOFError, av.error.InvalidDataError):
        yield from container.demux(stream)
