"""What the client keeps between runs: which server, where recordings go. One small TOML file.

Found, in this order: HEDDLE_CONFIG (a file), HEDDLE_HOME/config.toml, the platform's configuration folder.
The environment wins over the file: HEDDLE_SERVER names the server for scripts.
"""

import json
import os
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs

from desktop.errors import ConfigError
from desktop.i18n import tr
from uploader.paths import home

DEFAULT_FPS = 30


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """The client's settings; None means the default."""

    server: str | None = None  # address of the Heddle server, such as https://heddle.example
    recordings: Path | None = None  # folder for new recordings; <home>/recordings
    fps: int = DEFAULT_FPS  # frames a second to ask the screen for
    microphone: str | None = None  # name of the sound device; the system's default
    camera: str | None = None  # name of the camera, or "default"; none is filmed unless one is named
    background: str | None = None  # "blur", or the path of a picture that replaces what is behind you
    background_model: Path | None = None  # segmentation network (ONNX) that `background` needs
    countdown: int = 0  # seconds between the start and the first picture
    self_test: bool = True  # two seconds are recorded and judged before the first take with new devices
    speech_model: str | None = None  # name, path or address of the speech model; the catalogue's default
    models: Path | None = None  # folder of the speech models; <home>/models
    models_url: str | None = None  # a mirror of the hub that models are downloaded from
    min_free_mb: int | None = None  # recordings end while the disk has so much left; the engine's default


def config_path() -> Path:
    """Where the settings lie (the file may not exist yet)."""
    if named := os.environ.get("HEDDLE_CONFIG"):
        return Path(named)
    if named := os.environ.get("HEDDLE_HOME"):
        return Path(named) / "config.toml"
    return Path(platformdirs.user_config_dir("heddle")) / "config.toml"


def load(path: Path | None = None) -> ClientConfig:
    """The settings, with the environment over them; ConfigError when the file is broken."""
    config = _read(path or config_path())
    server = os.environ.get("HEDDLE_SERVER") or config.server
    return replace(
        config,
        server=server.rstrip("/") if server else None,
        speech_model=os.environ.get("HEDDLE_SPEECH_MODEL") or config.speech_model,
        models=_path(os.environ.get("HEDDLE_MODELS")) or config.models,
        models_url=os.environ.get("HEDDLE_MODELS_URL") or config.models_url,
    )


def save(config: ClientConfig, path: Path | None = None) -> None:
    """Writes the settings in one step; what is None is left out."""
    path = path or config_path()
    values = {
        "server": config.server,
        "recordings": str(config.recordings) if config.recordings else None,
        "fps": config.fps,
        "microphone": config.microphone,
        "camera": config.camera,
        "background": config.background,
        "background_model": str(config.background_model) if config.background_model else None,
        "countdown": config.countdown or None,
        "speech_model": config.speech_model,
        "models": str(config.models) if config.models else None,
        "models_url": config.models_url,
        "min_free_mb": config.min_free_mb,
        "self_test": None if config.self_test else False,
    }
    # A JSON string or number is a TOML one too.
    lines = [
        f"{name} = {json.dumps(value, ensure_ascii=False)}"
        for name, value in values.items()
        if value is not None
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    temporary.replace(path)


def remember_server(server: str) -> None:
    """Makes `server` the one that recordings go to from now on."""
    save(replace(_read(config_path()), server=server.rstrip("/")))


def recordings_folder(config: ClientConfig) -> Path:
    """Where recordings without `--output` go."""
    return config.recordings or home() / "recordings"


def models_folder(config: ClientConfig) -> Path:
    """Where speech models lie."""
    return config.models or home() / "models"


def _read(path: Path) -> ClientConfig:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ClientConfig()
    except (OSError, ValueError) as error:
        raise ConfigError(
            tr("The settings cannot be read"),
            f"{path}: {error}",
            tr("Correct the file or delete it; Heddle then starts with its defaults."),
        ) from error
    return ClientConfig(
        server=_text(values.get("server")),
        recordings=_path(values.get("recordings")),
        fps=values["fps"] if isinstance(values.get("fps"), int) else DEFAULT_FPS,
        microphone=_text(values.get("microphone")),
        camera=_text(values.get("camera")),
        background=_text(values.get("background")),
        background_model=_path(values.get("background_model")),
        countdown=_whole(values.get("countdown")) or 0,
        speech_model=_text(values.get("speech_model")),
        models=_path(values.get("models")),
        models_url=_text(values.get("models_url")),
        min_free_mb=_whole(values.get("min_free_mb")),
        self_test=values.get("self_test") is not False,
    )


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _path(value: object) -> Path | None:
    return Path(str(value)).expanduser() if value else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
