"""What is done with a recording while it still arrives: its first poster, and versions piece by piece.

So a link shows a picture as soon as there is one, and little is left to encode when the recording stops.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from media import cuts as cutting
from media.cuts import Cut, cuts_of
from media.fragments import Fragment, FragmentError, Track
from server.db import Database
from server.processing import outcomes, pieces, plan, repository
from server.processing.plan import Step
from server.processing.schemas import Job
from server.processing.steps import StepName
from server.recordings.events import source_key
from server.uploads.index import LiveIndex
from server.uploads.service import Uploads

_log = structlog.get_logger(__name__)

# A recording may be paused before its first fragment; nothing is lost when nobody waits that long.
PATIENCE_S = 600.0
# Profiles of H.264 with 8 bits and 4:2:0, as RFC 6381 writes them: baseline, main, extended, high.
_PLAIN = ("avc1.42", "avc1.4d", "avc1.58", "avc1.64")


@dataclass(frozen=True, slots=True)
class Growth:
    """A growing file that can be decoded, and the id of the upload that its bytes come with."""

    upload: str
    index: LiveIndex


# Names of steps that are left out for a recording of somebody, by their ids.
Without = Callable[[str, str], Awaitable[frozenset[str]]]


class Growing:
    """What is known of recordings that still arrive."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads

    async def begun(self, recording_id: str) -> Growth | None:
        """Returns when the growing file can be decoded; None when that will not happen any more.

        A file that is sent whole has its final poster as soon as it is here; a plain one, whose index comes
        last, never gets there.
        """
        if not await self._uploads.growing(recording_id):
            return None
        index = await self._uploads.indexes.get(recording_id)
        while index is not None and not index.playable:
            if index.finished or index.gone:
                return None
            await index.changed(after=index.revision)
        if index is None or index.finished:
            return None
        return Growth(await self.upload_of(recording_id), index)

    async def upload_of(self, recording_id: str) -> str:
        """The id of the upload that the bytes came with; empty for bytes that came without."""
        return await self._uploads.upload_of(recording_id) or ""

    async def all(self) -> list[tuple[str, str]]:
        """Recordings that still arrive, and whose they are."""
        return await self._uploads.all_growing()


class Early:
    """Follows growing recordings, each in a task of its own; after a restart it goes on where it was."""

    def __init__(self, db: Database, growing: Growing, without: Without) -> None:
        self._db = db
        self._growing = growing
        self._without = without
        self._following: dict[str, asyncio.Task[None]] = {}

    async def start(self) -> None:
        for recording_id, user_id in await self._growing.all():
            self.watch(recording_id, user_id)

    def watch(self, recording_id: str, user_id: str) -> None:
        if recording_id in self._following:
            return
        task = asyncio.create_task(self._follow(recording_id, user_id), name="early-steps")
        self._following[recording_id] = task
        task.add_done_callback(lambda _: self._following.pop(recording_id, None))

    async def stop(self) -> None:
        tasks = list(self._following.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _follow(self, recording_id: str, user_id: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                growth = await self._growing.begun(recording_id)
            if growth is not None:
                await self._poster(recording_id, user_id)
                await self._pieces(recording_id, user_id, growth)
        except (TimeoutError, FragmentError):
            return
        except Exception:  # noqa: BLE001 (a recording without early steps is no less a recording)
            _log.exception("early_steps_failed", recording=recording_id)

    async def _poster(self, recording_id: str, user_id: str) -> None:
        async with self._db.write(recording_id) as session:
            jobs = await repository.of_recording(session, recording_id)
            if any(job.step in (StepName.FIRST_POSTER, StepName.PROBE) for job in jobs):
                return
            await outcomes.enqueue(session, recording_id, user_id, (plan.at_first_fragment(recording_id),))

    async def _pieces(self, recording_id: str, user_id: str, growth: Growth) -> None:
        """Has each piece encoded as soon as all of it is here."""
        index, known = growth.index, 0
        while not index.finished and not index.gone and can_be_encoded(index.parser.tracks):
            revision = index.revision
            if index.parser.duration_s > (known + 1) * cutting.PIECE_S:
                fragments = list(index.parser.fragments)
                cuts = cuts_of(fragments, finished=False)
                if cuts[known:] and not await self._encode(recording_id, user_id, growth, fragments, cuts):
                    return
                known = len(cuts)
            await index.changed(after=revision)

    async def _encode(
        self,
        recording_id: str,
        user_id: str,
        growth: Growth,
        fragments: Sequence[Fragment],
        cuts: Sequence[Cut],
    ) -> bool:
        """Whether there is more to do: a recording may be too small for renditions, or be here by now."""
        without = await self._without(recording_id, user_id)
        more = False
        async with self._db.write(recording_id) as session:
            jobs = await repository.of_recording(session, recording_id)
            if any(job.step is StepName.PROBE for job in jobs):
                return False
            for whole in (one for one in pieces.LADDERS if one not in without):
                held = pieces.of(whole, jobs)
                mine = [job for job in held if job.settings["upload"] == growth.upload]
                for stale in held:
                    if stale not in mine:
                        await repository.remove(session, stale)
                how = mine[0].settings if mine else _recipe(whole, growth.index, fragments, cuts[0])
                steps = (
                    _missing(whole, recording_id, growth, cuts=cuts, mine=mine, how=how)
                    if how["rungs"]
                    else []
                )
                await outcomes.enqueue(session, recording_id, user_id, steps)
                more = more or bool(how["rungs"])
        return more


def can_be_encoded(tracks: Sequence[Track]) -> bool:
    """Whether renditions are made of the file itself, and not of what normalising will make of it."""
    video = [track for track in tracks if track.kind == "video"]
    sound = [track for track in tracks if track.kind == "audio"]
    plain = bool(video) and video[0].codec.lower().startswith(_PLAIN)
    return plain and all(track.codec.startswith("mp4a.40") for track in sound)


def _missing(
    whole: StepName,
    recording_id: str,
    growth: Growth,
    *,
    cuts: Sequence[Cut],
    mine: Sequence[Job],
    how: dict[str, Any],
) -> list[Step]:
    numbers = {job.settings["cut"]["number"] for job in mine}
    init, file = growth.index.parser.init_length or 0, source_key(recording_id)
    return [
        pieces.piece_of(whole, recording_id, file, cut, init_length=init, how=how, upload=growth.upload)
        for cut in cuts
        if cut.number not in numbers
    ]


def _recipe(whole: StepName, index: LiveIndex, fragments: Sequence[Fragment], first: Cut) -> dict[str, Any]:
    """From what the first piece shows."""
    video = index.parser.video
    size = (video.width, video.height) if video is not None else (0, 0)
    pictures = sum(fragment.samples for fragment in fragments if fragment.end <= first.end)
    return plan.recipe(size, pictures / first.duration_s, rungs=plan.LADDERS[whole])
