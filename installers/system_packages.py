"""The Debian packages Heddle needs, in one list by purpose, and the one place that installs them.

Standard library only: this runs before there is a virtual environment.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence

PACKAGES: dict[str, tuple[str, ...]] = {
    # `python3 -m venv` is a package of its own on Debian.
    "python": ("python3-venv",),
    # The X11 grabber's connection, OpenCV's libraries, PortAudio and its road to PulseAudio, a reader for
    # what a Wayland desktop shares.
    "record": (
        "libxcb1",
        "libgl1",
        "libglib2.0-0",
        "libportaudio2",
        "libasound2-plugins",
        "libpipewire-0.3-0",
    ),
    # A screen and a sound card for machines that have none.
    "virtual": ("xvfb", "pulseaudio", "pulseaudio-utils"),
    "speech": ("espeak-ng",),
    "app": (
        "libegl1",
        "libgl1",
        "libdbus-1-3",
        "libxkbcommon-x11-0",
        "libxcb-cursor0",
        "libxcb-icccm4",
        "libxcb-image0",
        "libxcb-keysyms1",
        "libxcb-render-util0",
        "libxcb-shape0",
        "libxcb-xkb1",
    ),
    # Recorders to be measured against; OBS draws with OpenGL, without a GPU in software.
    "recorders": ("ffmpeg", "simplescreenrecorder", "obs-studio", "libgl1-mesa-dri"),
    # Browsers that play the share page, and the tools that look at screens and files from outside.
    "test": (
        # Sends media in place of the server.
        "nginx-light",
        # A database in place of SQLite; tests start one of their own.
        "postgresql",
        # Counts requests for several servers.
        "redis-server",
        "chromium",
        "firefox-esr",
        "ffmpeg",
        "fonts-dejavu-core",
        "xdotool",
        # An X desktop: a window manager, a tray, and another program's view of the clipboard.
        "openbox",
        "trayer",
        "xclip",
        "x11-utils",
        "x11-xserver-utils",
        # Makes windows see-through.
        "xcompmgr",
        # A Wayland desktop: a compositor that needs no graphics card, a bus, PipeWire, streams to put in.
        "mutter",
        "libgl1-mesa-dri",
        "adwaita-icon-theme",
        "dbus",
        "pipewire",
        "wireplumber",
        "gstreamer1.0-tools",
        "gstreamer1.0-plugins-base",
        "gstreamer1.0-pipewire",
        # What Qt's multimedia module is linked with.
        "libdrm2",
        "libpulse0",
        "libxrandr2",
    ),
}


class MissingPackagesError(Exception):
    """Packages are missing and this user may not install them; the message says which command does."""


def packages_for(purposes: Iterable[str]) -> list[str]:
    """Every package the purposes need, once each, in the order of the list above."""
    return list(dict.fromkeys(package for purpose in purposes for package in PACKAGES[purpose]))


def missing(packages: Sequence[str]) -> list[str]:
    """Those that dpkg does not report as installed."""
    if not packages:
        return []
    query = ["dpkg-query", "--show", "--showformat=${binary:Package} ${db:Status-Abbrev}\n", *packages]
    answer = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    rows = (line.split() for line in answer.splitlines())
    # A multi-arch package is listed as name:arch; the dependency is met whatever the architecture.
    installed = {row[0].partition(":")[0] for row in rows if row[1:2] == ["ii"]}
    return [package for package in packages if package not in installed]


def ensure(purposes: Iterable[str]) -> None:
    """Installs what is missing where root or sudo allows it, else raises MissingPackagesError."""
    packages = packages_for(purposes)
    if not sys.platform.startswith("linux"):
        return
    if not shutil.which("dpkg-query"):
        say(f"This system has no dpkg. Heddle needs what Debian calls: {' '.join(packages)}")
        return
    wanted = missing(packages)
    if not wanted:
        return
    prefix = _privilege()
    if prefix is None:
        raise MissingPackagesError(
            f"These system packages are missing: {' '.join(wanted)}\n"
            f"Install them with:\n  sudo apt-get install --no-install-recommends {' '.join(wanted)}"
        )
    say(f"Installing system packages: {' '.join(wanted)}")
    _apt_install(prefix, wanted)


def _apt_install(prefix: list[str], packages: list[str]) -> None:
    # `env` carries the variable through sudo, which drops the caller's environment.
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "Acquire::Retries=3"]
    install = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    # A fresh machine's lists are empty and an old one's out of date; nobody waits for this when all is there.
    updated = subprocess.run([*apt, "update"], check=False).returncode
    if subprocess.run(install, check=False).returncode:
        hint = " after `apt-get update` failed too" if updated else ""
        raise MissingPackagesError(
            f"apt-get could not install {' '.join(packages)}{hint}. Its messages are above.\n"
            f"Try it by hand:\n  sudo apt-get update && sudo apt-get install {' '.join(packages)}"
        )


def _privilege() -> list[str] | None:
    """What to put before a command so that it runs as root; None when nothing does."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def say(message: str) -> None:
    """One line to the person who waits for the set-up."""
    sys.stdout.write(f"{message}\n")
    sys.stdout.flush()
