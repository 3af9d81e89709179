"""The table of steps: all that can be done with a video, in the order in which a viewer waits for it.

A new step is a name, an entry here and a function in `work.py`. Everything else follows from the entry:
when the step is planned, which workers take it and in what order, what its child may use, and which files
it may leave in the recording's folder.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from media.facts import HEIGHTS, Probe, av1_rungs_for, rungs_for
from server.processing import allowances
from server.processing.allowances import Allowance


class StepName(StrEnum):
    PROBE = "probe"
    NORMALISE = "normalise"
    POSTER = "poster"
    FIRST_POSTER = "first-poster"  # of a video that is still being recorded
    RENDITION = "rendition"
    TRANSCRIPT = "transcript"
    LIVE_TRANSCRIPT = "live-transcript"  # of a video that is still being recorded
    STORYBOARD = "storyboard"
    PREVIEW = "preview"
    WAVEFORM = "waveform"
    DOWNLOAD = "download"
    AUDIO = "audio"
    SCENES = "scenes"  # where the picture changes and where it is silent
    PIECE = "rendition-piece"  # of a long video
    AV1 = "av1"  # versions beside the renditions, by setting
    AV1_PIECE = "av1-piece"  # of those of a long video


class JobType(StrEnum):
    """The specification's words for kinds of work."""

    ANALYZE = "analyze"
    OPTIMIZE = "optimize"
    THUMBNAIL = "thumbnail"
    TRANSCODE = "transcode"


class Lane(StrEnum):
    """Each has workers of its own: a link's poster never waits for an hour of encoding."""

    SHORT = "short"
    LONG = "long"
    SPEECH = "speech"
    LIVE = "live"  # listens along with a recording, mostly waiting
    SPARE = "spare"  # takes hours and what is left of the machine


class Reads(StrEnum):
    """Which file of the recording a step works on."""

    SOURCE = "source"  # as it was uploaded
    STREAMABLE = "streamable"  # the one that streams: the source, or what normalising made of it


