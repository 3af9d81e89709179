"""How seldom Python looks for garbage: in a process of its own, for the settings are a whole process's."""

import subprocess
import sys

SCRIPT = """
import gc
import weakref
from media import garbage

full = []
gc.callbacks.append(lambda phase, info: full.append(1) if info["generation"] == 2 else None)
garbage.collect_seldom()
kept = [[number] for number in range(500_000)]
assert not full, "half a million new objects were gone through from the start"
garbage.settle()
assert gc.get_freeze_count() > 500_000


class Node:
    def __init__(self):
        self.itself = self


seen = [weakref.ref(Node()) for _ in range(100_000)]
alive = sum(one() is not None for one in seen)
assert alive <= 25_000, f"{alive} circles that nobody holds are still there"
"""


def test_a_start_is_not_searched_for_garbage_and_a_long_life_is() -> None:
    subprocess.run([sys.executable, "-c", SCRIPT], check=True)
