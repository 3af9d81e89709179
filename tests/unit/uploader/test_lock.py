import subprocess
import sys
from pathlib import Path

from uploader.lock import FileLock, is_held

HOLD = """
import sys
from pathlib import Path
from uploader.lock import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


def test_one_holder_at_a_time_and_none_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.lock"
    assert not is_held(path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "True\n"
        assert is_held(path)
        with FileLock(path) as lock:
            assert not lock.acquire()
        holder.kill()
        holder.wait()
    assert not is_held(path)


def test_releasing_is_idempotent_and_can_remove_the_file(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "a.lock")
    assert lock.acquire()
    assert lock.acquire()
    lock.release(remove=True)
    lock.release(remove=True)
    assert not (tmp_path / "a.lock").exists()
