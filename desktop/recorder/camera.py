"""The camera, as the engine's `start` command says it: which one, how large, what becomes of its picture.

What it means is the engine's to judge; the names are in docs/reference/events.md.
"""

from collections.abc import Mapping
from pathlib import Path

from desktop.errors import UsageError
from desktop.i18n import tr
from desktop.recorder.fields import given
from desktop.settings import Settings

FIELDS = (
    "camera", "cameraWidth", "cameraHeight", "cameraFps", "cameraBackend",
    "mirrored", "background", "backgroundModel",
)  # fmt: skip
BLUR = "blur"


def camera_fields(
    *,
    camera: str | None,
    size: str | None,
    fps: int | None,
    no_mirror: bool,
    background: str | None,
    model: Path | None,
    backend: str | None,
) -> dict[str, object]:
    """The fields that the command line sets; UsageError when it makes no sense."""
    width, height = parse_size(size) if size else (None, None)
    values: dict[str, object] = {
        "camera": camera,
        "cameraWidth": width,
        "cameraHeight": height,
        "cameraFps": fps,
        "cameraBackend": backend,
        "mirrored": False if no_mirror else None,
        "background": _absolute(background),
        "backgroundModel": str(model.expanduser().absolute()) if model else None,
    }
    return given(values)


def with_settings(fields: Mapping[str, object], config: Settings) -> dict[str, object]:
    """The same, with what is left open taken from the settings. `camera` `none` films none despite them."""
    usual = {
        "camera": config.camera,
        "background": _absolute(config.background),
        "backgroundModel": str(config.background_model) if config.background_model else None,
    }
    merged = {**given(usual), **fields}
    if merged.get("camera") in (None, "none"):
        return {}
    if merged.get("background") == "none":
        del merged["background"]
    return merged


def parse_size(text: str) -> tuple[int, int]:
    """`WxH` in pixels; UsageError when it is anything else."""
    try:
        width, height = (int(part) for part in text.lower().split("x"))
    except ValueError:
        width = height = 0
    if width < 1 or height < 1:
        raise UsageError(
            tr("The size of the camera's picture makes no sense"),
            tr("{given} is not WIDTHxHEIGHT in pixels", given=repr(text)),
            tr("For high definition: --camera-size 1280x720"),
        )
    return width, height


def _absolute(background: str | None) -> str | None:
    """The engine may run elsewhere than the command line."""
    if background in (None, BLUR, "none"):
        return background
    return str(Path(background or "").expanduser().absolute())
