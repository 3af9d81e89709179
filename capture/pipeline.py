"""One take, wired: screen and sound through bounded stages into one growing file.

    grab -> compose -> encode \\
                               mux -> output
    device -> sound ----------/

Each arrow is a queue of fixed size, each word a thread that alone touches what it owns. Stopping goes from
left to right within one time budget, so everything that was taken in comes out.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from capture.compose import Canvas, Composer
from capture.errors import CaptureError, as_capture_error, disk_nearly_full, stop_took_too_long
from capture.film import Film, FilmPlan
from capture.health import Health, half_rate, light_encoder, sound_gaps
from capture.model import Counters, Result, Shot, TakeInfo
from capture.output import OutputFile
from capture.overload import WINDOW_S, Relief
from capture.receipt import Measured
from capture.revive import SturdyEncoder
from capture.scene import Scene
from capture.sound import Levels, SoundTracks
from capture.soundsetup import Sound
from capture.stage import Deadline, Stage
from capture.staging import Staging
from media.clock import MediaClock
from media.manifest import TakeState
from media.muxer import Chunk, FragmentMuxer, VideoFormat

if TYPE_CHECKING:
    from collections.abc import Callable

    from av import Packet

COMPOSE_QUEUE = 4
ENCODE_QUEUE = 4
MUX_QUEUE = 128  # packets, of which sound alone makes 47 a second
OUTPUT_QUEUE = 8  # fragments: four seconds of a disk that does not answer
STOP_BUDGET_S = 10.0


@dataclass(frozen=True, slots=True)
class Listener:
    """Whom the pipeline tells; called from its threads, so each must return at once."""

    first_picture: Callable[[], None]
    limit_reached: Callable[[], None]
    failed: Callable[[CaptureError], None]
    health: Callable[[Health], None]
    levels: Callable[[Levels], None]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a take is made of, opened by whoever chose it."""

    staging: Staging
    plan: FilmPlan
    video: VideoFormat
    sound: Sound | None
    output: OutputFile
    info: TakeInfo
    title: str


@dataclass(frozen=True, slots=True)
class Composed:
    canvas: Canvas
    pts: int
    key: bool


@dataclass(frozen=True, slots=True)
class ToMux:
    packet: Packet[Any]
    sound_track: int | None  # None: a picture, 0: the mix, others: a source in a file of its own


