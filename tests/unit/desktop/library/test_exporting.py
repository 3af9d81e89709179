"""Files that a child makes, whatever it says meanwhile."""

import asyncio
import contextlib
import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.library.exporting import Answer, ExportError, make
from media import self_command
from tests.support.fuzzing import JSON, fuzzed, nearly

SAID = st.dictionaries(st.sampled_from(["progress", "done", "error"]), JSON, max_size=3).map(json.dumps)


@fuzzed
@given(st.lists(SAID | nearly('{"done":', "{", "}", "[", "9" * 5000), max_size=6))
def test_whatever_a_child_says_it_made_a_file_or_did_not(said: list[str]) -> None:
    told: list[float] = []
    answer = Answer(told.append)
    for line in said:
        answer.hear(line.encode(errors="replace"))
    with contextlib.suppress(ExportError):
        assert isinstance(answer.made(), dict)
    assert all(isinstance(part, int | float) for part in told)


def test_a_library_that_prints_without_end_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line longer than the pipe's own limit."""
    words = "print('x' * 300_000); print('{\"progress\": 0.5}'); print('{\"done\": {\"duration_s\": 2}}')"
    monkeypatch.setattr(self_command, "command", lambda *_: [sys.executable, "-c", words])
    told: list[float] = []
    made = asyncio.run(make("gif", tmp_path / "a.mp4", tmp_path / "a.gif", told=told.append))
    assert (made, told) == ({"duration_s": 2}, [0.5])
