"""The table of parsers of outside bytes names tests that exist, and every test made for it."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| [^|]+ \| `([\w/]+\.py)` \| `(tests/[\w/]+\.py)`: `(test_\w+)` \|$", re.MULTILINE)


def test_every_parser_and_its_test_exist() -> None:
    rows = ROW.findall(PAGE)
    assert len(rows) > 20, "the search for rows has gone blind"
    for parser, file, test in rows:
        assert (ROOT / parser).is_file(), parser
        assert re.search(rf"^(?:async )?def {test}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE), test


def test_every_test_that_fuzzes_is_in_the_table() -> None:
    named = {test for _, _, test in ROW.findall(PAGE)}
    made = {
        test
        for file in (ROOT / "tests" / "unit").rglob("test_*.py")
        if file.name != "test_state_tables.py"  # of what comes from inside
        for test in re.findall(
            r"^@fuzzed\n(?:[@ )][^\n]*\n)*def (test_\w+)", file.read_text("utf-8"), re.MULTILINE
        )
    }
    assert len(made) > 10, "the search for tests has gone blind"
    assert made - named == {"test_metadata_comes_back_as_it_was_sent"}  # what was sent by ourselves
