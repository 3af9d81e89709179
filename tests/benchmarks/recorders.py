"""The recorders that are compared, each filming the same screen with the same x264 settings and no sound."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.processes import Program
from tests.support.recorder import engine
from tests.support.services import Screen

# As media/presets.toml has them for screens.
X264 = {"preset": "superfast", "tune": "zerolatency", "crf": "23"}

SCENE_S = 120.0  # four screens of code at 4K take a while to draw

# OpenCV, imported here, points every Qt program that is started later to plugins of its own.
_CLEAN = ("env", "-u", "QT_QPA_PLATFORM_PLUGIN_PATH", "-u", "QT_QPA_FONTDIR")


@dataclass(frozen=True, slots=True)
class Peer:
    """Another recorder. `warm_s` is how long it takes into its stride; `end` ends it for good."""

    program: str
    warm_s: float
    start: Callable[[Screen, Path, int], Program]
    end: Callable[[Program], object]

    def missing(self) -> str | None:
        """Why it cannot be run here."""
        if shutil.which(self.program):
            return None
        return f"{self.program} is not installed; `make bench` installs it where it may"


def scene(screen: Screen, content: str, fps: int) -> Program:
    """What is filmed, when its first picture stands."""
    command = [sys.executable, "-m", "tests.support.content", content, "--display", screen.name]
    program = Program([*command, "--fps", fps], env=dict(os.environ))
    program.says("ready", timeout_s=SCENE_S)
    return program


def record(screen: Screen, output: Path, fps: int) -> Program:
    """Our engine."""
    arguments = ["--output", str(output), "--fps", str(fps), "--no-audio", "--encoder", "libx264"]
    program = engine(*arguments, env=screen.env, log_folder=output.parent)
    program.event("state", state="recording")
    return program


def finish(program: Program) -> None:
    """Ctrl-C, and the file is written to its end."""
    program.interrupt()
    program.wait(30)


def _ffmpeg(screen: Screen, output: Path, fps: int) -> Program:
    size = f"{screen.width}x{screen.height}"
    command = ["ffmpeg", "-v", "error", "-y", "-f", "x11grab", "-framerate", fps, "-video_size", size]
    command += ["-i", screen.name, "-c:v", "libx264", "-pix_fmt", "yuv420p"]
    command += [word for name, value in X264.items() for word in (f"-{name}", value)]
    command += ["-movflags", "frag_keyframe+delay_moov", output]
    return Program(command, log_folder=output.parent)


def _ssr(screen: Screen, output: Path, fps: int) -> Program:
    """SimpleScreenRecorder passes encoder options on only for a codec chosen by FFmpeg's name."""
    options = ",".join(f"{name}={value}" for name, value in X264.items())
    settings = output.with_suffix(".conf")
    settings.write_text(
        "[input]\nvideo_area=screen\nvideo_area_screen=0\n"
        f"video_frame_rate={fps}\nvideo_scale=false\nvideo_record_cursor=true\naudio_enabled=false\n"
        f"[output]\nfile={output.with_suffix('.mkv')}\nadd_timestamp=false\ncontainer=mkv\n"
        f'video_codec=other\nvideo_codec_av=libx264\nvideo_options="{options}"\n'
        "video_allow_frame_skipping=true\n"
    )
    command = [
        *_CLEAN,
        "simplescreenrecorder",
        f"--settingsfile={settings}",
        "--start-hidden",
        "--start-recording",
    ]
    command += ["--no-systray", "--no-redirect-stderr"]
    return Program(command, env=_home(output, screen.env), log_folder=output.parent)


def _obs(screen: Screen, output: Path, fps: int) -> Program:
    env = _home(output, {**screen.env, "LIBGL_ALWAYS_SOFTWARE": "1"})
    _write_obs_settings(Path(env["HOME"]) / ".config" / "obs-studio", screen, output, fps)
    command = [*_CLEAN, "obs", "--startrecording", "--minimize-to-tray", "--multi"]
    return Program(command, env=env, log_folder=output.parent)


def _home(output: Path, env: Mapping[str, str]) -> dict[str, str]:
    home = output.with_suffix(".home")
    home.mkdir(exist_ok=True)
    home.chmod(0o700)
    return {**env, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "XDG_CONFIG_HOME": str(home / ".config")}


def _write_obs_settings(folder: Path, screen: Screen, output: Path, fps: int) -> None:
    """A profile with one scene that holds the screen; the preview, which costs most, is off."""
    profile, scenes = folder / "basic" / "profiles" / "bench", folder / "basic" / "scenes"
    profile.mkdir(parents=True)
    scenes.mkdir(parents=True)
    (folder / "global.ini").write_text(
        "[General]\nFirstRun=true\nLastVersion=486539266\nEnableAutoUpdates=false\n"
        "[Basic]\nSceneCollection=bench\nSceneCollectionFile=bench\nProfile=bench\nProfileDir=bench\n"
        "[BasicWindow]\nPreviewEnabled=false\n"
    )
    width, height = screen.width, screen.height
    (profile / "basic.ini").write_text(
        f"[General]\nName=bench\n[Video]\nBaseCX={width}\nBaseCY={height}\nOutputCX={width}\n"
        f"OutputCY={height}\nFPSType=1\nFPSInt={fps}\nColorFormat=NV12\nColorSpace=709\nColorRange=Partial\n"
        f"[Output]\nMode=Advanced\n[AdvOut]\nRecType=Standard\nRecFilePath={output.parent}\nRecFormat=mkv\n"
        "RecEncoder=obs_x264\nRecTracks=1\n"
    )
    encoder = {"rate_control": "CRF", "crf": int(X264["crf"]), "preset": X264["preset"], "tune": X264["tune"]}
    (profile / "recordEncoder.json").write_text(json.dumps({**encoder, "profile": "high"}))
    place = {"pos": {"x": 0.0, "y": 0.0}, "scale": {"x": 1.0, "y": 1.0}, "align": 5, "visible": True}
    items = [{"name": "Screen", "id": 1, **place}]
    scene = {"id": "scene", "name": "Scene", "settings": {"id_counter": 1, "items": items}}
    source = {"id": "xshm_input", "name": "Screen", "settings": {"screen": 0, "show_cursor": True}}
    collection = {"name": "bench", "current_scene": "Scene", "current_program_scene": "Scene"}
    (scenes / "bench.json").write_text(
        json.dumps({**collection, "scene_order": [{"name": "Scene"}], "sources": [scene, source]})
    )


# OBS 29 hangs when it is asked to end while it records under a software GL: it is killed, its file unread.
PEERS = {
    "ffmpeg": Peer("ffmpeg", 3.0, _ffmpeg, finish),
    "ssr": Peer("simplescreenrecorder", 5.0, _ssr, Program.kill_tree),
    "obs": Peer("obs", 10.0, _obs, Program.kill_tree),
}
