"""The set-up of a fresh clone: quick when nothing changed, clear when something is missing."""

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

INSTALLERS = Path(__file__).parents[3] / "installers"


@pytest.fixture
def setup(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    """The script as a module, over a clone of its own."""
    monkeypatch.syspath_prepend(INSTALLERS)
    spec = importlib.util.spec_from_file_location("heddle_setup", INSTALLERS / "setup.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, path in {
        "ROOT": tmp_path,
        "VENV": tmp_path / ".venv",
        "PYTHON": tmp_path / ".venv" / "bin" / "python",
        "CONSTRAINTS": tmp_path / "constraints.txt",
        "STAMPS": tmp_path / ".venv" / "heddle-setup.json",
        "WEB": tmp_path / "web",
    }.items():
        monkeypatch.setattr(module, name, path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "constraints.txt").write_text(
        "typer==1.0\nuv==0.13.9 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nzope==2.0\n"
    )
    (tmp_path / "web" / "src").mkdir(parents=True)
    (tmp_path / "web" / "package.json").write_text("{}")
    (tmp_path / "web" / "package-lock.json").write_text("{}")
    yield module
    sys.modules.pop("system_packages", None)


@pytest.fixture
def ran(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would have been run."""
    commands: list[list[str]] = []
    monkeypatch.setattr(setup, "_run", lambda command, _failure: commands.append(command))
    monkeypatch.setattr(setup, "_uv_version", lambda: "0.13.9")
    return commands


def test_the_pin_of_one_package_is_found_with_its_hashes(setup: ModuleType) -> None:
    assert setup._stanza("uv") == "uv==0.13.9 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
    assert setup._stanza("typer") == "typer==1.0\n"


def test_a_package_without_a_pin_is_refused(setup: ModuleType) -> None:
    with pytest.raises(setup.SetupError, match="does not pin nothing"):
        setup._stanza("nothing")


def test_packages_are_installed_once_and_by_their_hashes(setup: ModuleType, ran: list[list[str]]) -> None:
    setup.install_python(["client"])
    setup.install_python(["client"])
    [command] = ran
    assert command[command.index("--constraints") + 1] == str(setup.CONSTRAINTS)
    assert command[-1].endswith("[client]")


def test_extras_add_up(setup: ModuleType, ran: list[list[str]]) -> None:
    setup.install_python(["dev"])
    setup.install_python(["client"])
    setup.install_python(["dev"])
    assert [command[-1].rpartition("[")[2] for command in ran] == ["dev]", "client,dev]"]


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_changed_requirements_are_installed_anew(setup: ModuleType, ran: list[list[str]], name: str) -> None:
    setup.install_python(["client"])
    with (setup.ROOT / name).open("a") as file:
        file.write("# changed\n")
    setup.install_python(["client"])
    assert len(ran) == 2


def test_the_page_is_built_once_and_again_when_its_source_changes(
    setup: ModuleType, ran: list[list[str]]
) -> None:
    def build() -> list[str]:
        before = len(ran)
        setup.build_web()
        (setup.WEB / "node_modules").mkdir(exist_ok=True)
        (setup.WEB / "dist").mkdir(exist_ok=True)
        (setup.WEB / "dist" / "index.html").touch()
        return [command[3] for command in ran[before:] if "npm.py" in command[1]]

    assert build() == ["ci", "run"]
    assert build() == []
    (setup.WEB / "src" / "main.tsx").write_text("export {}")
    assert build() == ["run"]
    (setup.WEB / "package-lock.json").write_text('{"new": 1}')
    assert build() == ["ci", "run"]
    (setup.WEB / "dist" / "index.html").unlink()
    assert build() == ["run"]


def test_without_root_or_sudo_the_missing_packages_and_the_command_are_told(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = sys.modules["system_packages"]
    monkeypatch.setattr(packages, "missing", lambda wanted: wanted[:2])
    monkeypatch.setattr(packages, "_privilege", lambda: None)
    with pytest.raises(packages.MissingPackagesError) as caught:
        packages.ensure(["virtual"])
    assert "sudo apt-get install --no-install-recommends xvfb pulseaudio" in str(caught.value)


def test_a_machine_with_a_screen_needs_no_virtual_one_for_a_demonstration(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    assert setup._purposes("record,virtual,speech") == ["record", "speech"]
    assert "virtual" in setup._purposes("record,virtual,test")
    monkeypatch.delenv("DISPLAY")
    assert "virtual" in setup._purposes("record,virtual,speech")


def test_help_is_the_default_and_lists_every_target() -> None:
    answer = subprocess.run(
        ["make", "--no-print-directory"], cwd=INSTALLERS.parent, capture_output=True, text=True, check=True
    )
    for target in ("setup", "demo", "test", "app", "server", "check", "bench", "clean", "help"):
        assert f"make {target}" in answer.stdout
