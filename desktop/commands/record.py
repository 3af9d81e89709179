"""`heddle record`: one recording from the command line, or for another program (`--control`)."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from desktop import settings
from desktop.errors import ExitCode
from desktop.i18n import tr
from desktop.recorder.camera import camera_fields
from desktop.recorder.control import Control
from desktop.recorder.follower import UploadFollower
from desktop.recorder.picture import picture_fields
from desktop.recorder.takes import Options, parse_bitrate, take_for
from desktop.terminal.record import Terminal
from uploader.journal import Journal
from uploader.manager import ensure_running


def record(
    *,
    output: Annotated[Path | None, typer.Option(help=tr("Where to write the video."))] = None,
    seconds: Annotated[float | None, typer.Option(min=0.1, help=tr("Stop by itself after so long."))] = None,
    fps: Annotated[int | None, typer.Option(min=1, max=240, help=tr("Frames a second."))] = None,
    display: Annotated[str | None, typer.Option(help=tr("Which screen: 0, 0,1, all, or such as :0."))] = None,
    window: Annotated[str | None, typer.Option(help=tr("One window: title, id, or active."))] = None,
    height: Annotated[int | None, typer.Option(min=16, help=tr("Scale down to this height."))] = None,
    region: Annotated[str | None, typer.Option(help=tr("Only this part: x,y,w,h in pixels."))] = None,
    layout: Annotated[str | None, typer.Option(help=tr("screen, bubble, camera or swapped."))] = None,
    bubble: Annotated[str | None, typer.Option(help=tr("circle or rounded."))] = None,
    bubble_at: Annotated[str | None, typer.Option(help=tr("Its centre: x,y from 0 to 1."))] = None,
    bubble_size: Annotated[
        float | None, typer.Option(min=0.05, max=1, help=tr("Its part of the height."))
    ] = None,
    clicks: Annotated[bool, typer.Option("--clicks", help=tr("Show clicks as rings."))] = False,
    keys: Annotated[str | None, typer.Option(help=tr("Show keys: shortcuts, or all."))] = None,
    no_screen: Annotated[bool, typer.Option("--no-screen", help=tr("Record the camera alone."))] = False,
    no_audio: Annotated[bool, typer.Option("--no-audio", help=tr("Record no sound."))] = False,
    microphone: Annotated[str | None, typer.Option(help=tr("Which microphone, by name."))] = None,
    system_audio: Annotated[
        bool, typer.Option("--system-audio", help=tr("Also record what this computer plays."))
    ] = False,
    separate_tracks: Annotated[
        bool, typer.Option("--separate-tracks", help=tr("Keep each source also in a sound file of its own."))
    ] = False,
    mic_gain: Annotated[float | None, typer.Option(help=tr("Microphone louder (or quieter), in dB."))] = None,
    system_gain: Annotated[float | None, typer.Option(help=tr("The computer's sound, in dB."))] = None,
    denoise: Annotated[
        bool, typer.Option("--denoise", help=tr("Take steady noise out of the microphone."))
    ] = False,
    camera: Annotated[str | None, typer.Option(help=tr("Film a camera: its name, default or none."))] = None,
    camera_size: Annotated[str | None, typer.Option(help=tr("The camera's picture: WxH."))] = None,
    camera_fps: Annotated[int | None, typer.Option(min=1, max=240, help=tr("Its pictures a second."))] = None,
    camera_backend: Annotated[
        str | None, typer.Option(help=tr("How to read the camera; best first."))
    ] = None,
    no_mirror: Annotated[bool, typer.Option("--no-mirror", help=tr("As others see you."))] = False,
    background: Annotated[str | None, typer.Option(help=tr("blur, a picture, or none."))] = None,
    background_model: Annotated[Path | None, typer.Option(help=tr("ONNX network that finds you."))] = None,
    no_upload: Annotated[bool, typer.Option("--no-upload", help=tr("Keep it on this machine."))] = False,
    server: Annotated[str | None, typer.Option(help=tr("Send it to this server."))] = None,
    countdown: Annotated[
        int | None, typer.Option(min=0, max=60, help=tr("Seconds before the first picture."))
    ] = None,
    min_free_mb: Annotated[
        int | None, typer.Option("--min-free-mb", min=0, help=tr("End while the disk has so much left."))
    ] = None,
    no_test: Annotated[bool, typer.Option("--no-test", help=tr("Do not test new devices first."))] = False,
    title: Annotated[str, typer.Option(help=tr("What viewers see above the video."))] = "",
    backend: Annotated[str | None, typer.Option(help=tr("How to grab the screen; best first."))] = None,
    codec: Annotated[str | None, typer.Option(help=tr("h264, hevc or av1; h264 plays anywhere."))] = None,
    quality: Annotated[str | None, typer.Option(help=tr("small, balanced or sharp."))] = None,
    max_bitrate: Annotated[str | None, typer.Option(help=tr("Most bits a second, such as 4M."))] = None,
    encoder: Annotated[str | None, typer.Option(help=tr("Which encoder; best first."))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=tr("Print events as JSON lines."))] = False,
    control: Annotated[bool, typer.Option("--control", help=tr("Take JSON commands from stdin."))] = False,
) -> None:
    """Records until Ctrl-C. The link is printed at once; a second Ctrl-C leaves the upload to a worker."""
    options = Options(
        output=output,
        seconds=seconds,
        fps=fps,
        display=display,
        region=region,
        window=window,
        height=height,
        picture=picture_fields(
            no_screen=no_screen,
            layout=layout,
            bubble=bubble,
            bubble_at=bubble_at,
            bubble_size=bubble_size,
            clicks=clicks,
            keys=keys,
        ),
        audio=not no_audio,
        upload=not no_upload,
        server=server,
        title=title,
        json=as_json,
        control=control,
        backend=backend,
        codec=codec,
        quality=quality,
        max_bitrate=parse_bitrate(max_bitrate) if max_bitrate else None,
        encoder=encoder,
        microphone=microphone,
        camera=camera_fields(
            camera=camera,
            size=camera_size,
            fps=camera_fps,
            no_mirror=no_mirror,
            background=background,
            model=background_model,
            backend=camera_backend,
        ),
        countdown=countdown,
        min_free_mb=min_free_mb,
        self_test=not no_test,
        sound=_given(
            systemAudio=system_audio or None,
            separateTracks=separate_tracks or None,
            microphoneGainDb=mic_gain,
            systemGainDb=system_gain,
            denoise=denoise or None,
        ),
    )
    raise typer.Exit(run(options))


def _given(**values: object) -> dict[str, object]:
    """What the person asked for; what was left open stays the engine's."""
    return {name: value for name, value in values.items() if value is not None}


def run(options: Options) -> ExitCode:
    """Records as the options say; the exit code says what became of it."""
    config = settings.load()
    if options.server:
        config = replace(config, server=settings.address(options.server))
    server = config.server if options.upload else None
    if server is None:
        return _record(options, config, None)
    with Journal() as journal:
        wake_worker = partial(ensure_running, journal.path, server=server)
        return _record(options, config, UploadFollower(journal, server, wake_worker))


def _record(options: Options, config: settings.Settings, uploads: UploadFollower | None) -> ExitCode:
    if options.control:
        return Control(options, settings.load, uploads).run()
    return Terminal(options, uploads).run(take_for(options, config))
