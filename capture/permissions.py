"""What the system lets this program record, and the page of its settings where that is changed.

macOS asks once and remembers; Windows has switches for camera and microphone; a Wayland desktop asks through
its portal each time or keeps an answer; X11 asks nobody. Nothing here asks the user: looking is free.
macOS and Windows are unverified on real systems: see docs/platforms.md.
Sources: https://developer.apple.com/documentation/coregraphics/cgpreflightscreencaptureaccess(),
https://developer.apple.com/documentation/avfoundation/avcapturedevice/authorizationstatus(for:),
https://developer.apple.com/documentation/iokit/iohidcheckaccess(_:),
https://learn.microsoft.com/en-us/windows/apps/develop/launch/launch-settings,
https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.ScreenCast.html
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Access(StrEnum):
    """What a program may be allowed to record."""

    SCREEN = "screen"
    CAMERA = "camera"
    MICROPHONE = "microphone"
    INPUT = "input"  # keys and clicks of other programs


class Status(StrEnum):
    """Whether it is."""

    GRANTED = "granted"
    DENIED = "denied"
    WILL_BE_ASKED = "will_be_asked"  # by the system, at the first use
    PORTAL = "asked_by_the_portal"  # by the desktop, at each use or once
    NOT_NEEDED = "not_needed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Permission:
    """`page` is the address of the system's page about it; empty where there is none."""

    access: Access
    status: Status
    page: str = ""

    @property
    def stands_in_the_way(self) -> bool:
        return self.status is Status.DENIED


def permissions(environ: Mapping[str, str] = os.environ) -> list[Permission]:
    """All four, as this system answers now. Never raises, never waits for the user."""
    return [permission(access, environ) for access in Access]


def permission(access: Access, environ: Mapping[str, str] = os.environ) -> Permission:
    """One of them; UNKNOWN where the system does not tell."""
    try:
        if sys.platform == "darwin":
            return Permission(access, _macos(access), _MACOS_PAGES[access])
        if sys.platform == "win32":
            return Permission(access, _windows(access), _WINDOWS_PAGES.get(access, ""))
        return Permission(access, _linux(access, environ))
    except (OSError, AttributeError):  # a library or a function that this version of the system lacks
        return Permission(access, Status.UNKNOWN)


_MACOS_PAGE = "x-apple.systempreferences:com.apple.preference.security?Privacy_"
_MACOS_PAGES = {
    Access.SCREEN: f"{_MACOS_PAGE}ScreenCapture",
    Access.CAMERA: f"{_MACOS_PAGE}Camera",
    Access.MICROPHONE: f"{_MACOS_PAGE}Microphone",
    Access.INPUT: f"{_MACOS_PAGE}ListenEvent",
}
# AVAuthorizationStatus and IOHIDAccessType, in their order.
_MEDIA = (Status.WILL_BE_ASKED, Status.DENIED, Status.DENIED, Status.GRANTED)
_INPUT = (Status.GRANTED, Status.DENIED, Status.WILL_BE_ASKED)


def _macos(access: Access) -> Status:
    from capture.backends import macos_privacy  # noqa: PLC0415 - of use on macOS alone

    if access is Access.SCREEN:
        # The system does not tell "never asked" from "refused": asking is harmless then.
        return Status.GRANTED if macos_privacy.screen() else Status.WILL_BE_ASKED
    if access is Access.INPUT:
        return _of(_INPUT, macos_privacy.input_monitoring())
    return _of(_MEDIA, macos_privacy.media("vide" if access is Access.CAMERA else "soun"))


def _of(answers: tuple[Status, ...], number: int) -> Status:
    return answers[number] if 0 <= number < len(answers) else Status.UNKNOWN


_WINDOWS_PAGES = {
    Access.CAMERA: "ms-settings:privacy-webcam",
    Access.MICROPHONE: "ms-settings:privacy-microphone",
}
_CONSENT = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore"


def _windows(access: Access) -> Status:
    """Programs outside of packages share one switch below the user's, below the machine's; any may say no."""
    if access in (Access.SCREEN, Access.INPUT):
        return Status.NOT_NEEDED
    from capture.backends import windows_registry as registry  # noqa: PLC0415 - of use on Windows alone

    capability = "webcam" if access is Access.CAMERA else "microphone"
    switches = (
        (registry.MACHINE, rf"{_CONSENT}\{capability}"),
        (registry.USER, rf"{_CONSENT}\{capability}"),
        (registry.USER, rf"{_CONSENT}\{capability}\NonPackaged"),
    )
    answers = [registry.text(root, path, "Value") for root, path in switches]
    if "Deny" in answers:
        return Status.DENIED
    return Status.GRANTED if "Allow" in answers else Status.UNKNOWN


def _linux(access: Access, environ: Mapping[str, str]) -> Status:
    wayland = bool(environ.get("WAYLAND_DISPLAY")) or environ.get("XDG_SESSION_TYPE") == "wayland"
    if access in (Access.SCREEN, Access.INPUT) and wayland:
        return Status.PORTAL
    return Status.NOT_NEEDED
