"""Which keys mean which action, everywhere on the desktop, and what became of the wish.

Most actions belong to a running recording. Their keys are taken from other programs only while there is one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from desktop.errors import UsageError
from desktop.i18n import tr
from desktop.models import chords
from desktop.models.actions import Action
from desktop.models.chords import Chord

Assignments = Mapping[Action, Chord]

SETTING = "hotkey_{}"
DEFAULTS: dict[Action, str] = {
    Action.RECORD: "Ctrl+Shift+L",
    Action.LAUNCHER: "Alt+Shift+L",
    Action.PAUSE: "Alt+Shift+P",
    Action.RESTART: "Alt+Shift+R",
    Action.CANCEL: "Alt+Shift+C",
    Action.MUTE: "Alt+Shift+M",
    Action.MARKER: "Alt+Shift+K",
    Action.DRAW: "Alt+Shift+D",
    Action.BUBBLE: "Alt+Shift+B",
    Action.NOTES: "Alt+Shift+N",
    Action.COPY_LINK: chords.NONE,
    Action.LIBRARY: chords.NONE,
    Action.SETTINGS: chords.NONE,
    Action.SETUP: chords.NONE,
    Action.TRANSCRIPTS: chords.NONE,
    Action.DIAGNOSTICS: chords.NONE,
    Action.QUIT: chords.NONE,
}
ALWAYS = frozenset(
    {
        Action.RECORD, Action.LAUNCHER, Action.COPY_LINK, Action.LIBRARY, Action.SETTINGS, Action.SETUP,
        Action.TRANSCRIPTS, Action.DIAGNOSTICS, Action.QUIT,
    }
)  # fmt: skip


class Hold(StrEnum):
    """What became of one key."""

    UNSET = "unset"
    HELD = "held"  # Heddle's, now
    WAITING = "waiting"  # will be, once a recording runs
    TWICE = "twice"  # another action of Heddle has it
    REFUSED = "refused"  # by the system


@dataclass(frozen=True, slots=True)
class Hotkey:
    """One row of the page: an action, its key, and what became of it. `why` is for TWICE and REFUSED; `named`
    is the key that the person chose on the desktop, where that decides."""

    action: Action
    chord: Chord | None
    hold: Hold
    why: str = ""
    named: str = ""


def assignments(read: Callable[[Action], str]) -> tuple[dict[Action, Chord], dict[Action, str]]:
    """What is set, and what is wrong with the rest; `read` gives the text of an action's setting."""
    found: dict[Action, Chord] = {}
    wrong: dict[Action, str] = {}
    for action in Action:
        try:
            chord = chords.parse(read(action))
        except UsageError as error:
            wrong[action] = error.detail
        else:
            if chord:
                found[action] = chord
    return found, wrong


def owner(chord: Chord, among: Assignments, but: Action | None = None) -> Action | None:
    """The first action, in their order, that has this chord."""
    return next((one for one in Action if one is not but and among.get(one) == chord), None)


def without_doubles(wanted: Assignments) -> tuple[dict[Action, Chord], dict[Action, Action]]:
    """Each chord for the first action that has it, and who has those of the others."""
    kept: dict[Action, Chord] = {}
    doubles: dict[Action, Action] = {}
    for action in Action:
        chord = wanted.get(action)
        if chord is None:
            continue
        before = owner(chord, kept)
        if before is None:
            kept[action] = chord
        else:
            doubles[action] = before
    return kept, doubles


def due(wanted: Assignments, *, recording: bool) -> dict[Action, Chord]:
    """Those to be taken from other programs now."""
    return {action: chord for action, chord in wanted.items() if recording or action in ALWAYS}


def table(
    wanted: Assignments,
    *,
    wrong: Mapping[Action, str],
    doubles: Mapping[Action, Action],
    refused: Mapping[Action, str],
    held: Iterable[Action],
    named: Mapping[Action, str],
) -> tuple[Hotkey, ...]:
    """What to show of all of it, a row for each action."""
    now = frozenset(held)

    def row(action: Action) -> Hotkey:
        chord = wanted.get(action)
        if action in wrong:
            return Hotkey(action, None, Hold.REFUSED, wrong[action])
        if chord is None:
            return Hotkey(action, None, Hold.UNSET)
        if action in doubles:
            return Hotkey(action, chord, Hold.TWICE, tr("“{other}” has it.", other=title(doubles[action])))
        if action in refused:
            return Hotkey(action, chord, Hold.REFUSED, refused[action])
        hold = Hold.HELD if action in now else Hold.WAITING
        return Hotkey(action, chord, hold, named=named.get(action, ""))

    return tuple(row(action) for action in Action)


def working(rows: Iterable[Hotkey]) -> dict[Action, str]:
    """The keys that do something, as they are shown."""
    return {
        row.action: row.named or row.chord.shown()
        for row in rows
        if row.chord and row.hold in {Hold.HELD, Hold.WAITING}
    }


def title(action: Action) -> str:
    """What an action is called where one chooses its key."""
    words = {
        Action.RECORD: tr("Start or finish a recording"),
        Action.LAUNCHER: tr("Choose what to record"),
        Action.PAUSE: tr("Pause or go on"),
        Action.RESTART: tr("Begin the recording again"),
        Action.CANCEL: tr("Throw the recording away"),
        Action.MUTE: tr("Microphone off or on"),
        Action.MARKER: tr("Set a marker"),
        Action.DRAW: tr("Draw on the screen"),
        Action.BUBBLE: tr("Show or hide the camera"),
        Action.NOTES: tr("Show or hide the notes"),
        Action.COPY_LINK: tr("Copy the last link"),
        Action.LIBRARY: tr("Open the library"),
        Action.SETTINGS: tr("Open the settings"),
        Action.SETUP: tr("Set Heddle up anew"),
        Action.TRANSCRIPTS: tr("Open the transcripts"),
        Action.DIAGNOSTICS: tr("Look what does not work"),
        Action.QUIT: tr("Quit Heddle"),
    }
    return words[action]
