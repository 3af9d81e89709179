"""Parts of the program start the same way from an installation and from a frozen bundle."""

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.bridge import recorder_command
from desktop.recorder.engine import engine_command
from media import self_command
from media.encoder_probe import Question, ask

ROOT = Path(__file__).resolve().parents[3]

# A stand-in for the bundle's program: frozen, without `-m`, its entry point is desktop/__main__.py.
BUNDLE = """#!{python}
import runpy, sys
sys.frozen = True
sys.executable = {program!r}
sys.path.insert(0, {root!r})
sys.argv[0] = sys.executable
runpy.run_module("desktop", run_name="__main__", alter_sys=False)
"""


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if sys.platform == "win32":
        pytest.skip("the stand-in for the bundle is a script with a #! line")
    program = tmp_path / "heddle"
    program.write_text(BUNDLE.format(python=sys.executable, program=str(program), root=str(ROOT)))
    program.chmod(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    return program


def test_an_installation_runs_modules() -> None:
    assert self_command.command("capture", "--control") == [sys.executable, "-m", "capture", "--control"]
    isolated = self_command.command("server.processing.child", isolated=True)
    program = str(ROOT / "media" / "self_command.py")
    assert isolated == [sys.executable, "-I", program, self_command.PART, "server.processing.child"]


def test_a_bundle_is_given_a_word_of_ours(bundle: Path) -> None:
    assert engine_command() == [str(bundle), self_command.PART, "capture", "--control"]
    assert recorder_command() == [str(bundle), self_command.PART, "desktop", "record", "--control"]
    isolated = self_command.command("server.processing.child", isolated=True)
    assert isolated == [str(bundle), self_command.PART, "server.processing.child"]


def test_a_part_that_no_bundle_holds_is_refused() -> None:
    with pytest.raises(ValueError, match=r"http\.server"):
        self_command.command("http.server")


@pytest.mark.parametrize("arguments", [["heddle"], ["heddle", "record"], ["heddle", self_command.PART, "os"]])
def test_other_arguments_are_left_alone(arguments: list[str]) -> None:
    assert not self_command.run_part(arguments)


def test_every_part_exists() -> None:
    assert [name for name in self_command.PARTS if importlib.util.find_spec(name) is None] == []


def test_a_bundle_probes_its_encoder_in_a_child(bundle: Path) -> None:
    assert ask(Question("libx264", "balanced", None)) == ""
    assert "h264_nothing" in ask(Question("h264_nothing", "balanced", None))


def test_the_engine_of_a_bundle_records_a_take(bundle: Path, tmp_path: Path) -> None:
    take = [
        "--output",
        str(tmp_path / "take.mp4"),
        "--backend",
        "synthetic",
        "--seconds",
        "0.5",
        "--no-audio",
    ]
    command = self_command.command("capture", *take)
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert events[-1]["state"] == "finished"


def test_the_command_line_of_a_bundle_answers(bundle: Path) -> None:
    done = subprocess.run([bundle, "--help"], capture_output=True, text=True, timeout=60, check=True)
    assert "record" in done.stdout


SAYS_WHERE = "import sys, json\nprint(json.dumps([__file__, json.__file__, sys.path]))\n"


def test_an_isolated_part_comes_from_beside_whoever_starts_it(tmp_path: Path) -> None:
    """Not from what is installed, and not from the current folder, whoever may write there."""
    here, elsewhere = tmp_path / "checkout", tmp_path / "elsewhere"
    for root in (here, elsewhere):
        for package in ("media", "uploader"):
            (root / package).mkdir(parents=True)
            (root / package / "__init__.py").touch()
        (root / "uploader" / "__main__.py").write_text(SAYS_WHERE)
        (root / "json.py").write_text("raise SystemExit('this is not the standard library')")
    shutil.copy(self_command.__file__, here / "media")
    program = [sys.executable, "-I", str(here / "media" / "self_command.py"), self_command.PART, "uploader"]
    env = {**os.environ, "PYTHONPATH": str(elsewhere)}
    done = subprocess.run(
        program, cwd=elsewhere, env=env, capture_output=True, text=True, timeout=60, check=True
    )
    file, library, path = json.loads(done.stdout)
    assert Path(file).is_relative_to(here)
    assert not Path(library).is_relative_to(tmp_path)
    assert [folder for folder in path if Path(folder).is_relative_to(elsewhere)] == []


def test_nobody_else_starts_python_modules() -> None:
    """`[sys.executable, "-m", ...]` works until the first bundle is built."""
    found = []
    for package in ("capture", "desktop", "media", "server", "uploader"):
        for path in (ROOT / package).rglob("*.py"):
            if "node_modules" in path.parts or path == Path(self_command.__file__):
                continue
            lists = (
                n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.List | ast.Tuple)
            )
            if any("sys.executable" in map(ast.unparse, one.elts) for one in lists):
                found.append(str(path.relative_to(ROOT)))
    assert found == []
