"""What to record: from the command line and the settings to the engine's `start` command."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from desktop import settings
from desktop.errors import HeddleError, UsageError
from desktop.i18n import tr
from desktop.recorder import camera, picture

# What some file system or other does not take in a name.
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_BITRATE = re.compile(r"(\d+(?:\.\d+)?)([kKmM]?)")

# A name may have 255 bytes in all, and beside the film lies its manifest.
_NAME_BYTES = 180

SOUND_FIELDS = (
    "systemAudio",
    "separateTracks",
    "microphoneGainDb",
    "systemGainDb",
    "denoise",
    "levels",
)


@dataclass(frozen=True, slots=True)
class Options:
    """The command line of `heddle record`."""

    output: Path | None = None
    seconds: float | None = None
    fps: int | None = None
    display: str | None = None
    region: str | None = None
    window: str | None = None
    height: int | None = None
    audio: bool = True
    upload: bool = True
    server: str | None = None
    title: str = ""
    json: bool = False
    control: bool = False
    backend: str | None = None
    encoder: str | None = None
    codec: str | None = None
    quality: str | None = None
    max_bitrate: int | None = None  # bits per second
    microphone: str | None = None
    camera: Mapping[str, object] = field(default_factory=dict)  # see desktop/recorder/camera.py
    countdown: int | None = None
    min_free_mb: int | None = None
    self_test: bool = True
    picture: Mapping[str, object] = field(default_factory=dict)  # see desktop/recorder/picture.py
    sound: Mapping[str, object] = field(default_factory=dict)  # of SOUND_FIELDS, those that were given
    transcribed_here: bool = False  # what is said is written down here: the server need not listen


@dataclass(frozen=True, slots=True)
class Take:
    """What to record; None leaves the choice to the engine."""

    output: Path
    title: str = ""
    fps: int = 30
    display: str | None = None
    region: tuple[int, int, int, int] | None = None  # x, y, width, height in pixels
    window: str | None = None
    height: int | None = None
    audio: bool = True
    microphone: str | None = None
    camera: Mapping[str, object] = field(default_factory=dict)  # see desktop/recorder/camera.py
    seconds: float | None = None
    backend: str | None = None
    encoder: str | None = None
    countdown: int = 0  # seconds before the first picture
    self_test: bool = False  # two seconds first, with devices that were never recorded with
    min_free_mb: int | None = None  # the take ends while the disk has so much left
    codec: str | None = None
    quality: str | None = None
    max_bitrate: int | None = None  # bits per second
    picture: Mapping[str, object] = field(default_factory=dict)  # see desktop/recorder/picture.py
    sound: Mapping[str, object] = field(default_factory=dict)  # of SOUND_FIELDS, those that were given
    transcribed_here: bool = False  # see Options

    @property
    def told_server(self) -> dict[str, object]:
        """What its recording's `settings` on the server are."""
        settings: dict[str, object] = {"fps": self.fps, "audio": self.audio}
        return {**settings, "transcription": "desktop"} if self.transcribed_here else settings

    def arguments(self) -> dict[str, object]:
        """The engine's `start` command."""
        return {
            **self.picture,
            "output": str(self.output),
            "title": self.title,
            "fps": self.fps,
            "display": self.display,
            "region": list(self.region) if self.region else None,
            "window": self.window,
            "height": self.height,
            "audio": self.audio,
            "seconds": self.seconds,
            "backend": self.backend,
            "encoder": self.encoder,
            "codec": self.codec,
            "quality": self.quality,
            "maxBitrate": self.max_bitrate,
            "microphone": self.microphone,
            **self.camera,
            "countdown": self.countdown,
            "selfTest": self.self_test,
            "minFreeMb": self.min_free_mb,
            **self.sound,
        }


def take_for(options: Options, config: settings.Settings) -> Take:
    """What the engine is asked for, with what the options leave open taken from the settings."""
    output = options.output or new_file(settings.recordings_folder(config), options.title)
    output = _absolute(output)
    _make_folder(output.parent)
    return Take(
        output=output,
        title=options.title or output.stem,
        picture=picture.with_settings(options.picture, config),
        fps=options.fps or config.fps,
        display=options.display,
        region=parse_region(options.region) if options.region else None,
        window=options.window,
        height=options.height,
        audio=options.audio,
        microphone=options.microphone or config.microphone,
        camera=camera.with_settings(options.camera, config),
        seconds=options.seconds or (60 * config.longest if config.longest else None),
        backend=options.backend,
        encoder=options.encoder,
        countdown=config.countdown if options.countdown is None else options.countdown,
        min_free_mb=config.min_free_mb if options.min_free_mb is None else options.min_free_mb,
        self_test=options.self_test and config.self_test,
        codec=options.codec,
        quality=options.quality,
        max_bitrate=options.max_bitrate,
        sound=options.sound,
        transcribed_here=options.transcribed_here,
    )


def _absolute(path: Path) -> Path:
    try:
        return path.expanduser().absolute()
    except (RuntimeError, ValueError) as error:  # nobody has that home
        raise UsageError(tr("The file for the recording cannot be written"), str(error)) from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise HeddleError(
            tr("The folder for the recording cannot be used"),
            f"{folder}: {getattr(error, 'strerror', None) or error}",
            tr("Name another file with --output."),
        ) from error


def new_file(folder: Path, title: str, now: datetime | None = None) -> Path:
    """A free name that says when and what: `2026-11-21 14.03.22 Weekly.mp4`."""
    stamp = f"{now or datetime.now().astimezone():%Y-%m-%d %H.%M.%S}"
    name = f"{stamp} {file_words(title)}".strip()
    path, number = folder / f"{name}.mp4", 2
    while path.exists():
        path, number = folder / f"{name} ({number}).mp4", number + 1
    return path


def file_words(title: str) -> str:
    """What of a title can be in a file's name on every system; empty where nothing can."""
    words = _UNSAFE.sub(" ", title).strip(" .")[:80]
    return words.encode(errors="ignore")[:_NAME_BYTES].decode(errors="ignore").strip()


def parse_region(text: str) -> tuple[int, int, int, int]:
    """`x,y,w,h` in pixels; UsageError when it is anything else."""
    try:
        x, y, width, height = (int(part) for part in text.split(","))
    except ValueError:
        x = y = width = height = -1
    if min(x, y) < 0 or min(width, height) < 1:
        raise UsageError(
            tr("The region makes no sense"),
            tr("{given} is not x,y,width,height in pixels", given=repr(text)),
            tr("For the left half of a 1920x1080 screen: --region 0,0,960,1080"),
        )
    return x, y, width, height


def parse_bitrate(text: str) -> int:
    """Bits a second: `3500000`, `3500k` or `3.5M`; UsageError when it is anything else."""
    match = _BITRATE.fullmatch(text)
    if match is None:
        raise UsageError(
            tr("The bitrate makes no sense"),
            tr("{given} is not a number of bits a second", given=repr(text)),
            tr("For three and a half million bits a second: --max-bitrate 3.5M"),
        )
    return round(float(match[1]) * {"": 1, "k": 1_000, "m": 1_000_000}[match[2].lower()])
