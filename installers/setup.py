"""Makes a fresh clone ready: virtual environment, Python packages, the built web page, system packages.

Standard library only, and quick when nothing changed: each step keeps a stamp, the hash of what went into it.
Run it through `make setup`, or by itself: `python3 installers/setup.py --extras client,server --web`.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from system_packages import PACKAGES, MissingPackagesError, ensure, missing, say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
CONSTRAINTS = ROOT / "constraints.txt"
WEB = ROOT / "server" / "web"
PEERS = ROOT / "tests" / "node"
STAMPS = VENV / "heddle-setup.json"
OLDEST_PYTHON = (3, 11)
# What the web build reads besides src/ and public/: everything else in the folder is output or a cache.
WEB_OUTPUTS = frozenset({"node_modules", "dist"})


class SetupError(Exception):
    """The set-up cannot go on; the message says why and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the steps asked for; 0 when everything stands, 1 with the reason on stderr."""
    options = _options(arguments)
    try:
        _check_python()
        if not options.no_system:
            ensure(_purposes(options.system))
        # Node's packages need the extra `web`: all at once, since each time takes seconds.
        install_python([*_names(options.extras), *(["web"] if options.web or options.peers else [])])
        if options.web:
            build_web()
        if options.peers:
            install_node_modules(PEERS, "the programs of others that tests talk to")
    except (SetupError, MissingPackagesError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--extras", default="client,server", help="extras of pyproject.toml, with commas")
    parser.add_argument("--system", default="", help=f"system packages for: {', '.join(PACKAGES)}")
    parser.add_argument("--no-system", action="store_true", help="leave system packages to you")
    parser.add_argument("--web", action="store_true", help="build the web page")
    parser.add_argument("--peers", action="store_true", help="install the Node programs that tests talk to")
    return parser.parse_args(arguments)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _purposes(text: str) -> list[str]:
    """The purposes named; a machine with a screen needs no virtual one unless tests ask for it."""
    purposes = _names(text)
    if "virtual" in purposes and "test" not in purposes and os.environ.get("DISPLAY"):
        purposes.remove("virtual")
    return purposes


def _check_python() -> None:
    if sys.version_info[:2] < OLDEST_PYTHON:
        needed = ".".join(map(str, OLDEST_PYTHON))
        found = ".".join(map(str, sys.version_info[:3]))
        raise SetupError(
            f"Heddle needs Python {needed} or newer; this is {found}.\n"
            f"Name another one: make PYTHON=python{needed}"
        )


def install_python(extras: list[str]) -> None:
    """The virtual environment with the extras, each package at the version and hash of constraints.txt."""
    stamps = _read_stamps()
    inputs = _hash_files([ROOT / "pyproject.toml", CONSTRAINTS], sys.version)
    if stamps.get("python") == inputs and PYTHON.exists():
        have = set(stamps.get("extras", "").split(","))
        if have.issuperset(extras):
            return
        # Extras add up, so that `make demo` after `make test` does not take the tools away again.
        extras = sorted(have.union(extras))
    if not PYTHON.exists() or not _runs():
        _create_venv()
    _install_uv()
    say(f"Installing Heddle with {', '.join(extras)}")
    constraints = ["--constraints", str(CONSTRAINTS), "--build-constraints", str(CONSTRAINTS)]
    # Compiled now, once: every process of Heddle is short of time at its start.
    install = ["pip", "install", "--compile-bytecode", "--python", str(PYTHON), *constraints]
    target = f"{ROOT}[{','.join(extras)}]"
    _run(
        [_venv_program("uv"), *install, "--editable", target],
        "The Python packages could not be installed. See above: is the package index reachable?",
    )
    _write_stamps(_read_stamps() | {"python": inputs, "extras": ",".join(sorted(extras))})


def _runs() -> bool:
    """Whether the environment's Python still starts (it does not after the system's Python was replaced)."""
    return subprocess.run([str(PYTHON), "-c", "pass"], capture_output=True, check=False).returncode == 0


def _create_venv() -> None:
    say(f"Creating the virtual environment in {VENV.name}")
    shutil.rmtree(VENV, ignore_errors=True)
    make = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.run(make, capture_output=True, check=False).returncode == 0:
        return
    # Debian ships venv without ensurepip until python3-venv is there.
    shutil.rmtree(VENV, ignore_errors=True)
    if sys.platform.startswith("linux") and shutil.which("dpkg-query") and missing(PACKAGES["python"]):
        ensure(["python"])
    _run(make, "The virtual environment could not be made. On Debian: sudo apt-get install python3-venv")


def _install_uv() -> None:
    """uv itself, by pip and by the hashes of constraints.txt; every other package is then installed by uv."""
    stanza = _stanza("uv")
    if _uv_version() == stanza.partition("==")[2].split()[0]:
        return
    requirements = VENV / "uv-requirements.txt"
    requirements.write_text(stanza, encoding="utf-8")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run(
        [*pip, "--require-hashes", "--requirement", str(requirements)],
        "uv could not be installed. See above: is the package index reachable?",
    )


def _uv_version() -> str:
    uv = _venv_program("uv")
    if not Path(uv).exists():
        return ""
    words = subprocess.run([uv, "--version"], capture_output=True, text=True, check=False).stdout.split()
    return words[1] if len(words) > 1 else ""


def _stanza(package: str) -> str:
    """The package's requirement with its hashes, as constraints.txt has it."""
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    for start, line in enumerate(lines):
        if line.startswith(f"{package}=="):
            end = start
            while lines[end].endswith("\\"):
                end += 1
            return "\n".join(lines[start : end + 1]) + "\n"
    raise SetupError(f"constraints.txt does not pin {package}.")


