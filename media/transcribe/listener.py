"""Speech to text while the sound arrives: what is settled is given out at once and never changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from media.transcribe.engine import Transcriber, certainty
from media.transcribe.guards import Evidence, believable, repeats, without_loops
from media.transcribe.options import RATE
from media.transcribe.voice import Samples, StretchFinder, VoiceDetector
from media.transcribe.windows import Packer, Window
from media.transcript import Segment, Transcript, Word, clean

# Silence between two words of a segment that makes two segments of it, in seconds.
_SPLIT_S = 1.5
_KEPT = RATE // 2  # samples before the present that a coming stretch may want


class Listener:
    """Feed it 16 kHz mono float32 (-1 to 1) in pieces of any size: the text does not depend on it.

    `start_s` is where in the recording the first sample lies, `first_id` the number of the first segment:
    with both a transcription goes on where an earlier one was settled. Holds half a minute of sound at most.
    """

    def __init__(self, transcriber: Transcriber, *, start_s: float = 0.0, first_id: int = 0) -> None:
        self._transcriber = transcriber
        first = round(start_s * RATE)
        self._sound = _Sound(first)
        self._detector = VoiceDetector()
        self._finder = StretchFinder(first)
        self._packer = Packer(transcriber.options.least_s, first)
        self._ready: list[Window] = []
        self._segments: list[Segment] = []
        self._next_id = first_id

    @property
    def settled_s(self) -> float:
        """Seconds of the recording before which no text will come any more."""
        waiting = self._ready[0].start if self._ready else None
        ends = (waiting, self._packer.held_from, self._edge())
        return max(self._sound.origin, min(end for end in ends if end is not None)) / RATE

    def feed(self, samples: Samples) -> list[Segment]:
        """The segments that these samples settled."""
        # Files of floating point sound may hold anything; one NaN would make the detector deaf for good.
        samples = np.clip(np.nan_to_num(samples, posinf=0.0, neginf=0.0), -1.0, 1.0)
        self._sound.append(samples)
        stretches = self._finder.add(self._detector.hear(samples))
        self._ready += self._packer.add(stretches)
        self._ready += self._packer.pause(self._finder.quiet_until)
        settled = self._hear(self._transcriber.batch)
        self._sound.forget(min(round(self.settled_s * RATE), self._sound.end))
        return settled

    def finish(self) -> Transcript:
        """There will be no more sound: all of the text."""
        self._ready += self._packer.add(self._finder.finish())
        self._ready += self._packer.finish(self._sound.end)
        self._hear(1)
        return self.transcript()

    def transcript(self) -> Transcript:
        """What is settled so far."""
        transcriber = self._transcriber
        return Transcript(
            transcriber.language, tuple(self._segments), transcriber.name, self._sound.end / RATE
        )

    def _edge(self) -> int:
        """The first sample that speech which is not yet held may want."""
        return self._finder.quiet_until - _KEPT

    def _hear(self, at_least: int) -> list[Segment]:
        settled: list[Segment] = []
        while len(self._ready) >= at_least and self._ready:
            windows = self._ready[: self._transcriber.batch]
            heard = self._transcriber.hear([self._sound.cut(window.pieces) for window in windows])
            del self._ready[: len(windows)]
            for window, answer in zip(windows, heard, strict=True):
                settled += self._settle(window, answer)
        return settled

    def _settle(self, window: Window, answer: Sequence[Any]) -> list[Segment]:
        settled: list[Segment] = []
        for raw in answer:
            for segment in _split(_segment(raw, window)):
                evidence = Evidence(
                    raw.avg_logprob, raw.no_speech_prob, window.voice(segment.start, segment.end)
                )
                if believable(segment, evidence) and not repeats(self._segments, segment):
                    settled.append(replace(without_loops(segment), id=self._next_id))
                    self._segments.append(settled[-1])
                    self._next_id += 1
        return settled


class _Sound:
    """The samples that are still wanted, by their number in the recording."""

    def __init__(self, first: int) -> None:
        self.origin = first
        self._first = first
        self._samples = np.zeros(0, np.float32)

    @property
    def end(self) -> int:
        return self._first + len(self._samples)

    def append(self, samples: Samples) -> None:
        self._samples = np.concatenate((self._samples, samples.astype(np.float32, copy=False)))

    def forget(self, before: int) -> None:
        if before > self._first:
            self._samples = self._samples[before - self._first :].copy()
            self._first = before

    def cut(self, pieces: Sequence[tuple[int, int]]) -> Samples:
        return np.concatenate(
            [self._samples[max(0, start - self._first) : end - self._first] for start, end in pieces]
        )


def _segment(raw: Any, window: Window) -> Segment:
    """With times of the recording."""
    words = tuple(
        Word(*_span(window, word), clean(word.word), float(np.clip(word.probability, 0.0, 1.0)))
        for word in raw.words or ()
        if clean(word.word)
    )
    start, end = (words[0].start, words[-1].end) if words else window.span(float(raw.start), float(raw.end))
    return Segment(0, start, max(start, end), clean(raw.text), round(certainty(raw), 4), words)


def _span(window: Window, word: Any) -> tuple[float, float]:
    start, end = window.span(float(word.start), float(word.end))
    return round(start, 3), round(max(start, end), 3)


def _split(segment: Segment) -> Iterator[Segment]:
    """At silences that were left out of the window or that the model heard over."""
    words = segment.words
    cuts = [at for at in range(1, len(words)) if words[at].start - words[at - 1].end >= _SPLIT_S]
    if not cuts:
        yield segment
        return
    spaced = " " if " " in segment.text else ""
    for start, end in zip([0, *cuts], [*cuts, len(words)], strict=True):
        part = words[start:end]
        text = spaced.join(word.text for word in part)
        yield replace(segment, start=part[0].start, end=part[-1].end, text=text, words=part)
