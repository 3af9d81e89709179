"""`heddle demo`: everything from the first frame to the played link, on this machine, with a stopwatch."""

import contextlib
import json
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from desktop.demo import story
from desktop.demo.children import Children
from desktop.demo.stage import socket_folder
from desktop.i18n import tr
from desktop.models.words import size
from uploader import manager


def demo(
    *,
    leave: Annotated[bool, typer.Option("--exit", help=tr("Play the link to its end, then end."))] = False,
    seconds: Annotated[float, typer.Option(min=1, help=tr("How long to record."))] = 15,
    json_file: Annotated[Path | None, typer.Option("--json", help=tr("Write the figures there."))] = None,
    keep: Annotated[Path | None, typer.Option(help=tr("Keep server data and recording there."))] = None,
    port: Annotated[int, typer.Option(help=tr("The server's port; 0 takes a free one."))] = 0,
    virtual: Annotated[bool, typer.Option("--virtual", help=tr("A virtual screen in any case."))] = False,
) -> None:
    """Starts a server, records a screen, uploads while recording and plays the link."""
    with (
        _polite_kill(),
        _folder(keep) as folder,
        socket_folder(folder / "sound") as sound,
        Children(folder) as children,
    ):
        env = story.environment(folder)
        _say(tr("Starting a server"))
        url = story.start_server(children, folder / "server", env, port)
        env |= {"HEDDLE_SERVER": url, "HEDDLE_TOKEN": story.sign_in(url, folder / "server")}
        story.start_uploader(children, env, url)
        story.open_stage(children, sound, env, virtual=virtual)
        _say(tr("Recording {seconds} seconds of {display}", seconds=f"{seconds:g}", display=env["DISPLAY"]))
        recording = story.Recording(children, env, folder / "demo.mp4", seconds)
        figures = story.measure(recording, seconds, lambda link: _say(tr("Open it now: {link}", link=link)))
        for name in ("heddle-record", "content", "pulseaudio", "Xvfb"):
            children.stop(name)
        values = figures.as_json()
        _say(table(figures))
        if leave:
            values["played"] = story.check(figures)
            _say(tr("The link played to its end: {frames} frames.", frames=values["played"]["video_frames"]))
        if json_file:
            json_file.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
        if not leave:
            _say(tr("The server runs until Ctrl-C: {link}", link=figures.share_url))
            story.wait_for_interrupt()


def table(figures: story.Figures) -> str:
    """The figures for a person."""
    rows = [
        (tr("link ready"), tr("{time} s after start", time=f"{figures.link_ready_s:.2f}")),
        (tr("first watchable"), tr("{time} s after start", time=f"{figures.first_watchable_s:.2f}")),
        (tr("final playlist"), tr("{time} s after stop", time=f"{figures.stop_to_final_s:.2f}")),
        (tr("recorded"), f"{figures.duration_s:.2f} s, {size(figures.size)}"),
        (tr("fragments"), str(figures.fragments)),
        (tr("SHA-256 here"), figures.client_sha256),
        (tr("SHA-256 there"), figures.server_sha256),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"  {name:<{width}}  {value}" for name, value in rows)


@contextlib.contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """A folder that is gone afterwards, or the one to keep."""
    folder = keep.absolute() if keep else Path(tempfile.mkdtemp(prefix="heddle-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    finally:
        # Should ours have crashed, `heddle record` has started another one.
        manager.stop(folder / "client" / "journal.db")
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _polite_kill() -> Iterator[None]:
    """SIGTERM cleans up as Ctrl-C does."""

    def interrupt(_number: int, _frame: FrameType | None) -> Any:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
