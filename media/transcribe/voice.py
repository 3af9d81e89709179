"""Where somebody speaks: Silero's detector, fed as the sound arrives, and its probabilities made stretches.

faster-whisper ships the network and runs it over whole files. Here its state is kept between the pieces of a
stream, so that it needs neither the file's end nor its length in memory.
Source: https://github.com/snakers4/silero-vad
"""

from dataclasses import dataclass

import numpy as np
from faster_whisper.vad import get_vad_model
from numpy.typing import NDArray

from media.transcribe.options import RATE

Samples = NDArray[np.float32]

FRAME = 512  # samples: the network knows no other length
_CONTEXT = 64  # samples of the frame before that it also sees
_STATE = (1, 1, 128)
# Speech begins at one probability and ends below another, so that it does not flicker.
_BEGIN, _END = 0.5, 0.35
_SHORTEST_PAUSE = 5  # frames (160 ms): a stop consonant is no pause
_SHORTEST_SPEECH = 4  # frames: a click is no speech
# Somebody who never pauses is cut where the voice is weakest in the last part of a window.
_LONGEST = int(28 * RATE / FRAME)
_SEARCHED = int(8 * RATE / FRAME)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Samples of the recording in which somebody speaks; `voice` is the mean probability of that."""

    start: int
    end: int
    voice: float


def prepare() -> None:
    """Loads the network, for a process that soon may read neither its file nor about its processor."""
    get_vad_model()


class VoiceDetector:
    """Probabilities of speech for each 32 ms of a stream."""

    def __init__(self) -> None:
        self._session = get_vad_model().session
        self._hidden = np.zeros(_STATE, np.float32)
        self._cell = np.zeros(_STATE, np.float32)
        self._before = np.zeros(_CONTEXT, np.float32)
        self._rest = np.zeros(0, np.float32)

    def hear(self, samples: Samples) -> NDArray[np.float32]:
        """One probability for each whole frame; what is left over waits for the next samples."""
        sound = np.concatenate((self._rest, samples))
        frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
        self._rest = sound[frames.size :]
        if not len(frames):
            return np.zeros(0, np.float32)
        contexts = np.vstack((self._before, frames[:-1, -_CONTEXT:]))
        self._before = frames[-1, -_CONTEXT:].copy()
        inputs = {"input": np.hstack((contexts, frames)), "h": self._hidden, "c": self._cell}
        out, self._hidden, self._cell = self._session.run(None, inputs)
        return np.asarray(out, np.float32).reshape(-1)


class StretchFinder:
    """Turns probabilities into stretches, each as soon as its end is certain."""

    def __init__(self, first: int = 0) -> None:
        self._first = first  # the sample of frame 0
        self._now = 0  # frames so far
        self._began: int | None = None
        self._silent_since: int | None = None
        self._probabilities: list[float] = []

    @property
    def quiet_until(self) -> int:
        """The sample up to which nobody has spoken since the last stretch."""
        return self._first + (self._now if self._began is None else self._began) * FRAME

    def add(self, probabilities: NDArray[np.float32]) -> list[Stretch]:
        found: list[Stretch] = []
        for probability in probabilities.tolist():
            self._step(probability, found)
            self._now += 1
        return found

    def finish(self) -> list[Stretch]:
        """What the end of the sound ends."""
        found: list[Stretch] = []
        if self._began is not None:
            self._close(self._now if self._silent_since is None else self._silent_since, found)
        return found

    def _step(self, probability: float, found: list[Stretch]) -> None:
        if self._began is None:
            if probability >= _BEGIN:
                self._began, self._silent_since, self._probabilities = self._now, None, [probability]
            return
        self._probabilities.append(probability)
        if probability >= _BEGIN:
            self._silent_since = None
        elif probability < _END and self._silent_since is None:
            self._silent_since = self._now
        if self._silent_since is not None and self._now - self._silent_since >= _SHORTEST_PAUSE:
            self._close(self._silent_since, found)
        elif len(self._probabilities) >= _LONGEST:
            self._cut(found)

    def _close(self, end: int, found: list[Stretch]) -> None:
        began = self._began or 0
        voiced = self._probabilities[: end - began]
        if len(voiced) >= _SHORTEST_SPEECH:
            found.append(self._stretch(began, voiced))
        self._began, self._silent_since, self._probabilities = None, None, []

    def _cut(self, found: list[Stretch]) -> None:
        began = self._began or 0
        searched = self._probabilities[-_SEARCHED:]
        at = len(self._probabilities) - _SEARCHED + min(range(_SEARCHED), key=searched.__getitem__)
        found.append(self._stretch(began, self._probabilities[:at]))
        self._began, self._probabilities = began + at, self._probabilities[at:]

    def _stretch(self, began: int, voiced: list[float]) -> Stretch:
        start = self._first + began * FRAME
        return Stretch(start, start + len(voiced) * FRAME, sum(voiced) / len(voiced))
