"""Everything a take needs, chosen and opened: screen, microphone, encoder, file. Fails before it records."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from capture.errors import CaptureError, NoEncoder, NoMicrophone
from capture.film import FilmPlan
from capture.health import Health, no_microphone
from capture.marks import Marks
from capture.model import Counters, StartCommand, TakeInfo
from capture.output import Notes, OutputFile
from capture.pipeline import Listener, Parts, Pipeline
from capture.ports import ScreenSource, SoundSource
from capture.registry import choose_sound
from capture.sound import Inbox
from capture.staging import OpenCamera, open_staging
from media import encoders, presets
from media.clock import MediaClock
from media.errors import MediaError
from media.manifest import Manifest, TakeState
from media.muxer import AudioFormat, VideoFormat

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
    take_id, inbox = uuid.uuid4().hex, Inbox(counters)
    with contextlib.ExitStack() as opened:
        staging = open_staging(command, open_camera, tell)
        opened.callback(staging.close)
        sound = _open_sound(command, inbox, tell)
        if sound is not None:
            opened.callback(sound.close)
        video = _video_format(command, staging.source)
        audio = _audio_format(command, sound)
        first = _manifest(command, take_id, video, audio)
        notes = Notes(lambda: clock.pauses, lambda: marks.all)
        output = OutputFile(command.output, first, notes, tell, command.life.min_free_bytes)
        opened.pop_all()
    info = _info(command, take_id, video, staging.backend, sound)
    plan = FilmPlan(command.screen.fps, command.seconds)
    return Take(info, Parts(staging, plan, video, audio, sound, inbox, output, info, command.title))


def _info(
    command: StartCommand, take_id: str, video: VideoFormat, backend: str, sound: SoundSource | None
) -> TakeInfo:
    return TakeInfo(
        id=take_id,
        path=command.output,
        width=video.width,
        height=video.height,
        fps=video.fps,
        encoder=video.preset.name,
        backend=backend,
        audio=sound.name if sound is not None else None,
    )


def _open_sound(command: StartCommand, inbox: Inbox, tell: Tell) -> SoundSource | None:
    """A take without a microphone is better than none: it gets a silent track, and a word about it."""
    if not command.audio:
        return None
    try:
        chosen = choose_sound(_sound_backend(command))
        return chosen.backend.open(inbox.put, command.microphone)
    except NoMicrophone as error:
        tell(no_microphone(error.detail, error.hint))
    except CaptureError as error:
        tell(no_microphone(error.detail, "Plug in a microphone, or record with --no-audio."))
    return None


def _sound_backend(command: StartCommand) -> str | None:
    return "synthetic" if command.backend == "synthetic" else None


def _video_format(command: StartCommand, screen: ScreenSource) -> VideoFormat:
    try:
        preset = encoders.choose(command.video).preset
    except MediaError as error:
        raise NoEncoder(error.title, error.detail, error.hint) from error
    return VideoFormat(preset, screen.width, screen.height, command.screen.fps)


def _audio_format(command: StartCommand, sound: SoundSource | None) -> AudioFormat | None:
    if not command.audio:
        return None
    return AudioFormat(presets.load().audio, sound.channels if sound is not None else 1)


def _manifest(command: StartCommand, take_id: str, video: VideoFormat, audio: AudioFormat | None) -> Manifest:
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
        audio_codec="aac" if audio is not None else None,
    )
