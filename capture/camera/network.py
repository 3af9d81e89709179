"""A segmentation network of the user's, run by OpenCV: which part of a picture is a person.

Accepted are ONNX files with one picture in (1x3xHxW or 1xHxWx3) and a mask out (one channel: person, or two:
background and person), as probabilities or before their sigmoid. Colours go in as RGB from 0 to 1. A network
that was trained otherwise says so in a file beside it, `NAME.toml` for `NAME.onnx`:

    mean = [0.5, 0.5, 0.5]   # taken off each colour, then
    std = [0.5, 0.5, 0.5]    # divided by
    colours = "bgr"
    person = 0               # which channel of two is the person
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np

from capture.camera.onnx import UNKNOWN, input_shape
from capture.errors import BackgroundRefused

if TYPE_CHECKING:
    from numpy.typing import NDArray

USUAL_SIDE = 256  # where the file leaves a side open
LARGEST_SIDE = 2048
HINT = (
    "Give a segmentation network as an ONNX file (a picture in, a mask out; see the settings page). "
    "Its path goes into --background-model or the setting background_model (in commands: backgroundModel)."
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How the network wants its colours, and where it answers."""

    mean: tuple[float, ...] = (0.0, 0.0, 0.0)
    std: tuple[float, ...] = (1.0, 1.0, 1.0)
    colours: str = "rgb"
    person: int = 1


class Network:
    """Belongs to one thread once it is loaded."""

    def __init__(self, path: Path) -> None:
        """BackgroundRefused when the file is missing, unreadable, or answers with no mask."""
        try:
            data = path.read_bytes()
            self.width, self.height, self._last = _layout(input_shape(data))
            self._manner = _manner(path.with_suffix(".toml"))
            self._net = cv2.dnn.readNetFromONNX(np.frombuffer(data, np.uint8))
            self.mask(np.zeros((self.height, self.width, 3), np.uint8))
        except BackgroundRefused:
            raise
        except (OSError, ValueError, TypeError, cv2.error) as error:
            reason = " ".join(str(error).split())
            raise BackgroundRefused(
                "The segmentation model cannot be used", f"{path}: {reason}", HINT
            ) from error

    def mask(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """255 where a person is, 0 where none is, in the network's own size."""
        self._net.setInput(self._blob(pixels))
        answer = np.squeeze(self._net.forward(), axis=0)
        likely = self._person(answer)
        return cast("NDArray[np.uint8]", np.clip(likely * 255 + 0.5, 0, 255).astype(np.uint8))

    def _blob(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        small = cv2.resize(pixels, (self.width, self.height), interpolation=cv2.INTER_LINEAR)
        if self._manner.colours == "rgb":
            small = cv2.cvtColor(small, cv2.COLOR_BGR2RGB)
        scale = np.float32(1 / 255) / np.asarray(self._manner.std, np.float32)
        values = small * scale - np.asarray(self._manner.mean, np.float32) / np.asarray(
            self._manner.std, np.float32
        )
        values = values if self._last else values.transpose(2, 0, 1)
        return np.ascontiguousarray(values[None], np.float32)

    def _person(self, answer: NDArray[Any]) -> NDArray[Any]:
        if answer.ndim == 3 and answer.shape[-1] in (1, 2):
            answer = answer.transpose(2, 0, 1)
        if answer.ndim == 2:
            answer = answer[None]
        if answer.ndim != 3 or answer.shape[0] not in (1, 2) or min(answer.shape[1:]) < 2:
            shape = "x".join(map(str, answer.shape))
            raise BackgroundRefused("The segmentation model gives no mask", f"Its answer is {shape}.", HINT)
        raw = answer.min() < -0.01 or answer.max() > 1.01
        if len(answer) == 1:
            return _sigmoid(answer[0]) if raw else answer[0]
        person, behind = answer[self._manner.person], answer[1 - self._manner.person]
        return _sigmoid(person - behind) if raw else person


def _sigmoid(values: NDArray[Any]) -> NDArray[Any]:
    return cast("NDArray[Any]", 1 / (1 + np.exp(-np.clip(values, -30, 30))))


def _layout(shape: tuple[int, ...]) -> tuple[int, int, bool]:
    """Width, height, and whether the colours come last."""
    if len(shape) != 4 or 3 not in (shape[1], shape[3]):
        raise ValueError(f"its input is {shape}, not one picture")
    last = shape[1] != 3
    height, width = shape[1:3] if last else shape[2:]
    sides = [USUAL_SIDE if side in (UNKNOWN, 0) else side for side in (width, height)]
    if not all(2 <= side <= LARGEST_SIDE for side in sides):
        raise ValueError(f"its input is {width}x{height}")
    return sides[0], sides[1], last


def _manner(path: Path) -> Manner:
    if not path.is_file():
        return Manner()
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    unknown = set(values) - set(Manner.__dataclass_fields__)
    if unknown:
        raise ValueError(f"{path.name} has an unknown key {min(unknown)!r}")
    for key in {"mean", "std"} & set(values):
        values[key] = tuple(float(value) for value in values[key])
    manner = Manner(**values)
    right = len(manner.mean) == len(manner.std) == 3 and all(manner.std)
    if not right or manner.colours not in ("rgb", "bgr") or manner.person not in (0, 1):
        raise ValueError(f"{path.name} is not as documented")
    return manner
