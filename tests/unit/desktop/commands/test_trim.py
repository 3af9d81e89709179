"""`heddle trim`, with the real program that cuts."""

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from desktop.cli import app
from desktop.commands.trim import seconds_of
from desktop.errors import ExitCode, HeddleError, UsageError
from tests.support import counted


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    times = [number / 10 for number in range(30)]
    return counted.shoot(tmp_path_factory.mktemp("film") / "talk.mp4", times)


def heddle(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["trim", *map(str, arguments)])


def failure(result: Result) -> HeddleError:
    assert isinstance(result.exception, HeddleError), result.output
    return result.exception


def test_a_piece_lies_beside_its_film_under_a_name_of_its_own(film: Path) -> None:
    for name in ("talk (cut).mp4", "talk (cut) 2.mp4"):
        result = heddle(film, "--from", "0:00.7", "--to", "2.5")
        assert result.exit_code == 0, result.output
        assert result.stdout.startswith(f"{film.with_name(name)}: 0:01, ")
    shown = [one.of for one in counted.pictures(film.with_name(name))]
    assert shown == [number / 10 for number in range(7, 25)]


@pytest.mark.parametrize(
    ("text", "seconds"), [("12.5", 12.5), ("0:12.5", 12.5), ("1:03", 63), ("1:02:03.25", 3723.25), ("90", 90)]
)
def test_moments_are_written_as_players_show_them(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-1", "1:2:3:4", "1e3", "9" * 400, "1:", "٣"])
def test_what_is_no_moment_is_said(text: str) -> None:
    with pytest.raises(UsageError):
        seconds_of(text)


def test_what_cannot_be_cut_is_said_and_leaves_nothing(film: Path, tmp_path: Path) -> None:
    taken, target = tmp_path / "taken.mp4", tmp_path / "out.mp4"
    taken.write_bytes(b"mine")
    assert failure(heddle(film)).code == ExitCode.USAGE
    assert "before it begins" in failure(heddle(film, "--from", "2", "--to", "1")).title
    assert "no such file" in failure(heddle(tmp_path / "gone.mp4", "--from", "1")).title
    assert "already" in failure(heddle(film, "--from", "1", "-o", taken)).title
    assert "empty" in failure(heddle(film, "--from", "1:00", "-o", target)).title
    assert taken.read_bytes() == b"mine"
    assert not target.exists()
