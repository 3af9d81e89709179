"""Events go through one writer: together, once each, and without harm to each other."""

import asyncio
import random
import uuid
from datetime import UTC, datetime

import pytest

from server.analytics import intake as module
from server.analytics.clients import Client
from server.analytics.intake import Intake
from server.analytics.rebuilding import rebuild_one
from server.analytics.schemas import Beacon, EventType, Subject
from server.analytics.watching import Stretch
from server.errors import TooManyRequests
from server.wiring import Services
from tests.unit.server.analytics.conftest import MakeTalk, Talk

THRESHOLD = 3_000


def beacon(
    talk_id: str, session: str, *played: tuple[int, int], viewer: str = "ada", **more: object
) -> Beacon:
    at = datetime.now(UTC)
    return Beacon(
        id=str(uuid.uuid4()),
        type=EventType.PROGRESS,
        subject=Subject(talk_id, str(uuid.UUID(int=1)), 10_000),
        session_id=session,
        user_id=None,
        viewer=viewer,
        client=Client("desktop", "Firefox", "Linux"),
        country=None,
        referrer=None,
        at=at,
        received_at=at,
        position=None,
        stretch=Stretch(played=played, quality="720p"),
    )


async def test_random_events_come_to_the_same_in_any_order_and_counted_anew(
    services: Services, make_talk: MakeTalk
) -> None:
    chance = random.Random(7)
    for _ in range(3):
        sessions = [(str(uuid.uuid4()), chance.choice("abc")) for _ in range(5)]
        told = []
        for _ in range(16):
            session, viewer = chance.choice(sessions)
            begin = chance.randrange(9_000)
            told.append(("", session, (begin, begin + chance.randrange(1, 4_000)), viewer))
        reports = []
        for shuffled in (False, True):
            talk = await make_talk()
            beacons = [beacon(talk.id, session, played, viewer=viewer) for _, session, played, viewer in told]
            if shuffled:
                chance.shuffle(beacons)
                beacons += chance.sample(beacons, 8)
            while beacons:
                some, beacons = beacons[: (size := chance.randint(1, 6))], beacons[size:]
                await services.analytics._intake.put(some)
            reports.append(await _figures(talk))
            recording = await services.recordings.find(talk.id)
            assert recording is not None
            async with services.db.write() as session_:
                await rebuild_one(session_, recording, THRESHOLD)
            reports.append(await _figures(talk))
        assert reports[1:] == reports[:-1]


async def _figures(talk: Talk) -> dict[str, object]:
    return {name: one for name, one in (await talk.report()).items() if name != "recordingId"}


async def test_many_who_tell_at_once_are_all_heard(services: Services, talk: Talk) -> None:
    sessions = [str(uuid.uuid4()) for _ in range(40)]
    await asyncio.gather(
        *(
            services.analytics._intake.put([beacon(talk.id, one, (0, 4_000), viewer=one[:8])])
            for one in sessions
        )
    )
    report = await talk.report()
    assert (report["views"], report["uniqueViewers"]) == (40, 40)


async def test_a_deleted_recording_takes_only_its_own_events_along(services: Services, talk: Talk) -> None:
    gone = str(uuid.uuid4())
    await services.analytics._intake.put(
        [beacon(gone, str(uuid.uuid4()), (0, 5_000)), beacon(talk.id, str(uuid.uuid4()), (0, 5_000))]
    )
    assert (await talk.report())["views"] == 1


async def test_who_tells_hears_of_a_failure_and_the_next_is_stored(
    services: Services, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = services.analytics._intake

    async def fail(*_: object) -> int:
        raise RuntimeError("the disk is gone")

    with monkeypatch.context() as broken:
        broken.setattr(module, "store", fail)
        with pytest.raises(RuntimeError, match="disk"):
            await intake.put([beacon(talk.id, str(uuid.uuid4()), (0, 5_000))])
    await intake.put([beacon(talk.id, str(uuid.uuid4()), (0, 5_000))])
    assert (await talk.report())["views"] == 1


async def test_a_full_queue_refuses_and_a_stop_stores_what_waits(
    services: Services, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUEUE", 2)
    intake = Intake(services.db, THRESHOLD)  # nobody takes yet
    for _ in range(2):
        intake.note(beacon(talk.id, str(uuid.uuid4()), (0, 5_000)))
    intake.note(beacon(talk.id, str(uuid.uuid4()), (0, 5_000)))  # lost
    with pytest.raises(TooManyRequests):
        await intake.put([beacon(talk.id, str(uuid.uuid4()), (0, 5_000))])
    intake.start()
    await intake.stop()
    await intake.stop()
    assert (await talk.report())["views"] == 2


async def test_a_session_that_jumps_about_beyond_belief_takes_no_more(services: Services, talk: Talk) -> None:
    session = str(uuid.uuid4())
    for first in range(0, 600, 50):
        pieces = [(10 * n, 10 * n + 5) for n in range(first, first + 50)]
        await services.analytics._intake.put([beacon(talk.id, session, *pieces)])
    assert (await talk.report())["watchSeconds"] <= 500 * 0.005
