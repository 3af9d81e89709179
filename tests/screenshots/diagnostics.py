"""Diagnostics and the report on a bug."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from desktop.models.diagnostics import Diagnosis, Finding, Verdict
from desktop.views.diagnostics.page import DiagnosticsPage
from desktop.views.diagnostics.report import ReportWindow

_FOUND = (
    Finding("screen", Verdict.OK, "screen_x11grab"),
    Finding(
        "microphone",
        Verdict.WARNING,
        "No microphone can be used: audio_sounddevice: there is no input device.",
        "Recordings have no sound. Plug in a microphone or see the sound settings.",
    ),
    Finding("permissions", Verdict.OK, "screen: not needed; camera: not needed; microphone: not needed"),
    Finding("encoder", Verdict.OK, "h264_nvenc"),
    Finding("disk", Verdict.OK, "214.6 GiB free in /home/ada/recordings"),
    Finding(
        "server",
        Verdict.PROBLEM,
        "https://video.example.org: the name does not resolve",
        "Recordings are kept here and go up as soon as it answers. Is the address right?",
    ),
)
_REPORT = """## Versions

Heddle 0.1.0, 2026-11-22 09:14 UTC
Python 3.11.7, Linux-6.12-x86_64, 8 processors

## Findings

ok  screen: screen_x11grab
problem  server: https://<server>: the name does not resolve
    Recordings are kept here and go up as soon as it answers. Is the address right?

## Settings

fps = 60
server is set

## Uploads

waiting, 1048576 of 73400320 bytes, attempt 4; The server cannot be reached: <server>

## End of uploader.log

2026-11-22 09:12:03 INFO uploader.job <id>: waits, the server does not answer
"""


def page() -> QWidget:
    view = DiagnosticsPage()
    view.show_diagnosis(Diagnosis(_FOUND))
    return view


def report() -> QWidget:
    return ReportWindow(_REPORT)


SHOTS: dict[str, Callable[[], QWidget]] = {"page": page, "report": report}