# Whether a step is worth doing for a video with these facts. They are those of the file the step reads.
Wanted = Callable[[Probe], bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is true of every job of one step.

    `priority`: within a lane the lowest is first, then the oldest. `makes`: names of files, `*` for what
    varies; the first is the main one. `wanted`: None where somebody asks for the step (`Processing.request`).
    `threads`: whether its codec may use more than one. `video`: what comes out is a video and is probed.
    `encodes`: the codec of versions for viewers, for which an encoder is chosen.
    `early`: it begins while the file still grows; one that `follows` reads along until the file ends.
    `awaited`: somebody looks at the page already; its child is started beforehand.
    `counts`: the video is processed only when the step is over. `cut_into`: the step that makes a piece of
    what this one makes; of a long video, it joins pieces. `work` names the function, where another step has
    it too.
    """

    name: StepName
    type: JobType
    lane: Lane
    priority: int
    makes: tuple[str, ...] = ()
    reads: Reads = Reads.SOURCE
    wanted: Wanted | None = None
    allowance: Allowance = allowances.picture
    essential: bool = False
    attempts: int = 3
    threads: bool = False
    video: bool = False
    encodes: str = ""
    counts: bool = True
    early: bool = False
    follows: bool = False
    awaited: bool = False
    cut_into: StepName | None = None
    work: str = ""

    @property
    def does(self) -> str:
        return self.work or self.name.value

    def may_make(self, name: str) -> bool:
        return "/" not in name and any(fnmatchcase(name, pattern) for pattern in self.makes)


# Until the essential steps are done a recording is not complete; without the others it can be watched.
_TABLE = (
    Kind(
        StepName.PROBE,
        JobType.ANALYZE,
        Lane.SHORT,
        10,
        allowance=allowances.reading,
        essential=True,
    ),
    Kind(
        StepName.NORMALISE,
        JobType.OPTIMIZE,
        Lane.LONG,
        20,
        ("normalised.mp4",),
        wanted=lambda facts: not facts.streams_as_it_is,
        allowance=allowances.encoding,
        essential=True,
        threads=True,
        video=True,
    ),
    Kind(
        StepName.FIRST_POSTER,
        JobType.THUMBNAIL,
        Lane.SHORT,
        30,
        ("poster.jpg",),
        # In the first seconds of a recording there is little to decode, and soon there is more.
        attempts=6,
        allowance=allowances.first_picture,
        counts=False,
        early=True,
        awaited=True,
        work=StepName.POSTER,
    ),
    Kind(
        StepName.POSTER,
        JobType.THUMBNAIL,
        Lane.SHORT,
        30,
        ("poster.jpg",),
        wanted=lambda facts: facts.has_video,
    ),
    Kind(
        StepName.RENDITION,
        JobType.TRANSCODE,
        Lane.LONG,
        40,
        tuple(f"{height}p.mp4" for height in HEIGHTS),
        Reads.STREAMABLE,
        wanted=lambda facts: facts.has_video and bool(rungs_for(*facts.display_size)),
        allowance=allowances.encoding,
        threads=True,
        video=True,
        encodes="h264",
        cut_into=StepName.PIECE,
    ),
    Kind(
        StepName.LIVE_TRANSCRIPT,
        JobType.ANALYZE,
        Lane.LIVE,
        50,
        ("transcript.json",),
        allowance=allowances.listening_along,
        threads=True,
        counts=False,
        early=True,
        follows=True,
        work=StepName.TRANSCRIPT,
    ),
    Kind(
        StepName.TRANSCRIPT,
        JobType.ANALYZE,
        Lane.SPEECH,
        50,
        ("transcript.json",),
        allowance=allowances.listening,
        threads=True,
        # On a slow machine it takes longer than the recording; the video is there all the same.
        counts=False,
    ),
    Kind(
        StepName.STORYBOARD,
        JobType.THUMBNAIL,
        Lane.SHORT,
        60,
        ("storyboard.jpg", "storyboard-*.jpg", "storyboard.vtt"),
        Reads.STREAMABLE,
        wanted=lambda facts: facts.has_video,
        allowance=allowances.decoding,
    ),
    Kind(
        StepName.PREVIEW,
        JobType.THUMBNAIL,
        Lane.SHORT,
        70,
        ("preview.webp", "preview.gif"),
        Reads.STREAMABLE,
        wanted=lambda facts: facts.has_video,
        allowance=allowances.decoding,
    ),
    Kind(
        StepName.WAVEFORM,
        JobType.ANALYZE,
        Lane.SHORT,
        80,
        ("waveform.json",),
        Reads.STREAMABLE,
        wanted=lambda facts: facts.has_audio,
        allowance=allowances.decoding,
    ),
    Kind(
        StepName.DOWNLOAD,
        JobType.OPTIMIZE,
        Lane.SHORT,
        90,
        ("download.mp4",),
        Reads.STREAMABLE,
        wanted=lambda _: True,
        allowance=allowances.decoding,
    ),
    Kind(
        StepName.AUDIO,
        JobType.OPTIMIZE,
        Lane.SHORT,
        100,
        ("audio.m4a",),
        Reads.STREAMABLE,
        wanted=lambda facts: facts.has_audio,
        allowance=allowances.decoding,
    ),
    Kind(
        # Nobody waits for it, and it reads all of a file: it comes after what is encoded for viewers.
        StepName.SCENES,
        JobType.ANALYZE,
        Lane.LONG,
        110,
        ("scenes.json",),
        Reads.STREAMABLE,
        wanted=lambda facts: facts.duration_s > 0,
        allowance=allowances.decoding,
        counts=False,
    ),
    Kind(
        StepName.PIECE,
        JobType.TRANSCODE,
        Lane.LONG,
        40,
        tuple(f"?????-{height}p.mp4" for height in HEIGHTS),
        Reads.STREAMABLE,
        allowance=allowances.encoding,
        early=True,
        threads=True,
        encodes="h264",
    ),
    Kind(
        StepName.AV1,
        JobType.TRANSCODE,
        Lane.SPARE,
        120,
        ("av1.mp4", "av1small.mp4"),
        Reads.STREAMABLE,
        wanted=lambda facts: facts.has_video and bool(av1_rungs_for(*facts.display_size)),
        allowance=allowances.at_leisure,
        threads=True,
        video=True,
        encodes="av1",
        counts=False,
        cut_into=StepName.AV1_PIECE,
    ),
    Kind(
        StepName.AV1_PIECE,
        JobType.TRANSCODE,
        Lane.SPARE,
        120,
        ("?????-av1.mp4", "?????-av1small.mp4"),
        Reads.STREAMABLE,
        allowance=allowances.at_leisure,
        early=True,
        threads=True,
        encodes="av1",
        counts=False,
        work=StepName.PIECE,
    ),
)

KINDS: dict[StepName, Kind] = {kind.name: kind for kind in _TABLE}
# What pieces are of, by the step that makes one.
WHOLES: dict[StepName, StepName] = {kind.cut_into: kind.name for kind in _TABLE if kind.cut_into is not None}
