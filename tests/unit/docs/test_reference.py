"""The reference pages name everything a user can meet; a forgotten row fails here."""

import ast
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from capture import health
from capture.errors import CaptureError
from desktop import cli as client
from desktop.errors import ExitCode
from server import cli as server
from server.ai.analysis.events import AnalysisEventType
from server.ai.events import TranscriptionEventType
from server.analytics.events import AnalyticsEventType
from server.comments.events import CommentEventType
from server.config import Settings
from server.flags import FlagEventType
from server.identity.acts import Act
from server.identity.events import UserEventType
from server.notifications.events import NotificationEventType
from server.notifications.kinds import TABLE, Email
from server.plans.events import BillingEventType
from server.processing.events import ProcessingEventType
from server.recordings.events import RecordingEventType
from server.webhooks.outcomes import WebhookEventType

ROOT = Path(__file__).resolve().parents[3]
_CODE = re.compile(r"[a-z]+(?:_[a-z]+)*")


def _page(name: str) -> str:
    return (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")


def _assigned_codes(tree: ast.AST) -> Iterator[str]:
    """`code = "x"`, `status, code = 400, "x"` and `code="x"` in one module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant):
            yield str(node.value.value)
        elif isinstance(node, ast.Assign):
            names = [n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)]
            values = [n.value for n in ast.walk(node.value) if isinstance(n, ast.Constant)]
            if "code" in names:
                yield from (value for value in values if isinstance(value, str))


def _server_codes() -> set[str]:
    trees = (ast.parse(path.read_text("utf-8")) for path in (ROOT / "server").rglob("*.py"))
    return {code for tree in trees for code in _assigned_codes(tree) if _CODE.fullmatch(code)}


def _health_codes() -> set[str]:
    tree = ast.parse(Path(health.__file__).read_text("utf-8"))
    calls = (n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "Health")
    return {str(call.args[0].value) for call in calls if isinstance(call.args[0], ast.Constant)}


def _subclasses(base: type[CaptureError]) -> Iterator[type[CaptureError]]:
    yield base
    for child in base.__subclasses__():
        yield from _subclasses(child)


def _options(command: object) -> set[str]:
    parameters = getattr(command, "params", [])
    return {o for p in parameters for o in p.opts if o.startswith("--") and o != "--help"}


def _server_commands() -> Iterator[tuple[str, set[str]]]:
    group = typer.main.get_command(server.app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]  # Typer's groups have them
        nested = getattr(command, "commands", None)
        if nested is None:
            yield name, _options(command)
        else:
            yield from ((f"{name} {inner}", _options(sub)) for inner, sub in nested.items())


def test_every_server_error_code_is_documented() -> None:
    codes = _server_codes()
    assert "recording_not_found" in codes, "the search for codes has gone blind"
    assert {code for code in codes if f"`{code}`" not in _page("errors.md")} == set()


def test_every_recorder_code_is_documented() -> None:
    codes = {error.code for error in _subclasses(CaptureError)} | _health_codes()
    assert "sound_lost" in codes, "the search for codes has gone blind"
    assert {code for code in codes if f"`{code}`" not in _page("errors.md")} == set()


def test_every_server_setting_is_documented() -> None:
    names = {f"HEDDLE_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in names if f"`{name}`" not in _page("settings.md")} == set()


def test_every_event_is_documented() -> None:
    types = [
        *RecordingEventType,
        *ProcessingEventType,
        *TranscriptionEventType,
        *AnalysisEventType,
        *CommentEventType,
        *WebhookEventType,
        *UserEventType,
        *AnalyticsEventType,
        *NotificationEventType,
        *FlagEventType,
        *BillingEventType,
    ]
    assert {type_.value for type_ in types if f"`{type_.value}`" not in _page("events.md")} == set()


def test_every_act_of_the_audit_log_is_documented() -> None:
    assert {act.value for act in Act if f"`{act.value}`" not in _page("audit.md")} == set()


def test_every_kind_of_notification_is_documented_as_it_is_told() -> None:
    page = (ROOT / "docs" / "how-to" / "notifications.md").read_text(encoding="utf-8")
    mail = {Email.AT_ONCE: "at once", Email.DAILY: "daily", Email.OFF: "off"}
    said = {True: "yes", False: "no"}
    for one in TABLE:
        (row,) = re.findall(rf"^\| `{one.kind}` \|.*\|$", page, re.MULTILINE)
        *_, in_app, email, slack, _ = (cell.strip() for cell in row.split("|"))
        default = one.otherwise
        assert (in_app, email, slack) == (said[default.in_app], mail[default.email], said[default.slack])


@pytest.mark.parametrize("name", list(client._COMMANDS))
def test_every_client_command_and_option_is_documented(name: str) -> None:
    page = _page("commands.md")
    assert f"heddle {name}" in page
    assert {option for option in _options(client._load(name)) if option not in page} == set()


def test_every_server_command_and_option_is_documented() -> None:
    page = _page("commands.md")
    commands = dict(_server_commands())
    assert "serve" in commands
    for name, options in commands.items():
        assert f"`{name}" in page
        assert {option for option in options if option not in page} == set()


def test_every_exit_code_is_documented() -> None:
    assert all(f"| {code.value} |" in _page("commands.md") for code in ExitCode)


def test_the_file_map_names_every_module() -> None:
    maker = runpy.run_path(str(ROOT / "docs" / "file_map.py"))
    assert (ROOT / "docs" / "file-map.md").read_text("utf-8") == maker["render"]()


def test_links_between_pages_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
