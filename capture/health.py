"""What goes worse than it should while the take goes on: typed, with words for people, each told once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Health:
    """One finding. `code` is what programs see."""

    code: str
    severity: Severity
    title: str
    detail: str = ""
    hint: str = ""

    def describe(self) -> dict[str, str]:
        return asdict(self)


def backend_chosen(name: str, rejected: dict[str, str]) -> Health:
    reasons = "; ".join(f"{other}: {reason}" for other, reason in rejected.items())
    return Health("backend_fallback", Severity.INFO, f"The screen is recorded through {name}", reasons)


def no_microphone(detail: str, hint: str) -> Health:
    return Health("no_microphone", Severity.WARNING, "Recording without sound", detail, hint)


def sound_lost(detail: str) -> Health:
    return Health(
        "sound_lost",
        Severity.ERROR,
        "The microphone went away",
        f"{detail} The recording goes on with silence.",
        "Plug it in again: it is recorded again as soon as it is there.",
    )


def sound_back() -> Health:
    return Health("sound_back", Severity.INFO, "The microphone is recorded again")


def microphone_flat() -> Health:
    return Health(
        "microphone_flat",
        Severity.WARNING,
        "The microphone gives nothing but silence",
        "For three seconds not even noise came from it.",
        "See whether it is switched on, not muted, and the right one is chosen.",
    )


def stem_failed(name: str, detail: str) -> Health:
    return Health(
        "stem_failed",
        Severity.WARNING,
        f"{name} could not be written any further",
        f"{detail} The recording itself goes on, with all sound mixed in it.",
    )


def no_system_audio(detail: str, hint: str) -> Health:
    return Health(
        "no_system_audio", Severity.WARNING, "Recording without the sound of this computer", detail, hint
    )


def system_audio_lost(detail: str) -> Health:
    return Health(
        "system_audio_lost",
        Severity.WARNING,
        "The sound of this computer cannot be heard any more",
        f"{detail} The recording goes on without it.",
        "It is recorded again as soon as the sound system is back.",
    )


def system_audio_back() -> Health:
    return Health("system_audio_back", Severity.INFO, "The sound of this computer is recorded again")


def sound_gaps(count: int) -> Health:
    return Health(
        "sound_gaps",
        Severity.WARNING,
        "Pieces of the sound are missing",
        f"{count} times the sound came too fast to be taken; there is silence instead.",
        "Close programs that keep the processor busy.",
    )


def no_camera(detail: str, hint: str) -> Health:
    return Health("no_camera", Severity.WARNING, "The camera is not there", detail, hint)


def camera_lost(name: str, detail: str) -> Health:
    return Health(
        "camera_lost",
        Severity.WARNING,
        "The camera went away",
        f"{name}: {detail} The recording goes on without its picture.",
        "Plug it in again: it comes back by itself.",
    )


def camera_back(name: str) -> Health:
    return Health("camera_back", Severity.INFO, "The camera is there", f"{name} gives pictures.")


def background_stuck(detail: str) -> Health:
    return Health(
        "background_stuck",
        Severity.WARNING,
        "The background cannot be told from you any more",
        f"{detail} All of the camera's picture is treated as background, so that nothing shows by accident.",
        "Choose another segmentation model, or record without a background.",
    )


def half_rate(fps: int) -> Health:
    return Health(
        "overload_rate",
        Severity.WARNING,
        f"Recording at {fps} pictures a second from here on",
        "This machine could not keep up with more.",
        "Close other programs, or record a smaller region.",
    )


def light_encoder() -> Health:
    return Health(
        "overload_encoder",
        Severity.WARNING,
        "Recording in a simpler quality from here on",
        "This machine could not keep up even with half the pictures.",
        "Close other programs, or record a smaller region.",
    )


def display_trouble(detail: str, hint: str = "Stop and start again to record it in its new size.") -> Health:
    return Health("display_changed", Severity.WARNING, "The screen changed while recording", detail, hint)


def display_gone() -> Health:
    return Health(
        "display_gone",
        Severity.WARNING,
        "The first display is recorded",
        "The one that was chosen is not connected.",
        "Choose another one for the next recording, or connect it again.",
    )


def pointer_missing() -> Health:
    return Health(
        "pointer_missing",
        Severity.WARNING,
        "The pointer is not in the recording",
        "This desktop cannot put it into the picture that it shares.",
    )


def no_marks(detail: str, hint: str) -> Health:
    return Health("no_marks", Severity.WARNING, "Clicks and keys cannot be shown", detail, hint)


def screen_still() -> Health:
    return Health(
        "screen_still",
        Severity.WARNING,
        "The desktop stopped sending pictures",
        "The last one stays in the recording until it goes on.",
        "See that the shared screen is on and the shared window is shown.",
    )


def screen_away(detail: str) -> Health:
    return Health(
        "screen_away",
        Severity.WARNING,
        "The screen gives no pictures at the moment",
        detail,
        "Its last picture stays in the recording until it comes back, as after a locked screen.",
    )


def screen_stalled(seconds: float) -> Health:
    return Health(
        "screen_stalled",
        Severity.WARNING,
        "The screen does not answer",
        f"No picture came for {seconds:g} s. Its last one stays in the recording; it is being opened anew.",
    )


def screen_back() -> Health:
    return Health("screen_back", Severity.INFO, "The screen is back", "It is recorded again from here on.")


def window_hidden() -> Health:
    return Health(
        "window_hidden",
        Severity.WARNING,
        "The recorded window is hidden",
        "Its last picture stays in the recording until it is shown again.",
    )


def window_gone() -> Health:
    return Health(
        "window_gone",
        Severity.ERROR,
        "The recorded window was closed",
        "Its last picture stays in the recording; the sound goes on.",
        "Stop, and record another window.",
    )


def disk_low(left: int) -> Health:
    return Health(
        "disk_low",
        Severity.WARNING,
        "The disk is nearly full",
        f"{left // 1_000_000} MB are left where the recording is written.",
        "Make room, or the recording will end by itself, with everything up to then kept.",
    )


def test_replaced(reasons: tuple[str, ...], backend: str, encoder: str) -> Health:
    return Health(
        "test_replaced",
        Severity.WARNING,
        f"Recording through {backend} with {encoder}",
        f"The test of two seconds went wrong the first way: {'; '.join(reasons)}.",
    )


def test_black() -> Health:
    return Health(
        "test_black",
        Severity.WARNING,
        "The picture is all black",
        "In a test of two seconds there was nothing brighter than black on the screen.",
        "Is it the right screen, and is recording allowed in the system's privacy settings?",
    )


def test_silent(microphone: str | None) -> Health:
    return Health(
        "test_silent",
        Severity.WARNING,
        "Nothing is heard",
        f"{microphone} gave silence in a test of two seconds."
        if microphone
        else "There was no sound in a test of two seconds: no microphone was found.",
        "Is it the right microphone, and is it switched on in the system's sound settings?",
    )


def test_failed(reason: str) -> Health:
    return Health(
        "test_failed",
        Severity.WARNING,
        "The test recording went wrong",
        reason,
        "`heddle doctor` says what is missing.",
    )


def slept(seconds: float) -> Health:
    return Health(
        "slept",
        Severity.WARNING,
        f"The recording stood still for {_span(seconds)}",
        "The computer slept, or the recorder was held. That time is left out, as in a pause.",
    )


def clock_jumped(seconds: float) -> Health:
    way = "forward" if seconds > 0 else "back"
    return Health(
        "clock_jumped",
        Severity.INFO,
        f"The computer's clock was set {way} by {_span(abs(seconds))}",
        "The recording does not go by it and is not affected.",
    )


def screen_locked() -> Health:
    return Health(
        "screen_locked",
        Severity.WARNING,
        "The screen was locked",
        "The recording goes on: with all sound, the camera if there is one, and what the system shows of a "
        "locked screen, which may be no more than its last picture.",
        "Pause or stop it if nobody is there.",
    )


def screen_unlocked(seconds: float) -> Health:
    return Health(
        "screen_unlocked",
        Severity.INFO,
        "The screen was unlocked",
        f"It was locked for {_span(seconds)}, which is in the recording.",
    )


def ends_soon() -> Health:
    return Health(
        "ends_soon",
        Severity.WARNING,
        "The recording ends by itself in a minute",
        "It is nearly as long as it may become.",
        "Begin another one for what is still to come.",
    )


def encoder_reopened(name: str, reason: str) -> Health:
    return Health(
        "encoder_reopened",
        Severity.WARNING,
        f"The encoder failed and was opened again ({name})",
        f"{reason} The recording goes on with the next picture.",
        "If this happens again, record with --encoder libx264.",
    )


def encoder_stalled(name: str, reason: str) -> Health:
    return Health(
        "encoder_stalled",
        Severity.WARNING,
        f"The encoder hung and was opened again ({name})",
        f"{reason} Its last picture stands still in the recording for that long; the sound is all there.",
        "If this happens again, record with --encoder libx264.",
    )


def _span(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


# What may happen several times in a take and is news each time.
RECURRING = frozenset({
    "camera_lost", "camera_back", "sound_lost", "sound_back", "system_audio_lost", "system_audio_back",
    "screen_locked", "screen_unlocked", "encoder_stalled",
})  # fmt: skip


class HealthBoard:
    """Remembers what was told already."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def is_news(self, health: Health) -> bool:
        news = health.code not in self._told or health.code in RECURRING
        self._told.add(health.code)
        return news