class Pipeline:
    """`arm` -> `start` -> `stop`; pause and resume are the media clock's, then `wake`."""

    def __init__(self, parts: Parts, clock: MediaClock, counters: Counters, listener: Listener) -> None:
        self._parts, self._clock, self._listener = parts, clock, listener
        self.counters = counters
        audio = (parts.sound.format,) if parts.sound is not None else ()
        self._muxer = FragmentMuxer(self._write, parts.video, audio, parts.title)
        self._video = SturdyEncoder(self._muxer.video, parts.video, self._codec_replaced)
        self._replaced = False  # since the film asked last
        self._composer = Composer(parts.video.width, parts.video.height)
        failed = self.failed
        self._output: Stage[Chunk] = Stage("output", parts.output.append, size=OUTPUT_QUEUE, failed=failed)
        self._mux: Stage[ToMux] = Stage(
            "mux", self._mux_packet, size=MUX_QUEUE, finish=self._muxer.finish, failed=failed
        )
        self._encode: Stage[Composed] = Stage(
            "encode", self._encode_picture, size=ENCODE_QUEUE, finish=self._flush, failed=failed
        )
        self._shots: Stage[Shot] = Stage(
            "compose", self._compose, size=COMPOSE_QUEUE, discard=_release, failed=failed
        )
        self._film = Film(
            parts.staging.source,
            clock,
            shots=self._shots,
            counters=counters,
            plan=parts.plan,
            events=self,
            over=parts.staging.over,
        )
        self._stems = parts.sound.stems(parts.output.path) if parts.sound is not None else None
        self._sound = self._sound_tracks()
        self._told_gaps = 0
        self._told_room = False
        self._measured = Measured()
        self._filming = False
        self._stop_lock = threading.Lock()
        self._result: Result | None = None

    def arm(self) -> None:
        """Everything but the filming runs: sound is heard and thrown away until the first picture."""
        for stage in (self._output, self._mux, self._encode, self._shots):
            stage.start()
        if self._sound is not None:
            self._sound.start()

    def start(self) -> None:
        """The first picture is taken now, and media time begins."""
        self._filming = True
        self._film.start()

    def mute(self, *, on: bool) -> None:
        if self._sound is not None:
            self._sound.mute(on=on)

    def wake(self) -> None:
        self._film.wake()

    def stop(self, state: TakeState = TakeState.FINISHED, budget_s: float = STOP_BUDGET_S) -> Result:
        """Close the sources, work off what they gave, finish the file. Later calls give the same result."""
        with self._stop_lock:
            if self._result is None:
                self._result = self._stop(state, Deadline(budget_s))
            return self._result

    @property
    def scene(self) -> Scene | None:
        """Where the layout can be changed; None without a camera."""
        return self._parts.staging.scene

    @property
    def queues(self) -> dict[str, int]:
        stages: tuple[Stage[Any], ...] = (self._shots, self._encode, self._mux, self._output)
        return {stage.name: stage.depth for stage in stages}

    @property
    def committed(self) -> tuple[int, int]:
        """Bytes and fragments that are on disk."""
        now = self._parts.output.manifest
        return now.bytes_committed, now.fragments

    # What the threads tell; see FilmEvents and SoundEvents.

    def first_picture(self) -> None:
        self._listener.first_picture()

    def limit_reached(self) -> None:
        self._listener.limit_reached()

    def overloaded(self, relief: Relief) -> None:
        if relief is Relief.HALF_RATE:
            self._listener.health(half_rate(self._film.slow_down()))
        else:
            self._video.lighten()
            self._listener.health(light_encoder())

    def stuck(self) -> bool:
        """Whether one picture held up the encoder for longer than any load would, since it was asked last."""
        replaced, self._replaced = self._replaced, False
        return replaced or self._video.silent_s > WINDOW_S

    def screen_trouble(self, health: Health) -> None:
        self._listener.health(health)

    def sound_levels(self, levels: Levels) -> None:
        self._listener.levels(levels)

    def failed(self, where: str, error: Exception) -> None:
        self._listener.failed(as_capture_error(where, error))

    def check(self) -> None:
        """Called now and then: what only totals tell."""
        lost = self.counters.audio_drops
        if lost > self._told_gaps:
            self._told_gaps = lost
            self._listener.health(sound_gaps(lost))
        self._measure()
        left = self._parts.output.short_of_room
        if left is not None and not self._told_room:
            self._told_room = True
            self._listener.failed(disk_nearly_full(left))

    def _codec_replaced(self, health: Health) -> None:
        self._replaced = True
        self._listener.health(health)

    def _measure(self) -> None:
        error_s = self._sound.error_s if self._sound is not None else None
        if error_s is not None:
            self._measured.sound_lies(error_s)

    def _sound_tracks(self) -> SoundTracks | None:
        sound = self._parts.sound
        if sound is None:
            return None
        contexts = [*self._muxer.audio, *(self._stems.contexts if self._stems is not None else ())]
        return sound.tracks(self._clock, contexts, self._to_mux, self)

    def _compose(self, shot: Shot) -> None:
        try:
            canvas = self._composer.compose(shot.picture)
        finally:
            shot.picture.buffer.release()
        if canvas is None:
            self.counters.dropped += 1
            return
        if not self._encode.offer(Composed(canvas, shot.pts, shot.key), None):
            self._composer.give_back(canvas)

    def _encode_picture(self, picture: Composed) -> None:
        try:
            packets = self._video.encode(picture.canvas.planes, picture.pts, key=picture.key)
        finally:
            self._composer.give_back(picture.canvas)
        self.counters.encoded += 1
        self._to_mux(packets)

    def _flush(self) -> None:
        self._to_mux(self._video.flush())

    def _to_mux(self, packets: list[Packet[Any]], sound_track: int | None = None) -> None:
        for packet in packets:
            self._mux.offer(ToMux(packet, sound_track), None)

    def _mux_packet(self, item: ToMux) -> None:
        if item.sound_track is None:
            self._muxer.mux_video(item.packet)
        elif item.sound_track == 0 or self._stems is None:
            self._muxer.mux_audio(item.packet)
        else:
            self._stems.mux(item.packet, item.sound_track - 1)

    def _write(self, chunk: Chunk) -> None:
        self._output.offer(chunk, None)

    def _stop(self, state: TakeState, deadline: Deadline) -> Result:
        self._measure()  # of a take shorter than the time between two checks too
        self._clock.pause()
        in_time = self._film.stop(deadline.left)
        if not self._filming:
            self._parts.staging.close()  # else the filming thread does that
        if self._sound is not None:
            in_time &= self._sound.stop(deadline.left)
        for stage in (self._shots, self._encode, self._mux, self._output):
            in_time &= self._close(stage, deadline)
        if not in_time:
            self._listener.failed(stop_took_too_long(STOP_BUDGET_S))
        receipt = None
        if self.committed[1]:
            peak = self._sound.peak if self._sound is not None else None
            stems = self._stems.names if self._stems is not None else ()
            receipt = self._measured.receipt(self._parts.info, self.counters, peak, stems)
        else:
            state = TakeState.INTERRUPTED
            self._parts.output.discard()
        end = self._parts.output.finish(state, receipt)
        if self._stems is not None:
            self._stems.finish(self._parts.output.path, keep=receipt is not None)
        return Result(
            path=self._parts.output.path,
            duration_s=end.duration_s,
            bytes=end.bytes_committed if receipt is not None else 0,  # what had no picture was discarded
            fragments=end.fragments,
            sha256=end.sha256 or "",
            counters=replace(self.counters),
            markers=end.markers,
            receipt=receipt,
        )

    def _close(self, stage: Stage[Any], deadline: Deadline) -> bool:
        if stage.close(deadline.left):
            return True
        stage.abort()
        return stage.close(0.5)


def _release(shot: Shot) -> None:
    shot.picture.buffer.release()
