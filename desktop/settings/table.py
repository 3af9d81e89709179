"""The table of settings. A field here is a key of the file, a line of the page, of the command line and of
docs/reference/settings.md (`python docs/settings_page.py` writes it).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from desktop.i18n import LANGUAGES, tr
from desktop.models.actions import Action
from desktop.settings.hotkeys import hotkey
from desktop.settings.setting import Kind, Page, Setting, row, setting
from uploader.paths import home


@dataclass(frozen=True, slots=True)
class Settings:
    """The client's settings; None means what the row calls `otherwise`."""

    language: str | None = setting(
        None, Page.GENERAL, tr("Language"), tr("Language of windows and messages."),
        kind=Kind.LANGUAGE, choices=LANGUAGES, otherwise=tr("the system's"), variable="HEDDLE_LANGUAGE",
        restart=True,
    )  # fmt: skip
    theme: str = setting(
        "system", Page.GENERAL, tr("Colours"), tr("Light or dark windows, or as the system has it."),
        choices={"system": tr("as the system"), "light": tr("light"), "dark": tr("dark")},
    )  # fmt: skip
    autostart: bool = setting(
        False, Page.GENERAL, tr("Start with the computer"),
        tr("Heddle waits in the tray after you have signed in to this computer."),
    )  # fmt: skip
    open_links: bool = setting(
        False, Page.GENERAL, tr("Open heddle:// links"),
        tr("Links in web pages may open Heddle's windows; none starts a recording by itself."),
    )  # fmt: skip
    notifications: bool = setting(
        True, Page.GENERAL, tr("Notifications"),
        tr("Tells by the system's notifications when a link is there; problems are told in any case."),
    )  # fmt: skip
    assistant: bool = setting(
        True, Page.REMEMBERED, tr("Assistant"),
        tr("Whether the assistant opens at the first start; off where somebody else has set Heddle up."),
        variable="HEDDLE_ASSISTANT",
    )  # fmt: skip
    fps: int = setting(
        30, Page.RECORDING, tr("Frames a second"), tr("Frames a second to ask the screen for."),
        least=1, most=240,
    )  # fmt: skip
    countdown: int = setting(
        0, Page.RECORDING, tr("Countdown"),
        tr("Seconds between the start of a recording and its first picture."),
        most=60, unit=tr("s"),
    )  # fmt: skip
    longest: int | None = setting(
        None, Page.RECORDING, tr("Longest recording"),
        tr("Minutes after which a recording ends by itself, without pauses; a minute before, it says so."),
        least=1, most=1440, unit=tr("min"), otherwise=tr("no limit"),
    )  # fmt: skip
    keep_awake: bool = setting(
        True, Page.RECORDING, tr("Keep the computer awake"),
        tr("Neither it nor its screen goes to sleep while something is recorded."),
    )  # fmt: skip
    do_not_disturb: bool = setting(
        False, Page.RECORDING, tr("Do not disturb"),
        tr("Holds notifications back while something is recorded, on desktops that allow it (GNOME, KDE)."),
    )  # fmt: skip
    self_test: bool = setting(
        True, Page.RECORDING, tr("Test new devices"),
        tr("Before the first recording with new devices, two seconds are recorded and judged."),
        variable="HEDDLE_SELF_TEST",
    )  # fmt: skip
    clicks: bool = setting(
        False, Page.RECORDING, tr("Show clicks"), tr("Rings in the recording where the mouse is clicked.")
    )
    keys: str = setting(
        "off", Page.RECORDING, tr("Show keys"),
        tr("Keys that are pressed, at the bottom of the recording; `all` shows passwords too."),
        choices={
            "off": tr("none"), "shortcuts": tr("combinations and named keys"), "all": tr("everything typed")
        },
    )  # fmt: skip
    draw_fade: int = setting(
        4, Page.RECORDING, tr("Fading strokes"),
        tr("Seconds for which a drawn stroke stays, where strokes fade away (`F` while drawing)."),
        least=1, most=120, unit=tr("s"),
    )  # fmt: skip
    microphone: str | None = setting(
        None, Page.DEVICES, tr("Microphone"), tr("Name of the sound device."),
        kind=Kind.NAME, otherwise=tr("the system's"),
    )  # fmt: skip
    camera: str | None = setting(
        None, Page.DEVICES, tr("Camera"),
        tr("Name of the camera to film, or `default`; without it, none is filmed."),
        kind=Kind.NAME, otherwise=tr("none"),
    )  # fmt: skip
    background: str | None = setting(
        None, Page.DEVICES, tr("Background"),
        tr("`blur`, or the path of a picture that replaces what is behind you."),
        kind=Kind.NAME, otherwise=tr("as it is"),
    )  # fmt: skip
    background_model: Path | None = setting(
        None, Page.DEVICES, tr("Segmentation network"),
        tr("The ONNX file that `background` needs; Heddle comes with none."),
        kind=Kind.FILE, otherwise=tr("none"),
    )  # fmt: skip
    hotkey_record: str = hotkey(Action.RECORD)
    hotkey_launcher: str = hotkey(Action.LAUNCHER)
    hotkey_pause: str = hotkey(Action.PAUSE)
    hotkey_restart: str = hotkey(Action.RESTART)
    hotkey_cancel: str = hotkey(Action.CANCEL)
    hotkey_mute: str = hotkey(Action.MUTE)
    hotkey_marker: str = hotkey(Action.MARKER)
    hotkey_draw: str = hotkey(Action.DRAW)
    hotkey_bubble: str = hotkey(Action.BUBBLE)
    hotkey_notes: str = hotkey(Action.NOTES)
    hotkey_copy_link: str = hotkey(Action.COPY_LINK)
    hotkey_library: str = hotkey(Action.LIBRARY)
    hotkey_settings: str = hotkey(Action.SETTINGS)
    hotkey_setup: str = hotkey(Action.SETUP)
    hotkey_transcripts: str = hotkey(Action.TRANSCRIPTS)
    hotkey_diagnostics: str = hotkey(Action.DIAGNOSTICS)
    hotkey_quit: str = hotkey(Action.QUIT)
    server: str | None = setting(
        None, Page.UPLOADS, tr("Server"),
        tr("Address of the server that recordings go to; signing in writes it."),
        kind=Kind.ADDRESS, otherwise=tr("none"), variable="HEDDLE_SERVER",
    )  # fmt: skip
    private_server: bool = setting(
        False, Page.UPLOADS, tr("Private server"),
        tr("Runs a server of your own on this computer while Heddle runs; nobody else reaches it."),
    )  # fmt: skip
    upload_limit: str | None = setting(
        None, Page.UPLOADS, tr("Most bytes a second"),
        tr("What all uploads of this computer may take together, such as 500k or 2M."),
        kind=Kind.RATE, otherwise=tr("no limit"), variable="HEDDLE_UPLOAD_LIMIT",
    )  # fmt: skip
    metered: str = setting(
        "send", Page.UPLOADS, tr("On a metered connection"),
        tr("Whether recordings are sent where bytes cost money. Those that wait get their link later."),
        choices={"send": tr("send as usual"), "wait": tr("wait for another connection")},
    )  # fmt: skip
    recordings: Path | None = setting(
        None, Page.STORAGE, tr("Recordings"), tr("Folder for new recordings."), otherwise="<home>/recordings"
    )
    min_free_mb: int | None = setting(
        None, Page.STORAGE, tr("Room to leave"),
        tr(
            "A recording ends in order while the disk has so many megabytes left; where it had no more at the"
            " start, it goes on until the disk is full."
        ),
        unit=tr("MB"), otherwise="200",
    )  # fmt: skip
    speech_model: str | None = setting(
        None, Page.TRANSCRIPTION, tr("Speech model"),
        tr("A name from `heddle models`, or the path of a folder with one."),
        kind=Kind.NAME, otherwise="small", variable="HEDDLE_SPEECH_MODEL",
    )  # fmt: skip
    transcribe_takes: bool = setting(
        False, Page.TRANSCRIPTION, tr("Write down every recording"),
        tr("On this computer, after each recording; the server then need not do it."),
    )  # fmt: skip
    speech_language: str | None = setting(
        None, Page.TRANSCRIPTION, tr("Spoken language"), tr("Its code, such as en or de."),
        kind=Kind.SPOKEN, otherwise=tr("found out from the sound"),
    )  # fmt: skip
    speech_device: str = setting(
        "auto", Page.TRANSCRIPTION, tr("What listens"),
        tr("A graphics card is many times faster, where there is one that works."),
        choices={"auto": tr("the best there is"), "cpu": tr("the processor"), "cuda": tr("an NVIDIA card")},
    )  # fmt: skip
    models: Path | None = setting(
        None, Page.TRANSCRIPTION, tr("Models"), tr("Folder of the speech models."),
        otherwise="<home>/models", variable="HEDDLE_MODELS",
    )  # fmt: skip
    models_url: str | None = setting(
        None, Page.TRANSCRIPTION, tr("Where models come from"),
        tr("Where speech models are downloaded from: the hub, or a mirror that answers as it does."),
        kind=Kind.ADDRESS, otherwise="https://huggingface.co", variable="HEDDLE_MODELS_URL",
    )  # fmt: skip
    updates: bool = setting(
        False, Page.UPDATES, tr("Look for updates"),
        tr("Once a day; tells of a new version, whose page a click opens, and downloads nothing by itself."),
    )  # fmt: skip
    updates_url: str | None = setting(
        None, Page.UPDATES, tr("Where news of versions are"),
        tr("Address of the signed manifest of whoever made this build."),
        kind=Kind.ADDRESS, otherwise=tr("none"),
    )  # fmt: skip
    updates_key: str | None = setting(
        None, Page.UPDATES, tr("Key that signs them"),
        tr("Ed25519 public key in base64; a manifest that it did not sign is not believed."),
        kind=Kind.KEY, otherwise=tr("none"),
    )  # fmt: skip


TABLE: Mapping[str, Setting] = {one.name: row(one) for one in fields(Settings)}


def recordings_folder(settings: Settings) -> Path:
    """Where recordings without `--output` go."""
    return settings.recordings or home() / "recordings"


def models_folder(settings: Settings) -> Path:
    """Where speech models lie."""
    return settings.models or home() / "models"
