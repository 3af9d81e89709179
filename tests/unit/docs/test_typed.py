"""What a page tells to type can be typed: each command there exists, with the options it is given."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from desktop import cli as client
from server import cli as server

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_FENCED = re.compile(r"```.*?```", re.DOTALL)
_SHELL = re.compile(r"```(?:sh|console)\n(.*?)```", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_TYPED = re.compile(r"(?:[A-Z_]+=\S+ )*(?:\S*/)?(heddle|heddle-server) (\S.*)")


def _typed(text: str) -> Iterator[list[str]]:
    """The words of each command, its program first. Redirections and what a pipe goes to are none of them."""
    shell = "\n".join(_SHELL.findall(text)).replace("\\\n", " ").splitlines()
    for line in [*shell, *_CODE.findall(_FENCED.sub("", text))]:
        for part in re.split(r"\||&&|;|[<>]", line.partition(" #")[0]):
            if found := _TYPED.fullmatch(part.strip()):
                yield [found[1], *shlex.split(found[2].replace("'", " ").replace('"', " "))]


def _problem(words: list[str]) -> str:
    """What of it does not exist; empty where all does. A word in capitals stands for any."""
    command, rest = _command(words)
    if command is None:
        return f"{rest[0]} is no command" if rest[0].isalpha() and rest[0].islower() else ""
    known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)} | {"--help"}
    options = {word.strip("[]").partition("=")[0] for word in rest if re.match(r"\[?--?[a-z]", word)}
    return ", ".join(f"{option} is no option" for option in sorted(options - known))


def _command(words: list[str]) -> tuple[Any, list[str]]:
    program, *rest = words
    if program == "heddle":
        return (client._load(rest[0]), rest[1:]) if rest[0] in client._COMMANDS else (None, rest)
    command: Any = typer.main.get_command(server.app)
    while rest and hasattr(command, "commands"):
        command, rest = command.commands.get(rest[0]), rest[1:] if rest[0] in command.commands else rest
        if command is None:
            break
    return command, rest


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_on_a_page_exists(page: Path) -> None:
    typed = list(_typed(page.read_text("utf-8")))
    found = {" ".join(words): problem for words in typed if (problem := _problem(words))}
    assert found == {}
