"""The line of one piece of work, in a terminal."""

import io

import pytest

from desktop.terminal.bar import Bar


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_narrow_terminal_gets_one_line_that_does_not_wrap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    stream = _Terminal()
    bar = Bar(stream)
    bar.show(0.5, "a sentence that is far too long for it")
    bar.show(1.0, "the end")
    assert [len(line.rstrip()) <= 29 for line in stream.getvalue().split("\r")[1:]] == [True, True]
