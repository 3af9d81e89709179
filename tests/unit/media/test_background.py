"""Work that steps back, and holds while something else has the machine."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from media.transcribe.__main__ import _Progress

SESSION = Path("/proc/self/autogroup")


def test_a_process_that_steps_back_comes_last() -> None:
    code = "import os; from media.background import step_back; step_back(); print(os.nice(0))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert int(told) == min(19, os.nice(0) + 15)


@pytest.mark.skipif(not SESSION.exists(), reason="this system knows no shares of sessions")
@pytest.mark.parametrize("leads", [True, False], ids=["a session of its own", "a session of others"])
def test_a_session_steps_back_with_the_process_that_leads_it(leads: bool) -> None:
    code = """if True:
        import json, pathlib, sys
        from media.background import step_back
        session = pathlib.Path(sys.argv[1])
        before = session.read_text()
        step_back()
        print(json.dumps([before, session.read_text()]))
    """
    told = subprocess.run(
        [sys.executable, "-c", code, str(SESSION)], capture_output=True, check=True, start_new_session=leads
    ).stdout
    before, after = json.loads(told)
    if leads:
        assert after.split()[-1] == str(min(19, os.nice(0) + 15))
    else:
        assert after == before  # both empty where those that started the tests are in no session at all


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
