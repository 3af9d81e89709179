"""The first backend that works is taken, and every rejection is told."""

from dataclasses import dataclass

import pytest

from capture import registry
from capture.errors import NoBackend
from capture.model import ScreenRequest
from capture.ports import Probe


@dataclass
class Fake:
    name: str
    answer: Probe | Exception

    def probe(self) -> Probe:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


FAKES = {
    "broken": Fake("broken", RuntimeError("driver crashed")),
    "absent": Fake("absent", Probe(usable=False, reason="no device")),
    "good": Fake("good", Probe(usable=True)),
    "better_late": Fake("better_late", Probe(usable=True)),
}


def load(name: str) -> Fake:
    if name == "missing":
        raise ImportError("no module")
    return FAKES[name]


def choose(*names: str, wanted: str | None = None) -> registry.Chosen[Fake]:
    return registry.choose(names, load, Fake.probe, wanted)


def test_the_first_usable_one_is_taken_and_the_rejections_are_kept() -> None:
    chosen = choose("missing", "broken", "absent", "good", "better_late")
    assert chosen.backend.name == "good"
    assert chosen.rejected == {
        "missing": "ImportError: no module",
        "broken": "RuntimeError: driver crashed",
        "absent": "no device",
    }


def test_what_the_chosen_one_cannot_do_is_told() -> None:
    limited = Fake("limited", Probe(usable=True, limits="It is slow."))
    assert registry.choose(["x"], lambda _: limited, Fake.probe).limits == "It is slow."


def test_the_wanted_one_is_taken_although_another_comes_first() -> None:
    assert choose("good", "better_late", wanted="better_late").backend.name == "better_late"


def test_a_wanted_one_that_does_not_work_is_not_replaced() -> None:
    with pytest.raises(NoBackend, match="no device"):
        choose("good", "absent", wanted="absent")


def test_an_unknown_wanted_one_is_named() -> None:
    with pytest.raises(NoBackend, match="nonsense"):
        choose("good", wanted="nonsense")


def test_synthetic_screens_are_only_taken_when_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    request = ScreenRequest(":93", None, 30)
    assert registry.choose_screen(request, "synthetic").backend.name == "synthetic"
    with pytest.raises(NoBackend) as caught:
        registry.choose_screen(request)
    assert "screen_x11" in caught.value.detail
    assert "screen_mss" in caught.value.detail


def test_short_names_are_understood() -> None:
    with pytest.raises(NoBackend, match="screen_x11: "):
        registry.choose_screen(ScreenRequest(":93", None, 30), "x11")
