"""What was told lately, for clients that come back: in memory, as some of it is noted only afterwards."""

from collections import OrderedDict, deque
from collections.abc import Sequence

from server.bus import Event
from server.outbox import BATCH

KEPT = 10 * BATCH
# Jobs under way whose last percents are remembered.
MOST_JOBS = 1000
_PROGRESS, _RUNNING = "processing.progress", "processing"


class Recent:
    """All events that clients hear of with a position after `floor`; the older ones are in the outbox.

    `position` is the last that was told. Of what is not kept, only the last percents of each job are here.
    """

    def __init__(self, position: int) -> None:
        self.position = self.floor = position
        self._events: deque[Event] = deque()
        self._ids: set[int] = set()
        self._progress: OrderedDict[str, Event] = OrderedDict()

    def knows(self, event: Event) -> bool:
        """Whether it was told before: an event comes again when another handler failed."""
        return event.id != 0 and event.id in self._ids

    def note(self, event: Event) -> None:
        if event.type == _PROGRESS:
            self._note_progress(event)
        if not event.id:
            return
        self.reach(event)
        self._events.append(event)
        self._ids.add(event.id)
        if len(self._events) > KEPT:
            oldest = self._events.popleft()
            self._ids.discard(oldest.id)
            self.floor = max(self.floor, oldest.position)

    def reach(self, event: Event) -> None:
        """Also for events that no client hears of."""
        self.position = max(self.position, event.position)

    def after(self, position: int) -> list[Event]:
        """In the order they were told."""
        return [event for event in self._events if event.position > position]

    def under_way(self) -> Sequence[Event]:
        return tuple(self._progress.values())

    def _note_progress(self, event: Event) -> None:
        job_id = str(event.data.get("jobId"))
        self._progress.pop(job_id, None)
        if event.id == 0 and event.data.get("status") == _RUNNING:
            self._progress[job_id] = event
            if len(self._progress) > MOST_JOBS:
                self._progress.popitem(last=False)
