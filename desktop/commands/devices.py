"""`heddle devices`: what can be recorded here, and why the rest cannot."""

import json
import subprocess
import sys
from typing import Annotated, Any

import typer

from desktop.errors import HeddleError
from desktop.i18n import tr
from media import self_command

_PATIENCE_S = 60.0  # an encoder that hangs is given eight seconds, once on a machine

_TITLES = {
    "displays": tr("Screens"),
    "windows": tr("Windows"),
    "cameras": tr("Cameras"),
    "microphones": tr("Microphones"),
    "systemAudio": tr("System sound"),
    "encoders": tr("Encoders"),
    "inputs": tr("Clicks and keys"),
}


def devices(*, as_json: Annotated[bool, typer.Option("--json", help=tr("Print JSON."))] = False) -> None:
    """Lists screens, windows, cameras, microphones, system sound and encoders."""
    found = ask()
    if as_json:
        sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
        return
    for kind, entries in found.items():
        sys.stdout.write(f"{_TITLES.get(kind, kind)}\n")
        for entry in entries:
            sys.stdout.write(f"  {line(entry)}\n")


def ask() -> dict[str, list[dict[str, Any]]]:
    """The engine's list. In a process of its own: a driver that crashes must not take the answer with it."""
    command = self_command.command("capture", "--devices")
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
        answer: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise HeddleError(
            tr("The devices could not be listed"), tr("A driver does not answer."), str(error)
        ) from error
    except ValueError as error:
        last = done.stderr.strip().splitlines()
        raise HeddleError(tr("The devices could not be listed"), last[-1] if last else str(error)) from error
    return answer


def line(entry: dict[str, Any]) -> str:
    """`name (id)`, or why there is none."""
    name, id_, reason = (str(entry.get(key, "")) for key in ("name", "id", "reason"))
    shown = name if not id_ or id_ == name else f"{name} ({id_})"
    if not reason:
        return shown
    return tr("{name}: not usable: {reason}", name=shown, reason=reason) if shown else f"- {reason}"
