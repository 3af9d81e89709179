"""What the page of diagnostics shows: the findings of `heddle doctor`, in their order. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from desktop.i18n import tr


class Verdict(StrEnum):
    """Whether a recording can do without it."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    name: str
    verdict: Verdict
    detail: str
    hint: str = ""

    def as_json(self) -> dict[str, str]:
        """The finding with its names on the wire."""
        return {name: str(value) for name, value in asdict(self).items()}


MARKS = {Verdict.OK: "✓", Verdict.WARNING: "?", Verdict.PROBLEM: "!"}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`running`: more is to come."""

    findings: tuple[Finding, ...] = ()
    running: bool = False

    @property
    def words(self) -> str:
        """All of it in a sentence."""
        if self.running:
            return tr("Looking at this computer …")
        problems = sum(one.verdict is Verdict.PROBLEM for one in self.findings)
        warnings = sum(one.verdict is Verdict.WARNING for one in self.findings)
        if problems:
            return tr("Heddle does not work as it should. Problems: {count}", count=problems)
        if warnings:
            return tr("Heddle works. Worth a look: {count}", count=warnings)
        return tr("Everything Heddle needs is here.") if self.findings else ""


def findings(told: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """From `heddle doctor --json`."""
    return tuple(
        Finding(str(one["name"]), Verdict(one["verdict"]), str(one["detail"]), str(one.get("hint", "")))
        for one in told
    )
