"""Everything a take needs, chosen and opened: screen, microphone, encoder, file. Fails before it records."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from capture.errors import NoEncoder
from capture.film import FilmPlan
from capture.health import Health
from capture.marks import Marks
from capture.model import Counters, StartCommand, TakeInfo
from capture.output import Notes, OutputFile
from capture.pipeline import Listener, Parts, Pipeline
from capture.ports import ScreenSource
from capture.soundfeed import Kind
from capture.soundsetup import Sound, open_sound
from capture.staging import OpenCamera, open_staging
from media import encoders
from media.clock import MediaClock
from media.errors import MediaError
from media.manifest import Manifest, TakeState
from media.muxer import VideoFormat

Tell = Callable[[Health], None]


@dataclass(frozen=True, slots=True)
class Take:
    """Opened, nothing recorded yet."""

    info: TakeInfo
    parts: Parts

    def arm(self, clock: MediaClock, counters: Counters, listener: Listener) -> Pipeline:
        """Everything runs but the camera on the screen. NoEncoder, with everything closed again, when the
        encoder does not open."""
        try:
            pipeline = Pipeline(self.parts, clock, counters, listener)
        except MediaError as error:
            self._abandon()
            raise NoEncoder(error.title, error.detail, error.hint) from error
        pipeline.arm()
        return pipeline

    def _abandon(self) -> None:
        self.parts.staging.close()
        if self.parts.sound is not None:
            self.parts.sound.close()
        self.parts.output.discard()


def open_take(
    command: StartCommand,
    clock: MediaClock,
    counters: Counters,
    tell: Tell,
    marks: Marks,
    *,
    open_camera: OpenCamera,
) -> Take:
    """CaptureError when something needed is not there; what was opened before is closed again.

    `tell` takes what a person should hear about the choices, now and while the take runs.
    """
    take_id = uuid.uuid4().hex
    with contextlib.ExitStack() as opened:
        staging = open_staging(command, open_camera, tell)
        opened.callback(staging.close)
        sound = open_sound(command.sound, _sound_backend(command), counters, tell)
        if sound is not None:
            opened.callback(sound.close)
        video = _video_format(command, staging.source)
        first = _manifest(command, take_id, video, sound)
        notes = Notes(lambda: clock.pauses, lambda: marks.all)
        output = OutputFile(command.output, first, notes, tell, command.life.min_free_bytes)
        opened.pop_all()
    info = _info(command, take_id, video, staging.backend, sound)
    plan = FilmPlan(command.screen.fps, command.seconds)
    return Take(info, Parts(staging, plan, video, sound, output, info, command.title))


def _info(
    command: StartCommand, take_id: str, video: VideoFormat, backend: str, sound: Sound | None
) -> TakeInfo:
    return TakeInfo(
        id=take_id,
        path=command.output,
        width=video.width,
        height=video.height,
        fps=video.fps,
        encoder=video.preset.name,
        backend=backend,
        audio=sound.name(Kind.MICROPHONE) if sound is not None else None,
        system_audio=sound.name(Kind.SYSTEM) if sound is not None else None,
    )


def _sound_backend(command: StartCommand) -> str | None:
    return "synthetic" if command.backend == "synthetic" else None


def _video_format(command: StartCommand, screen: ScreenSource) -> VideoFormat:
    try:
        preset = encoders.choose(command.video).preset
    except MediaError as error:
        raise NoEncoder(error.title, error.detail, error.hint) from error
    return VideoFormat(preset, screen.width, screen.height, command.screen.fps)


def _manifest(command: StartCommand, take_id: str, video: VideoFormat, sound: Sound | None) -> Manifest:
    return Manifest(
        id=take_id,
        file=command.output.name,
        title=command.title,
        state=TakeState.RECORDING,
        created_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        width=video.width,
        height=video.height,
        fps=video.fps,
        encoder=video.preset.name,
        video_codec=video.preset.codec,
        audio_codec="aac" if sound is not None else None,
    )
