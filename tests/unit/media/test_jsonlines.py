"""Lines that processes write to each other."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.jsonlines import LONGEST, Lines, read_object
from tests.support.fuzzing import JSON, fuzzed, nearly


@fuzzed
@given(
    JSON.map(json.dumps)
    | JSON.map(lambda value: json.dumps({"a": value}))
    | nearly('{"a":', "}", "[", "\\udfff", '"', "-Infinity", "1e999", "9" * 5000)
    | st.binary(max_size=20)
    | st.sampled_from(["[" * 20_000, '{"a":' * 20_000, " " * (LONGEST + 1), '{"\\ud800": 1}'])
)
def test_any_line_is_an_object_or_refused(line: str | bytes) -> None:
    try:
        values = read_object(line)
    except ValueError:
        return
    assert isinstance(values, dict)
    json.dumps(values, ensure_ascii=False).encode()


@pytest.mark.parametrize("cut", [1, 3, 100])
def test_lines_come_whole_however_they_arrive(cut: int) -> None:
    data = b'{"a": 1}\n\n  \r\n{"b": 2}\r\nrest'
    lines = Lines()
    found = [line for at in range(0, len(data), cut) for line in lines.feed(data[at : at + cut])]
    assert [read_object(line) for line in found] == [{"a": 1}, {"b": 2}]


def test_a_line_without_end_takes_no_more_than_the_longest() -> None:
    lines = Lines()
    for _ in range(3):
        assert lines.feed(b"x" * LONGEST) == []
    (endless, after) = lines.feed(b'x\n{"a": 1}\n')
    with pytest.raises(ValueError, match="longer"):
        read_object(endless)
    assert read_object(after) == {"a": 1}
