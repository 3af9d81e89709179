"""What every test stands on: closed sockets, no leaks, a private home, and real services on demand.

Fixtures for everybody:
- `xvfb`: a virtual screen of its own, 1280x720; another size through
  `@pytest.mark.parametrize("xvfb", [(1920, 1080)], indirect=True)`.
- `pulse`: a PulseAudio of its own whose null sink is also the microphone.
- `postgres`: a PostgreSQL of this run, started by the first test that asks for it.
- `database_url`: a database of this test alone; with `tests.support.databases.both_databases` the test runs
  on SQLite and on PostgreSQL, all others on that which HEDDLE_TEST_DATABASE names.
- `heddle_home`: the empty folder that HEDDLE_HOME names (set for every test).
Services that this machine lacks skip the test with the reason; where `CI=true` they fail it.
"""

import contextlib
import faulthandler
import os
import signal
import sys
import uuid
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key

from desktop import i18n
from desktop.platform.lasting import keep_constants
from media import garbage
from tests.support import leaks, network
from tests.support.postgres import Cluster, open_cluster
from tests.support.services import Pulse, Screen, open_pulse, open_screen

DEFAULT_SCREEN = (1280, 720)
# What a test may take beyond its limit, to end what it has open.
AFTER_ALARM_S = 60.0
TESTS = Path(__file__).parent
LAST_LINES = 40  # of why a test was tried once more
# Files whose tests take longest, longest first: all workers wait for the end of what began last.
LONGEST = (
    "unit/server/test_serve.py",
    "unit/server/processing/test_pieces.py",
    "unit/server/processing/test_service.py",
    "unit/server/processing/test_interruptions.py",
    "unit/capture/test_portal.py",
    "unit/support/test_browsers.py",
    "unit/server/processing/test_byproducts.py",
    "unit/server/test_schemathesis.py",
    "unit/server/test_access_matrix.py",
    "unit/server/identity/test_acts.py",
    "unit/server/ai/test_transcription.py",
    "unit/capture/test_take.py",
    "unit/capture/test_camera_engine.py",
    "unit/server/test_nonsense.py",
    "unit/server/streaming/test_playback.py",
    "unit/server/identity/scim/test_description.py",
    "scenarios/test_desktop.py",
    "scenarios/test_recording_crashes.py",
    "scenarios/test_upload_crashes.py",
    "scenarios/test_live.py",
    "scenarios/test_network_cuts.py",
    "scenarios/test_demo.py",
    "scenarios/test_processing_crashes.py",
    "scenarios/test_transcripts.py",
    "scenarios/test_signed_in.py",
    "scenarios/test_access.py",
    "scenarios/test_sharing.py",
    "scenarios/test_tokens.py",
    "scenarios/test_full_disks.py",
    "scenarios/test_webhooks.py",
    "scenarios/test_chaos.py",
    "scenarios/test_sync.py",
)
# Folders in which a choice of tests has none.
UNCHOSEN = {"scenario": ("contracts", "unit"), "not scenario": ("scenarios",)}

# Whatever a developer's shell says about a real server must not reach a test.
FOREIGN_SETTINGS = (
    "HEDDLE_SERVER",
    "HEDDLE_LANGUAGE",
    "HEDDLE_TOKEN",
    "HEDDLE_DATA",
    "HEDDLE_PUBLIC_URL",
    "HEDDLE_DATABASE_URL",
)


def pytest_configure(config: pytest.Config) -> None:
    """Mark this run's processes (children inherit it), so that even detached ones are found."""
    os.environ[leaks.RUN_MARK] = uuid.uuid4().hex
    # Tests compare English words, whatever the machine speaks; HEDDLE_LANGUAGE would count as a setting.
    i18n._system = lambda: "en"
    os.environ["LC_ALL"] = "C.UTF-8"  # for the programs under test
    network.close_sockets()
    garbage.collect_seldom()
    # A busy machine is slow; how long an example takes says nothing about what it shows.
    hypothesis.settings.register_profile("heddle", hypothesis.settings.default, deadline=None)
    hypothesis.settings.load_profile("heddle")
    keep_constants()  # views and what is behind them call Qt by the thousand
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell takes Ctrl-C from what it runs in the background, and so from the programs under test.
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Each worker would load all tests, with all that they import, to leave out those that are not chosen."""
    unchosen = UNCHOSEN.get(config.getoption("markexpr"), ())
    return True if collection_path.parent == TESTS and collection_path.name in unchosen else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, then those with most tests. A file's own tests keep their order."""
    tests_in = Counter(item.path for item in items)
    place = {TESTS / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: (place.get(item.path, len(place)), -tests_in[item.path]))


