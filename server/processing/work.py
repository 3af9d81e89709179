"""The work of the codec child, by name. Half of a short one is loading: each loads what it needs, no more."""

from importlib import import_module

from media.presets import load as load_presets
from server.processing.given import Work
from server.processing.protocol import CHECK, HAS_ENCODER, PORTRAIT, TRY_ENCODER
from server.processing.steps import StepName

load_presets()  # before this process may read nothing but the video

_PROBE, _ENCODE, _LOOK = (f"server.processing.work_{name}" for name in ("probe", "encode", "look"))
# By the names of the steps.
MODULES: dict[str, str] = {
    StepName.PROBE: _PROBE,
    CHECK: _PROBE,
    TRY_ENCODER: _PROBE,
    HAS_ENCODER: _PROBE,
    StepName.NORMALISE: _ENCODE,
    StepName.RENDITION: _ENCODE,
    StepName.AV1: _ENCODE,
    StepName.PIECE: _ENCODE,
    StepName.DOWNLOAD: _ENCODE,
    StepName.AUDIO: _ENCODE,
    StepName.POSTER: _LOOK,
    StepName.SCENES: _LOOK,
    StepName.STORYBOARD: _LOOK,
    StepName.PREVIEW: _LOOK,
    StepName.WAVEFORM: _LOOK,
    PORTRAIT: _LOOK,
    StepName.TRANSCRIPT: "server.processing.hearing",
}


def find(name: str) -> Work:
    """Loads FFmpeg: nothing but the child calls this.

    What is found puts files into the current folder, under the names that the table of steps has for them;
    `files` of its result lists them, where it is not the one at `output`. It raises MediaError or OSError.
    """
    work: Work = import_module(MODULES[name]).FUNCTIONS[name]
    return work
