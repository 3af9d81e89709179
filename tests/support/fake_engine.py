"""A capture engine without a screen: speaks the engine's protocol and appends bytes instead of fragments.

`python tests/support/fake_engine.py [--die-after FRAGMENTS] [--fail] [--mute]`
"""

import argparse
import hashlib
import io
import json
import os
import queue
import signal
import sys
import threading
import time
from pathlib import Path

FRAGMENT = b"fragment" * 128
EVERY_S = 0.02  # a fragment stands for half a second of media time
NEXT = {
    ("recording", "restart"): "recording",
    ("recording", "pause"): "paused",
    ("paused", "resume"): "recording",
    ("recording", "stop"): "stopping",
    ("paused", "stop"): "stopping",
    ("recording", "cancel"): "cancelled",
    ("paused", "cancel"): "cancelled",
    ("idle", "start"): "preparing",
}


def emit(event: str, **values: object) -> None:
    sys.stdout.write(json.dumps({"event": event, "at": time.time(), **values}) + "\n")
    sys.stdout.flush()


def read_commands(commands: "queue.Queue[dict[str, object]]") -> None:
    buffered = b""
    while chunk := os.read(0, 65536):
        *lines, buffered = (buffered + chunk).split(b"\n")
        for line in lines:
            commands.put(json.loads(line))
    commands.put({"command": "stop"})
    commands.put({"command": "quit"})


def follow(state: str, command: str) -> str:
    following = NEXT.get((state, command))
    if following is None:
        emit("error", code="illegal_command", title=f"Cannot {command} now", detail=state, hint="")
    elif following != state:
        emit("state", state=following)
    return following or state


def next_command(start: dict, commands: "queue.Queue[dict[str, object]]") -> str:
    """One that may change the state; queue.Empty when there was none."""
    if start.get("levels"):
        emit("level", microphoneDb=-20.0, peakMicrophoneDb=-12.0)
    values = commands.get(timeout=EVERY_S)
    if answer(values):
        raise queue.Empty
    return str(values["command"])


def answer(values: dict[str, object]) -> bool:
    """Carries out what changes no state; whether it was such a command."""
    facts = {name: value for name, value in values.items() if name != "command"}
    match values["command"]:
        case "mute":
            emit("muted", **facts)
        case "marker":
            emit("marker", number=1, timeS=1.0, **facts)
        case "layout" | "camera":
            emit(str(values["command"]), **facts)
        case "preview":
            emit("preview", on=facts["on"], name="/nowhere", camera="fake")
        case _:
            return False
    return True


def again(path: Path, file: io.FileIO) -> int:
    """The same take from its beginning; how many fragments it has."""
    emit("state", state="stopping")
    emit("discarded", path=str(path), fragments=file.tell() // len(FRAGMENT))
    file.seek(0)
    file.truncate()
    emit("state", state="preparing")
    emit("state", state="recording", path=str(path))
    return 0


def record(start: dict, commands: "queue.Queue[dict[str, object]]", options: argparse.Namespace) -> None:
    path, state, count = Path(start["output"]), "recording", 0
    emit("state", state="preparing")
    if options.fail:
        emit("error", code="no_screen", title="There is no screen", detail="none", hint="plug one in")
        emit("state", state="failed")
        return
    with path.open("xb", buffering=0) as file:
        emit(
            "state",
            state="recording",
            path=str(path),
            width=64,
            height=48,
            fps=30,
            encoder="fake",
            audio=True,
        )
        while state in {"recording", "paused"}:
            if state == "recording":
                count += file.write(FRAGMENT) // len(FRAGMENT)
                emit(
                    "stats",
                    timeS=count / 2,
                    bytes=count * len(FRAGMENT),
                    fps=30.0,
                    fragments=count,
                    dropped=0,
                )
            if count == options.die_after:
                sys.stderr.write("the ground opened\n")
                sys.stderr.flush()
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                command = next_command(start, commands)
                state = follow(state, command)
                if command == "restart":
                    count = again(path, file)
            except queue.Empty:
                pass
            if start.get("seconds") and count / 2 >= start["seconds"] and state == "recording":
                state = "stopping"
                emit("state", state=state)
    if state == "stopping":
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        emit("state", state="finished", path=str(path), durationS=count / 2, bytes=len(data), fragments=count,
             sha256=digest, encoded=count * 15)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--die-after", type=int, default=-1)
    parser.add_argument("--fail", action="store_true")
    parser.add_argument("--mute", action="store_true")
    options = parser.parse_args()
    commands: queue.Queue[dict] = queue.Queue()
    threading.Thread(target=read_commands, args=(commands,), daemon=True).start()
    if not options.mute:
        emit("state", state="idle")
    command = commands.get()
    while answer(command) or command["command"] == "test":
        if command["command"] == "test":
            emit("state", state="testing")
            emit("test", ok=True, microphone=command.get("microphone"))
            emit("state", state="idle")
        command = commands.get()
    if command["command"] == "start":
        record(command, commands, options)


if __name__ == "__main__":
    main()
