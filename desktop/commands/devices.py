"""`heddle devices`: what can be recorded here, and why the rest cannot."""

import json
import sys
from typing import Annotated, Any

import typer

from desktop.i18n import tr
from desktop.recorder.devices import ask
from desktop.sentences import say

_TITLES = {
    "displays": tr("Screens"),
    "windows": tr("Windows"),
    "cameras": tr("Cameras"),
    "microphones": tr("Microphones"),
    "systemAudio": tr("System sound"),
    "encoders": tr("Encoders"),
    "inputs": tr("Clicks and keys"),
}
# What the engine has words of its own for; other names are those of devices and windows.
_NAMED_HERE = frozenset({"displays", "systemAudio", "inputs"})


def devices(*, as_json: Annotated[bool, typer.Option("--json", help=tr("Print JSON."))] = False) -> None:
    """Lists screens, windows, cameras, microphones, system sound and encoders."""
    found = ask()
    if as_json:
        sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
        return
    for kind, entries in found.items():
        sys.stdout.write(f"{_TITLES.get(kind, kind)}\n")
        for entry in entries:
            named = {**entry, "name": say(str(entry.get("name", "")))} if kind in _NAMED_HERE else entry
            sys.stdout.write(f"  {line(named)}\n")


def line(entry: dict[str, Any]) -> str:
    """`name (id)`, or why there is none."""
    name, id_, reason = (str(entry.get(key, "")) for key in ("name", "id", "reason"))
    reason = say(reason)
    shown = name if not id_ or id_ == name else f"{name} ({id_})"
    if not reason:
        return shown
    return tr("{name}: not usable: {reason}", name=shown, reason=reason) if shown else f"- {reason}"
