"""The storyboard: small pictures at a regular interval, for a look at any moment before jumping there.

Sheets of pictures (sprites) and a WebVTT file that says which rectangle of which sheet shows which seconds,
as players read it: `storyboard.jpg#xywh=160,0,160,90` (W3C Media Fragments, 4.2.2).
"""

import math
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from media.errors import UnreadableMedia
from media.fragments import MAX_PIXELS
from media.glances import shown_at
from media.sniff import Container
from media.stills import Stills
from media.thumbnails import FORMAT
from media.untrusted import Watch, ignore_progress, open_media, origin_of, prepare, streams_of

BOX = 160, 160  # pixels that one picture may take
COLUMNS = 10
ROWS = 10
MAX_SHEETS = 4
MAX_PICTURES = COLUMNS * ROWS * MAX_SHEETS
QUALITY = 70
# Seconds between pictures, for a person a round number. Short videos are decoded whole, of others the key
# frames (two seconds apart) are enough.
_INTERVALS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240)
_WHOLE_S = 60.0
_FEW = 200  # more pictures than this are worth it only where they would be far apart


@dataclass(frozen=True, slots=True)
class Storyboard:
    """What was drawn. Sizes in pixels, times in seconds; `sheets` are names of files."""

    interval_s: float
    width: int
    height: int
    count: int
    duration_s: float
    sheets: tuple[str, ...]


def interval_for(duration_s: float) -> float:
    """One second for a short video, ten for an hour; never more than four sheets."""
    if duration_s <= _WHOLE_S:
        return 1.0
    for interval in _INTERVALS[1:]:
        most = _FEW if interval < 10 else MAX_PICTURES
        if duration_s / interval <= most:
            return float(interval)
    return float(math.ceil(duration_s / MAX_PICTURES))


def make_storyboard(
    source: Path,
    output: Path,
    *,
    kind: Container,
    duration_s: float,
    max_pixels: int = MAX_PIXELS,
    watch: Watch = ignore_progress,
) -> Storyboard:
    """Writes the sheets beside `output`, which becomes the first of them: `board.jpg`, `board-1.jpg`...

    Raises UnreadableMedia, also for a file without pictures.
    """
    interval = interval_for(duration_s)
    moments = [number * interval for number in range(max(1, math.ceil(duration_s / interval)))]
    with open_media(source, kind=kind, max_pixels=max_pixels) as container:
        streams = streams_of(container, max_pixels=max_pixels)
        if (video := streams.video) is None:
            raise UnreadableMedia("There is no picture in this file", "It holds sound alone.")
        prepare(video, threads=1, max_pixels=max_pixels)
        stills = Stills(*BOX, pixel_aspect=float(video.sample_aspect_ratio or 1))
        sheets = _Sheets(output)
        glances = shown_at(
            container,
            video,
            moments,
            keys_only=duration_s > _WHOLE_S,
            origin_s=origin_of(streams),
            duration_s=duration_s,
            watch=watch,
        )
        for _, frame in glances:
            sheets.add(stills.picture(frame))
    if not sheets.count:
        raise UnreadableMedia("The video cannot be read", "No picture could be decoded.")
    names = tuple(sheets.finish())
    return Storyboard(interval, *sheets.size, sheets.count, duration_s, names)


def to_vtt(board: Storyboard) -> str:
    """A WebVTT file with one cue for each picture; addresses are relative to its own."""
    cues = ["WEBVTT\n"]
    for number in range(board.count):
        last = number == board.count - 1
        begin = number * board.interval_s
        end = max(board.duration_s, begin + 0.001) if last else begin + board.interval_s
        place = number % (COLUMNS * ROWS)
        x, y = place % COLUMNS * board.width, place // COLUMNS * board.height
        sheet = board.sheets[number // (COLUMNS * ROWS)]
        times = f"{_clock(begin)} --> {_clock(end)}"
        cues.append(f"{times}\n{sheet}#xywh={x},{y},{board.width},{board.height}\n")
    return "\n".join(cues)


class _Sheets:
    """Pictures go in, files come out when a sheet is full. All pictures get the size of the first."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self._sheet: Image.Image | None = None
        self._names: list[str] = []
        self.count = 0
        self.size = 0, 0

    def add(self, picture: Image.Image) -> None:
        place = self.count % (COLUMNS * ROWS)
        if self.count == 0:
            self.size = picture.size
        elif picture.size != self.size:
            picture = picture.resize(self.size)
        if place == 0:
            self._write(ROWS)
            self._sheet = Image.new("RGB", (COLUMNS * self.size[0], ROWS * self.size[1]))
        if self._sheet is not None:
            self._sheet.paste(picture, (place % COLUMNS * self.size[0], place // COLUMNS * self.size[1]))
        self.count += 1

    def finish(self) -> list[str]:
        """The names of all files."""
        left = (self.count - 1) % (COLUMNS * ROWS) + 1
        self._write(math.ceil(left / COLUMNS), min(COLUMNS, left))
        return self._names

    def _write(self, rows: int, columns: int = COLUMNS) -> None:
        if self._sheet is None:
            return
        path = self._output
        if self._names:
            path = path.with_name(f"{path.stem}-{len(self._names)}{path.suffix}")
        sheet = self._sheet.crop((0, 0, columns * self.size[0], rows * self.size[1]))
        sheet.save(path, FORMAT, quality=QUALITY, optimize=True)
        self._names.append(path.name)
        self._sheet = None


def _clock(seconds: float) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
