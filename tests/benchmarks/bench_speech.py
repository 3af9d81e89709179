"""Transcription against bare faster-whisper: the same small model, file, threads, beam and word times.

Both decode the file, so all of the way is measured, without loading the model. The runs alternate and the
best of each counts: what else the machine does only makes a run slower. The word error rate tells that the
speed is not bought with words.
"""

import argparse
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faster_whisper import BatchedInferencePipeline, WhisperModel

from media.sniff import Container
from media.transcribe.engine import Transcriber
from media.transcribe.files import transcribe_part
from media.transcribe.options import SpeechOptions
from tests.benchmarks.table import Figure
from tests.support.speech import MODEL, speech, word_errors, write_sound

SECONDS = 240.0
THREADS = 2
WITHIN = 1.05


@dataclass
class Runs:
    """The best of a program's runs, in seconds; the text is the same each time."""

    wall_s: float = float("inf")
    cpu_s: float = float("inf")
    text: str = ""

    def add(self, hear: Callable[[], str]) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        self.text = hear()
        self.wall_s = min(self.wall_s, time.perf_counter() - wall)
        self.cpu_s = min(self.cpu_s, time.process_time() - cpu)


def run(folder: Path, options: argparse.Namespace) -> list[Figure]:
    """Real-time factor (time per time of sound) and word error rate of both."""
    sound, said = speech(sentences(), pause_s=0.8)
    length = len(sound) / 16_000
    path = write_sound(folder / "talk.mp4", sound, rate=16_000, channels=1)
    programs = {"ours": ours(path), **peers(path)}
    runs = {name: Runs() for name in programs}
    for _ in range(max(2, options.repeat)):
        for name, hear in programs.items():
            runs[name].add(hear)
    truth = " ".join(one.text for one in said)
    note = f"{length:.0f} s of speech, best of {max(2, options.repeat)}"
    return [figure for peer in runs if peer != "ours" for figure in compare(runs, peer, length, truth, note)]


def compare(runs: dict[str, Runs], peer: str, length: float, truth: str, note: str) -> list[Figure]:
    mine, other = runs["ours"], runs[peer]
    goal = WITHIN if peer == "faster-whisper" else None
    return [
        Figure(
            f"real-time factor, {peer}",
            mine.wall_s / length,
            "",
            other.wall_s / length,
            peer,
            goal,
            note=note,
        ),
        Figure(f"CPU per second, {peer}", mine.cpu_s / length, "s", other.cpu_s / length, peer, goal),
        Figure(
            f"word error rate, {peer}",
            word_errors(truth, mine.text),
            "",
            word_errors(truth, other.text),
            peer,
        ),
    ]


def ours(path: Path) -> Callable[[], str]:
    transcriber = Transcriber(MODEL, SpeechOptions(language="en", threads=THREADS))
    return lambda: transcribe_part(path, Container.MP4, transcriber).transcript.text


def peers(path: Path) -> dict[str, Callable[[], str]]:
    """As its README shows it, without the voice filter, and its pipeline for whole batches."""
    model = WhisperModel(str(MODEL), device="cpu", compute_type="int8", cpu_threads=THREADS)
    batched = BatchedInferencePipeline(model)
    how: dict[str, Any] = {"language": "en", "beam_size": 5, "word_timestamps": True}

    def text(answer: Any) -> str:
        return " ".join(segment.text for segment in answer[0])

    return {
        "faster-whisper": lambda: text(model.transcribe(str(path), vad_filter=True, **how)),
        "without voice filter": lambda: text(model.transcribe(str(path), **how)),
        "its batches of 8": lambda: text(
            batched.transcribe(str(path), batch_size=8, without_timestamps=False, **how)
        ),
    }


def sentences() -> list[str]:
    """Random words that the model knows: no grammar helps it."""
    words = (MODEL / "words.txt").read_text("utf-8").split()
    lot = random.Random(4)
    made: list[str] = []
    # A word takes about 0.37 s, a pause 0.8 s.
    while 0.37 * sum(len(one.split()) for one in made) + 0.8 * len(made) < SECONDS:
        made.append(" ".join(lot.choice(words) for _ in range(lot.randint(4, 9))))
    return made
