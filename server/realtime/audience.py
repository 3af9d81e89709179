"""Who may hear of what: the members that may view the recording, asked when it is told.

So a change of members or roles takes effect with the next message, on connections that are open already.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from server.bus import Event
from server.identity.permissions import Action, WorkspaceRole, may
from server.identity.workspaces.service import Workspaces
from server.outbox import OutboxRow
from server.realtime.messages import FAMILIES, Told, Whom, told
from server.recordings.events import RecordingEventType
from server.recordings.repository import recordings_in
from server.recordings.schemas import Place
from server.recordings.service import Recordings

_R = RecordingEventType
# They say themselves where the recording lay: it lies there no more.
_GONE = (_R.DELETED, _R.REMOVED)
# Told to all who saw it before; of what else happens in the trash those hear who may restore it.
_OF_TRASH = frozenset({*_GONE, _R.TRASHED, _R.RESTORED})


class Audience:
    def __init__(self, recordings: Recordings, workspaces: Workspaces) -> None:
        self._recordings = recordings
        self._workspaces = workspaces

    async def of(self, event: Event, known: Told) -> frozenset[str]:
        """Ids of the people."""
        if known.whom is Whom.PERSON or event.recording_id is None:
            return frozenset([event.user_id] if event.user_id else [])
        place = await self._place(event)
        if place is None or place.workspace_id is None:
            return frozenset()
        roles = await self._workspaces.roles_in(place.workspace_id)
        return frozenset(one for one, role in roles.items() if _hears(event.type, place, role, one))

    async def hear_of(self, user_id: str, events: Sequence[Event]) -> list[Event]:
        """Those of them that this person may hear of now."""
        roles = await self._workspaces.roles_of(user_id)
        ids = {event.recording_id for event in events if event.recording_id is not None}
        places = await self._recordings.places(ids) if ids else {}
        return [event for event in events if _may_hear(event, user_id, roles, places)]

    async def about(self, user_id: str) -> ColumnElement[bool]:
        """A coarse net for events of the outbox: all that a person may hear of, and more."""
        workspaces = await self._workspaces.roles_of(user_id)
        row = OutboxRow
        nearby = or_(
            row.user_id == user_id, row.recording_id.in_(recordings_in(workspaces)), row.type.in_(_GONE)
        )
        return and_(_public(FAMILIES), nearby)

    async def _place(self, event: Event) -> Place | None:
        if event.type in _GONE:
            return _told_place(event)
        recording_id = event.recording_id or ""
        return (await self._recordings.places([recording_id])).get(recording_id)


def said_of(recording_id: str) -> ColumnElement[bool]:
    """Events of the outbox that viewers of a recording hear of."""
    families = [name for name, known in FAMILIES.items() if known.whom is Whom.VIEWERS]
    return and_(_public(families), OutboxRow.recording_id == recording_id)


def _public(families: Iterable[str]) -> ColumnElement[bool]:
    return or_(*(OutboxRow.type.startswith(f"{family}.", autoescape=True) for family in families))


def _may_hear(
    event: Event, user_id: str, roles: Mapping[str, WorkspaceRole], places: Mapping[str, Place]
) -> bool:
    known = told(event.type)
    if known is None:
        return False
    if known.whom is Whom.PERSON or event.recording_id is None:
        return event.user_id == user_id
    place = _told_place(event) if event.type in _GONE else places.get(event.recording_id)
    if place is None or place.workspace_id is None:
        return False
    return _hears(event.type, place, roles.get(place.workspace_id), user_id)


def _hears(type_: str, place: Place, role: WorkspaceRole | None, user_id: str) -> bool:
    hidden = place.trashed and type_ not in _OF_TRASH
    action = Action.RECORDING_DELETE if hidden else Action.RECORDING_VIEW
    return may(role, action, own=place.user_id == user_id)


def _told_place(event: Event) -> Place:
    data: dict[str, Any] = event.data
    return Place(data.get("workspaceId"), event.user_id or "", trashed=False)
