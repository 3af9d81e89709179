"""`python -m capture --control`, or one take at once: `python -m capture --output FILE --seconds 10`."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from typing import TYPE_CHECKING, Any

from media import garbage, heap

if TYPE_CHECKING:
    from collections.abc import Callable

    from capture.model import StartCommand


def arm() -> None:
    """Load what a take needs before it is asked for, so that `start` is fast."""
    # Imported in here: arguments are checked, and `--help` answers, before any codec is loaded.
    if sys.platform.startswith("linux"):
        import capture.backends.screen_x11grab  # before OpenCV, see there
    import capture.opening  # noqa: F401 - imported now, so that `start` need not wait for it
    from capture.registry import preload
    from media import encoders
    from media.errors import MediaError

    preload()
    try:
        encoders.choose()
    except MediaError as error:
        logging.getLogger(__name__).warning("%s", error)


def main(arguments: list[str] | None = None) -> int:
    garbage.collect_seldom()
    options = _parser().parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=options.log, format="%(levelname)s %(name)s: %(message)s")
    if options.devices:
        return _devices()
    heap.keep_short_lived_pieces()
    arm()
    from capture.control import Emitter, parse_start, record, serve, stdin
    from capture.errors import CaptureError
    from capture.session import Session

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # names of files may be no text
    session = Session(Emitter(sys.stdout))
    if options.control:
        return serve(session, stdin())
    if options.test:
        options.output = options.output or "test.mp4"  # never written
    try:
        command = parse_start(_start_values(options))
    except CaptureError as error:
        session.refuse(error)
        return 2
    return _test(command, Emitter(sys.stdout)) if options.test else record(session, command)


def _devices() -> int:
    from capture.devices import list_devices

    out = sys.stdout.buffer if hasattr(sys.stdout, "buffer") else None
    text = json.dumps(list_devices(), ensure_ascii=False, default=str)
    if out is not None:
        out.write(text.encode(errors="replace") + b"\n")  # UTF-8 whatever the system's locale says
    return 0


def _test(command: StartCommand, emit: Callable[[dict[str, Any]], None]) -> int:
    from capture.selftest import run, worries

    verdict = run(command)
    for health in worries(verdict):
        emit({"event": "health", **health.describe()})
    emit(verdict.describe())
    return 0 if verdict.ok else 1


def _start_values(options: argparse.Namespace) -> dict[str, Any]:
    values = {name: value for name, value in vars(options).items() if value is not None}
    if options.region:
        parts = options.region.split(",")
        values["region"] = [int(part) if part.lstrip("-").isdigit() else part for part in parts]
    if options.camera_size:
        sides = options.camera_size.split("x")
        for name, side in zip(("cameraWidth", "cameraHeight"), (*sides, ""), strict=False):
            values[name] = int(side) if side.isdigit() else side
    values["mirrored"] = not options.no_mirror
    values["audio"] = not options.no_audio
    values |= {
        "systemAudio": options.system_audio,
        "separateTracks": options.separate_tracks,
        "microphoneGainDb": options.mic_gain,
        "systemGainDb": options.system_gain,
    }
    return values


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m capture", description=__doc__)
    parser.add_argument("--control", action="store_true", help="take commands as JSON lines on stdin")
    parser.add_argument("--test", action="store_true", help="record two seconds and say what is in them")
    parser.add_argument("--devices", action="store_true", help="list what can be recorded, as JSON")
    parser.add_argument("--output", help="the file to write; it must not exist")
    parser.add_argument("--title")
    parser.add_argument("--microphone", help="name of a sound device, or a part of it")
    parser.add_argument("--camera", help="a camera's id, name or part of it, or 'default'; none unless told")
    parser.add_argument("--camera-size", metavar="WxH", help="1280x720 unless told")
    parser.add_argument("--camera-fps", dest="cameraFps", type=int)
    parser.add_argument("--camera-backend", dest="cameraBackend", help="opencv, pyav or synthetic")
    parser.add_argument("--no-mirror", action="store_true")
    parser.add_argument("--background", help="'blur', or the path of a picture")
    parser.add_argument("--background-model", dest="backgroundModel", help="segmentation network (ONNX)")
    parser.add_argument("--fps", type=int, help="pictures a second, 30 unless told")
    parser.add_argument(
        "--display", help="an X display, monitors by number or name, 'all', or 'ask' (Wayland)"
    )
    parser.add_argument("--window", help="one window: its id (0x...), a part of its title, or 'active'")
    parser.add_argument("--height", type=int, help="height of the video, where the screen is higher")
    parser.add_argument("--region", metavar="X,Y,W,H")
    parser.add_argument("--no-audio", action="store_true")
    parser.add_argument("--system-audio", action="store_true", help="also what the machine plays")
    parser.add_argument(
        "--separate-tracks", action="store_true", help="each source also in a sound file of its own"
    )
    parser.add_argument("--mic-gain", type=float, metavar="DB", help="louder or quieter microphone")
    parser.add_argument("--system-gain", type=float, metavar="DB", help="louder or quieter system audio")
    parser.add_argument("--denoise", action="store_true", help="take steady noise out of the microphone")
    parser.add_argument("--levels", action="store_true", help="tell levels ten times a second")
    parser.add_argument("--seconds", type=float, help="stop after that much recorded time")
    parser.add_argument("--countdown", type=int, help="seconds before the first picture")
    parser.add_argument("--min-free-mb", type=float, dest="minFreeMb", help="end while so much is free")
    parser.add_argument("--backend", help="x11, portal, mss, synthetic ... instead of the first that works")
    parser.add_argument("--codec", help="h264 (unless told), hevc or av1")
    parser.add_argument("--quality", help="small, balanced (unless told) or sharp")
    parser.add_argument("--max-bitrate", dest="maxBitrate", type=int, help="ceiling in bits per second")
    parser.add_argument("--encoder", help="libx264, h264_nvenc ... instead of the first that works")
    parser.add_argument("--log", default="WARNING", help="level of the log on stderr")
    return parser


if __name__ == "__main__":
    sys.exit(main())