def pytest_collection_finish() -> None:
    """What the tests' modules have loaded stays to the end."""
    garbage.settle()


@pytest.hookimpl(optionalhook=True)  # also without xdist
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """`-n auto`: most tests wait for something half of their time; a scenario keeps a core busy."""
    cores = os.cpu_count() or 1
    return cores if config.getoption("markexpr") == "scenario" else 2 * cores


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Why a test was tried once more, which pytest keeps to itself where it passes then."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.section(report.nodeid)
        terminalreporter.line("\n".join(report.longreprtext.splitlines()[-LAST_LINES:]))


def _took_priority() -> bool:
    """Whether this process got another priority than programs have; it is given that again. All programs of
    the tests that follow would inherit it, and starve the screen and the sound that they wait for.
    """
    if sys.platform != "linux" or os.sched_getscheduler(0) == os.SCHED_OTHER:
        return False
    for thread in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):  # it ended meanwhile
            os.sched_setscheduler(int(thread.name), os.SCHED_OTHER, os.sched_param(0))
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Ends a worker whose test hangs in a library's own code, which the alarm of `timeout` cannot interrupt.

    The traceback goes to stderr, the test has failed, and another worker takes the others.
    """
    marker = item.get_closest_marker("timeout")
    limit_s = float(marker.args[0] if marker else item.config.getini("timeout"))
    stderr = item.config.stash[fault_handler_stderr_fd_key]
    faulthandler.dump_traceback_later(limit_s + AFTER_ALARM_S, exit=True, file=stderr)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


@pytest.fixture(autouse=True)
def no_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test that leaves a thread or a process behind, and end what it left."""
    before = leaks.snapshot()
    yield
    left = leaks.left_behind(before)
    if _took_priority():
        left.append("real-time priority")
    if left:
        pytest.fail(f"{request.node.nodeid} left behind: {'; '.join(left)}", pytrace=False)


@pytest.fixture(autouse=True)
def heddle_home(no_leaks: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The client's folder (journal, credentials, settings) of this test alone."""
    home = tmp_path / "heddle-home"
    home.mkdir()
    monkeypatch.setenv("HEDDLE_HOME", str(home))
    # Every test has a home in which nothing was ever recorded; those of self-test and assistant ask for them.
    monkeypatch.setenv("HEDDLE_SELF_TEST", "0")
    monkeypatch.setenv("HEDDLE_ASSISTANT", "off")
    # A test must neither read nor fill the keyring of whoever runs it.
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    for name in FOREIGN_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)  # nor notify them of anything
    return home


@pytest.fixture
def xvfb(no_leaks: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    """A private virtual screen; DISPLAY points at it while the test runs."""
    width, height = getattr(request, "param", DEFAULT_SCREEN)
    with open_screen(width, height) as screen:
        for name, value in screen.env.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        yield screen


@pytest.fixture
def pulse(no_leaks: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    """A private PulseAudio; what is played into its sink is what its microphone hears.

    PortAudio reads the environment when it is initialised: in-process users of sounddevice call
    `sounddevice._terminate(); sounddevice._initialize()` inside the test, child processes need nothing.
    """
    with open_pulse(tmp_path / "pulse") as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with open_cluster() as cluster:
        yield cluster


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """What HEDDLE_DATABASE_URL is for a test: empty for SQLite, or a new database with all tables."""
    if getattr(request, "param", os.environ.get("HEDDLE_TEST_DATABASE", "sqlite")) == "sqlite":
        yield ""
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    name = cluster.create_migrated()
    yield cluster.url(name)
    cluster.drop(name)
