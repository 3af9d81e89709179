"""A loaded Whisper model, and what it hears in a window of speech."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ctranslate2
import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel
from tqdm import tqdm

from media.errors import SpeechError
from media.transcribe import devices
from media.transcribe.guards import LEAST_LOGPROB, MOST_COMPRESSION, MOST_SILENCE, compression
from media.transcribe.languages import LanguageVote
from media.transcribe.options import AUTO, RATE, WINDOW_S, SpeechOptions

if TYPE_CHECKING:
    from media.transcribe.voice import Samples

# faster-whisper makes progress bars that nobody sees; each process would get a thread to watch over them.
tqdm.monitor_interval = 0

_FULL = int(WINDOW_S * RATE)
_LEAST = RATE // 2  # the spectrum needs a little sound
# Whisper's own remedy where its first answer repeats itself or is unlikely: less certain choices, in steps.
_TEMPERATURES = (0.2, 0.4, 0.6, 0.8, 1.0)
_TRANSLATED = "en"


class Transcriber:
    """One model in memory with one set of options; give it to one `Listener` at a time.

    `device` tells where it runs and why not elsewhere.
    """

    def __init__(self, folder: Path, options: SpeechOptions) -> None:
        self.options = options
        self.name = folder.name
        self.device, self._model = _load(folder, options)
        self._pipeline = BatchedInferencePipeline(self._model)
        self._vote = LanguageVote(options.language if self.multilingual else _TRANSLATED)
        _check(self.multilingual, self._model.supported_languages, options)
        # Less certain choices are drawn by lot: the same sound shall give the same text.
        ctranslate2.set_random_seed(0)

    @property
    def multilingual(self) -> bool:
        return bool(self._model.model.is_multilingual)

    @property
    def batch(self) -> int:
        """How many windows are best heard at once."""
        return self.device.batch

    @property
    def language(self) -> str:
        """Of the text; `und` while nothing was heard."""
        spoken = self._vote.language
        return _TRANSLATED if spoken and self.options.translate else spoken or "und"

    def hear(self, windows: Sequence[Samples]) -> list[list[Any]]:
        """For each window faster-whisper's segments, with times in seconds from the window's start."""
        padded = [np.pad(samples, (0, max(0, _LEAST - len(samples)))) for samples in windows]
        for samples in padded:
            self._listen_for_language(samples)
        heard: list[list[Any]] = [[] for _ in padded]
        for number, segment in self._first_answers(padded):
            heard[number].append(segment)
        return [
            self._again(samples) or answer if _doubtful(answer) else answer
            for samples, answer in zip(padded, heard, strict=True)
        ]

    def _first_answers(self, windows: Sequence[Samples]) -> list[tuple[int, Any]]:
        sound = np.concatenate([np.pad(samples, (0, _FULL - len(samples))) for samples in windows])
        clips = [
            {"start": number * WINDOW_S, "end": number * WINDOW_S + len(samples) / RATE}
            for number, samples in enumerate(windows)
        ]
        segments, _ = self._pipeline.transcribe(
            sound,
            vad_filter=False,
            clip_timestamps=clips,
            batch_size=len(windows),
            without_timestamps=False,
            **self._arguments(),
        )
        # `seek` is where the window began, in hundredths of a second.
        numbered = [(round(segment.seek / 100 / WINDOW_S), segment) for segment in segments]
        return [(number, _shifted(segment, -number * WINDOW_S)) for number, segment in numbered]

    def _again(self, samples: Samples) -> list[Any]:
        segments, _ = self._model.transcribe(
            samples, temperature=_TEMPERATURES, condition_on_previous_text=False, **self._arguments()
        )
        return list(segments)

    def _arguments(self) -> dict[str, Any]:
        options = self.options
        return {
            "language": self._vote.language or _TRANSLATED,
            "task": "translate" if options.translate else "transcribe",
            "beam_size": options.beam_size,
            "hotwords": ", ".join(options.vocabulary) or None,
            "word_timestamps": True,
        }

    def _listen_for_language(self, samples: Samples) -> None:
        if not self._vote.settled:
            _, _, chances = self._model.detect_language(samples)
            self._vote.add(dict(chances))


def _load(folder: Path, options: SpeechOptions) -> tuple[devices.Device, Any]:
    device = devices.choose(options)
    try:
        return device, _open(folder, device)
    except RuntimeError as error:
        if device.name != "cuda" or options.device != AUTO:
            raise _broken(folder, str(error)) from error
        device = devices.without_gpu(options, str(error))
    try:
        return device, _open(folder, device)
    except RuntimeError as error:
        raise _broken(folder, str(error)) from error


def _open(folder: Path, device: devices.Device) -> Any:
    model = WhisperModel(
        str(folder),
        device=device.name,
        compute_type=device.compute_type,
        cpu_threads=device.threads,
        local_files_only=True,
    )
    if device.name == "cuda":
        # A missing cuBLAS or cuDNN shows only when something is computed.
        model.encode(np.zeros((model.model.n_mels, int(WINDOW_S * 100)), np.float32))
    return model


def _broken(folder: Path, detail: str) -> SpeechError:
    return SpeechError(
        f"The speech model {folder.name} cannot be loaded",
        detail.strip(),
        f"Remove {folder} and download it again, or choose a smaller model.",
    )


def _check(multilingual: bool, languages: Sequence[str], options: SpeechOptions) -> None:
    if not multilingual and (options.translate or options.language not in (None, "en")):
        raise SpeechError(
            "This speech model knows English only",
            hint="Choose one without `.en` in its name for other languages and for translation.",
        )
    if options.language is not None and options.language not in languages:
        raise SpeechError(
            f"This speech model does not know the language {options.language!r}",
            hint="Use its code, such as en, de or ja, or leave it out to have it found.",
        )


def _doubtful(answer: Sequence[Any]) -> bool:
    """By the thresholds of the model's authors."""
    if not answer or answer[0].no_speech_prob > MOST_SILENCE:
        return False
    text = "".join(segment.text for segment in answer).strip()
    return compression(text) > MOST_COMPRESSION or min(s.avg_logprob for s in answer) < LEAST_LOGPROB


def _shifted(segment: Any, by_s: float) -> Any:
    segment.start += by_s
    segment.end += by_s
    for word in segment.words or ():
        word.start += by_s
        word.end += by_s
    return segment


def certainty(segment: Any) -> float:
    """0 to 1: the mean of its words', or what the log probability says."""
    if segment.words:
        return float(np.clip(np.mean([word.probability for word in segment.words]), 0.0, 1.0))
    return min(1.0, math.exp(segment.avg_logprob))
