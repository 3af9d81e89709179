"""What a person can have the app do from anywhere: by hotkey, tray, control bar, link or second start."""

from enum import StrEnum


class Action(StrEnum):
    """The names are those of settings (`hotkey_…`), of `heddle app --do NAME` and of `heddle://NAME`."""

    RECORD = "record"  # starts with what was chosen last; while recording: stops
    LAUNCHER = "launcher"  # the window in which one chooses what to record
    PAUSE = "pause"  # and resume
    RESTART = "restart"
    CANCEL = "cancel"
    MUTE = "mute"  # and unmute
    MARKER = "marker"
    DRAW = "draw"  # and stop drawing
    BUBBLE = "bubble"  # shows or hides the camera
    NOTES = "notes"  # shows or hides the speaker's notes
    COPY_LINK = "copy_link"  # of the newest recording
    LIBRARY = "library"
    SETTINGS = "settings"
    SETUP = "setup"  # the assistant of the first run, again
    TRANSCRIPTS = "transcripts"
    DIAGNOSTICS = "diagnostics"
    QUIT = "quit"
