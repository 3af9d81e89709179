"""Work that steps back, and holds while something else has the machine."""

import os
import subprocess
import sys
import threading

from media.transcribe.__main__ import _Progress


def test_a_process_that_steps_back_comes_last() -> None:
    code = "import os; from media.background import step_back; step_back(); print(os.nice(0))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert int(told) == min(19, os.nice(0) + 15)


def test_a_transcription_holds_until_it_may_go_on() -> None:
    going, passed = threading.Event(), threading.Event()
    watch = _Progress(going)
    watch._next = float("inf")  # it shall tell nothing here

    def work() -> None:
        watch(0.5)
        passed.set()

    thread = threading.Thread(target=work)
    thread.start()
    assert not passed.wait(0.05)
    going.set()
    assert passed.wait(10)
    thread.join()
