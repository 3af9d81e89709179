"""Renditions are encoded by hardware only where it really encodes, in the very child that would use it."""

import asyncio
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from server.config import Settings
from server.processing import devices
from server.processing.encoders import Encoders
from server.processing.protocol import TRY_ENCODER, Failure, Limits, Request
from server.processing.sandbox import ChildFailed, run_child

CANDIDATES = {"h264_nvenc", "h264_qsv", "h264_vaapi"}
linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux keeps a child from devices")


class Machine:
    """A machine that answers for its encoders: a reason, or nothing where one works."""

    def __init__(self, **reasons: str) -> None:
        self.reasons = reasons
        self.asked: list[str] = []

    async def __call__(self, request: Request, folder: Path) -> dict[str, Any]:
        assert request.work == TRY_ENCODER
        assert folder.name.startswith("encoder-")
        name = request.settings["encoder"]
        self.asked.append(name)
        return {"reason": self.reasons.get(name, "broken")}


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that seems to have every kind of device."""
    monkeypatch.setattr(devices, "is_there", lambda _: True)


def left_in(folder: Path) -> Iterator[Path]:
    return folder.iterdir() if folder.exists() else iter(())


async def test_the_first_that_works_is_kept(tmp_path: Path, cards: None) -> None:
    machine = Machine(h264_qsv="")
    encoders = Encoders("auto", tmp_path / "work", run=machine)
    assert await encoders.choose("h264") == "h264_qsv"
    asked = list(machine.asked)
    assert asked.index("h264_nvenc") < asked.index("h264_qsv") == len(asked) - 1
    assert encoders.rejected["h264_nvenc"] == "broken"
    assert await encoders.choose("h264") == "h264_qsv"
    assert machine.asked == asked
    assert list(left_in(tmp_path / "work")) == []


async def test_where_none_works_software_does(tmp_path: Path, cards: None) -> None:
    encoders = Encoders("auto", tmp_path, run=Machine())
    assert await encoders.choose("h264") == "libx264"
    assert await encoders.choose("av1") == "libsvtav1"
    assert set(encoders.rejected) >= CANDIDATES


async def test_without_a_device_nobody_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "is_there", lambda _: False)
    machine = Machine(h264_nvenc="")
    assert await Encoders("auto", tmp_path, run=machine).choose("h264") == "libx264"
    assert machine.asked == []


@pytest.mark.parametrize(
    ("wanted", "codec", "chosen"),
    [
        ("software", "h264", "libx264"),
        ("h264_vaapi", "h264", "h264_vaapi"),
        ("h264_vaapi", "av1", "libsvtav1"),
        ("libx264", "h264", "libx264"),
        ("h264_nvenc", "h264", "libx264"),
    ],
)
async def test_the_setting_decides_who_is_asked(
    tmp_path: Path, cards: None, wanted: str, codec: str, chosen: str
) -> None:
    machine = Machine(h264_vaapi="", h264_qsv="")
    assert await Encoders(wanted, tmp_path, run=machine).choose(codec) == chosen
    assert set(machine.asked) <= {wanted}


def test_an_unknown_encoder_is_refused_at_the_start() -> None:
    assert Settings(rendition_encoder="h264_nvenc").rendition_encoder == "h264_nvenc"
    with pytest.raises(ValidationError, match="there is no encoder"):
        Settings(rendition_encoder="h264_wishful")


def job(encoder: str) -> Request:
    return Request("rendition", "film", "mp4", settings={"encoder": encoder}, limits=Limits(addresses=False))


async def test_what_hardware_fails_at_is_done_in_software_and_remembered(tmp_path: Path, cards: None) -> None:
    encoders = Encoders("auto", tmp_path, run=Machine(h264_nvenc="", h264_qsv=""))
    seen: list[Request] = []

    async def work(request: Request) -> dict[str, Any]:
        seen.append(request)
        if request.settings["encoder"] == "h264_nvenc":
            raise ChildFailed(Failure.CRASHED, "The driver fell over")
        return {"done": True}

    assert await encoders.encode(job(await encoders.choose("h264")), work) == {"done": True}
    assert [request.settings["encoder"] for request in seen] == ["h264_nvenc", "libx264"]
    assert seen[1].limits.addresses
    assert await encoders.choose("h264") == "h264_qsv"
    assert "fell over" in encoders.rejected["h264_nvenc"]


async def test_a_film_that_nothing_can_decode_is_not_the_hardwares_fault(tmp_path: Path, cards: None) -> None:
    encoders = Encoders("auto", tmp_path, run=Machine(h264_nvenc=""))

    async def work(_request: Request) -> dict[str, Any]:
        raise ChildFailed(Failure.UNREADABLE, "The video is damaged")

    for name in ("h264_nvenc", "libx264"):
        with pytest.raises(ChildFailed, match="damaged"):
            await encoders.encode(job(name), work)
    assert await encoders.choose("h264") == "h264_nvenc"


async def test_a_trial_is_made_in_a_real_child(tmp_path: Path, cards: None) -> None:
    """Here it ends with the reason why there is no hardware, or on a machine that has it with none."""
    encoders = Encoders("h264_nvenc", tmp_path / "work")
    chosen = await encoders.choose("h264")
    assert (chosen == "h264_nvenc") is ("h264_nvenc" not in encoders.rejected)
    assert chosen in ("h264_nvenc", "libx264")
    assert await encoders.missing("libsvtav1") == ""
    assert await encoders.missing("av1_mf") or sys.platform == "win32"
    assert list(left_in(tmp_path / "work")) == []


@pytest.mark.parametrize("name", ["libx264", "libsvtav1"])
async def test_encoders_work_under_the_limits_of_hardware(tmp_path: Path, name: str) -> None:
    limits = replace(Limits(memory=4 << 30, addresses=False), files=devices._FILES)
    request = Request(TRY_ENCODER, "", "", settings={"encoder": name}, limits=limits)
    assert await run_child(request, tmp_path) == {"reason": ""}


def test_limits_are_relaxed_for_hardware_alone() -> None:
    limits = Limits()
    assert devices.limits_for("", limits) == devices.limits_for("libx264", limits) == limits
    relaxed = devices.limits_for("h264_nvenc", limits)
    assert (relaxed.memory, relaxed.addresses, relaxed.files) == (limits.memory, False, devices._FILES)
    assert not any([*devices.nodes_of("libx264"), *devices.facts_of("libx264"), *devices.facts_of("")])


@linux
def test_only_the_encoders_own_device_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = tmp_path / "dev"
    nodes.mkdir()
    for name in ("nvidia0", "nvidiactl", "kmsg"):
        (nodes / name).write_bytes(b"")
    fake = replace(devices._NVIDIA, nodes=(f"{nodes}/nvidia[0-9]*", f"{nodes}/nvidiactl"))
    monkeypatch.setattr(devices, "_DEVICES", {"nvenc": fake})
    monkeypatch.setenv("LD_LIBRARY_PATH", f"{tmp_path}:relative::/nowhere")
    assert sorted(devices.nodes_of("h264_nvenc")) == [f"{nodes}/nvidia0", f"{nodes}/nvidiactl"]
    assert devices.is_there("h264_nvenc")
    assert list(devices.nodes_of("h264_vaapi")) == []
    facts = set(devices.facts_of("h264_nvenc"))
    assert str(tmp_path) in facts
    assert "/proc/self" in facts
    assert not facts & {"/proc", "/sys", "/dev", "/etc", "/", "", "/nowhere"}


PROGRAM = """
import os, mmap
from server.processing import confinement, limits
from server.processing.protocol import Limits
limits.apply(Limits(memory=1 << 30, addresses=False, nice=0))
room = mmap.mmap(-1, 8 << 30, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)  # addresses alone
try:
    bytearray(2 << 30)
except MemoryError:
    pass
else:
    raise SystemExit("memory has no limit")
facts = ["/proc/self", "/proc/meminfo"]
if confinement.confine(readable=facts, writable=[os.getcwd()], devices=["/dev/null"]):
    open("/dev/null", "r+b", buffering=0).write(b"x")
    open("/proc/self/maps").read()
    open("/proc/meminfo").read()
    for path in (f"/proc/{os.getppid()}/environ", "/dev/zero", "/etc/passwd"):
        try:
            open(path, "rb")
        except PermissionError:
            continue
        raise SystemExit(f"{path} was allowed")
"""


@linux
async def test_a_child_with_a_device_is_kept_from_everything_else(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-c",
        PROGRAM,
        cwd=tmp_path,
        stderr=asyncio.subprocess.PIPE,
        env=dict(os.environ),
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()
