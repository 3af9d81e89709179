"""A recording as a person sees it: events in, the next value out."""

import pytest

from desktop.models.session import Phase, Session, UploadView, apply

RECORDING = {
    "event": "state",
    "state": "recording",
    "path": "/a.mp4",
    "width": 640,
    "height": 480,
    "audio": True,
}


def after(*events: dict[str, object]) -> Session:
    session = Session()
    for event in events:
        session = apply(session, event)
    return session


def test_an_idle_engine_is_ready() -> None:
    assert after({"event": "state", "state": "idle"}).phase is Phase.READY


def test_recording_says_what_is_recorded() -> None:
    session = after(RECORDING)
    assert (session.phase, session.path, session.width, session.audio) == (
        Phase.RECORDING,
        "/a.mp4",
        640,
        True,
    )
    assert session.can_pause
    assert session.can_stop


def test_stats_move_the_numbers_and_not_the_phase() -> None:
    session = after(RECORDING, {"event": "stats", "timeS": 2.5, "bytes": 700, "fps": 29.7, "dropped": 1})
    assert (session.time_s, session.size, session.fps, session.dropped) == (2.5, 700, 29.7, 1)
    assert session.phase is Phase.RECORDING


def test_the_link_comes_with_the_upload() -> None:
    session = after(
        RECORDING, {"event": "upload", "state": "sending", "shareUrl": "http://h/s/1", "offset": 9}
    )
    assert session.share_url == "http://h/s/1"
    assert session.upload is not None
    assert session.upload.offset == 9


def test_worries_are_kept_in_order() -> None:
    session = after(*({"event": "health", "severity": "warning", "title": title} for title in "ab"))
    assert [notice.title for notice in session.notices] == ["a", "b"]


def test_a_camera_that_went_away_is_gone_until_it_is_back() -> None:
    gone = {"event": "health", "severity": "warning", "code": "camera_lost", "title": "The camera went away"}
    back = {"event": "health", "severity": "info", "code": "camera_back", "title": "The camera is there"}
    assert after(RECORDING).camera_gone == ""
    assert after(RECORDING, gone).camera_gone == "The camera went away"
    assert after(RECORDING, gone, back).camera_gone == ""
    assert after(RECORDING, gone, back, gone).camera_gone


@pytest.mark.parametrize("state", ["finished", "cancelled", "failed"])
def test_an_end_is_an_end_even_when_the_engine_is_ready_again(state: str) -> None:
    ended = {"event": "state", "state": state}
    assert after(RECORDING, ended, {"event": "state", "state": "idle"}, {"event": "exit"}).phase is Phase(
        state
    )


def test_an_engine_that_goes_away_is_a_failure() -> None:
    session = after(RECORDING, {"event": "exit", "title": "It went away"})
    assert session.phase is Phase.FAILED
    assert session.error is not None
    assert session.error.title == "It went away"


def test_unknown_events_and_states_change_nothing() -> None:
    before = after(RECORDING)
    assert apply(before, {"event": "weather"}) == before
    assert apply(before, {"event": "state", "state": "dreaming"}) == before


def test_a_restart_begins_with_fresh_figures_and_without_the_old_link() -> None:
    before = Session(phase=Phase.STOPPING, time_s=9, size=900, dropped=3, upload=UploadView(share_url="u"))
    after = apply(before, {"event": "discarded"})
    assert (after.time_s, after.size, after.dropped, after.share_url) == (0, 0, 0, None)


def test_a_countdown_is_counted_and_then_gone() -> None:
    session = apply(Session(), {"event": "state", "state": "counting"})
    session = apply(session, {"event": "countdown", "secondsLeft": 2})
    assert (session.phase, session.seconds_left, session.can_stop) == (Phase.COUNTING, 2, True)
    assert apply(session, {"event": "state", "state": "preparing"}).seconds_left is None


def test_what_is_heard_shown_and_tried_is_part_of_it() -> None:
    session = after(
        RECORDING,
        {"event": "muted", "on": True},
        {"event": "level", "microphoneDb": -20.5, "peakMicrophoneDb": -9.0},
        {"event": "layout", "at": 1.0, "layout": "camera", "bubbleX": 0.5},
        {"event": "preview", "at": 1.0, "on": True, "name": "/dev/shm/x", "camera": "c"},
        {"event": "test", "at": 1.0, "ok": False, "reason": "black"},
    )
    assert session.muted
    assert (session.levels.microphone, session.levels.system, session.levels.loudest) == (-20.5, None, -20.5)
    assert session.layout == {"layout": "camera", "bubbleX": 0.5}
    assert session.preview == {"on": True, "name": "/dev/shm/x", "camera": "c"}
    assert session.test == {"ok": False, "reason": "black"}


def test_a_preview_that_ended_is_none() -> None:
    shown = {"event": "preview", "on": True, "name": "/dev/shm/x"}
    assert after(RECORDING, shown, {"event": "preview", "on": False}).preview is None


def test_a_take_begun_again_is_heard() -> None:
    assert not after(RECORDING, {"event": "muted", "on": True}, {"event": "discarded"}).muted
