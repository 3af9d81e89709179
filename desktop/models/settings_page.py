"""The settings page as data: which rows it shows for what was typed into its search field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from desktop.settings.setting import Kind, Page, Setting, Value
from desktop.settings.table import TABLE, Settings

SHOWN = tuple(page for page in Page if page is not Page.REMEMBERED)


@dataclass(frozen=True, slots=True)
class Line:
    """One row and what it is now. `variable` is that of the environment which wins, empty where none does;
    `trouble` says why this system cannot follow it."""

    row: Setting
    value: Value
    variable: str = ""
    trouble: str = ""

    @property
    def can_be_set(self) -> bool:
        """Whether another value would change anything."""
        return not self.variable and not self.trouble

    @property
    def is_default(self) -> bool:
        """Whether there is nothing to reset."""
        return self.value == self.row.default


def lines(
    now: Settings, overridden: Callable[[str], str | None], troubles: Mapping[str, str] | None = None
) -> Mapping[str, Line]:
    """Every row that has a page, by name; keys have a part of their own there, with what became of each."""
    why = troubles or {}
    return {
        name: Line(row, getattr(now, name), overridden(name) or "", why.get(name, ""))
        for name, row in TABLE.items()
        if row.page in SHOWN and row.kind is not Kind.HOTKEY
    }


def matches(row: Setting, words: str) -> bool:
    """Whether every word that was typed is somewhere in the row."""
    text = " ".join(
        (row.name.replace("_", " "), row.title, row.about, row.page.words, *row.choices.values())
    ).casefold()
    return all(word in text for word in words.casefold().split())


def found(words: str) -> tuple[frozenset[str], frozenset[Page]]:
    """The names of the rows to show, and the pages that have any; all of them while nothing is typed."""
    if not words.strip():
        return frozenset(TABLE), frozenset(SHOWN)
    rows = [row for row in TABLE.values() if row.page in SHOWN and matches(row, words)]
    return frozenset(row.name for row in rows), frozenset(row.page for row in rows)
