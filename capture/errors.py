"""Errors of the recorder: one base, one line each. `code` is what programs see, the rest is for people."""

from __future__ import annotations


class CaptureError(Exception):
    """Something a person can be told: what happened, why, and what to do."""

    code = "capture_failed"

    def __init__(self, title: str, detail: str = "", hint: str = "") -> None:
        super().__init__(f"{title}: {detail}" if detail else title)
        self.title = title
        self.detail = detail
        self.hint = hint

    def describe(self) -> dict[str, str]:
        return {"code": self.code, "title": self.title, "detail": self.detail, "hint": self.hint}


class IllegalCommand(CaptureError):
    code = "illegal_command"


class BadCommand(CaptureError):
    code = "bad_command"


class NoBackend(CaptureError):
    code = "no_backend"


class NoEncoder(CaptureError):
    code = "no_encoder"


class NoMicrophone(CaptureError):
    code = "no_microphone"


class NoCamera(CaptureError):
    code = "no_camera"


class BackgroundRefused(CaptureError):
    code = "background_refused"


class EncoderLost(CaptureError):
    code = "encoder_lost"


class NoSystemAudio(CaptureError):
    code = "no_system_audio"


class BadRegion(CaptureError):
    code = "bad_region"


class NoWindow(CaptureError):
    code = "no_window"


class ScreenLost(CaptureError):
    code = "screen_lost"


class ScreenChanged(ScreenLost):
    """The same screen has another size or place: to be opened anew at once, and filmed as it is now."""


class ScreenRefused(CaptureError):
    code = "screen_refused"


class OutputRefused(CaptureError):
    code = "output_refused"


class DiskFull(CaptureError):
    code = "disk_full"


class DiskNearlyFull(CaptureError):
    code = "disk_nearly_full"


class NotKept(CaptureError):
    code = "not_kept"


class WriteFailed(CaptureError):
    code = "write_failed"


class StageFailed(CaptureError):
    code = "stage_failed"


class StopTimeout(CaptureError):
    code = "stop_timeout"


def as_capture_error(where: str, error: Exception) -> CaptureError:
    """What a stage raised, as it ends a take."""
    if isinstance(error, CaptureError):
        return error
    return StageFailed(
        "The recording had to end",
        f"{where}: {type(error).__name__}: {error}",
        "Everything up to here is kept and plays. Start again to go on.",
    )


def disk_nearly_full(left: int) -> DiskNearlyFull:
    """`left` in bytes."""
    return DiskNearlyFull(
        "The disk is nearly full, the recording has ended",
        f"{left // 1_000_000} MB are left where the recording is written.",
        "Everything is kept and plays. Make room before you record again, or set a lower min_free_mb.",
    )


def stop_took_too_long(budget_s: float) -> StopTimeout:
    return StopTimeout(
        "The recording did not end in time",
        f"What was still being encoded after {budget_s:g} s is missing at its end.",
        "Everything before is kept and plays.",
    )
