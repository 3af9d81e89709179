"""The heap of a process through which media flow."""

import subprocess
import sys

import pytest

# How often the kernel had to give a page while pieces of an upload's size came and went.
PIECES = """
import resource, sys
from media.heap import keep_short_lived_pieces
if sys.argv[1] == "kept" and not keep_short_lived_pieces():
    sys.exit("no such heap")
def faults(): return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
def come_and_go():
    for _ in range(500):
        held = [bytes(256_000) for _ in range(8)]
        del held
come_and_go()
before = faults()
come_and_go()
print(faults() - before)
"""


def faults(kind: str) -> int:
    command = [sys.executable, "-c", PIECES, kind]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip(found.stderr.strip())
    return int(found.stdout)


def test_short_lived_pieces_use_the_same_memory_again() -> None:
    assert faults("kept") < 2000
    assert faults("as it is") > 10 * faults("kept")
