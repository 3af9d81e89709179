"""A Wayland session's screen: a real D-Bus, a real PipeWire stream, and a portal that does as it is told."""

import itertools
import json
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from tests.support import compositor
from tests.support.media import decode_errors
from tests.support.processes import Event, Program, wait_until
from tests.support.wayland import HEIGHT, WIDTH, Desktop, open_desktop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="portals and PipeWire are Linux's")


@pytest.fixture
def wayland(no_leaks: None) -> Iterator[Desktop]:
    with open_desktop() as desktop:
        yield desktop


def engine(wayland: Desktop, output: Path, *options: str) -> Program:
    command = [sys.executable, "-m", "capture", "--no-audio", "--output", output, *options]
    return Program(command, env=wayland.env)


def record(wayland: Desktop, output: Path, *options: str, seconds: str = "0.6") -> list[Event]:
    with engine(wayland, output, "--seconds", seconds, *options) as program:
        program.event("state", state="finished", timeout_s=40)
        return program.events


def pictures(path: Path, form: str = "gray") -> list[np.ndarray]:
    with av.open(str(path), format="mp4") as file:
        return [frame.to_ndarray(format=form) for frame in file.decode(video=0)]


def calls(portal: Program, method: str) -> list[Event]:
    portal.read_events()
    return [event for event in portal.events if event.get("call") == method]


def error_of(wayland: Desktop, output: Path, *options: str) -> Event:
    with engine(wayland, output, "--seconds", "1", "--backend", "portal", *options) as program:
        return program.event("error")


def test_a_wayland_screen_is_recorded_clean_and_in_motion(wayland: Desktop, tmp_path: Path) -> None:
    wayland.stream()
    portal = wayland.portal()
    path = tmp_path / "take.mp4"
    events = record(wayland, path, seconds="3")
    started = next(event for event in events if event.get("state") == "recording")
    assert (started["backend"], started["width"], started["height"]) == ("screen_portal", WIDTH, HEIGHT)
    assert next(event for event in events if event.get("state") == "finished")["durationS"] == 3.0
    assert decode_errors(path) == ""
    shots = pictures(path)
    assert len(shots) > 20
    assert shots[0].max() > 200  # the white ball
    moved = sum(bool((one.astype(int) - other).any()) for one, other in itertools.pairwise(shots))
    assert moved > 15
    assert calls(portal, "SelectSources")[0]["options"]["cursor_mode"] == 2
    assert calls(portal, "SelectSources")[0]["options"]["types"] == 3