def build_web() -> None:
    """The share page in server/web/dist, built with the Node of the `web` extra."""
    stamps = _read_stamps()
    page = _hash_files(_web_sources())
    if stamps.get("page") == page and (WEB / "dist" / "index.html").exists():
        return
    install_node_modules(WEB, "what the web page is built with")
    say("Building the web page")
    _npm(WEB, "run", "build")
    _write_stamps(_read_stamps() | {"page": page})


def install_node_modules(folder: Path, what: str) -> None:
    """The packages of the folder's lock file, with the Node of the `web` extra."""
    install_python(["web"])
    name = f"modules of {folder.relative_to(ROOT).as_posix()}"
    modules = _hash_files([folder / "package.json", folder / "package-lock.json"])
    if _read_stamps().get(name) == modules and (folder / "node_modules").is_dir():
        return
    say(f"Installing {what}")
    _npm(folder, "ci", "--no-audit", "--no-fund", "--loglevel=error")
    _write_stamps(_read_stamps() | {name: modules})


def _web_sources() -> list[Path]:
    tops = sorted(top for top in WEB.iterdir() if top.name not in WEB_OUTPUTS)
    return [
        path
        for top in tops
        for path in ([top] if top.is_file() else sorted(top.rglob("*")))
        if path.is_file()
    ]


def _npm(folder: Path, *arguments: str) -> None:
    npm = Path(__file__).with_name("npm.py")
    _run(
        [str(PYTHON), str(npm), str(folder), *arguments],
        f"`npm {arguments[0]}` failed in {folder.name}. Its messages are above.",
    )


def _venv_program(name: str) -> str:
    return str(PYTHON.with_name(f"{name}.exe" if os.name == "nt" else name))


def _run(command: list[str], failure: str) -> None:
    # Whoever runs this inside another environment must not have its packages land there.
    environment = {
        name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONHOME"}
    }
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
        raise SetupError(failure)


def _hash_files(paths: Iterable[Path], *more: str) -> str:
    digest = hashlib.sha256("\0".join(more).encode())
    for path in paths:
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read_stamps() -> dict[str, str]:
    try:
        stamps: dict[str, str] = json.loads(STAMPS.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps


def _write_stamps(stamps: dict[str, str]) -> None:
    STAMPS.write_text(json.dumps(stamps, indent=2), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
