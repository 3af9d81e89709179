"""How loud a microphone is, before anything is recorded: `python -m capture.meter [--microphone NAME]`.

Ten times a second a line with the engine's `level` event; `failed` with the reason when it gives nothing any
more. Ends with its standard input.
"""

from __future__ import annotations

import argparse
import queue
import sys
import threading

import numpy as np

from capture.errors import CaptureError
from capture.model import SoundBlock
from capture.pipe import end_of_input, tell
from capture.registry import choose_sound
from capture.sound import describe_levels
from capture.soundfeed import Kind
from capture.soundlevel import Level

EVERY_S = 0.1
_BLOCKS = 100  # a second of them: more are old news


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m capture.meter", description=__doc__)
    parser.add_argument("--microphone", help="name of a sound device, or a part of it")
    parser.add_argument("--backend", help="synthetic, instead of the first that works")
    options = parser.parse_args(arguments)
    ended = end_of_input()
    try:
        return _measure(options.microphone, options.backend, ended)
    except CaptureError as error:
        tell(failed=f"{error.title}. {error.detail}".strip())
        return 1


def _measure(microphone: str | None, backend: str | None, ended: threading.Event) -> int:
    blocks: queue.Queue[SoundBlock] = queue.Queue(_BLOCKS)
    source = choose_sound(backend).backend.open(lambda block: _offer(blocks, block), microphone)
    level = Level()
    level.measured = True
    try:
        while not ended.wait(EVERY_S):
            if reason := source.failed():
                tell(failed=reason)
                return 1
            while not blocks.empty():
                level.add(np.frombuffer(blocks.get_nowait().samples, dtype=np.float32))
            tell(event="level", **describe_levels({Kind.MICROPHONE: level.read()}))
    finally:
        source.close()
    return 0


def _offer(blocks: queue.Queue[SoundBlock], block: SoundBlock) -> None:
    """From the system's sound thread: what nobody fetches in time is not missed."""
    try:
        blocks.put_nowait(block)
    except queue.Full:
        return


if __name__ == "__main__":
    sys.exit(main())
