"""The ground that other tests stand on."""

import asyncio
import json
import socket
import subprocess
import sys
import threading

import pytest

from tests.support import leaks, network
from tests.support.services import Pulse, Screen


def test_a_test_cannot_reach_beyond_loopback() -> None:
    with pytest.raises(network.SocketBlockedError), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))
    with pytest.raises(network.SocketBlockedError):
        socket.getaddrinfo("example.org", 443)


def test_loopback_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        assert socket.getaddrinfo("localhost", 80)


async def test_an_event_loop_with_threads_is_no_leak() -> None:
    assert await asyncio.to_thread(lambda: 1) == 1


def test_a_running_thread_and_a_detached_process_are_leaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks, "GRACE_S", 0.2)
    before = leaks.snapshot()
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, name="forgotten")
    thread.start()
    detached = "import subprocess; subprocess.Popen(['sleep', '60'], start_new_session=True)"
    subprocess.run([sys.executable, "-c", detached], check=True)
    left = leaks.left_behind(before)
    stop.set()
    thread.join()
    assert [word.split()[0] for word in left] == ["thread", "process"]


@pytest.mark.parametrize("xvfb", [(640, 480)], indirect=True)
def test_the_virtual_screen_has_the_size_asked_for(xvfb: Screen) -> None:
    from Xlib.display import Display

    display = Display(xvfb.name)
    try:
        screen = display.screen()
        assert (screen.width_in_pixels, screen.height_in_pixels) == (640, 480)
    finally:
        display.close()


def test_what_is_played_is_what_the_microphone_hears(pulse: Pulse) -> None:
    """In a child, since PortAudio reads its environment once."""
    program = """
import json, numpy, sounddevice
tone = (0.5 * numpy.sin(numpy.arange(48000) * 0.05)).astype("float32")
heard = sounddevice.playrec(tone, samplerate=48000, channels=1, blocking=True)
print(json.dumps(float(numpy.abs(heard).max())))
"""
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False
    )
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout.splitlines()[-1]) > 0.3
