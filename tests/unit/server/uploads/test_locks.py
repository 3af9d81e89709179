"""One writer per recording, in this process and among others."""

import subprocess
import sys
from pathlib import Path

import pytest

from server.uploads.errors import UploadLocked
from server.uploads.locks import Locks

OTHER = """
import asyncio, sys
from pathlib import Path
from server.uploads.errors import UploadLocked
from server.uploads.locks import Locks

async def main():
    locks = Locks(Path(sys.argv[1]))
    try:
        async with locks.hold(sys.argv[2]):
            print("held")
    except UploadLocked:
        print("locked")

asyncio.run(main())
"""


def other_process(path: Path, name: str) -> str:
    command = [sys.executable, "-c", OTHER, str(path), name]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


async def test_two_processes_never_hold_the_same_recording(tmp_path: Path) -> None:
    path = tmp_path / "uploads.lock"
    locks = Locks(path)
    async with locks.hold("one"):
        assert other_process(path, "one") == "locked"
        assert other_process(path, "two") == "held"
    assert other_process(path, "one") == "held"
    locks.close()


async def fail_while_holding(locks: Locks) -> None:
    async with locks.hold("one"):
        with pytest.raises(UploadLocked):
            await fail_while_holding(locks)
        raise ValueError("broken")


async def test_a_lock_is_free_again_after_its_holder_failed(tmp_path: Path) -> None:
    locks = Locks(tmp_path / "uploads.lock")
    with pytest.raises(ValueError, match="broken"):
        await fail_while_holding(locks)
    async with locks.hold("one"):
        pass
    locks.close()
