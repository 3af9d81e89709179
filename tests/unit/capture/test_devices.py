"""What can be recorded here, as one list that nothing breaks."""

import json
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest

from capture.devices import LISTINGS, list_devices
from capture.errors import NoCamera
from tests.support.processes import Program
from tests.support.services import Screen


@dataclass(frozen=True, slots=True)
class Thing:
    id: str
    name: str
    max_rate: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Nameless:
    name: str
    usable: bool


@pytest.fixture
def listings(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("made_up_listings")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def test_entries_have_an_id_a_name_and_a_reason_only_when_there_is_one(listings: Any) -> None:
    listings.some = lambda: [Thing("1", "One", 30), Thing("2", "Two", reason="It is broken.")]
    listings.encoders = lambda: [Nameless("libx264", usable=True)]
    found = list_devices({"things": (listings.__name__, "some"), "encoders": (listings.__name__, "encoders")})
    assert found["things"] == [
        {"id": "1", "name": "One", "maxRate": 30},
        {"id": "2", "name": "Two", "maxRate": 0, "reason": "It is broken."},
    ]
    assert found["encoders"] == [{"id": "libx264", "name": "libx264", "usable": True}]


def test_a_kind_that_cannot_answer_says_why_and_hides_no_other(listings: Any) -> None:
    def refuse() -> None:
        raise NoCamera("No camera", "The driver is missing.")

    def crash() -> None:
        raise OSError("libportaudio.so.2 is not there")

    listings.refuse, listings.crash, listings.none = refuse, crash, list
    name = listings.__name__
    found = list_devices({
        "cameras": (name, "refuse"), "microphones": (name, "crash"), "windows": (name, "none"),
        "inputs": (name, "unwritten"), "encoders": ("no.such.module", "list_them"),
    })  # fmt: skip
    assert "driver is missing" in found["cameras"][0]["reason"]
    assert "libportaudio" in found["microphones"][0]["reason"]
    assert found["windows"][0]["reason"]
    assert "unwritten" in found["inputs"][0]["reason"]
    assert "no" in found["encoders"][0]["reason"]


def test_the_engine_prints_all_kinds_of_this_machine(xvfb: Screen) -> None:
    with Program([sys.executable, "-m", "capture", "--devices"]) as engine:
        assert engine.wait(60) == 0
        found = json.loads(engine.stdout)
    assert set(found) == set(LISTINGS)
    assert all({"id", "name"} <= set(entry) for entries in found.values() for entry in entries)
    assert found["displays"][0].get("reason") is None
    assert any(entry["id"] == "libx264" and entry["usable"] for entry in found["encoders"])
