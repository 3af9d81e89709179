"""Writes the client's tables in docs/reference/settings.md from the table of settings.

Run `HEDDLE_LANGUAGE=en python docs/settings_page.py` after changing desktop/settings/table.py; a test
compares.
"""

from collections.abc import Iterator
from pathlib import Path

from desktop.settings import TABLE
from desktop.settings.setting import Page, Setting

PAGE = Path(__file__).resolve().parent / "reference" / "settings.md"
BEGIN, END = "<!-- written by docs/settings_page.py -->\n", "<!-- until here -->\n"


def render(page: str) -> str:
    """The page with the tables as they should be."""
    before, rest = page.split(BEGIN)
    return before + BEGIN + "\n".join(_tables()) + "\n" + END + rest.split(END)[1]


def _tables() -> Iterator[str]:
    for page in Page:
        rows = [row for row in TABLE.values() if row.page is page]
        if rows:
            yield from ("", f"**{page.words}**", "", "| Key | Default | Meaning |", "|---|---|---|")
            yield from map(_line, rows)
    yield ""


def _line(row: Setting) -> str:
    default = row.otherwise if row.default is None else f"`{row.shown(row.default)}`"
    if "/" in default:  # a path or an address, which might be read as a tag
        default = f"`{default}`"
    words = row.about
    if row.choices:
        words += f" Of {', '.join(f'`{choice}` ({said})' for choice, said in row.choices.items())}."
    if row.variable:
        words += f" `{row.variable}` wins."
    if row.restart:
        words += " From the next start on."
    return f"| `{row.name}` | {default} | {words} |"


if __name__ == "__main__":
    PAGE.write_text(render(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
