"""From the start of a recording to the end of the video, as a viewer with the link lives it."""

import time
from pathlib import Path

import pytest

from media.sniff import Container
from media.storyboard import make_storyboard, to_vtt
from tests.support import clock, media
from tests.support.browsers import NAMES, Browser, open_browser
from tests.support.processes import wait_until
from tests.support.recorder import Recorder
from tests.support.servers import Server
from tests.support.services import Screen
from tests.support.stories import uploaded

SMALL = [(960, 540)]
VIDEO = "document.querySelector('video')"
# The loudest sample of the last instants that the video element decoded; heard by nobody.
LISTEN = """(() => {
  if (!window.ear) {
    const context = new AudioContext(), silence = new GainNode(context, {gain: 0});
    const ear = window.ear = new AnalyserNode(context, {fftSize: 32768});
    VIDEO.muted = false;
    context.createMediaElementSource(VIDEO).connect(ear).connect(silence).connect(context.destination);
    context.resume();
  }
  const samples = new Float32Array(window.ear.fftSize);
  window.ear.getFloatTimeDomainData(samples);
  return Math.max(...samples.map(Math.abs)) > 0.05;
})()""".replace("VIDEO", VIDEO)


# Whether the time bar, pointed at in its middle, shows the storyboard's picture of that moment.
POINT_AT_THE_MIDDLE = """(() => {
  const bar = document.querySelector('media-time-range'), place = bar.getBoundingClientRect();
  for (const [type, part] of [['pointerenter', 0.1], ['pointermove', 0.1], ['pointermove', 0.55]]) {
    const at = {clientX: place.x + part * place.width, clientY: place.y + place.height / 2};
    const how = {bubbles: true, composed: true, isPrimary: true, pointerType: 'mouse'};
    bar.dispatchEvent(new PointerEvent(type, {...at, ...how}));
  }
  const thumbnail = bar.shadowRoot.querySelector('media-preview-thumbnail');
  return /storyboard[.]jpg#xywh=480,0,/.test(bar.getAttribute('mediapreviewimage') ?? '') &&
    thumbnail.shadowRoot.querySelector('img').naturalWidth === 960;
})()"""


def draw_storyboard(server: Server, recording_id: str, film: Path) -> None:
    """As the server does where the step is not left out."""
    sheet = server.data / "media" / "recordings" / recording_id / "storyboard.jpg"
    board = make_storyboard(film, sheet, kind=Container.MP4, duration_s=media.probe(film).duration_s)
    sheet.with_suffix(".vtt").write_text(to_vtt(board))


def shown_ms(browser: Browser) -> int:
    """The clock in the video's picture, in Unix milliseconds."""

    def probe() -> int | None:
        frame = browser.video_frame()
        return clock.read(frame, near_ms=int(time.time() * 1000)) if frame else None

    return wait_until(probe, timeout_s=20, what=f"{browser.name} shows the filmed clock", poll_s=0.1)


def start_playing(browser: Browser, url: str) -> None:
    browser.goto(url)
    browser.evaluate("window.neverReloaded = true")
    browser.wait_for(f"{VIDEO} && {VIDEO}.readyState >= 3", timeout_s=30)
    browser.evaluate(f"{VIDEO}.play()")
    browser.wait_for(f"{VIDEO}.currentTime > 0.2 && !{VIDEO}.paused")


def seek_back(browser: Browser) -> None:
    """The beginning is still there, the picture really goes back, and the viewer is left there."""
    live = shown_ms(browser)
    home = "new KeyboardEvent('keydown', {key: 'Home', bubbles: true})"
    browser.evaluate(f"document.body.dispatchEvent({home})")
    wait_until(lambda: shown_ms(browser) < live - 1500, timeout_s=10, what="an earlier picture")
    browser.wait_for(f"{VIDEO}.currentTime > 1 && {VIDEO}.currentTime < 4")


def play_to_the_end(browser: Browser) -> None:
    browser.wait_for(f"Number.isFinite({VIDEO}.duration)", timeout_s=30)
    browser.evaluate(f"void ({VIDEO}.currentTime = {VIDEO}.duration - 2)")
    browser.evaluate(f"{VIDEO}.play()")
    browser.wait_for(f"{VIDEO}.ended", timeout_s=30)


@pytest.mark.parametrize("xvfb", SMALL, indirect=True, ids=["540p"])
@pytest.mark.parametrize("name", NAMES)
def test_a_link_plays_live_and_becomes_the_finished_video(
    name: str, stage: Screen, shared_server: Server, tmp_path: Path
) -> None:
    output = tmp_path / "take.mp4"
    with Recorder(output, "--fps", "15", "--title", "Live story", env=shared_server.client_env) as recorder:
        link = recorder.link()
        with open_browser(name) as browser:
            recorder.recorded(3)
            start_playing(browser, link["shareUrl"])
            assert "Live story" in browser.evaluate("document.title")
            browser.wait_for(LISTEN)
            recorder.recorded(6)
            seek_back(browser)
            recorder.stop()
            play_to_the_end(browser)
            assert browser.evaluate("window.neverReloaded") is True
            assert browser.foreign_requests() == []
            assert browser.errors == []
    recording = shared_server.wait_status(link["recordingId"], "completed")
    assert recording["sha256"] == media.sha256(output)
    assert recording["fileSizeBytes"] == output.stat().st_size
    assert media.decode_errors(output) == ""
    assert media.probe(output).audio is not None


@pytest.mark.parametrize("name", NAMES)
def test_a_finished_video_has_a_poster_and_plays_from_its_link(
    name: str, shared_server: Server, sample: Path
) -> None:
    recording = uploaded(shared_server, sample, title="Finished story")
    shared_server.wait_status(recording["id"], "completed")
    draw_storyboard(shared_server, recording["id"], sample)
    with open_browser(name) as browser:
        start_playing(browser, recording["shareUrl"])
        assert browser.evaluate("document.querySelector('meta[property=\"og:image\"]')?.content")
        browser.wait_for(POINT_AT_THE_MIDDLE)
        browser.wait_for(f"{VIDEO}.ended", timeout_s=30)
        played = browser.evaluate(f"(p => [p.length, p.start(0), p.end(0)])({VIDEO}.played)")
        assert played == [1, pytest.approx(0, abs=0.1), pytest.approx(6, abs=0.2)], "nothing was skipped"
        assert browser.errors == []
        assert browser.foreign_requests() == []
