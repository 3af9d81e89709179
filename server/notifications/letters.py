"""The letters that tell of notifications: one thing, or a bundle of several."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from server.mail.letters import Item, Words
from server.notifications import wording
from server.notifications.kinds import ABOUT, Kind
from server.notifications.models import NotificationRow
from server.notifications.people import Person
from server.notifications.unsubscribing import LeaveLinks
from server.recordings.schemas import Recording

# In one letter; the rest is counted.
MOST_ITEMS = 50
_ACTIONS = {Kind.VIDEO_READY: "Watch it", Kind.QUOTA_WARNING: "See the plan"}
_TALK = frozenset({Kind.COMMENT, Kind.REPLY, Kind.MENTION})


@dataclass(frozen=True, slots=True)
class Told:
    """A notification and its recording, which the person may see now."""

    row: NotificationRow
    recording: Recording | None

    @property
    def kind(self) -> Kind:
        return Kind(self.row.kind)

    @property
    def sentence(self) -> str:
        title = self.recording.title if self.recording else None
        return wording.sentence(self.kind, self.row.data, count=self.row.count, title=title)


class Letters:
    """`base` is the server's address, without a slash at the end."""

    def __init__(self, base: str, leave: LeaveLinks) -> None:
        self._base = base
        self._leave = leave
        self._host = urlsplit(base).hostname or "heddle.invalid"

    def one(self, person: Person, told: Told) -> Words:
        """Letters about what is said of one recording have one subject, and are one thread."""
        about = told.kind in _TALK and told.recording is not None
        quote = wording.quote(told.row.data)
        link = wording.link(self._base, told.kind, told.recording, told.row.data)
        return Words(
            subject=f"Comments on “{told.recording.title}”" if about and told.recording else told.sentence,
            heading=told.sentence,
            paragraphs=tuple(filter(None, [wording.advice(told.kind, told.row.data)])),
            items=(Item(_place(told), None, quote),) if quote else (),
            action=None if link is None else (_ACTIONS.get(told.kind, "Open it"), link),
            footer=f"You get this because of: {ABOUT[told.kind].means}.",
            links=self._ends(person, told.kind),
            headers={**self._leave.headers(person.id, told.kind), **self._thread(told.recording)},
        )

    def several(self, person: Person, things: Sequence[Told]) -> Words:
        """`things` in the order they happened."""
        count = len(things)
        items = tuple(
            Item(
                one.sentence,
                wording.link(self._base, one.kind, one.recording, one.row.data),
                wording.quote(one.row.data),
            )
            for one in things[:MOST_ITEMS]
        )
        more = (f"And {count - MOST_ITEMS} more.",) if count > MOST_ITEMS else ()
        return Words(
            subject=f"{count} notifications from Heddle" if count > 1 else things[0].sentence,
            heading=f"What happened: {count} notifications" if count > 1 else "What happened",
            paragraphs=more,
            items=items,
            footer="You get this because you are told of these things together.",
            links=self._ends(person, None),
            headers=dict(self._leave.headers(person.id, None)),
        )

    def _thread(self, recording: Recording | None) -> dict[str, str]:
        """Mail programs put letters together that refer to the same (RFC 5322 section 3.6.4)."""
        if recording is None:
            return {}
        root = f"<recording.{recording.id}@{self._host}>"
        return {"In-Reply-To": root, "References": root}

    def _ends(self, person: Person, kind: Kind | None) -> tuple[tuple[str, str], ...]:
        what = "Get no more of these letters" if kind is not None else "Get no more letters like this"
        choices = ("Choose what you are told of", f"{self._base}/notifications")
        return ((what, self._leave.link(person.id, kind)), choices)


def _place(told: Told) -> str:
    """Where in the video it was said."""
    time = told.row.data.get("time")
    if time is None:
        return "About all of it:"
    minutes, seconds = divmod(int(time), 60)
    return f"At {minutes}:{seconds:02}:"
