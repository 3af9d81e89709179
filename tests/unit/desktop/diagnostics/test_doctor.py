"""The report on this machine."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from desktop.diagnostics import doctor
from desktop.diagnostics.doctor import examine
from desktop.models.diagnostics import Finding, Verdict
from desktop.settings import Settings
from tests.support.double import Double
from tests.support.services import Pulse, Screen

NOBODY = "http://127.0.0.1:9"


def report(config: Settings) -> dict[str, Finding]:
    return {finding.name: finding for finding in examine(config)}


def test_a_machine_with_screen_and_sound_can_record(xvfb: Screen, pulse: Pulse) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "desktop", "doctor", "--json"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    findings = {finding["name"]: finding for finding in json.loads(answer.stdout)}
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert {
        name: findings[name]["verdict"] for name in ("screen", "microphone", "encoder", "disk")
    } == dict.fromkeys(("screen", "microphone", "encoder", "disk"), "ok")


def test_without_a_screen_the_report_says_why_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    findings = report(Settings())
    assert findings["screen"].verdict is Verdict.PROBLEM
    assert findings["screen"].detail
    assert findings["disk"].verdict is not Verdict.PROBLEM


@pytest.mark.parametrize(
    ("denied", "verdict"),
    [([], Verdict.OK), (["microphone"], Verdict.WARNING), (["screen", "camera"], Verdict.PROBLEM)],
)
def test_a_refused_permission_comes_with_the_page_that_gives_it(
    monkeypatch: pytest.MonkeyPatch, denied: list[str], verdict: Verdict
) -> None:
    from capture import permissions
    from capture.permissions import Access, Permission, Status

    found = [
        Permission(access, Status.DENIED if access in denied else Status.GRANTED, f"page-of-{access}")
        for access in Access
    ]
    monkeypatch.setattr(permissions, "permissions", lambda: found)
    finding = report(Settings())["permissions"]
    assert finding.verdict is verdict
    assert all(f"page-of-{name}" in finding.hint for name in denied)
    assert "Screen: " in finding.detail


def test_a_missing_server_is_no_problem_and_a_silent_one_is() -> None:
    assert report(Settings())["server"].verdict is Verdict.WARNING
    findings = report(Settings(server=NOBODY))
    assert findings["server"].verdict is Verdict.PROBLEM
    assert findings["server"].hint
    assert findings["sign-in"].verdict is Verdict.PROBLEM


def test_an_address_that_is_none_is_a_finding_too() -> None:
    assert report(Settings(server="http://[:"))["server"].verdict is Verdict.PROBLEM


def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    finding = report(Settings(recordings=tmp_path / "file" / "below"))["disk"]
    assert (finding.verdict, "settings set recordings" in finding.hint) == (Verdict.PROBLEM, True)


def test_whatever_is_broken_comes_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEDDLE_HOME", str(tmp_path))
    (tmp_path / "journal.db").write_bytes(b"this is no journal " * 100)
    assert "move the file away" in doctor._answer("uploads", doctor._uploads).hint


@pytest.mark.parametrize(("minutes", "verdict"), [(-90, Verdict.WARNING), (90, Verdict.WARNING), (1, None)])
def test_clocks_that_are_apart_are_told(minutes: int, verdict: Verdict | None) -> None:
    there = datetime.now(UTC) + timedelta(minutes=minutes)
    found = doctor._clocks("https://heddle.example", format_datetime(there, usegmt=True))
    assert (found and found.verdict) == verdict
    assert doctor._clocks("https://heddle.example", "yesterday") is None


def test_a_server_on_this_machine_is_asked_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", NOBODY)
    with Double() as server:
        found = doctor._server(server.url)
    assert server.url in found.detail
    assert "refused" not in found.detail