def test_a_real_compositor_is_recorded_in_its_colours_and_in_order(wayland: Desktop, tmp_path: Path) -> None:
    wayland.compositor()
    wayland.portal("mutter")
    wayland.window()
    path = tmp_path / "take.mp4"
    events = record(wayland, path, "--display", "ask", seconds="3")
    started = next(event for event in events if event.get("state") == "recording")
    size = (compositor.WIDTH, compositor.HEIGHT)
    assert (started["backend"], started["width"], started["height"]) == ("screen_portal", *size)
    assert decode_errors(path) == ""
    shots = pictures(path, "rgb24")
    assert all(np.abs(shot[100, 100].astype(int) - (0, 0, 255)).max() < 12 for shot in shots)
    places = [int(np.argmax(shot[compositor.HEIGHT // 2 + 16, :, 1] > 128)) for shot in shots]
    assert len(set(places)) > 5  # the bar was seen on its way
    wrapped = sum(later < earlier for earlier, later in itertools.pairwise(places))
    assert wrapped <= 2  # it goes to the right, and begins anew every 6 s


def test_qt_films_what_the_portal_shares_as_a_last_resort(wayland: Desktop, tmp_path: Path) -> None:
    wayland.compositor()  # Qt is a program of the desktop; what it films is the stream
    wayland.stream()
    portal = wayland.portal()
    path = tmp_path / "take.mp4"
    events = record(wayland, path, "--backend", "qt", seconds="1")
    started = next(event for event in events if event.get("state") == "recording")
    assert (started["backend"], started["width"], started["height"]) == ("screen_qt", WIDTH, HEIGHT)
    assert decode_errors(path) == ""
    shots = pictures(path)
    assert shots[0].max() > 200  # the white ball
    assert any((one != other).any() for one, other in itertools.pairwise(shots))
    assert len(calls(portal, "SelectSources")) == 1


def test_a_screen_on_which_nothing_happens_is_recorded_in_full_with_the_pointer(
    wayland: Desktop, tmp_path: Path
) -> None:
    wayland.compositor()
    wayland.portal("mutter")
    path = tmp_path / "take.mp4"
    events = record(wayland, path, seconds="2.2")
    assert next(event for event in events if event.get("state") == "finished")["durationS"] == 2.2
    assert decode_errors(path) == ""
    shots = pictures(path)
    assert len(shots) >= 4
    x, y = map(int, compositor.POINTER)
    there, beside = shots[-1][y : y + 20, x : x + 12], shots[-1][y : y + 20, x + 100 : x + 112]
    assert there.std() > 10 > beside.std()  # mutter's wallpaper is a faint gradient


def test_several_screens_are_one_picture(wayland: Desktop, tmp_path: Path) -> None:
    wayland.compositor()
    portal = wayland.portal("mutter")
    wayland.window()
    path = tmp_path / "take.mp4"
    record(wayland, path, "--display", "all", seconds="1.5")
    assert calls(portal, "SelectSources")[0]["options"]["multiple"]
    assert decode_errors(path) == ""
    last = pictures(path, "rgb24")[-1].astype(int)
    width, height = compositor.SECOND
    assert last.shape == (compositor.HEIGHT, compositor.WIDTH + width, 3)
    pages = last[100:200, 100:200], last[100:200, -200:-100]
    blue = [bool(np.abs(page - (0, 0, 255)).max() < 12) for page in pages]
    assert sorted(blue) == [False, True]  # the window fills one of them
    assert last[height // 2, -width // 2].sum() > 30
    assert last[height + 8 :, -width + 8 :].max() < 12


def test_the_desktop_asks_once(wayland: Desktop, heddle_home: Path, tmp_path: Path) -> None:
    portal = wayland.portal()
    for number, options in enumerate([(), (), ("--display", "ask")]):
        stream = wayland.stream()  # a new one each time: GStreamer's does not outlive its first reader
        record(wayland, tmp_path / f"{number}.mp4", *options)
        wayland.end(stream)
    asked = [call["options"] for call in calls(portal, "SelectSources")]
    assert [one.get("restore_token") for one in asked] == [None, "token-1", None]
    assert {one["persist_mode"] for one in asked} == {2}
    kept = heddle_home / "screencast.json"
    assert json.loads(kept.read_text()) == {"3": "token-3"}
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_person_who_refuses_is_understood(wayland: Desktop, tmp_path: Path) -> None:
    wayland.stream()
    wayland.portal("refuse")
    path = tmp_path / "take.mp4"
    error = error_of(wayland, path)
    assert error["code"] == "screen_refused"
    assert "cancelled" in error["detail"]
    assert error["hint"]
    assert not path.exists()


@pytest.mark.parametrize(("mode", "words"), [(None, "no ScreenCast portal"), ("empty", "nothing to record")])
def test_a_desktop_without_a_portal_says_so(
    wayland: Desktop, tmp_path: Path, mode: str | None, words: str
) -> None:
    if mode is not None:
        wayland.portal(mode)
    error = error_of(wayland, tmp_path / "take.mp4")
    assert error["code"] == "no_backend"
    assert words in error["detail"]


def test_a_session_without_a_bus_says_so(wayland: Desktop, tmp_path: Path) -> None:
    wayland.env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent/bus"
    assert "no D-Bus session" in error_of(wayland, tmp_path / "take.mp4")["detail"]


def test_a_dialog_nobody_answers_is_taken_back(wayland: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    from capture.backends import portal as client
    from capture.errors import ScreenLost

    double = wayland.portal("silent")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", wayland.env["DBUS_SESSION_BUS_ADDRESS"])
    monkeypatch.setattr(client, "PERSON_S", 0.5)
    portal = client.Portal()
    try:
        with pytest.raises(ScreenLost, match="Nobody chose"):
            portal.share(portal.abilities(), 3, None)
    finally:
        portal.close()
    wait_until(
        lambda: len(calls(double, "Close")) == 2, timeout_s=10, what="the dialog and the session closed"
    )


def test_a_desktop_that_cannot_draw_the_pointer_is_recorded_without_it(
    wayland: Desktop, tmp_path: Path
) -> None:
    wayland.stream()
    portal = wayland.portal("hidden")
    events = record(wayland, tmp_path / "take.mp4", seconds="1")
    assert calls(portal, "SelectSources")[0]["options"]["cursor_mode"] == 1
    assert any(event.get("code") == "pointer_missing" for event in events)


@pytest.mark.parametrize("how", ["the sharing is ended", "the stream dies"])
def test_a_screen_that_goes_away_leaves_a_film(wayland: Desktop, tmp_path: Path, how: str) -> None:
    stream = wayland.stream()
    portal = wayland.portal("close")
    path = tmp_path / "take.mp4"
    with engine(wayland, path) as program:
        program.first(
            lambda line: line.get("event") == "stats" and line.get("timeS", 0) >= 1.5,
            timeout_s=30, what="1.5 s recorded",
        )  # fmt: skip
        if how == "the stream dies":
            stream.kill()
        else:
            assert portal.popen.stdin is not None
            portal.popen.stdin.write(b"close\n")
            portal.popen.stdin.flush()
        program.first(
            lambda line: line.get("event") in ("error", "health"), timeout_s=30, what="a word about it"
        )
        program.interrupt()
        program.wait(30)
    assert decode_errors(path) == ""
    assert len(pictures(path)) > 5


def test_a_stream_that_breaks_is_fetched_back_without_a_question(wayland: Desktop, tmp_path: Path) -> None:
    stream = wayland.stream()
    portal = wayland.portal()
    path = tmp_path / "take.mp4"
    with engine(wayland, path, "--display", "ask") as program:
        program.event("state", state="recording")
        program.first(
            lambda line: line.get("event") == "stats" and line.get("timeS", 0) >= 1.2,
            timeout_s=30, what="1.2 s recorded",
        )  # fmt: skip
        wayland.end(stream)
        wayland.stream()
        program.event("health", code="screen_away", timeout_s=30)
        program.event("health", code="screen_back", timeout_s=30)
        program.interrupt()
        program.wait(30)
    assert decode_errors(path) == ""
    asked = [call["options"].get("restore_token") for call in calls(portal, "SelectSources")]
    assert asked[0] is None
    assert asked[-1] == f"token-{len(asked) - 1}"


def test_a_region_and_red_first_pixels_are_filmed_in_their_colours(wayland: Desktop, tmp_path: Path) -> None:
    wayland.stream(order="RGBx")
    wayland.portal()
    path = tmp_path / "take.mp4"
    events = record(wayland, path, "--region", "100,50,320,200")
    started = next(event for event in events if event.get("state") == "recording")
    assert (started["width"], started["height"]) == (320, 200)
    assert decode_errors(path) == ""


def test_a_stream_that_cannot_be_read_is_an_error_in_words(wayland: Desktop, tmp_path: Path) -> None:
    wayland.stream(order="I420")
    wayland.portal()
    error = error_of(wayland, tmp_path / "take.mp4")
    assert error["code"] == "screen_lost"
    assert "no picture comes" in error["title"]
    assert error["detail"]


def test_what_there_is_to_record_is_what_the_dialog_offers(wayland: Desktop) -> None:
    wayland.portal()
    with Program([sys.executable, "-m", "capture", "--devices"], env=wayland.env) as program:
        program.wait(60)
        found = json.loads(program.stdout)
    assert [one["id"] for one in found["displays"]] == ["ask", "all"]
    assert [one["id"] for one in found["windows"]] == ["ask"]


def test_only_windows_are_offered_where_one_is_wanted(wayland: Desktop, tmp_path: Path) -> None:
    wayland.stream()
    portal = wayland.portal()
    record(wayland, tmp_path / "take.mp4", "--window", "ask")
    assert calls(portal, "SelectSources")[0]["options"]["types"] == 2


def test_x11_comes_first_where_there_is_no_wayland(monkeypatch: pytest.MonkeyPatch) -> None:
    from capture import registry

    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert (registry.screens()[0], registry.screens()[-1]) == ("screen_portal", "screen_qt")
    monkeypatch.delenv("WAYLAND_DISPLAY")
    assert registry.screens()[0] == "screen_x11"
    assert registry.screens()[-2:] == ("screen_portal", "screen_qt")
